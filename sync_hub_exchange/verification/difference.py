# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from odoo.addons.sync_hub.faults import Fault, FaultKind

from .buckets import MOST_BITS, Record, bucket_of, record_digest
from .checksums import Checksums


@dataclass(frozen=True, slots=True)
class Suspects:
    """The buckets whose checksums differ; false when there are none.

    >>> bool(Suspects(4, frozenset())), Suspects(4, frozenset({2})).hold("acme.partner_7")
    (False, True)
    """

    bits: int
    buckets: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.buckets)

    def hold(self, canonical: str) -> bool:
        """Whether the record with this canonical id is in one of them."""
        return bucket_of(canonical, self.bits) in self.buckets

    def to_wire(self) -> dict[str, Any]:
        """As JSON: ``{"bits": 4, "buckets": [2, 12]}``."""
        return {"bits": self.bits, "buckets": sorted(self.buckets)}

    @classmethod
    def from_wire(cls, value: Any) -> Self:
        """Read what :meth:`to_wire` wrote. Raises ``Fault`` BAD_DATA for anything else."""
        try:
            bits, buckets = value["bits"], value["buckets"]
            if type(bits) is not int or not 0 <= bits <= MOST_BITS or not isinstance(buckets, list):
                raise ValueError
            if not all(type(bucket) is int and 0 <= bucket < 1 << bits for bucket in buckets):
                raise ValueError
        except (KeyError, TypeError, ValueError) as error:
            raise Fault(FaultKind.BAD_DATA, detail="numbers of buckets that cannot be read") from error
        return cls(bits, frozenset(buckets))


@dataclass(frozen=True, slots=True)
class Difference:
    """Canonical ids, in order: of records on one side only, and of those whose fields differ. False for none."""

    only_here: tuple[str, ...] = ()
    only_there: tuple[str, ...] = ()
    different: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.only_here or self.only_there or self.different)


def differing_buckets(here: Checksums, there: Checksums) -> Suspects:
    """Where the two sides differ. When one has fewer buckets than the other, those are compared.

    >>> from .checksums import checksums_of
    >>> full = checksums_of([("acme.p1", {}), ("acme.p2", {})], bits=8)
    >>> differing_buckets(full, Checksums(0))
    Suspects(bits=0, buckets=frozenset({0}))
    """
    bits = min(here.bits, there.bits)
    sides = zip(here.coarser(bits), there.coarser(bits), strict=True)
    return Suspects(bits, frozenset(bucket for bucket, (mine, theirs) in enumerate(sides) if mine != theirs))


def portions(differing: Suspects, here: Checksums, there: Checksums, most: int) -> list[Suspects]:
    """The differing buckets in portions of at most so many records on either side; one bucket in any case.

    >>> from .checksums import checksums_of
    >>> full = checksums_of([(f"acme.p{number}", {}) for number in range(20)], bits=2)
    >>> [count for count, _sum in full]
    [6, 4, 6, 4]
    >>> [sorted(portion.buckets) for portion in portions(Suspects(2, frozenset({0, 1, 3})), full, Checksums(2), 9)]
    [[0], [1, 3]]
    """
    sides = list(zip(here.coarser(differing.bits), there.coarser(differing.bits), strict=True))
    found: list[set[int]] = []
    room = 0
    for bucket in sorted(differing.buckets):
        size = max(count for count, _sum in sides[bucket])
        if not found or size > room:
            found.append(set())
            room = most
        found[-1].add(bucket)
        room -= size
    return [Suspects(differing.bits, frozenset(buckets)) for buckets in found]


def listing(records: Iterable[Record], suspects: Suspects) -> dict[str, str]:
    """Digest (in hexadecimal) of each record in the suspected buckets, by canonical id.

    An id that comes twice, which a sound database does not have, gets a digest that no single record has: it turns up
    as different instead of being overlooked.
    """
    found: dict[str, str] = {}
    for canonical, tokens in records:
        if not suspects.hold(canonical):
            continue
        digest = f"{record_digest(canonical, tokens):032x}"
        found[canonical] = f"{found[canonical]}+{digest}" if canonical in found else digest
    return found


def compare(here: Mapping[str, str], there: Mapping[str, str]) -> Difference:
    """The ids that differ between the listings of two sides.

    >>> compare({"a": "1", "b": "2", "c": "3"}, {"b": "2", "c": "4", "d": "5"})
    Difference(only_here=('a',), only_there=('d',), different=('c',))
    """
    return Difference(
        only_here=tuple(sorted(here.keys() - there.keys())),
        only_there=tuple(sorted(there.keys() - here.keys())),
        different=tuple(sorted(name for name in here.keys() & there.keys() if here[name] != there[name])),
    )
