# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A copy that is written in many slices, by workers that are killed, while people go on working, is of one moment."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from offices import Office
from test_snapshots import FIELDS, PASSPHRASE, Person, contents, restore

SNAPSHOT = "sync.exchange.snapshot"
NUMBERED = "ref LIKE 'S%%'"


class People:
    """Whoever works with contacts while they are copied."""

    def __init__(self, office: Office, seed: int):
        self.office = office
        self.chance = random.Random(seed)
        # Numbers of those that were deleted past Odoo.
        self.past_odoo: set[str] = set()

    def anybody(self) -> int:
        rows = self.office.execute(f"SELECT id FROM res_partner WHERE {NUMBERED} AND NOT is_company ORDER BY id")
        return self.chance.choice(rows)[0]

    def work(self) -> None:
        """Something happens to somebody."""
        office, moment = self.office, str(self.chance.random())
        match self.chance.randrange(7):
            case 0 | 1:
                office.write("res.partner", self.anybody(), city=f"Moved {moment}")
            case 2:
                office.add(f"S-new-{self.chance.randrange(10**9)}", city=moment)
            case 3:
                office.delete("res.partner", self.anybody())
            case 4:
                # Does not pass the filter any more.
                office.write("res.partner", self.anybody(), ref=False)
            case 5:
                gone = "DELETE FROM res_partner WHERE id = %s RETURNING ref"
                self.past_odoo.add(office.execute(gone, (self.anybody(),))[0][0])
            case 6:
                tag = office.create("res.partner.category", name=f"Tag {moment}")
                office.write("res.partner", self.anybody(), category_id=[[4, tag]])


def new_snapshot(office: Office, **values) -> int:
    if "previous_id" not in values:
        kinds = {"res.partner.category": "name parent_id color", "res.partner": FIELDS}
        values["kind_ids"] = [
            [
                0,
                0,
                {
                    "model_id": office.call("ir.model", "search", (), [["model", "=", model]])[0],
                    "domain": "[('ref', '=like', 'S%')]" if model == "res.partner" else "[]",
                    "field_names": names.replace(" ", ", "),
                },
            ]
            for model, names in kinds.items()
        ]
    return office.create(SNAPSHOT, **values)


class Writing:
    """A snapshot that was written piece by piece while people worked: slices, and what there was at its moment."""

    def __init__(self, office: Office, number: int, people: People | None = None, kills: float = 0.0):
        self.number, self.people = number, people
        self.slices = self.killed = 0
        self.at_its_moment: list = []
        chance = random.Random(number)
        while not self._slice(office, people, chance, kills):
            assert self.slices < 400

    def _slice(self, office: Office, people: People | None, chance: random.Random, kills: float) -> bool:
        found = progress(office, self.number)
        phase = found["phase"]
        if not self.at_its_moment and (found["state"] == "done" or phase in ("settle", "assemble", "end")):
            self.at_its_moment = numbered(office)
        if found["state"] == "done":
            return True
        # What people do from its moment on belongs to the next one.
        if people and phase not in ("wait", "close"):
            people.work()
        if chance.random() < kills:
            office.begin_slice(SNAPSHOT, self.number, page=5)
            time.sleep(chance.random() * 0.3)
            office.worker.kill()
            self.killed += 1
            return False
        self.slices += 1
        told = office.one_slice(SNAPSHOT, self.number, page=5)
        assert told["state"] in ("working", "done"), told["note"]
        return False


def numbered(office: Office) -> list:
    """What people see of the contacts that are copied."""
    return [row for row in contents(office) if row[1].startswith("S")]


def progress(office: Office, number: int) -> dict:
    [found] = office.call(SNAPSHOT, "read", [number], ["state", "checkpoint"])
    return {"state": found["state"], "phase": None, **(found["checkpoint"] or {})}


def files_of_parts(office: Office, number: int) -> list[Path]:
    store = Path(office.odoo.data) / "filestore" / office.database
    rows = office.execute(
        "SELECT store_fname FROM ir_attachment WHERE id IN "
        "(SELECT attachment_id FROM sync_exchange_snapshot_part WHERE snapshot_id = %s)",
        (number,),
    )
    return [store / name for (name,) in rows]


@pytest.fixture(scope="module", autouse=True)
def beginning(rome: Office) -> Iterator[None]:
    tags = [rome.create("res.partner.category", name=f"Tag {number}") for number in range(3)]
    members = [rome.add(f"S{number}", city="Roma", category_id=[[6, 0, tags[: number % 3]]]) for number in range(70)]
    company = rome.add("S-company", is_company=True)
    rome.write("res.partner", members[3], parent_id=company, active=False)
    yield
    # The next one reads as many records at a time as usual.
    rome.worker.kill()


@pytest.fixture(scope="module")
def full_writing(rome: Office) -> Writing:
    number = new_snapshot(rome)
    rome.call(SNAPSHOT, "action_generate", [number])
    writing = Writing(rome, number, People(rome, 1), kills=0.2)
    assert writing.slices > 15 and writing.killed
    return writing


@pytest.fixture(scope="module")
def full(full_writing: Writing) -> int:
    return full_writing.number


def test_a_copy_made_while_people_work_and_workers_are_killed_is_of_one_moment(
    rome: Office, milan: Office, full: int, full_writing: Writing, tmp_path: Path
) -> None:
    count = "SELECT record_count FROM sync_exchange_snapshot_kind WHERE snapshot_id = %s AND model = 'res.partner'"
    assert rome.number(count, (full,)) == len(full_writing.at_its_moment), "each record counts once"
    done = restore(milan, [Person(rome).download(full, tmp_path)])
    assert (done["state"], done["error"], done["missing"], done["gone"]) == ("done", 0, 0, 0), done
    assert contents(milan) == full_writing.at_its_moment != numbered(rome)


def test_what_the_parts_were_made_of_is_gone_when_the_copy_is_there(rome: Office, full: int) -> None:
    assert files_of_parts(rome, full) == []
    assert rome.number("SELECT count(*) FROM sync_exchange_snapshot_part WHERE snapshot_id = %s", (full,))


def test_the_next_copy_holds_what_changed_and_what_is_gone_or_left_the_filter(
    rome: Office, milan: Office, full: int, full_writing: Writing, tmp_path: Path
) -> None:
    people, person = People(rome, 2), Person(rome)
    # What happened after the moment of the one before.
    second = new_snapshot(rome, kind="incremental", previous_id=full)
    rome.call(SNAPSHOT, "action_generate", [second])
    Writing(rome, second)
    left = people.anybody()
    rome.write("res.partner", left, ref=False)
    never = rome.create("res.partner", name="Without a number")
    rome.delete("res.partner", rome.add("S-short-lived"))
    rome.write("res.partner", never, city="Changed")
    following = new_snapshot(rome, kind="incremental", previous_id=second)
    rome.call(SNAPSHOT, "action_generate", [following])
    Writing(rome, following, kills=0.2)
    [told] = rome.call(SNAPSHOT, "read", [following], ["record_count", "gone_count"])
    assert (told["record_count"], told["gone_count"]) == (0, 1), "who never was in the copy is not gone from it"
    last = new_snapshot(rome, kind="incremental", previous_id=following)
    for _time in range(12):
        people.work()
    rome.call(SNAPSHOT, "action_generate", [last])
    Writing(rome, last)
    files = [person.download(number, tmp_path) for number in (second, following, last)]
    done = restore(milan, files)
    assert (done["state"], done["error"]) == ("done", 0), done
    assert done["gone"] >= 1
    now = numbered(rome)
    vanished = {row[1] for row in contents(milan)} - {row[1] for row in now}
    # Of what PostgreSQL deleted past Odoo only a full copy knows.
    assert [row for row in contents(milan) if row[1] not in vanished] == now
    assert vanished <= people.past_odoo | full_writing.people.past_odoo


def test_parts_of_an_encrypted_copy_cannot_be_read_and_its_secrets_go(rome: Office) -> None:
    number = new_snapshot(rome)
    path = f"/sync_hub/exchange/snapshot/{number}/encrypt"
    Person(rome).post(path, passphrase=PASSPHRASE, again=PASSPHRASE)
    while progress(rome, number)["phase"] != "follow":
        rome.one_slice(SNAPSHOT, number, page=5)
    files = files_of_parts(rome, number)
    assert len(files) > 5
    assert all(file.read_bytes().startswith(b"SyncHubEncrypted") for file in files)
    secrets = "SELECT count(*) FROM sync_secret WHERE res_model = %s AND res_id = %s"
    assert rome.number(secrets, (SNAPSHOT, number)) == 2
    dump = rome.execute("SELECT t::text FROM sync_exchange_snapshot t UNION ALL SELECT t::text FROM sync_secret t")
    assert not any(PASSPHRASE in row for (row,) in dump)
    rome.call(SNAPSHOT, "action_cancel", [number])
    assert rome.number(secrets, (SNAPSHOT, number)) == 0
    assert files_of_parts(rome, number) == []
    assert not rome.number("SELECT count(*) FROM sync_exchange_snapshot_part WHERE snapshot_id = %s", (number,))


def test_a_transaction_that_does_not_end_is_said_instead_of_a_copy_with_gaps(rome: Office) -> None:
    number = new_snapshot(rome)
    rome.call(SNAPSHOT, "action_generate", [number])
    long_one = rome.odoo.server.connect(rome.database)
    with long_one, long_one.cursor() as cursor:
        cursor.execute("SELECT 1")
        for _slice in range(3):
            assert rome.one_slice(SNAPSHOT, number)["checkpoint"]["phase"] == "wait"
        begun = "UPDATE sync_exchange_snapshot SET checkpoint = jsonb_set(checkpoint, '{waits_since}', '1') RETURNING 1"
        rome.execute(begun)
        told = rome.one_slice(SNAPSHOT, number)
        long_one.rollback()
    long_one.close()
    assert told["state"] == "failed" and "pg_stat_activity" in told["note"]
    rome.call(SNAPSHOT, "action_generate", [number])
    Writing(rome, number)
