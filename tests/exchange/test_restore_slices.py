# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Large files are verified and written in slices: whoever is killed goes on, and nothing is written twice."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from offices import Office

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
        """Whoever works on it is killed again and again; how often."""
        kills = self.office.work_until_killed(_MODEL, self.id, self.checkpoint, times=5)
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


@dataclass(frozen=True)
class Chain:
    """A full snapshot and two that continue it, and what there was when the first and the last one were made."""

    full: int
    first: int
    second: int
    at_first: list[tuple]
    at_last: list[tuple]
    changed: int


@pytest.fixture(scope="module")
def chain(rome: Office) -> Chain:
    for start in range(0, _NUMBER, 1300):
        rows = [{"name": f"Contact RS{n}", "ref": f"RS{n}", "city": "Roma"} for n in range(start, start + 1300)]
        rome.call("res.partner", "create", (), rows)
    # The first ones belong to the last one, which comes after them in the file.
    members = rome.call("res.partner", "search", (), [["ref", "in", ["RS0", "RS1", "RS2"]]])
    owner = rome.partner(f"RS{_NUMBER - 1}")["id"]
    rome.call("res.partner", "write", members, {"parent_id": owner})
    full, at_first = snapshot(rome), contents(rome)
    changed = rome.call("res.partner", "search", (), [["ref", "=like", "RS1_%"]])
    rome.call("res.partner", "write", changed, {"city": "Ostia"})
    rome.delete("res.partner", rome.partner("RS20")["id"])
    first = snapshot(rome, full)
    rome.change("RS21", city="Fiumicino")
    rome.add("RS-new", name="Contact RS-new")
    second = snapshot(rome, first)
    return Chain(full, first, second, at_first, contents(rome), len(changed) + 1)


@pytest.fixture(scope="module")
def full(chain: Chain) -> int:
    return chain.full


def test_who_is_killed_while_it_restores_goes_on_and_writes_nothing_twice(rome: Office, chain: Chain) -> None:
    assert len(chain.at_first) == _NUMBER
    lose_all(rome)
    trial = Restore(rome, chain.full, dry=True)
    assert trial.end_with_kills() > 3
    assert trial.counts() == {"create": _NUMBER}
    assert contents(rome) == [], "a trial writes nothing"
    restore = Restore(rome, chain.full)
    assert restore.end_with_kills() > 3
    assert contents(rome) == chain.at_first
    assert restore.counts() == {"create": _NUMBER}
    again = Restore(rome, chain.full)
    again.end()
    assert again.counts() == {"same": _NUMBER}


def test_a_chain_goes_on_in_the_middle_too(rome: Office, chain: Chain) -> None:
    lose_all(rome)
    restore = Restore(rome, chain.second, chain.full, chain.first)
    assert restore.end_with_kills() > 3
    assert contents(rome) == chain.at_last
    assert restore.counts() == {"create": _NUMBER + 1, "update": chain.changed, "gone": 1}
    # It goes on behind the last one only.
    again = Restore(rome, chain.first)
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
