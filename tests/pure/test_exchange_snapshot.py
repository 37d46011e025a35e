# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is written into a snapshot comes out of it, in the order of the chain, without being held in memory."""

import doctest
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.snapshot import (
    AlreadyApplied,
    Chain,
    Kind,
    Link,
    Manifest,
    MissingLink,
    SchemaDiffers,
    SnapshotWriter,
    Truncated,
    check_schema,
    is_gone,
    read_manifest,
    schema_hash,
    verify,
)
from snapshot_files import AT, DATABASE, PARTNERS, PRODUCTS, partner, written

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab\n", max_size=3), inner, max_size=4),
    max_leaves=8,
)
RECORDS = st.lists(
    st.builds(
        lambda ids, values: {"ids": ids, "values": values},
        st.lists(st.text("acme._p1", min_size=1, max_size=5), min_size=1, max_size=3),
        JSON,
    ),
    max_size=12,
)


def rows_of(file: io.BytesIO, model: str, passphrase: str | None = None) -> list[dict]:
    return list(verify(file, passphrase).rows(model))


# Whole and incremental


@given(RECORDS, RECORDS, st.integers(1, 400))
def test_what_was_written_comes_out_in_its_order(partners: list, products: list, part_bytes: int) -> None:
    file, manifest = written(partners, products, part_bytes=part_bytes)
    snapshot = verify(file)
    assert snapshot.manifest == manifest
    assert list(snapshot.rows("res.partner")) == partners
    assert list(snapshot.rows("product.template")) == products
    assert list(snapshot.rows("res.users")) == []


def test_the_manifest_says_what_is_in_the_file() -> None:
    file, manifest = written(map(partner, range(3)))
    assert (manifest.kind, manifest.database, manifest.previous) == (Kind.FULL, DATABASE, None)
    assert manifest.created_at == AT
    partners, products = manifest.models
    assert (partners.model, partners.count, partners.gone, partners.cursor) == ("res.partner", 3, 0, "17:4")
    assert (products.model, products.count, products.parts) == ("product.template", 0, ())
    assert partners.schema == PARTNERS
    told = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    assert (told["kind"], told["version"], told["models"][0]["schema_sha256"]) == ("full", 1, schema_hash(PARTNERS))
    assert read_manifest(file) == manifest


def test_the_sums_of_the_parts_are_those_of_their_lines_and_the_sum_of_a_model_is_that_of_these() -> None:
    rows = [partner(number) for number in range(10)]
    file, manifest = written(rows, part_bytes=200)
    lines = b"".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)
    data = manifest.models[0]
    with zipfile.ZipFile(file) as archive:
        parts = [gzip.decompress(archive.read(name)) for name in data.part_names()]
    assert len(parts) > 2
    assert b"".join(parts) == lines
    assert [part.sha256 for part in data.parts] == [sha256(raw).hexdigest() for raw in parts]
    assert data.sha256 == sha256("".join(f"{part.sha256}\n" for part in data.parts).encode()).hexdigest()
    assert data.bytes == len(lines)


def test_any_zip_program_can_unpack_it() -> None:
    file, _manifest = written(map(partner, range(100)), part_bytes=1000)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert names[:2] == ["data/res.partner/00001.ndjson.gz", "data/res.partner/00002.ndjson.gz"]
    assert names[-1] == "manifest.json"


def test_an_incremental_snapshot_has_what_changed_and_what_was_deleted() -> None:
    first = written([partner(1)])[1]
    file, second = written([partner(2)], gone=[["acme.p1", "__sync_1.p_1"]], previous=first.link)
    assert (second.kind, second.previous) == (Kind.INCREMENTAL, Link(first.snapshot, first.fingerprint))
    assert (second.models[0].count, second.models[0].gone) == (1, 1)
    rows = rows_of(file, "res.partner")
    assert rows == [partner(2), {"gone": True, "ids": ["acme.p1", "__sync_1.p_1"]}]
    assert [is_gone(row) for row in rows] == [False, True]


def test_a_snapshot_in_another_time_zone_names_the_same_instant() -> None:
    summer = datetime(2026, 5, 4, 14, 30, 0, 123, tzinfo=timezone(timedelta(hours=2)))
    file, manifest = written(created_at=summer)
    assert manifest.created_at == AT
    assert read_manifest(file) == manifest


def test_the_work_is_reported_while_it_is_verified() -> None:
    file, manifest = written(map(partner, range(100)), [partner(7)], part_bytes=1000)
    told: list[tuple[int, int]] = []
    verify(file, progress=lambda done, total: told.append((done, total)))
    total = sum(data.bytes for data in manifest.models)
    assert len(told) == sum(len(data.parts) for data in manifest.models) > 5
    assert told == sorted(told)
    assert told[-1] == (total, total)


# What cannot be written


@pytest.mark.parametrize(
    "record",
    [
        {"values": {}},
        {"ids": []},
        {"ids": "acme.p1"},
        {"ids": [7]},
        {"ids": ["acme.p1"], "gone": True},
        {"ids": ["acme.p1"], "values": {"price": float("nan")}},
        {"ids": ["acme.p1"], "values": {"name": "\ud800"}},
        {"ids": ["acme.p1"], "values": "x" * (64 * 1024 * 1024)},
    ],
    ids=["no ids", "none", "text", "number", "gone", "nan", "surrogate", "large"],
)
def test_a_record_that_cannot_be_written_stops_itself_only(record: dict) -> None:
    file = io.BytesIO()
    with SnapshotWriter(file, database=DATABASE) as writer:
        writer.begin("res.partner", PARTNERS)
        writer.add(partner(1))
        with pytest.raises(ValueError):
            writer.add(record)
        writer.add(partner(2))
        writer.finish()
    assert rows_of(file, "res.partner") == [partner(1), partner(2)]


def test_what_would_be_no_snapshot_is_not_begun() -> None:
    with SnapshotWriter(io.BytesIO(), database=DATABASE) as writer:
        with pytest.raises(ValueError, match="No model"):
            writer.add(partner(1))
        writer.begin("res.partner", PARTNERS)
        with pytest.raises(ValueError, match="no deletions"):
            writer.gone(["acme.p1"])
        with pytest.raises(ValueError, match="already"):
            writer.begin("res.partner", PARTNERS)
        for model, schema, cursor in (
            ("../etc", {}, ""),
            ("a/b", {}, ""),
            ("", {}, ""),
            ("res.users", {"na me": "char"}, ""),
            ("res.users", {"name": "Char(1)"}, ""),
            ("res.users", {}, "à"),
        ):
            with pytest.raises(ValueError):
                writer.begin(model, schema, cursor=cursor)
    with pytest.raises(ValueError):
        SnapshotWriter(io.BytesIO(), database="a b")
    with pytest.raises(ValueError, match="time zone"):
        SnapshotWriter(io.BytesIO(), database=DATABASE, created_at=datetime(2026, 5, 4))
    with pytest.raises(ValueError, match="at most"):
        SnapshotWriter(io.BytesIO(), database=DATABASE, part_bytes=2**30)


@pytest.mark.parametrize("passphrase", [None, "correct horse"])
def test_what_was_begun_and_not_finished_is_no_snapshot(passphrase: str | None) -> None:
    file = io.BytesIO()
    with pytest.raises(KeyError), SnapshotWriter(file, database=DATABASE, passphrase=passphrase, log_n=14) as writer:
        writer.begin("res.partner", PARTNERS)
        writer.add(partner(1))
        writer.begin("product.template", PRODUCTS)
        raise KeyError
    assert file.getvalue()
    with pytest.raises(Truncated):
        verify(file, passphrase)


def test_a_full_disk_is_told_and_leaves_no_snapshot() -> None:
    class Full(io.BytesIO):
        def write(self, data: bytes) -> int:
            if self.tell() + len(data) > 3000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    file = Full()
    with pytest.raises(OSError, match="No space"), SnapshotWriter(file, database=DATABASE, part_bytes=500) as writer:
        writer.begin("res.partner", PARTNERS)
        for number in range(10_000):
            writer.add(partner(number))
    with pytest.raises(Truncated):
        verify(file)


def test_it_can_be_written_into_a_pipe() -> None:
    code = "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
        with cat.stdin, SnapshotWriter(cat.stdin, database=DATABASE) as writer:
            writer.begin("res.partner", PARTNERS)
            writer.add(partner(1))
            writer.finish()
        file = io.BytesIO(cat.stdout.read())
    assert rows_of(file, "res.partner") == [partner(1)]


# The chain


def snapshots(count: int) -> list[Manifest]:
    """A full snapshot and those that continue it."""
    made = [written([partner(0)])[1]]
    for number in range(1, count):
        made.append(written([partner(number)], previous=made[-1].link)[1])
    return made


def test_a_chain_is_applied_link_by_link() -> None:
    chain = Chain()
    for manifest in snapshots(3):
        chain = chain.after(manifest)
    assert chain == Chain(DATABASE, manifest.link)


def test_a_missing_link_is_refused_and_named() -> None:
    full, second, third = snapshots(3)
    chain = Chain().after(full)
    with pytest.raises(MissingLink) as caught:
        chain.after(third)
    assert (caught.value.continues, caught.value.applied) == (second.link, full.link)
    with pytest.raises(MissingLink) as caught:
        Chain().after(second)
    assert (caught.value.continues, caught.value.applied) == (full.link, None)


def test_the_same_snapshot_is_not_applied_twice_in_a_row() -> None:
    full, second = snapshots(2)
    chain = Chain().after(full).after(second)
    with pytest.raises(AlreadyApplied):
        chain.after(second)
    with pytest.raises(MissingLink):
        chain.after(snapshots(2)[1])


def test_a_link_that_was_exchanged_is_refused() -> None:
    full = written([partner(0)], snapshot="one")[1]
    other = written([partner(9)], snapshot="one")[1]
    second = written([partner(1)], previous=full.link)[1]
    assert other.link.snapshot == full.link.snapshot
    with pytest.raises(MissingLink):
        Chain().after(other).after(second)


def test_a_link_of_another_database_is_refused() -> None:
    full = written()[1]
    foreign = written(previous=full.link, database="another")[1]
    with pytest.raises(MissingLink):
        Chain().after(full).after(foreign)


def test_a_full_snapshot_begins_a_new_chain() -> None:
    chain = Chain().after(snapshots(1)[0])
    foreign = written(database="another")[1]
    assert chain.after(foreign) == Chain("another", foreign.link)


@given(st.permutations(range(4)), st.booleans())
def test_files_are_put_in_the_order_of_the_chain(order: list[int], full_is_there: bool) -> None:
    made = snapshots(4)
    chain = Chain() if full_is_there else Chain().after(made[0])
    given_files = [made[number] for number in order if number or full_is_there]
    assert chain.ordered(given_files) == made[0 if full_is_there else 1 :]


def test_a_gap_among_the_files_is_refused() -> None:
    full, second, third, fourth = snapshots(4)
    with pytest.raises(MissingLink) as caught:
        Chain().ordered([fourth, third, full])
    assert caught.value.continues in (second.link, third.link)
    with pytest.raises(ValueError, match="one full"):
        Chain().ordered([full, written()[1]])
    # Two that continue the same one: whichever comes first, the other has no place.
    with pytest.raises(MissingLink):
        Chain().ordered([full, second, written(previous=full.link)[1]])


# Fields


def test_fields_that_differ_are_listed() -> None:
    here = {"name": "text", "active": "boolean", "ref": "char"}
    there = {"name": "char", "active": "boolean", "fax": "char", "title": "char"}
    with pytest.raises(SchemaDiffers) as caught:
        check_schema("res.partner", there, here)
    found = caught.value
    assert found.model == "res.partner"
    assert (found.difference.gone, found.difference.new) == (("fax", "title"), ("ref",))
    assert found.difference.changed == ("name",)
    assert str(found) == "res.partner: gone: fax, title; new: ref; changed: name"
    check_schema("res.partner", here, dict(reversed(here.items())))


# Size

# Run apart, where nothing else has used memory before: prints the peak (MB) after 20 000 and after 200 000 rows.
ROWS = r"""
import os, re, sys, tempfile
import conftest
from odoo.addons.sync_hub_exchange.snapshot import SnapshotWriter, verify

passphrase = sys.argv[1] or None
for count in (20_000, 200_000):
    with tempfile.TemporaryFile() as file:
        with SnapshotWriter(
            file, database="a1b2", passphrase=passphrase, part_bytes=1024 * 1024, log_n=14
        ) as writer:
            writer.begin("res.partner", {"name": "char"})
            for number in range(count):
                writer.add({"ids": [f"acme.p{number}"], "values": {"name": os.urandom(80).hex()}})
            assert writer.finish().models[0].bytes > count * 190
        assert sum(1 for row in verify(file, passphrase).rows("res.partner")) == count
    # Not ru_maxrss, which counts what the process was before it became this program.
    print(int(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1]) // 1024)
"""


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
def test_ten_times_the_rows_need_no_more_memory(passphrase: str) -> None:
    here = Path(__file__).parent
    ended = subprocess.run(
        [sys.executable, "-c", ROWS, passphrase],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(here), str(here.parent)))},
        check=True,
        capture_output=True,
        text=True,
    )
    few, many = map(int, ended.stdout.split())
    # The rows themselves are 40 MB.
    assert many - few < 10
    assert many < 150


@pytest.mark.parametrize("name", ["", ".limits", ".manifest", ".reader", ".schema"])
def test_the_examples_are_true(name: str) -> None:
    result = doctest.testmod(import_module(f"odoo.addons.sync_hub_exchange.snapshot{name}"))
    assert result.attempted > 0
    assert result.failed == 0
