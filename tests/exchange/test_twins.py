# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several records of one side have the key by which the other side would recognize one of its own: nobody guesses."""

from __future__ import annotations

import pytest
from offices import Link, Office

# More than one page, so that twins do not come together.
FILLERS = 520
COUNT = "SELECT count(*) FROM res_partner WHERE vat = %s"


@pytest.fixture(scope="module")
def line(rome: Office, milan: Office) -> Link:
    """Contacts are recognized by their tax numbers."""
    link = rome.connect(milan)
    link.exchange(names="name ref vat city active", lines={"vat": {"is_key": True}})
    return link


def _add_twins(office: Office, letter: str, vat: str) -> None:
    """Two contacts with the same tax number, with many others between them."""
    office.add(f"{letter}1", vat=vat, city="Twin")
    fillers = [{"name": f"Filler {letter}{n}", "ref": f"{letter}-filler{n}"} for n in range(FILLERS)]
    office.call("res.partner", "create", (), fillers)
    office.add(f"{letter}2", vat=vat, city="Twin")


def _waiting(line: Link, direction: str) -> dict[str, tuple[str, str]]:
    rows = [row for row in line.waiting() if row["direction"] == direction]
    return {row["title"]: (row["reason"], row["message"]) for row in rows}


def test_twins_there_on_different_pages_wait_both_and_the_rest_comes(line: Link, rome: Office, milan: Office) -> None:
    rome.add("own", vat="IT-100", city="Roma")
    _add_twins(milan, "M", "IT-100")
    run = line.receive()
    assert (run["created"], run["updated"], run["failed"]) == (FILLERS, 0, 0), run
    assert rome.number(COUNT, ("IT-100",)) == 1
    waiting = _waiting(line, "receive")
    assert set(waiting) == {"Contact M1", "Contact M2"}
    for reason, message in waiting.values():
        assert reason == "doubtful"
        assert "Several records there have the same Tax ID, and one here has it too: Contact own" in message
        assert "Join or rename them there" in message
    # Nothing of them was mixed with the one here, which is doubtful for the same reason when it is sent.
    own = rome.partner("own")
    assert (own["name"], own["city"]) == ("Contact own", "Roma")
    line.send()
    [(reason, message)] = _waiting(line, "send").values()
    assert reason == "doubtful"
    assert "Several records there have the same Tax ID: Contact M1, Contact M2. Join or rename them there" in message
    assert milan.number(COUNT, ("IT-100",)) == 2


def test_when_somebody_has_said_which_is_which_all_of_it_comes(line: Link, rome: Office, milan: Office) -> None:
    milan.change("M2", vat="IT-101")
    waiting = [row["id"] for row in line.waiting() if row["direction"] == "receive"]
    rome.call("sync.exchange.waiting", "action_try_again", waiting)
    line.both()
    line.both()
    assert not line.waiting()
    # The one here and the one there are one record now; the other one came as another.
    assert (rome.number(COUNT, ("IT-100",)), rome.number(COUNT, ("IT-101",))) == (1, 1)
    assert (milan.number(COUNT, ("IT-100",)), milan.number(COUNT, ("IT-101",))) == (1, 1)
    here, there = [
        office.call("res.partner", "search_read", (), [["vat", "=", "IT-100"]], ["name", "ref", "city"])[0]
        for office in (rome, milan)
    ]
    assert {**here, "id": 0} == {**there, "id": 0}


def test_twins_here_in_different_chunks_wait_both_and_the_rest_is_sent(line: Link, rome: Office, milan: Office) -> None:
    line.both()
    milan.add("theirs", vat="IT-200", city="Milano")
    _add_twins(rome, "R", "IT-200")
    run = line.send()
    assert (run["created"], run["updated"], run["failed"]) == (FILLERS, 0, 0), run
    assert milan.number(COUNT, ("IT-200",)) == 1
    waiting = _waiting(line, "send")
    assert set(waiting) == {"Contact R1", "Contact R2"}
    for reason, message in waiting.values():
        assert reason == "doubtful"
        assert "Several records here have the same Tax ID, and one there has it too: Contact theirs" in message
        assert "Join or rename them here" in message
    rome.change("R2", vat="IT-201")
    line.send()
    assert not _waiting(line, "send")
    assert (milan.number(COUNT, ("IT-200",)), milan.number(COUNT, ("IT-201",))) == (1, 1)


def test_twins_of_which_the_other_side_has_none_come_both(line: Link, rome: Office, milan: Office) -> None:
    """There is nothing to guess: they are two records, and two they stay."""
    for ref in ("N1", "N2"):
        milan.add(ref, vat="IT-300")
        rome.add(f"own-{ref}", vat="IT-301")
    line.both()
    line.both()
    assert [office.number(COUNT, (vat,)) for office in (rome, milan) for vat in ("IT-300", "IT-301")] == [2, 2, 2, 2]
    assert not line.waiting()
