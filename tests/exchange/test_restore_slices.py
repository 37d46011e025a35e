# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Large files are verified and written in slices: whoever is killed goes on, and nothing is written twice."""

from __future__ import annotations

import time

import pytest
from offices import PATIENCE, Office

_MODEL = "sync.exchange.restore"
_NUMBER = 2600
PASSPHRASE = "correct horse battery"
_COUNTS = ("create", "update", "same", "gone", "error", "missing")


class Restore:
    """One that was begun, and on which nobody works but whoever is told to."""

    def __init__(self, office: Office, *snapshots: int, dry: bool = False):
        self.office = office
        self.id = office.create(_MODEL, snapshot_ids=[[6, 0, list(snapshots)]])
        office.call(_MODEL, "_begin", [self.id], dry=dry, passphrase=PASSPHRASE)

    @property
    def state(self) -> str:
        return self.office.execute("SELECT state FROM sync_exchange_restore WHERE id = %s", (self.id,))[0][0]

    def checkpoint(self) -> str:
        statement = "SELECT checkpoint::text FROM sync_exchange_restore WHERE id = %s"
        return self.office.execute(statement, (self.id,))[0][0]

    def end(self) -> None:
        while self.state == "working":
            last = self.office.one_slice(_MODEL, self.id)
        assert self.state == "done", last["note"]

    def end_with_kills(self) -> int:
        """Kill whoever works on it as soon as a further piece is done; how often that was."""
        office, seen, kills = self.office, self.checkpoint(), 0
        end = time.monotonic() + PATIENCE
        while self.state == "working" and kills < 8:
            office.worker.begin(office.database, "tasks", seconds=0.01)
            while (checkpoint := self.checkpoint()) == seen and self.state == "working":
                assert time.monotonic() < end
                time.sleep(0.01)
            seen, kills = checkpoint, kills + 1
            office.worker.kill()
        self.end()
        return kills

    def counts(self, model: str = "res.partner") -> dict[str, int]:
        names = ", ".join(f"sum({name}_count)" for name in _COUNTS)
        rows = self.office.execute(
            f"SELECT {names} FROM sync_exchange_restore_line WHERE restore_id = %s AND model = %s", (self.id, model)
        )
        return {name: number for name, number in zip(_COUNTS, rows[0], strict=True) if number}


def snapshot(office: Office, previous: int | None = None) -> int:
    if previous:
        number = office.create("sync.exchange.snapshot", kind="incremental", previous_id=previous)
    else:
        model = office.call("ir.model", "search", (), [["model", "=", "res.partner"]])[0]
        names = "name, ref, city, parent_id, active"
        kind = {"model_id": model, "domain": "[('ref', 'like', 'RS')]", "field_names": names}
        number = office.create("sync.exchange.snapshot", kind_ids=[[0, 0, kind]])
    office.call("sync.exchange.snapshot", "_begin", [number], PASSPHRASE)
    state = "working"
    while state == "working":
        office.work_off()
        [(state, note)] = office.execute("SELECT state, note FROM sync_exchange_snapshot WHERE id = %s", (number,))
    assert state == "done", note
    return number


def contents(office: Office) -> list[tuple]:
    return office.execute(
        "SELECT p.ref, p.name, p.city, p.active, o.ref FROM res_partner p "
        "LEFT JOIN res_partner o ON o.id = p.parent_id WHERE p.ref LIKE 'RS%%' ORDER BY p.ref"
    )


def lose_all(office: Office) -> None:
    office.execute("DELETE FROM res_partner WHERE ref LIKE 'RS%%' RETURNING 1")


@pytest.fixture(scope="module")
def full(rome: Office) -> int:
    for start in range(0, _NUMBER, 1300):
        rows = [{"name": f"Contact RS{n}", "ref": f"RS{n}", "city": "Roma"} for n in range(start, start + 1300)]
        rome.call("res.partner", "create", (), rows)
    # The first ones belong to the last one, which comes after them in the file.
    first = rome.call("res.partner", "search", (), [["ref", "in", ["RS0", "RS1", "RS2"]]])
    owner = rome.partner(f"RS{_NUMBER - 1}")["id"]
    rome.call("res.partner", "write", first, {"parent_id": owner})
    return snapshot(rome)


def test_who_is_killed_while_it_restores_goes_on_and_writes_nothing_twice(rome: Office, full: int) -> None:
    before = contents(rome)
    assert len(before) == _NUMBER
    lose_all(rome)
    trial = Restore(rome, full, dry=True)
    assert trial.end_with_kills() > 4
    assert trial.counts() == {"create": _NUMBER}
    assert contents(rome) == [], "a trial writes nothing"
    restore = Restore(rome, full)
    assert restore.end_with_kills() > 4
    assert contents(rome) == before
    assert restore.counts() == {"create": _NUMBER}
    again = Restore(rome, full)
    again.end()
    assert again.counts() == {"same": _NUMBER}


def test_a_chain_goes_on_in_the_middle_too(rome: Office, full: int) -> None:
    changed = rome.call("res.partner", "search", (), [["ref", "=like", "RS1_%"]])
    rome.call("res.partner", "write", changed, {"city": "Ostia"})
    rome.delete("res.partner", rome.partner("RS20")["id"])
    first = snapshot(rome, full)
    rome.change("RS21", city="Fiumicino")
    rome.add("RS-new", name="Contact RS-new")
    second = snapshot(rome, first)
    before = contents(rome)
    lose_all(rome)
    restore = Restore(rome, second, full, first)
    assert restore.end_with_kills() > 4
    assert contents(rome) == before
    counts = restore.counts()
    assert counts["create"] == _NUMBER + 1 and counts["gone"] == 1
    assert counts["update"] == len(changed) + 1
    # The chain goes on behind the last one.
    again = Restore(rome, first)
    while again.state == "working":
        last = rome.one_slice(_MODEL, again.id)
    assert again.state == "failed" and "continues another snapshot" in last["note"]


def test_a_file_that_goes_between_two_slices_stops_it_with_a_sentence(rome: Office, full: int) -> None:
    restore = Restore(rome, full)
    rome.one_slice(_MODEL, restore.id)
    attachment = rome.number("SELECT attachment_id FROM sync_exchange_snapshot WHERE id = %s", (full,))
    rome.execute("UPDATE sync_exchange_snapshot SET attachment_id = NULL WHERE id = %s RETURNING 1", (full,))
    found = rome.one_slice(_MODEL, restore.id)
    assert found["state"] == "failed" and "Choose the files again" in found["note"]
    rome.execute("UPDATE sync_exchange_snapshot SET attachment_id = %s WHERE id = %s RETURNING 1", (attachment, full))


def test_one_that_is_cancelled_stops_where_it_is(rome: Office, full: int) -> None:
    lose_all(rome)
    restore = Restore(rome, full)
    while not rome.number("SELECT count(*) FROM res_partner WHERE ref LIKE 'RS%%'"):
        rome.one_slice(_MODEL, restore.id)
    rome.call(_MODEL, "action_cancel", [restore.id])
    rome.work_off()
    assert restore.state == "cancelled"
    assert 0 < rome.number("SELECT count(*) FROM res_partner WHERE ref LIKE 'RS%%'") < _NUMBER
    # Another one finds what is there already.
    done = rome.number("SELECT count(*) FROM res_partner WHERE ref LIKE 'RS%%'")
    other = Restore(rome, full)
    other.end()
    assert other.counts() == {"create": _NUMBER - done, "same": done}
