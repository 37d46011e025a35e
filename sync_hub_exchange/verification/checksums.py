# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from odoo.addons.sync_hub.faults import Fault, FaultKind

from .buckets import DIGEST_BYTES, MOST_BITS, Record, bucket_of, record_digest

_MODULUS = 1 << (8 * DIGEST_BYTES)
_HEX_DIGITS = 2 * DIGEST_BYTES


class Checksums:
    """Per bucket, how many records there are and the sum of their digests modulo 2^128.

    A sum can be built in any order, in parts, and kept up to date: what is taken out again leaves nothing behind.

    >>> sums = Checksums(bits=2)
    >>> sums.add("acme.p1", {"name": "t1"})
    >>> sums.add("acme.p2", {"name": "t2"})
    >>> sums.remove("acme.p1", {"name": "t1"})
    >>> sums.count, sums == checksums_of([("acme.p2", {"name": "t2"})], bits=2)
    (1, True)

    :param bits: there are 2^bits buckets; at most :data:`~.buckets.MOST_BITS`
    """

    __slots__ = ("_counts", "_sums", "bits")

    def __init__(self, bits: int):
        if not 0 <= bits <= MOST_BITS:
            raise ValueError(f"Buckets have 0 to {MOST_BITS} bits, not {bits}.")
        self.bits = bits
        self._counts = [0] * (1 << bits)
        self._sums = [0] * (1 << bits)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Checksums):
            return NotImplemented
        return (self.bits, self._counts, self._sums) == (other.bits, other._counts, other._sums)

    # They change, and what changes has no place in a set.
    __hash__ = None

    def __repr__(self) -> str:
        return f"<Checksums of {self.count} records in {1 << self.bits} buckets>"

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Count and sum of each bucket, from the first."""
        return iter(zip(self._counts, self._sums, strict=True))

    @property
    def count(self) -> int:
        """How many records there are in all."""
        return sum(self._counts)

    def add(self, canonical: str, tokens: Mapping[str, str]) -> None:
        """Count a record in.

        :param tokens: token of each compared field; both sides must name the same fields
        """
        self._put(canonical, 1, record_digest(canonical, tokens))

    def remove(self, canonical: str, tokens: Mapping[str, str]) -> None:
        """Take a record out, with the tokens with which it was counted in."""
        self._put(canonical, -1, -record_digest(canonical, tokens))

    def merge(self, other: "Checksums") -> None:
        """Count all records of ``other`` in: those of another part of the same data."""
        if other.bits != self.bits:
            raise ValueError(f"Buckets of {other.bits} bits do not fit into those of {self.bits}.")
        for bucket, (count, summed) in enumerate(other):
            self._counts[bucket] += count
            self._sums[bucket] = (self._sums[bucket] + summed) % _MODULUS

    def coarser(self, bits: int) -> "Checksums":
        """The same records in fewer buckets: what would have come out with ``bits`` from the beginning."""
        if bits > self.bits:
            raise ValueError(f"Buckets of {self.bits} bits cannot be divided into those of {bits}.")
        result = Checksums(bits)
        for bucket, (count, summed) in enumerate(self):
            larger = bucket >> (self.bits - bits)
            result._counts[larger] += count
            result._sums[larger] = (result._sums[larger] + summed) % _MODULUS
        return result

    def to_wire(self) -> dict[str, Any]:
        """As JSON: ``{"bits": 11, "buckets": [[number, count, sum in hexadecimal], ...]}``, empty buckets left out.

        >>> Checksums(3).to_wire()
        {'bits': 3, 'buckets': []}
        """
        filled = ((bucket, count, summed) for bucket, (count, summed) in enumerate(self) if count or summed)
        return {"bits": self.bits, "buckets": [[bucket, count, f"{summed:032x}"] for bucket, count, summed in filled]}

    @classmethod
    def from_wire(cls, value: Any) -> Self:
        """Read what :meth:`to_wire` wrote. Raises ``Fault`` BAD_DATA for anything else."""
        try:
            result = cls(_number(value["bits"], MOST_BITS))
            for bucket, count, summed in value["buckets"]:
                bucket = _number(bucket, len(result._counts) - 1)
                if result._counts[bucket] or len(summed) != _HEX_DIGITS or not summed.isalnum():
                    raise ValueError
                result._counts[bucket] = _number(count, _MODULUS)
                result._sums[bucket] = int(summed, 16)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Fault(FaultKind.BAD_DATA, detail="checksums that cannot be read") from error
        return result

    def _put(self, canonical: str, count: int, digest: int) -> None:
        bucket = bucket_of(canonical, self.bits)
        self._counts[bucket] += count
        self._sums[bucket] = (self._sums[bucket] + digest) % _MODULUS


def checksums_of(records: Iterable[Record], bits: int) -> Checksums:
    """The checksums of all ``records``, which are read once and not kept."""
    result = Checksums(bits)
    for canonical, tokens in records:
        result.add(canonical, tokens)
    return result


def _number(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError
    return value
