# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A worker is killed when the other side has committed and nothing of it is noted here; then the record is deleted."""

from __future__ import annotations

import time

from offices import Link, Office


def _send_and_kill(line: Link, table: str, name: str) -> None:
    """Send; when the record of this name has come, end the worker as a power cut does."""
    office = line.office
    there = f"SELECT count(*) FROM {table} WHERE name = %s"
    gate = office.odoo.server.connect(office.database)
    waits = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    # Nothing of it is a transaction that stays open: who begins to exchange something waits for those.
    gate.autocommit = True
    with gate.cursor() as cursor:
        # What both sides have agreed cannot be noted: who does that waits.
        cursor.execute(
            "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_advisory_xact_lock(7201935); RETURN NEW; END'"
        )
        cursor.execute(
            "CREATE TRIGGER gate BEFORE INSERT OR UPDATE ON sync_exchange_link FOR EACH ROW EXECUTE FUNCTION gate()"
        )
        cursor.execute("SELECT pg_advisory_lock(7201935)")
        line.begin("send")
        end = time.monotonic() + 60
        while not line.other.number(there, (name,)) or not office.number(waits):
            assert time.monotonic() < end
            time.sleep(0.05)
        office.worker.kill()
        cursor.execute("SELECT pg_advisory_unlock(7201935)")
        cursor.execute("DROP TRIGGER gate ON sync_exchange_link; DROP FUNCTION gate()")
    gate.close()


def _links(office: Office, model: str, res_id: int) -> int:
    return office.number("SELECT count(*) FROM sync_exchange_link WHERE model = %s AND res_id = %s", (model, res_id))


def test_a_record_that_was_deleted_before_its_sending_was_noted_is_deleted_there_too(
    line: Link, rome: Office, milan: Office
) -> None:
    line.both()
    number = rome.add("L1")
    _send_and_kill(line, "res_partner", "Contact L1")
    assert not _links(rome, "res.partner", number)
    rome.delete("res.partner", number)
    line.both()
    line.both()
    # The rule of this data: archive what was deleted on the other side.
    assert milan.partner("L1")["active"] is False
    assert rome.partner("L1") is None


def test_so_it_is_when_nothing_of_its_kind_was_ever_sent_before(line: Link, rome: Office, milan: Office) -> None:
    mapping = line.exchange("res.bank", "name bic", deletion="delete")
    bank = rome.create("res.bank", name="Banca L2")
    count = "SELECT count(*) FROM res_bank WHERE name = 'Banca L2'"
    _send_and_kill(line, "res_bank", "Banca L2")
    assert not _links(rome, "res.bank", bank)
    rome.delete("res.bank", bank)
    line.both()
    line.both()
    assert (rome.number(count), milan.number(count)) == (0, 0)
    rome.call("sync.exchange.mapping", "unlink", [mapping])


def test_what_somebody_has_worked_on_there_meanwhile_stays(line: Link, rome: Office, milan: Office) -> None:
    line.both()
    number = rome.add("L3")
    _send_and_kill(line, "res_partner", "Contact L3")
    milan.change("L3", city="Worked on")
    rome.delete("res.partner", number)
    line.send()
    assert (milan.partner("L3")["active"], milan.partner("L3")["city"]) == (True, "Worked on")


def test_a_record_that_was_never_sent_is_looked_for_in_vain_and_nothing_else_is_touched(
    line: Link, rome: Office, milan: Office
) -> None:
    line.both()
    before = milan.number("SELECT count(*) FROM res_partner WHERE active")
    # Named, as if it had been read to be sent, and deleted before it was.
    number = rome.add("L4")
    rome.create("ir.model.data", module="__sync_test__", name="l4", model="res.partner", res_id=number)
    rome.delete("res.partner", number)
    run = line.send()
    assert (run["updated"], run["failed"]) == (0, 0)
    assert milan.number("SELECT count(*) FROM res_partner WHERE active") == before


def test_what_was_deleted_before_all_is_compared_again_is_deleted_there_too(
    line: Link, rome: Office, milan: Office
) -> None:
    number = rome.add("L5")
    line.both()
    rome.delete("res.partner", number)
    # Somebody adds a field, say: what has been sent is forgotten, and all of it is compared anew.
    mappings = rome.call("sync.exchange.mapping", "search", (), [["peer_id", "=", line.peer]])
    rome.call("sync.exchange.mapping", "action_start_again", mappings)
    line.both()
    line.both()
    assert milan.partner("L5")["active"] is False
    assert rome.partner("L5") is None
