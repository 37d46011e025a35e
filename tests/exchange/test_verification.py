# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""“Verify” compares both sides, lists what differs, and exchanges that only."""

from __future__ import annotations

import time

import pytest
from offices import PATIENCE, Link, Office, Refused

_FIELDS = ["difference", "title", "detail", "state", "choice"]


class Verification:
    def __init__(self, link: Link):
        self.office = link.office
        self.id = self.office.call("sync.exchange.peer", "action_verify", [link.peer])["res_id"]
        self.wait()

    def wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while (found := self.read("state", "note"))["state"] == "working":
            assert time.monotonic() < end
            self.office.work_off()
        assert found["state"] == "done", found["note"]

    def read(self, *names: str) -> dict:
        return self.office.call("sync.exchange.verification", "read", [self.id], list(names))[0]

    @property
    def lines(self) -> list[dict]:
        domain = [["verification_id", "=", self.id]]
        return self.office.call("sync.exchange.verification.line", "search_read", (), domain, _FIELDS)

    @property
    def kinds(self) -> list[dict]:
        names = ["mapping_id", "here_count", "there_count", "differing_count", "unlisted_count", "vanished_count"]
        return self.office.call(
            "sync.exchange.verification.kind", "search_read", (), [["verification_id", "=", self.id]], names
        )

    def found(self) -> list[tuple[str, str]]:
        return sorted((line["difference"], line["title"]) for line in self.lines)

    def resync(self) -> None:
        self.office.call("sync.exchange.verification", "action_resync", [self.id])

    def choose(self, title: str, choice: str) -> None:
        [line] = [line["id"] for line in self.lines if line["title"] == title]
        self.office.write("sync.exchange.verification.line", line, choice=choice)


@pytest.fixture(scope="module", autouse=True)
def beginning(line: Link, rome: Office, milan: Office) -> None:
    for number in range(40):
        rome.add(f"RV{number}", city="Roma")
        milan.add(f"MV{number}", city="Milano")
    line.both()
    line.both()


def test_sides_in_step_have_no_difference(line: Link) -> None:
    verification = Verification(line)
    assert verification.found() == []
    assert verification.read("in_step")["in_step"] is True
    for kind in verification.kinds:
        assert kind["here_count"] == kind["there_count"] and kind["differing_count"] == 0


def test_what_was_changed_past_odoo_is_found_with_both_values_and_mended(
    line: Link, rome: Office, milan: Office
) -> None:
    """Rows are changed in PostgreSQL, so that no outbox knows of it."""
    milan.execute("UPDATE res_partner SET city = 'Past Odoo' WHERE ref = 'MV1' RETURNING 1")
    rome.execute("UPDATE res_partner SET phone = '12' WHERE ref = 'RV1' RETURNING 1")
    line.both()
    assert (rome.partner("MV1")["city"], milan.partner("RV1")["phone"]) == ("Milano", False)
    verification = Verification(line)
    assert verification.found() == [("different", "Contact MV1"), ("different", "Contact RV1")]
    [text] = [found["detail"] for found in verification.lines if found["title"] == "Contact MV1"]
    assert "Milano" in text and "Past Odoo" in text
    verification.resync()
    assert (rome.partner("MV1")["city"], milan.partner("RV1")["phone"]) == ("Past Odoo", "12")
    assert {found["state"] for found in verification.lines} == {"done"}
    assert Verification(line).found() == []


def test_only_what_is_listed_is_exchanged(line: Link, rome: Office, milan: Office) -> None:
    milan.execute("UPDATE res_partner SET city = 'Listed' WHERE ref = 'MV2' RETURNING 1")
    verification = Verification(line)
    rome.change("RV2", city="Later")
    verification.resync()
    assert rome.partner("MV2")["city"] == "Listed"
    assert milan.partner("RV2")["city"] == "Roma"
    line.both()
    assert milan.partner("RV2")["city"] == "Later"


def test_records_on_one_side_only_come_to_the_other(line: Link, rome: Office, milan: Office) -> None:
    for office, ref in ((rome, "RV-lone"), (milan, "MV-lone")):
        office.execute(
            "INSERT INTO res_partner (name, ref, active, complete_name, create_date, write_date) "
            "VALUES (%s, %s, true, %s, now(), now()) RETURNING 1",
            (f"Contact {ref}", ref, f"Contact {ref}"),
        )
    verification = Verification(line)
    assert verification.found() == [("only_here", "Contact RV-lone"), ("only_there", "Contact MV-lone")]
    verification.resync()
    assert rome.partner("MV-lone") and milan.partner("RV-lone")
    assert Verification(line).found() == []


def test_what_one_side_holds_differently_on_purpose_is_no_difference(line: Link, rome: Office, milan: Office) -> None:
    [mapping] = rome.call(
        "sync.exchange.mapping", "search", (), [["peer_id", "=", line.peer], ["model", "=", "res.partner"]]
    )
    [field] = rome.call(
        "sync.exchange.mapping.field", "search", (), [["mapping_id", "=", mapping], ["name", "=", "street"]]
    )
    rome.write("sync.exchange.mapping.field", field, conversion="upper")
    rome.add("RV-via", street="Via Roma 1")
    # Odoo writes tax IDs its own way.
    milan.add("MV-vat", vat="it 06363391001")
    line.both()
    line.both()
    assert milan.partner("RV-via")["street"] == "VIA ROMA 1"
    assert Verification(line).found() == []
    rome.write("sync.exchange.mapping.field", field, conversion="same")


def test_what_was_deleted_on_one_side_is_asked(line: Link, rome: Office, milan: Office) -> None:
    for ref in ("RV-gone", "RV-back", "RV-kept"):
        rome.add(ref)
    line.both()
    line.both()
    for ref in ("RV-gone", "RV-back"):
        milan.execute("DELETE FROM res_partner WHERE ref = %s RETURNING 1", (ref,))
    verification = Verification(line)
    assert verification.found() == [("deleted_there", "Contact RV-back"), ("deleted_there", "Contact RV-gone")]
    with pytest.raises(Refused, match="deleted on one side"):
        verification.resync()
    verification.choose("Contact RV-gone", "delete")
    verification.choose("Contact RV-back", "recreate")
    verification.resync()
    assert rome.partner("RV-gone") is None
    assert milan.partner("RV-back") and milan.partner("RV-kept")
    line.both()
    assert Verification(line).found() == []


def test_what_postgresql_deleted_with_something_else_is_told_to_the_other_side(
    line: Link, rome: Office, milan: Office
) -> None:
    rome.add("RV-cascade")
    line.both()
    line.both()
    rome.execute("DELETE FROM res_partner WHERE ref = 'RV-cascade' RETURNING 1")
    line.both()
    assert milan.partner("RV-cascade")
    verification = Verification(line)
    assert [kind["vanished_count"] for kind in verification.kinds if kind["vanished_count"]] == [1]
    line.both()
    assert milan.partner("RV-cascade") is None or not milan.partner("RV-cascade")["active"]
    assert Verification(line).found() == []
