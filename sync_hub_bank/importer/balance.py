# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class BalanceCheck:
    """What the bank said that an account held at the end of a day.

    ``order`` is the number of the fetch that was told so: rows that later fetches brought are not in it, whatever
    their day.
    """

    day: date
    balance: Decimal
    order: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Sum of the booked rows of one day that one fetch brought, whatever became of them."""

    day: date
    amount: Decimal
    order: int


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """``exact``: the day is known; otherwise it lies after ``day``, and the bank's rows do not tell where."""

    day: date
    exact: bool


class Ledger:
    """A running balance: what an account began with, and what each day added.

    >>> ledger = Ledger(Decimal(100), {date(2026, 3, 2): Decimal(5), date(2026, 3, 1): Decimal(-1)})
    >>> ledger.at(date(2026, 2, 28)), ledger.at(date(2026, 3, 1)), ledger.at(date(2026, 4, 1))
    (Decimal('100'), Decimal('99'), Decimal('104'))
    """

    def __init__(self, begin: Decimal, days: Mapping[date, Decimal]):
        self.days = sorted(days)
        self._ends = [*accumulate((days[day] for day in self.days), initial=begin)]

    def at(self, day: date) -> Decimal:
        """Balance at the end of a day."""
        return self._ends[bisect_right(self.days, day)]


def day_end(rows: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Balance at the end of a day, from its rows in whatever order; None when they do not tell.

    Each row begins where another one ended; the one where none begins is the last.

    :param rows: amount of each row, and the balance after it

    >>> day_end([(Decimal(5), Decimal(12)), (Decimal(-3), Decimal(7)), (Decimal(2), Decimal(14))])
    Decimal('14')
    >>> day_end([(Decimal(5), Decimal(12)), (Decimal(-5), Decimal(7))])
    """
    rows = [*rows]
    last = Counter(after for _amount, after in rows) - Counter(after - amount for amount, after in rows)
    return next(iter(last)) if last.total() == 1 else None


def first_difference(checks: Iterable[BalanceCheck], moved: Iterable[Moved], books: Ledger) -> FirstDifference | None:
    """The first day on which the books differ from the bank; None when no day is known on which they agreed.

    The last check that agrees with the books as they are now is the beginning. From there on the bank's own rows tell
    what it held day by day until the first check that does not agree; where these rows lead to another balance than
    that one, the bank did not send all of them, and the day is not known exactly.

    :param checks: what the bank said, in any order
    :param moved: what the bank sent, in any order
    """
    moved = [*moved]

    def late(check: BalanceCheck) -> Decimal:
        """What came after a check and belongs to its days."""
        return sum((row.amount for row in moved if row.order > check.order and row.day <= check.day), Decimal())

    agreed = differing = None
    for check in sorted(checks, key=lambda check: (check.day, check.order), reverse=True):
        if books.at(check.day) == check.balance + late(check):
            agreed = check
            break
        differing = check
    if agreed is None or differing is None:
        return None
    if agreed.day == differing.day:
        return FirstDifference(differing.day, exact=True)
    days: dict[date, Decimal] = defaultdict(Decimal)
    for row in moved:
        if agreed.day < row.day <= differing.day:
            days[row.day] += row.amount
    bank = Ledger(agreed.balance + late(agreed), days)
    if bank.at(differing.day) == differing.balance + late(differing):
        for day in sorted({*bank.days, *(day for day in books.days if agreed.day < day <= differing.day)}):
            if bank.at(day) != books.at(day):
                return FirstDifference(day, exact=True)
    return FirstDifference(agreed.day, exact=False)
