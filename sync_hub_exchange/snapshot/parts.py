# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Parts of a model: lines of JSON, compressed. Each is whole by itself, so that it can be kept until all are there."""

import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any

from .limits import LONGEST_LINE
from .manifest import Part

# Files a few percent larger than by the choice of zlib (6), with a sixth more rows written in the same time.
_LEVEL = 4
# Lines are hashed and compressed so many bytes at a time.
_AT_ONCE = 256 * 1024
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def line_of(record: Mapping[str, Any]) -> bytes:
    """The line of a record: JSON values, and its external ids under ``"ids"``.

    >>> line_of({"ids": ["acme.p1"], "values": {"name": "Rossi"}})
    b'{"ids":["acme.p1"],"values":{"name":"Rossi"}}\\n'

    :raises ValueError: for a record without ids, values that JSON does not have (NaN, half a surrogate pair) or more
        than 64 MiB
    :raises TypeError: for values that are none of JSON's (dates, Decimal)
    """
    if "gone" in record:
        raise ValueError("“gone” marks deleted records: see gone_line().")
    return _line(record)


def gone_line(ids: Iterable[str]) -> bytes:
    """The line of a record that was deleted: all its external ids.

    :raises ValueError: for no ids
    """
    return _line({"gone": True, "ids": list(ids)})


def _line(row: Mapping[str, Any]) -> bytes:
    ids = row.get("ids")
    if not isinstance(ids, list) or not ids or not all(isinstance(name, str) for name in ids):
        raise ValueError("A record needs its external ids.")
    line = _encode(row).encode() + b"\n"
    if len(line) > LONGEST_LINE:
        raise ValueError(f"{ids[0]} has {len(line)} bytes, more than the {LONGEST_LINE} of a line.")
    return line


class PartLines:
    """The lines of one part: compressed as they come."""

    def __init__(self) -> None:
        self.lines = self.bytes = 0
        self._hash = sha256()
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
        self._packed: list[bytes] = []
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

    def add(self, line: bytes) -> None:
        """Add a line of :func:`line_of` or :func:`gone_line`."""
        self.lines += 1
        self.bytes += len(line)
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes >= _AT_ONCE:
            self._drain()

    def _drain(self) -> None:
        raw = b"".join(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        self._hash.update(raw)
        self._packed.append(self._deflate.compress(raw))

    def packed(self) -> tuple[bytes, Part]:
        """The part as gzip, and what the manifest says of it. Nothing can be added after it."""
        self._drain()
        packed = b"".join([*self._packed, self._deflate.flush()])
        return packed, Part(self.lines, self.bytes, self._hash.hexdigest())


def only(packed: bytes, keep: Sequence[bool]) -> tuple[bytes, Part]:
    """A part of which some lines are left out.

    :param packed: as :meth:`PartLines.packed` made it
    :param keep: for each line whether it stays
    :raises ValueError: when it has another number of lines

    >>> lines = PartLines()
    >>> for name in ("acme.p1", "acme.p2"):
    ...     lines.add(gone_line([name]))
    >>> packed, part = only(lines.packed()[0], [False, True])
    >>> zlib.decompress(packed, _GZIP_WINDOW), part.lines
    (b'{"gone":true,"ids":["acme.p2"]}\\n', 1)
    """
    kept = PartLines()
    for line, stays in zip(zlib.decompress(packed, _GZIP_WINDOW).splitlines(keepends=True), keep, strict=True):
        if stays:
            kept.add(line)
    return kept.packed()


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """Whole numbers in few bytes; those that follow each other cost next to nothing.

    >>> len(pack_numbers(range(1, 10_001))) < 200
    True
    """
    steps = array("q", (later - before for before, later in pairwise([0, *numbers])))
    return zlib.compress(steps.tobytes())


def unpack_numbers(packed: bytes) -> list[int]:
    """The reverse of :func:`pack_numbers`.

    >>> unpack_numbers(pack_numbers([7, -3, 4_000_000_000]))
    [7, -3, 4000000000]
    """
    steps = array("q")
    steps.frombytes(zlib.decompress(packed))
    return list(accumulate(steps))
