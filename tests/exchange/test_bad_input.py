# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records that lead to each other in a circle, and archived ones: nothing is lost, nothing comes twice."""

from __future__ import annotations

import pytest
from offices import Link, Office


@pytest.fixture(scope="module")
def line(rome: Office, milan: Office) -> Link:
    """Contacts have a friend, and are recognized by their numbers."""
    for office in (rome, milan):
        office.create(
            "ir.model.fields",
            name="x_friend_id",
            field_description="Friend",
            ttype="many2one",
            relation="res.partner",
            model_id=office.call("ir.model", "search", (), [["model", "=", "res.partner"]])[0],
        )
    link = rome.connect(milan)
    link.exchange(names="name ref city active x_friend_id", lines={"ref": {"is_key": True}})
    return link


def _friend(office: Office, ref: str) -> str:
    """Number of the friend of a contact."""
    [row] = office.call("res.partner", "search_read", (), [["ref", "=", ref]], ["x_friend_id"])
    number = row["x_friend_id"] and row["x_friend_id"][0]
    return office.call("res.partner", "read", [number], ["ref"])[0]["ref"] if number else ""


def _circle(office: Office, *refs: str) -> None:
    """Each of these contacts is the friend of the one before."""
    numbers = [office.add(ref) for ref in refs]
    for place, number in enumerate(numbers):
        office.write("res.partner", number, x_friend_id=numbers[(place + 1) % len(numbers)])


def test_records_that_lead_to_each_other_in_a_circle_come_with_all_their_links(
    line: Link, rome: Office, milan: Office
) -> None:
    _circle(milan, "M-alone")
    _circle(milan, "M1", "M2", "M3")
    _circle(rome, "R1", "R2", "R3")
    for number in range(5):
        rome.add(f"else{number}")
    line.both()
    line.both()
    for office in (rome, milan):
        friends = {ref: _friend(office, ref) for ref in ("M-alone", "M1", "M2", "M3", "R1", "R2", "R3")}
        circle = {"M1": "M2", "M2": "M3", "M3": "M1", "R1": "R2", "R2": "R3", "R3": "R1"}
        assert friends == {"M-alone": "M-alone", **circle}, office.letter
    assert not line.waiting()
    assert milan.partner("else4")
    for run in (line.receive(), line.send()):
        assert (run["created"], run["updated"]) == (0, 0)


def test_an_archived_record_comes_archived_and_others_may_lead_to_it(line: Link, rome: Office, milan: Office) -> None:
    old = milan.add("old", active=False)
    milan.add("young", x_friend_id=old)
    line.receive()
    assert rome.partner("old")["active"] is False
    assert _friend(rome, "young") == "old"
    assert not line.waiting()


def test_a_record_that_is_archived_on_one_side_is_recognized_and_not_made_anew(
    line: Link, rome: Office, milan: Office
) -> None:
    for archived, ref in ((rome, "K1"), (milan, "K2")):
        for office in (rome, milan):
            office.add(ref, active=office is not archived)
    line.both()
    line.both()
    for ref in ("K1", "K2"):
        # Asserts that there is one.
        here, there = rome.partner(ref), milan.partner(ref)
        assert here["active"] == there["active"]
    assert not line.waiting()


def test_a_record_that_was_archived_there_gets_what_is_changed_here(line: Link, rome: Office, milan: Office) -> None:
    rome.add("both", city="old")
    line.both()
    milan.change("both", active=False)
    rome.change("both", city="new")
    line.both()
    line.both()
    for office in (rome, milan):
        found = office.partner("both")
        assert (found["city"], found["active"]) == ("new", False), office.letter
