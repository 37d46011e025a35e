# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rows of one account in the order of the bank, and its balances.

Generated rows stay numbers until a page needs them; rows that were added (by a switch, from a
statement file) are kept whole. Both are merged in arrays ordered by day, so that a page, a date
filter or the balance of a day cost a bisection, however long the history is.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import accumulate, chain
from typing import Any

from .banks import Account
from .generator import MovementStream
from .identifiers import integer_from
from .movement import Movement

SCALE = 4  # amounts are kept as integers of this many decimals
DECIMALS = {"JPY": 0, "HUF": 2, "KWD": 3, "BHD": 3, "TND": 3}
ADDED_NUMBERS = 500_000  # bank ids of added rows start here, far from those of generated ones


def _units(amount: Decimal) -> int:
    return int(amount.scaleb(SCALE))


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is listed. ``handle`` names it within the account, ``reference`` is the bank's
    id of it, ``balance`` the one after it (None while it is not booked, or when nobody asked)."""

    handle: str
    movement: Movement
    reference: str | None
    balance: Decimal | None


class Ledger:
    """``opening`` is the balance before the first row. Rows that are not booked stand apart:
    they change no balance and are named by ``Movement.key``."""

    def __init__(self, account: Account, stream: MovementStream, opening: Decimal | None = None):
        self.account = account
        self.stream = stream
        self.added: list[Movement] = []
        # Places of added rows that the bank took back, and how often rows were changed or taken back.
        self.withdrawn: set[int] = set()
        self.edits = 0
        self.unbooked: dict[str, Movement] = {}
        self.renumbered = 0
        self._next_key = 1
        self._given_opening = opening
        self._opening: Decimal | None = opening
        self._days: array[int] = array("i")
        self._amounts: array[int] = array("q")
        self._handles: array[int] = array("q")
        self._sums: array[int] | None = None
        self._loaded = False

    # -- rows ------------------------------------------------------------------------------

    def add(self, movement: Movement) -> Movement:
        """Put a booked row among the others, after those of its day, and give it a bank id
        unless it has one. Returns it as kept. Raises ValueError without any date."""
        self._load()
        day = movement.day
        if movement.entry_reference is None:
            number = ADDED_NUMBERS + len(self.added)
            movement = replace(movement, entry_reference=_bank_id(day, number))
        movement = replace(movement, status="BOOK", key=None)
        self.added.append(movement)
        self._insert(len(self.added) - 1)
        return movement

    def change(self, movement: Movement) -> Movement:
        """Give the added row of the same ``entry_reference`` another content. Raises ValueError."""
        index = self._added_index(movement.entry_reference)
        self._take_out(index)
        self.added[index] = movement
        self._insert(index)
        return movement

    def remove(self, entry_reference: str | None) -> Movement:
        """Take an added row back. Raises ValueError."""
        index = self._added_index(entry_reference)
        self._take_out(index)
        self.withdrawn.add(index)
        return self.added[index]

    def _added_index(self, entry_reference: str | None) -> int:
        self._load()
        for index, row in enumerate(self.added):
            if row.entry_reference == entry_reference and index not in self.withdrawn:
                return index
        raise ValueError(f"No row {entry_reference!r} was added")

    def _take_out(self, index: int) -> None:
        position = self._handles.index(-1 - index)
        for column in (self._days, self._amounts, self._handles):
            del column[position]
        self._sums = None
        self.edits += 1

    def add_unbooked(self, movement: Movement) -> Movement:
        """Keep a row that is not booked (PDNG, HOLD, SCHD...) and give it a key."""
        key = movement.key or f"u{self._next_key}"
        self._next_key += 1
        reference = movement.entry_reference or _bank_id(
            movement.day, integer_from("unbooked", self.account.iban, key) % 10**6
        )
        movement = replace(movement, key=key, entry_reference=f"P{reference}"[:35])
        self.unbooked[key] = movement
        return movement

    def drop_unbooked(self, key: str) -> Movement:
        """Forget a row that is not booked. Raises KeyError for a key unknown here."""
        return self.unbooked.pop(key)

    def find(self, handle: str) -> Row | None:
        """The row that ``handle`` names, or None."""
        self._load()
        if handle in self.unbooked:
            return self._unbooked_row(handle)
        try:
            position = self._handles.index(int(handle))
        except ValueError:
            return None
        return self._row(position)

    def booked(self) -> list[Movement]:
        """All booked rows, oldest first. For checks: it writes every row."""
        self._load()
        rows = (self._row(position) for position in range(len(self._handles)))
        return [replace(row.movement, entry_reference=row.reference) for row in rows]

    # -- listings --------------------------------------------------------------------------

    def count(self, date_from: date | None, date_to: date | None, status: str | None) -> int:
        """How many rows a listing has."""
        return len(self._unbooked_rows(date_from, date_to, status)) + len(
            self._booked_range(date_from, date_to, status)
        )

    def page(
        self,
        date_from: date | None,
        date_to: date | None,
        status: str | None,
        *,
        newest_first: bool,
        start: int,
        stop: int,
        balances: bool = False,
    ) -> list[Row]:
        """The rows ``start`` to ``stop`` of a listing, with the balance after each when
        ``balances``. Rows that are not booked stand at the newest end."""
        unbooked = self._unbooked_rows(date_from, date_to, status)
        positions = self._booked_range(date_from, date_to, status)
        if newest_first:
            positions = positions[::-1]
            chosen: Iterable[Any] = chain(
                unbooked[start:stop],
                positions[max(0, start - len(unbooked)) : max(0, stop - len(unbooked))],
            )
        else:
            chosen = chain(
                positions[start:stop],
                unbooked[max(0, start - len(positions)) : max(0, stop - len(positions))],
            )
        return [item if isinstance(item, Row) else self._row(item, balances) for item in chosen]

    def _booked_range(
        self, date_from: date | None, date_to: date | None, status: str | None
    ) -> range:
        self._load()
        if status not in (None, "BOOK"):
            return range(0)
        low = bisect_left(self._days, date_from.toordinal()) if date_from else 0
        high = bisect_right(self._days, date_to.toordinal()) if date_to else len(self._days)
        return range(low, high)

    def _unbooked_rows(
        self, date_from: date | None, date_to: date | None, status: str | None
    ) -> list[Row]:
        return [
            self._unbooked_row(key)
            for key, movement in reversed(self.unbooked.items())
            if (status is None or movement.status == status)
            and (date_from is None or movement.day >= date_from)
            and (date_to is None or movement.day <= date_to)
        ]

    # -- balances --------------------------------------------------------------------------

    @property
    def opening(self) -> Decimal:
        """The balance before the first row: given, or such that the account never was in the
        red."""
        self._load()
        assert self._opening is not None
        return self._opening

    def balance(self, until: date | None = None) -> Decimal:
        """Opening balance plus the booked rows (those dated until ``until``, inclusive)."""
        self._load()
        count = len(self._days) if until is None else bisect_right(self._days, until.toordinal())
        return self._balance_after(count)

    def available(self) -> Decimal:
        """The booked balance less what rows not yet booked will take out."""
        held = (row.amount for row in self.unbooked.values() if row.status in ("PDNG", "HOLD"))
        return self.balance() + sum((amount for amount in held if amount < 0), Decimal(0))

    def last_reference(self) -> str | None:
        """The bank id of the newest booked row."""
        self._load()
        return self._row(len(self._days) - 1).reference if self._days else None

    def _balance_after(self, count: int) -> Decimal:
        if self._sums is None:
            self._sums = array("q", accumulate(self._amounts, initial=0))
        units = self._sums[count] + _units(self.opening)
        decimals = DECIMALS.get(self.account.currency, 2)
        amount = Decimal(units).scaleb(-SCALE)
        rounded = amount.quantize(Decimal(1).scaleb(-decimals))
        return rounded if rounded == amount else amount

    # -- inside ----------------------------------------------------------------------------

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        self._days = array("i", self.stream.days)
        self._amounts = array("q", (cents * 10 ** (SCALE - 2) for cents in self.stream.cents))
        self._handles = array("q", range(len(self.stream)))
        if self._opening is None:
            lowest = min(accumulate(self._amounts, initial=0))
            self._opening = Decimal(-lowest).scaleb(-SCALE).quantize(Decimal(1)) + 7500
        for index in range(len(self.added)):
            if index not in self.withdrawn:
                self._insert(index)

    def _insert(self, index: int) -> None:
        movement = self.added[index]
        ordinal = movement.day.toordinal()
        position = bisect_right(self._days, ordinal)
        self._days.insert(position, ordinal)
        self._amounts.insert(position, _units(movement.amount))
        self._handles.insert(position, -1 - index)
        self._sums = None

    def _row(self, position: int, with_balance: bool = True) -> Row:
        handle = self._handles[position]
        if handle < 0:
            movement = self.added[-1 - handle]
            reference = movement.entry_reference
        else:
            movement = self.stream[handle]
            reference = _bank_id(movement.day, self.stream.number_in_day(handle))
        balance = self._balance_after(position + 1) if with_balance else None
        return Row(str(handle), movement, self._renumbered(reference), balance)

    def _unbooked_row(self, key: str) -> Row:
        movement = self.unbooked[key]
        return Row(key, movement, self._renumbered(movement.entry_reference), None)

    def _renumbered(self, reference: str | None) -> str | None:
        if not self.renumbered or reference is None:
            return reference
        number = integer_from("renumbered", self.renumbered, reference)
        return f"N{self.renumbered}{number:020d}"

    # -- state file ------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """What is not generated, for the state file."""
        return {
            "added": [movement.to_json() for movement in self.added],
            "withdrawn": sorted(self.withdrawn),
            "unbooked": [movement.to_json() for movement in self.unbooked.values()],
            "renumbered": self.renumbered,
            "next_key": self._next_key,
            "size": self.stream.size,
            "days": self.stream.span,
            "opening": None if self._given_opening is None else str(self._given_opening),
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Take back what ``to_json`` told (stream and opening balance belong to the caller)."""
        self.added = [Movement.from_json(item) for item in data["added"]]
        self.withdrawn = set(data.get("withdrawn", ()))
        rows = [Movement.from_json(item) for item in data["unbooked"]]
        self.unbooked = {row.key: row for row in rows if row.key}
        self.renumbered = data["renumbered"]
        self._next_key = data["next_key"]


def _bank_id(day: date, number: int) -> str:
    # date and number in the day: two accounts of one bank share such ids, as happens in life
    return f"{day.year}{day.month:02}{day.day:02}{number:06}"
