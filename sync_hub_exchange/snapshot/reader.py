# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from .encryption import CHUNK, MAGIC, DecryptedInput
from .errors import (
    Damaged,
    NotEncrypted,
    PassphraseNeeded,
    SnapshotError,
    Tampered,
    TooLarge,
    Truncated,
    UnknownFormat,
)
from .limits import Limits, most_compressed
from .manifest import NAME, Manifest, ModelData, Part
from .zip_end import check_end

_ZIP = b"PK\x03\x04"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_ENCRYPTED_FLAG = 0x1
# What the ZIP library raises for files that are none. Failures of the disk (OSError) stay what they are.
_UNREADABLE = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)

Progress = Callable[[int, int], None]
Row = dict[str, Any]


class Place(NamedTuple):
    """Where the rows of a model go on: number of the part, and of the line in it, both from 0."""

    part: int = 0
    line: int = 0


class Proof(NamedTuple):
    """How far a snapshot was compared with its manifest.

    :param fingerprint: of the manifest
    :param models: so many of its models are proven
    :param parts: so many parts of the next model are, with so many ``records`` and deletions (``gone``)
    """

    fingerprint: str
    models: int = 0
    parts: int = 0
    records: int = 0
    gone: int = 0


class Snapshot:
    """A snapshot that was read to its end and found to be as it was written: see :func:`verify` and :func:`prove`."""

    def __init__(self, manifest: Manifest, members: "_Members"):
        self.manifest = manifest
        self._members = members

    def rows(self, model: str) -> Iterator[Row]:
        """Records and deletions of a model, in the order in which they were written; none for one that it has not.

        The file must still be open. Raises :class:`Damaged` or :class:`Tampered`, before any row of the part in
        question, when it has been changed since it was verified.
        """
        for _place, row in self.rows_from(model):
            yield row

    def rows_from(self, model: str, start: Place | None = None) -> Iterator[tuple[Place, Row]]:
        """The rows from a place on, each with the place behind it; errors as of :meth:`rows`."""
        start = start or Place()
        if data := self.manifest.of(model):
            skip = start.line
            for number, (_part, rows) in enumerate(self._members.parts(data, start.part), start.part):
                for line, row in enumerate(islice(rows, skip, None), skip + 1):
                    yield Place(number, line), row
                skip = 0


def read_manifest(file: BinaryIO, passphrase: str | None = None, *, limits: Limits | None = None) -> Manifest:
    """What a snapshot says about itself, at once: its rows are not looked at. Arguments and errors as of
    :func:`verify`."""
    return _open(file, passphrase, limits or Limits())[0]


def verify(
    file: BinaryIO,
    passphrase: str | None = None,
    *,
    fingerprint: str | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Read all of a snapshot and compare it with its manifest. Nothing of it may be used before.

    :param file: a seekable binary file; it stays open
    :param passphrase: the one with which it was encrypted; None for a file that is not
    :param fingerprint: the one that its manifest must have, where it is known (:attr:`Manifest.fingerprint`)
    :param limits: what it may ask for
    :param progress: called after each part with the bytes done and the bytes in all

    Raises a :class:`SnapshotError`: :class:`UnknownFormat`, :class:`PassphraseNeeded`, :class:`NotEncrypted`,
    :class:`WrongPassphrase`, :class:`Truncated`, :class:`Damaged`, :class:`Tampered` or :class:`TooLarge`.
    """
    manifest, members = _open(file, passphrase, limits or Limits())
    if fingerprint is not None and fingerprint != manifest.fingerprint:
        raise Tampered("the manifest is not the one that was expected")
    done, total = 0, sum(data.bytes for data in manifest.models)

    def after_part(part: Part) -> bool:
        nonlocal done
        done += part.bytes
        if progress:
            progress(done, total)
        return False

    _prove(manifest, members, Proof(manifest.fingerprint), after_part)
    return Snapshot(manifest, members)


def prove(
    file: BinaryIO,
    passphrase: str | None = None,
    *,
    proof: Proof | None = None,
    fingerprint: str | None = None,
    limits: Limits | None = None,
    is_over: Callable[[], bool],
) -> tuple[Proof, bool]:
    """The same as :func:`verify`, as far as there is time: at least one part more than was proven before.

    :param proof: what was proven before, of this file
    :param is_over: asked after each part whether it shall stop
    :return: what is proven now, and whether that is all; then :func:`reopen` gives its rows
    """
    manifest, members = _open(file, passphrase, limits or Limits())
    expected = proof.fingerprint if proof else fingerprint
    if expected is not None and expected != manifest.fingerprint:
        raise Tampered("the manifest is not the one that was expected")
    proof = _prove(manifest, members, proof or Proof(manifest.fingerprint), lambda _part: is_over())
    return proof, proof.models == len(manifest.models)


def reopen(
    file: BinaryIO, passphrase: str | None = None, *, proof: Proof, limits: Limits | None = None
) -> Snapshot:
    """A snapshot all of which was proven before. Raises :class:`Tampered` when it is another one now.

    Its manifest names the sums of all parts, with which they are compared again when their rows are read.
    """
    manifest, members = _open(file, passphrase, limits or Limits())
    if proof.fingerprint != manifest.fingerprint or proof.models != len(manifest.models):
        raise Tampered("it is not the file that was verified before")
    return Snapshot(manifest, members)


def _prove(manifest: Manifest, members: "_Members", proof: Proof, is_over: Callable[[Part], bool]) -> Proof:
    for data in manifest.models[proof.models :]:
        for part, rows in members.parts(data, proof.parts):
            gone = sum(map(is_gone, rows))
            proof = proof._replace(
                parts=proof.parts + 1, records=proof.records + part.lines - gone, gone=proof.gone + gone
            )
            if is_over(part):
                return proof
        if (proof.records, proof.gone) != (data.count, data.gone):
            raise Tampered(f"{data.model}: not the rows that the manifest names")
        proof = Proof(proof.fingerprint, proof.models + 1)
    return proof


def is_gone(row: Row) -> bool:
    """Whether a row is a deletion.

    >>> is_gone({"gone": True, "ids": ["acme.p1"]}), is_gone({"ids": ["acme.p1"], "values": {}})
    (True, False)
    """
    return "gone" in row


class _Members:
    """The members of the ZIP file of a snapshot."""

    def __init__(self, archive: zipfile.ZipFile, infos: Mapping[str, zipfile.ZipInfo]):
        self._archive = archive
        self._infos = infos

    def parts(self, data: ModelData, first: int = 0) -> Iterator[tuple[Part, Iterator[Row]]]:
        """Each part of a model with its rows, once it was compared with the manifest.

        :param first: number of the part to begin with
        """
        for name, part in islice(zip(data.part_names(), data.parts, strict=True), first, None):
            raw = _inflate(self.member(name, most_compressed(part.bytes)), part.bytes, name)
            if sha256(raw).hexdigest() != part.sha256 or raw.count(b"\n") != part.lines or not raw.endswith(b"\n"):
                raise Tampered(f"{name}: not the lines that the manifest names")
            yield part, _rows(raw, name)

    def member(self, name: str, most: int) -> bytes:
        """A member, which has at most so many bytes."""
        info = self._infos.get(name)
        if info is None:
            raise Tampered(f"{name} is missing")
        if info.file_size > most:
            raise TooLarge(f"{name} has {info.file_size} bytes")
        with _translated(name):
            # The library compares the CRC once all is read.
            return self._archive.read(info)


def _open(file: BinaryIO, passphrase: str | None, limits: Limits) -> tuple[Manifest, _Members]:
    stream = _plain(file, passphrase)
    begin = check_end(stream, limits.directory)
    with _translated("the list of members"):
        archive = zipfile.ZipFile(stream)
        infos = archive.infolist()
    members = _Members(archive, {info.filename: info for info in infos})
    if NAME not in members._infos:
        raise UnknownFormat("a ZIP file without manifest.json")
    _check_members(infos, begin)
    manifest = Manifest.from_bytes(members.member(NAME, limits.manifest))
    _check_sizes(manifest, limits)
    expected = [NAME, *(name for data in manifest.models for name in data.part_names())]
    if sorted(info.filename for info in infos) != sorted(expected):
        raise Tampered("the files are not those that the manifest names")
    return manifest, members


def _plain(file: BinaryIO, passphrase: str | None) -> BinaryIO:
    """The ZIP file, out of its encryption if it has one."""
    file.seek(0)
    start = file.read(len(MAGIC))
    if start == MAGIC:
        if passphrase is None:
            raise PassphraseNeeded("the file is encrypted")
        # The ZIP library counts on getting as many bytes as it asks for.
        return io.BufferedReader(DecryptedInput(file, passphrase), CHUNK)
    if len(start) < len(MAGIC) and (MAGIC.startswith(start) or _ZIP.startswith(start[: len(_ZIP)])):
        raise Truncated("the file ends after its first bytes")
    if not start.startswith(_ZIP):
        raise UnknownFormat("neither a ZIP file nor an encrypted snapshot")
    if passphrase is not None:
        raise NotEncrypted("the file is not encrypted")
    return file


def _check_members(infos: list[zipfile.ZipInfo], begin: int) -> None:
    """Raise :class:`Tampered` unless the members lie one behind the other, as they are, before ``begin``."""
    free = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        as_it_is = info.compress_type == zipfile.ZIP_STORED and info.compress_size == info.file_size
        if not as_it_is or info.flag_bits & _ENCRYPTED_FLAG:
            raise Tampered(f"{info.filename[:60]!r} is not stored as our writer stores it")
        if info.header_offset < free:
            raise Tampered("files that lie over each other")
        free = info.header_offset + info.file_size
    if free > begin:
        raise Tampered("files that reach beyond their end")


def _check_sizes(manifest: Manifest, limits: Limits) -> None:
    for data in manifest.models:
        for part in data.parts:
            if part.bytes > limits.part:
                raise TooLarge(f"{data.model}: a part of {part.bytes} bytes")
    total = sum(data.bytes for data in manifest.models)
    if total > limits.total:
        raise TooLarge(f"{total} bytes in all")


def _inflate(packed: bytes, size: int, name: str) -> bytes:
    """The lines of a part, which never become more than the manifest says."""
    inflate = zlib.decompressobj(_GZIP_WINDOW)
    try:
        # One byte more than there may be: with exactly as many the end of the stream would not be seen.
        raw = inflate.decompress(packed, size + 1)
    except zlib.error as error:
        raise Damaged(f"{name} cannot be unpacked") from error
    if len(raw) != size or not inflate.eof or inflate.unused_data:
        raise Tampered(f"{name}: not as long as the manifest says")
    return raw


def _rows(raw: bytes, name: str) -> Iterator[Row]:
    for line in io.BytesIO(raw):
        try:
            row = json.loads(line.decode(), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Tampered(f"{name}: a line that is not JSON") from error
        ids = row.get("ids") if isinstance(row, dict) else None
        if not isinstance(ids, list) or not ids or not all(isinstance(part, str) for part in ids):
            raise Tampered(f"{name}: a line without ids")
        if "gone" in row and row != {"gone": True, "ids": ids}:
            raise Tampered(f"{name}: a deletion that says more")
        yield row


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


@contextlib.contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except SnapshotError:
        raise
    except _UNREADABLE as error:
        raise Damaged(f"{what} cannot be read: {str(error)[:100]}") from error
