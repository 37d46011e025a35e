# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""“Verify” goes over large tables in slices: whoever is killed goes on, and nothing is listed twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from offices import Link, Office

_MODEL = "sync.exchange.verification"
_NUMBER = 2600


class Verification:
    """One that was begun, and on which nobody works but whoever is told to."""

    def __init__(self, link: Link):
        self.office = link.office
        self.id = self.office.call("sync.exchange.peer", "action_verify", [link.peer])["res_id"]
        self.contacts = mapping_of_contacts(link)

    def one_slice(self) -> dict:
        return self.office.one_slice(_MODEL, self.id)

    def place(self) -> dict:
        """Work for one slice; where it stands then with the contacts."""
        checkpoint = self.one_slice()["checkpoint"]
        return (checkpoint.get("place") or {}) if checkpoint.get("mapping") == self.contacts else {}

    def work_until(self, step: str) -> dict:
        """Work in short slices until a step is reached; the place then."""
        while (place := self.place()).get("step") != step:
            assert self.state == "working", self.state
        return place

    def end(self) -> None:
        while self.state == "working":
            self.one_slice()
        assert self.state == "done"

    def checkpoint(self) -> str:
        statement = "SELECT checkpoint::text FROM sync_exchange_verification WHERE id = %s"
        return self.office.execute(statement, (self.id,))[0][0]

    @property
    def state(self) -> str:
        return self.office.execute(f"SELECT state FROM {_MODEL.replace('.', '_')} WHERE id = %s", (self.id,))[0][0]

    def found(self) -> list[tuple[str, str]]:
        return sorted(
            self.office.execute(
                "SELECT difference, title FROM sync_exchange_verification_line WHERE verification_id = %s", (self.id,)
            )
        )

    def kinds(self) -> dict[str, dict]:
        names = ["here_count", "there_count", "bucket_count", "differing_count", "difference_count", "unlisted_count"]
        rows = self.office.execute(
            f"SELECT m.model, {', '.join(names)} FROM sync_exchange_verification_kind k "
            "JOIN sync_exchange_mapping m ON m.id = k.mapping_id WHERE verification_id = %s",
            (self.id,),
        )
        return {model: dict(zip(names, counts, strict=True)) for model, *counts in rows}


def past_odoo(office: Office, *refs: str) -> None:
    """Change contacts in PostgreSQL, so that nobody hears of it."""
    office.execute("UPDATE res_partner SET city = 'Past Odoo' WHERE ref = ANY(%s) RETURNING 1", (list(refs),))


def mapping_of_contacts(link: Link) -> int:
    domain = [["peer_id", "=", link.peer], ["model", "=", "res.partner"]]
    return link.office.call("sync.exchange.mapping", "search", (), domain)[0]


@pytest.fixture(scope="module", autouse=True)
def beginning(line: Link, rome: Office) -> None:
    for start in range(0, _NUMBER, 1300):
        rows = [{"name": f"Contact VS{n}", "ref": f"VS{n}", "city": "Roma"} for n in range(start, start + 1300)]
        rome.call("res.partner", "create", (), rows)
    line.send()
    line.receive()


@pytest.fixture(autouse=True)
def mended(line: Link) -> Iterator[None]:
    yield
    for office in (line.office, line.other):
        office.execute("UPDATE res_partner SET city = 'Roma' WHERE ref LIKE 'VS%%' RETURNING 1")


def test_each_slice_goes_on_where_the_last_one_stopped(line: Link, milan: Office) -> None:
    past_odoo(milan, "VS7", "VS2000", "VS2599")
    verification = Verification(line)
    places = []
    while verification.state == "working":
        place = verification.place()
        places.append((place.get("step"), place.get("after")))
    steps = list(dict.fromkeys(step for step, _after in places if step))
    assert [step for step in ("here", "there", "find", "list", "look") if step in steps] == steps
    here = [after for step, after in places if step == "here" and after]
    assert len(here) >= 3 and here == sorted(set(here)), "a thousand at a time, each once"
    assert verification.found() == [("different", f"Contact {ref}") for ref in ("VS2000", "VS2599", "VS7")]
    counts = verification.kinds()["res.partner"]
    assert counts["here_count"] == counts["there_count"] == _NUMBER
    assert counts["difference_count"] == counts["differing_count"] == 3


def test_who_is_killed_goes_on_and_lists_nothing_twice(line: Link, milan: Office) -> None:
    refs = [f"VS{number}" for number in range(0, _NUMBER, 50)]
    past_odoo(milan, *refs)
    verification = Verification(line)
    kills = line.office.work_until_killed(_MODEL, verification.id, verification.checkpoint, times=5)
    assert kills > 3
    verification.end()
    assert verification.found() == sorted(("different", f"Contact {ref}") for ref in refs)
    counts = verification.kinds()["res.partner"]
    assert counts["here_count"] == counts["there_count"] == _NUMBER
    assert counts["difference_count"] == len(refs)


def test_what_changes_between_slices_is_judged_as_it_is_then(line: Link, rome: Office, milan: Office) -> None:
    past_odoo(milan, "VS1", "VS2")
    verification = Verification(line)
    verification.work_until("there")
    # This side was read to its end already; the other one was not.
    past_odoo(milan, "VS3")
    verification.work_until("find")
    # Two that differ so far: one is mended, the other one is deleted here.
    milan.execute("UPDATE res_partner SET city = 'Roma' WHERE ref = 'VS1' RETURNING 1")
    rome.delete("res.partner", rome.partner("VS2")["id"])
    verification.end()
    assert verification.found() == [("deleted_here", "Contact VS2"), ("different", "Contact VS3")]
    # It was changed there since, so that it comes back.
    line.both()


def test_of_more_differences_than_anybody_reads_the_first_are_listed_and_all_counted(line: Link, milan: Office) -> None:
    milan.execute("UPDATE res_partner SET city = 'Past Odoo' WHERE ref LIKE 'VS%%' RETURNING 1")
    verification = Verification(line)
    verification.end()
    assert len(verification.found()) == 1000
    assert verification.kinds()["res.partner"]["difference_count"] == _NUMBER


def test_what_is_only_sent_is_compared_with_nothing_else_that_is_there(
    rome: Office, milan: Office, line: Link
) -> None:
    """The other side has many records of its own, of which this one knows nothing."""
    rome.write("sync.exchange.mapping", mapping_of_contacts(line), direction="send")
    line.send()
    for start in range(0, 1000, 500):
        rows = [{"name": f"Contact M{n}", "ref": f"M{n}"} for n in range(start, start + 500)]
        milan.call("res.partner", "create", (), rows)
    past_odoo(milan, "VS30", "VS31", "M1")
    milan.execute("DELETE FROM res_partner WHERE ref = 'VS32' RETURNING 1")
    verification = Verification(line)
    steps = set()
    while verification.state == "working":
        place = verification.place()
        steps |= {place["step"]} if place else set()
    assert verification.found() == [
        ("deleted_there", "Contact VS32"), ("different", "Contact VS30"), ("different", "Contact VS31"),
    ]
    counts = verification.kinds()["res.partner"]
    assert counts["here_count"] == _NUMBER and counts["there_count"] == _NUMBER - 1
    assert steps == {"each"}
