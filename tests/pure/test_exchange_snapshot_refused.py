# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A snapshot that is not as it was written is refused before a row of it is used."""

import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.snapshot import (
    Damaged,
    Limits,
    Manifest,
    NotEncrypted,
    SnapshotError,
    Tampered,
    TooLarge,
    Truncated,
    UnknownFormat,
    read_manifest,
    verify,
)
from snapshot_files import gzipped, partner, rebuilt, with_manifest, written

ROWS = [partner(number) for number in range(40)]
FILE, MANIFEST = written(ROWS, part_bytes=1000)
RAW = FILE.getvalue()
FIRST, SECOND = "data/res.partner/00001.ndjson.gz", "data/res.partner/00002.ndjson.gz"


def refused(file: io.BytesIO, kind: type[SnapshotError] = Tampered, **known: Any) -> SnapshotError:
    with pytest.raises(SnapshotError) as caught:
        verify(file, **known)
    assert type(caught.value) is kind, caught.value
    assert len(caught.value.detail) < 400
    return caught.value


def test_the_untouched_file_is_accepted() -> None:
    assert list(verify(rebuilt(FILE, lambda members: None)).rows("res.partner")) == ROWS
    assert len(MANIFEST.models[0].parts) > 3


# Damage


@given(st.integers(0, len(RAW) - 1))
def test_a_file_that_was_cut_anywhere_is_truncated(length: int) -> None:
    refused(io.BytesIO(RAW[:length]), Truncated)


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_a_damaged_byte_is_found_or_changes_nothing(position: int, flipped: int) -> None:
    damaged = bytearray(RAW)
    damaged[position] ^= flipped
    try:
        snapshot = verify(io.BytesIO(bytes(damaged)))
    except SnapshotError:
        return
    # Some bytes of a ZIP file mean nothing to us: the time of a member, the system on which it was made.
    assert list(snapshot.rows("res.partner")) == ROWS
    assert snapshot.manifest == MANIFEST


def test_a_damaged_byte_among_the_rows_is_found() -> None:
    for position in range(60, 200, 7):
        damaged = bytearray(RAW)
        damaged[position] ^= 1
        refused(io.BytesIO(bytes(damaged)), Damaged)


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n" + bytes(100), b"name;city\n", b"%PDF-1.7", b"\x00" * 50, b"SyncHubUnknown  more"]
)
def test_another_kind_of_file_is_told_from_a_damaged_snapshot(raw: bytes) -> None:
    refused(io.BytesIO(raw), UnknownFormat)


@pytest.mark.parametrize(
    "members",
    [
        {"hello.txt": b"hello"},
        {"manifest.json": b'{"name": "web app"}'},
        {"manifest.json": b"[1]"},
        {"manifest.json": b"{"},
        {"manifest.json": b"[" * 100_000},
        {"manifest.json": b'{"format": "sync-hub-snapshot", "version": 2}'},
        {"manifest.json": b'{"format": "sync-hub-snapshot", "version": "1.0"}'},
    ],
)
def test_a_zip_file_of_another_kind_or_a_later_version_is_not_known(members: dict[str, bytes]) -> None:
    def replace(old: dict[str, bytes]) -> None:
        old.clear()
        old.update(members)

    refused(rebuilt(FILE, replace), UnknownFormat)


def test_something_behind_the_end_is_found() -> None:
    refused(io.BytesIO(RAW + b"more"))
    refused(io.BytesIO(RAW + RAW), Damaged)


# Changes by somebody who has the tools


def change_first(members: dict[str, bytes], change: Callable[[bytes], bytes]) -> None:
    members[FIRST] = gzipped(change(zlib.decompress(members[FIRST], 31)))


CHANGES: dict[str, Callable[[dict[str, bytes]], Any]] = {
    "a value": lambda members: change_first(members, lambda raw: raw.replace(b"true", b"null", 1)),
    "a row less": lambda members: change_first(members, lambda raw: raw.partition(b"\n")[2]),
    "a row more": lambda members: change_first(members, lambda raw: raw + b'{"ids":["x"]}\n'),
    "other order": lambda members: change_first(members, lambda raw: b"".join(reversed(raw.splitlines(True)))),
    "empty": lambda members: change_first(members, lambda raw: b""),
    "bytes after the rows": lambda members: members.update({FIRST: members[FIRST] + b"more"}),
    "rows twice": lambda members: members.update({FIRST: members[FIRST] * 2}),
    "parts exchanged": lambda members: members.update({FIRST: members[SECOND], SECOND: members[FIRST]}),
    "a part less": lambda members: members.pop(SECOND),
    "a file more": lambda members: members.update({"data/res.users/00001.ndjson.gz": b"x"}),
    "a path": lambda members: members.update({"../../etc/cron.d/x": b"x"}),
    "a root path": lambda members: members.update({"/etc/passwd": b"x"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_contents_than_the_manifest_names_are_refused(change: str) -> None:
    refused(rebuilt(FILE, CHANGES[change]))


def test_a_name_that_comes_twice_is_refused() -> None:
    file = rebuilt(FILE, lambda members: None)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(FIRST, archive.read(FIRST))
    refused(file)


def first(told: dict) -> dict:
    return told["models"][0]


MANIFEST_CHANGES: dict[str, Callable[[dict], Any]] = {
    "count": lambda told: first(told).update(count=41),
    "count and part": lambda told: (first(told).update(count=41), first(told)["parts"][0].update(lines=99)),
    "less": lambda told: first(told).update(count=39, gone=1),
    "no number": lambda told: first(told).update(count=True),
    "negative": lambda told: first(told).update(count=-1, gone=41),
    "sum": lambda told: first(told).update(sha256="0" * 64),
    "sum of a part": lambda told: first(told)["parts"][0].update(sha256="0" * 64),
    "length of a part": lambda told: first(told)["parts"][0].update(bytes=7),
    "length in all": lambda told: first(told).update(bytes=7),
    "schema": lambda told: first(told)["schema"].update(name="text"),
    "sum of the schema": lambda told: first(told).update(schema_sha256="0" * 64),
    "kind": lambda told: told.update(kind="incremental"),
    "previous": lambda told: told.update(previous={"snapshot": "x", "manifest_sha256": "0" * 64}),
    "previous, no sum": lambda told: told.update(kind="incremental", previous={"snapshot": "x", "manifest_sha256": ""}),
    "model": lambda told: first(told).update(model="../../etc"),
    "model twice": lambda told: told["models"].append(told["models"][1]),
    "no models": lambda told: told.pop("models"),
    "models of another kind": lambda told: told.update(models={"res.partner": 1}),
    "no parts": lambda told: first(told).update(parts=[]),
    "database": lambda told: told.update(database="a/b"),
    "an entry more": lambda told: told.update(note="x"),
    "instant": lambda told: told.update(created_at="2026-05-04T12:30:00"),
    "no instant": lambda told: told.update(created_at=7),
}


@pytest.mark.parametrize("change", MANIFEST_CHANGES)
def test_a_manifest_that_does_not_fit_is_refused(change: str) -> None:
    refused(with_manifest(FILE, MANIFEST_CHANGES[change]))


def test_a_manifest_written_in_another_way_is_refused() -> None:
    def rewrite(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"])).encode()

    refused(rebuilt(FILE, rewrite))


def forged(raw: bytes, lines: int = 1, count: int = 1, gone: int = 0) -> io.BytesIO:
    """A snapshot with these lines in which every sum is right: made by somebody who knows the format."""
    file, _manifest = written([partner(0)])

    def put(members: dict[str, bytes]) -> None:
        told = json.loads(members["manifest.json"])
        digest = sha256(raw).hexdigest()
        of_model = sha256(f"{digest}\n".encode()).hexdigest()
        told["models"][0].update(count=count, gone=gone, bytes=len(raw), sha256=of_model)
        told["models"][0]["parts"][0].update(lines=lines, bytes=len(raw), sha256=digest)
        members["manifest.json"] = (json.dumps(told, indent=1) + "\n").encode()
        members[FIRST] = gzipped(raw)

    return rebuilt(file, put)


def test_the_forger_of_these_tests_can_forge() -> None:
    assert list(verify(forged(b'{"ids":["x"]}\n')).rows("res.partner")) == [{"ids": ["x"]}]


@pytest.mark.parametrize(
    "raw",
    [
        b"no json\n",
        b"[1]\n",
        b"{}\n",
        b'{"ids":[]}\n',
        b'{"ids":["x",7]}\n',
        b'{"ids":"x"}\n',
        b'{"ids":["x"],"a":NaN}\n',
        b'{"ids":["x"],"a":"\xff"}\n',
        b'{"ids":["x"]}',
        b"[" * 100_000 + b"\n",
        b'{"ids":["x"],"a":' + b"9" * 5000 + b"}\n",
        # In a full snapshot, and counted as a record.
        b'{"gone":true,"ids":["x"]}\n',
        b'{"gone":false,"ids":["x"]}\n',
    ],
)
def test_rows_that_our_writer_does_not_write_are_refused_whoever_signs_for_them(raw: bytes) -> None:
    refused(forged(raw))


def test_deletions_in_a_full_snapshot_are_refused_whoever_signs_for_them() -> None:
    refused(forged(b'{"gone":true,"ids":["x"]}\n', count=0, gone=1))


def test_the_fingerprint_kept_elsewhere_finds_what_no_sum_does() -> None:
    file = forged(b'{"ids":["x"]}\n')
    assert verify(FILE, fingerprint=MANIFEST.fingerprint).manifest == MANIFEST
    refused(file, fingerprint=MANIFEST.fingerprint)


def test_a_file_in_the_place_of_an_encrypted_one_is_refused() -> None:
    refused(FILE, NotEncrypted, passphrase="correct horse")


def test_a_file_that_changes_after_it_was_verified_gives_no_changed_row() -> None:
    file = io.BytesIO(RAW)
    snapshot = verify(file)
    file.seek(RAW.index(b"data/res.partner/00002") + 60)
    file.write(b"\x00\x01\x02")
    given_out = []
    with pytest.raises((Damaged, Tampered)):
        for row in snapshot.rows("res.partner"):
            given_out.append(row)
    assert given_out == ROWS[: MANIFEST.models[0].parts[0].lines]


# Files made to hurt


def test_a_part_that_unpacks_to_more_than_it_says_is_not_unpacked() -> None:
    bomb = gzipped(bytes(50_000_000))
    assert len(bomb) < 60_000

    def put(members: dict[str, bytes]) -> None:
        members[FIRST] = bomb

    file = rebuilt(written([{"ids": ["x" * 60_000]}])[0], put)
    tracemalloc.start()
    try:
        refused(file)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    # It is not even read where it is longer than its rows could be.
    refused(rebuilt(FILE, put), TooLarge)


def test_what_a_file_asks_for_is_limited() -> None:
    part, total = MANIFEST.models[0].parts[0].bytes, MANIFEST.models[0].bytes
    for limits in (
        Limits(part=part - 10),
        Limits(total=total - 1),
        Limits(manifest=100),
        Limits(directory=100),
    ):
        refused(FILE, TooLarge, limits=limits)
        with pytest.raises(TooLarge):
            read_manifest(FILE, limits=limits)
    verify(FILE, limits=Limits(total=total))


def test_a_manifest_that_announces_terabytes_is_refused_before_anything_is_unpacked() -> None:
    def announce(told: dict) -> None:
        first(told)["parts"][0]["bytes"] += 2**42
        first(told)["bytes"] += 2**42

    refused(with_manifest(FILE, announce), TooLarge)


def test_members_that_lie_over_each_other_are_refused() -> None:
    # The second entry of the list of members points to where the first one lies.
    with zipfile.ZipFile(io.BytesIO(RAW)) as archive:
        offsets = [info.header_offset for info in archive.infolist()]
        begin = archive.start_dir
    raw = bytearray(RAW)
    entry = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02", begin) + 4)
    assert struct.unpack_from("<L", raw, entry + 42)[0] == offsets[1]
    struct.pack_into("<L", raw, entry + 42, offsets[0] + 1)
    refused(io.BytesIO(bytes(raw)))


def test_members_that_the_zip_file_itself_compresses_are_refused() -> None:
    refused(rebuilt(FILE, lambda members: None, compression=zipfile.ZIP_DEFLATED))


def test_a_list_of_members_that_is_not_where_it_says_is_refused() -> None:
    for offset in (12, 16):
        raw = bytearray(RAW)
        (told,) = struct.unpack_from("<L", raw, len(raw) - 22 + offset)
        struct.pack_into("<L", raw, len(raw) - 22 + offset, told - 3)
        refused(io.BytesIO(bytes(raw)), Damaged)


def test_a_large_zip_file_is_read_and_its_end_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    # The records of files beyond 4 GB, in a small one: the library writes them from this many members on.
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    file, manifest = written(ROWS, part_bytes=1000)
    monkeypatch.undo()
    raw = file.getvalue()
    assert raw[-42:-38] == b"PK\x06\x07"
    assert verify(file).manifest == manifest
    refused(file, TooLarge, limits=Limits(directory=100))
    for position in (len(raw) - 42 + 8, len(raw) - 98, len(raw) - 98 + 48):
        damaged = bytearray(raw)
        damaged[position] ^= 1
        refused(io.BytesIO(bytes(damaged)), Damaged)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(raw: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"SyncHubEncrypted"):
        with pytest.raises(SnapshotError):
            verify(io.BytesIO(start + raw), "x" if start.startswith(b"Sync") else None)


@given(st.dictionaries(st.sampled_from(["format", "version", "kind", "models", "previous"]), st.none() | st.text()))
def test_no_manifest_makes_the_reader_fail_otherwise(told: dict) -> None:
    raw = json.dumps({"format": "sync-hub-snapshot", "version": 1, **told}).encode()
    with pytest.raises((Tampered, UnknownFormat)):
        Manifest.from_bytes(raw)
