# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .flaws import Flaw
from .values import NOTHING, Here, SourceLine, StockKey, Wanted


class Kind(StrEnum):
    """What a line would do to what lies here."""

    SAME = "same"
    RAISE = "raise"
    LOWER = "lower"
    # The source lists nothing of it.
    UNLISTED = "unlisted"
    # The source cannot be followed: the flaw says why.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Of what the source said something that could not be understood: what it lists of that is not all that it has.

    0 stands for any product, any location.
    """

    product: int = 0
    location: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies here under a key against what the source wants there, in the product's unit."""

    key: StockKey
    kind: Kind
    there: Decimal
    here: Here
    flaw: Flaw | None = None
    lines: tuple[SourceLine, ...] = ()

    @property
    def change(self) -> Decimal:
        """What is to be added; negative where something is to be taken away, 0 where the source is not followed."""
        return Decimal(0) if self.kind == Kind.REFUSED else self.there - self.here.quantity


def compare(
    wanted: Iterable[Wanted],
    here: Mapping[StockKey, Here],
    *,
    empty_unlisted: bool,
    doubts: Iterable[Doubt] = (),
    serials: Container[int] = (),
) -> list[Difference]:
    """Each key that the source or this database knows, once, with what is to become of it.

    Two lines of the source for one key are both refused, whatever they say: to add them up, or to let the last one win,
    would be a guess (odoo/odoo#124185: the last one won, and nobody was told).

    :param here: what lies here in the chosen locations
    :param empty_unlisted: the source is complete, so that there is nothing of what it does not list
    :param doubts: where it is not complete after all
    :param serials: products of which each serial number lies in one place only
    """
    by_key: dict[StockKey, list[Wanted]] = defaultdict(list)
    for want in wanted:
        by_key[want.key].append(want)
    twice = _serials_twice(by_key, serials)
    found = [
        _difference(key, wants, here.get(key, NOTHING), twice=(key.product, key.lot) in twice)
        for key, wants in by_key.items()
    ]
    if empty_unlisted:
        doubtful = {(doubt.product, doubt.location) for doubt in doubts}
        found.extend(_unlisted(key, held, doubtful) for key, held in here.items() if key not in by_key and _there(held))
    return found


def _there(held: Here) -> bool:
    return bool(held.quantity or held.reserved)


def _serials_twice(by_key: Mapping[StockKey, list[Wanted]], serials: Container[int]) -> set[tuple[int, int | str]]:
    """Products with the serial numbers that the source has in several places."""
    places: dict[tuple[int, int | str], int] = defaultdict(int)
    for key, wants in by_key.items():
        if key.lot and key.product in serials and any(want.quantity > 0 for want in wants):
            places[key.product, key.lot] += 1
    return {serial for serial, number in places.items() if number > 1}


def _difference(key: StockKey, wants: list[Wanted], held: Here, *, twice: bool) -> Difference:
    lines = tuple(want.line for want in wants)
    there = wants[0].quantity
    flaw = None
    if len(wants) > 1:
        flaw = Flaw.DUPLICATE
    elif there < 0:
        flaw = Flaw.NEGATIVE
    elif twice and there > 0:
        flaw = Flaw.SERIAL_TWICE
    if flaw:
        return Difference(key, Kind.REFUSED, there, held, flaw, lines)
    if there == held.quantity:
        return Difference(key, Kind.SAME, there, held, None, lines)
    return Difference(key, Kind.RAISE if there > held.quantity else Kind.LOWER, there, held, None, lines)


def _unlisted(key: StockKey, held: Here, doubtful: set[tuple[int, int]]) -> Difference:
    if doubtful & {(key.product, key.location), (key.product, 0), (0, key.location), (0, 0)}:
        return Difference(key, Kind.REFUSED, Decimal(0), held, Flaw.DOUBTFUL)
    return Difference(key, Kind.UNLISTED if held.quantity else Kind.SAME, Decimal(0), held)
