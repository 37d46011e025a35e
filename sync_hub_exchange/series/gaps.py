# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which numbers of a series are missing: as ranges, so that a leap to 500 000 is one line."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .rules import NumberRange


@dataclass(frozen=True, slots=True)
class Used:
    """A number that a document has, cancelled or not, with the day of its issue where that is known."""

    number: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that nobody accounts for.

    :param noticed_on: day of the first document after them, None: none follows, or its day is not known
    :param due_on: day by which they must be accounted for, None: no rule says so
    """

    numbers: NumberRange
    noticed_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class GapReport:
    """What became of the numbers of a series.

    :param used: how many numbers a document has
    :param void: how many were declared void and are not used
    :param repeated: how many documents have a number that another one has, too
    :param contradicted: numbers that were declared void although a document has them
    """

    gaps: tuple[Gap, ...]
    used: int
    void: int
    repeated: int
    contradicted: tuple[NumberRange, ...]

    @property
    def missing(self) -> int:
        """How many numbers nobody accounts for."""
        return sum(len(gap.numbers) for gap in self.gaps)


def gap_report(
    used: Iterable[Used],
    void: Iterable[NumberRange] = (),
    first: int = 1,
    last: int | None = None,
    gap_day: int | None = None,
) -> GapReport:
    """Which numbers from ``first`` to ``last`` are neither used nor void.

    Reads the used numbers once and keeps none of them: a million is no matter.

    :param used: in ascending order of numbers; others than from ``first`` to ``last`` are left out
    :param void: ranges declared void, in any order; they may overlap
    :param last: None: the highest number that is used or void
    :param gap_day: day of the following month by which gaps must be accounted for, see ``SeriesRule``
    :raises ValueError: when the used numbers are not in ascending order

    >>> report = gap_report([Used(1), Used(2), Used(7)], [NumberRange(4, 5)], last=9)
    >>> [(gap.numbers.first, gap.numbers.last) for gap in report.gaps]
    [(3, 3), (6, 6), (8, 9)]
    >>> report.used, report.void, report.missing
    (3, 2, 4)
    """
    declared = _merged(void)
    ends = [numbers.last for numbers in declared]
    gaps: list[Gap] = []
    clashing: list[NumberRange] = []
    expected, count, repeated, previous = first, 0, 0, None
    for one in used:
        if previous is not None and one.number < previous:
            raise ValueError(f"Number {one.number} comes after {previous}.")
        if one.number < first or (last is not None and one.number > last):
            continue
        if one.number == previous:
            repeated += 1
            continue
        previous = one.number
        count += 1
        due = due_on(one.on, gap_day) if one.on and gap_day else None
        left = _without(expected, one.number - 1, declared, ends)
        gaps += [Gap(numbers, one.on, due) for numbers in left]
        expected = one.number + 1
        if any(_within(one.number, one.number, declared, ends)):
            clashing.append(NumberRange(one.number, one.number))
    end = last if last is not None else max([expected - 1, *ends])
    gaps += [Gap(numbers) for numbers in _without(expected, end, declared, ends)]
    void_count = sum(len(numbers) for numbers in _within(first, end, declared, ends))
    return GapReport(tuple(gaps), count, void_count - len(clashing), repeated, tuple(_merged(clashing)))


def due_on(noticed_on: date, gap_day: int) -> date:
    """The day of the month after ``noticed_on`` by which a gap must be accounted for.

    >>> due_on(date(2026, 12, 31), 10)
    datetime.date(2027, 1, 10)
    """
    year, month = divmod(noticed_on.year * 12 + noticed_on.month, 12)
    return date(year, month + 1, gap_day)


def _within(first: int, last: int, declared: list[NumberRange], ends: list[int]) -> Iterator[NumberRange]:
    """What two sets of numbers have in common: a range, and ranges that ascend and are apart from one another.

    :param ends: the last number of each of them
    """
    for place in range(bisect_left(ends, first), len(declared) if first <= last else 0):
        numbers = declared[place]
        if numbers.first > last:
            break
        yield NumberRange(max(numbers.first, first), min(numbers.last, last))


def _without(first: int, last: int, declared: list[NumberRange], ends: list[int]) -> Iterator[NumberRange]:
    """What is left of a range without them."""
    for numbers in _within(first, last, declared, ends):
        if numbers.first > first:
            yield NumberRange(first, numbers.first - 1)
        first = numbers.last + 1
    if first <= last:
        yield NumberRange(first, last)


def _merged(ranges: Iterable[NumberRange]) -> list[NumberRange]:
    """The same numbers in ascending ranges that neither overlap nor touch."""
    merged: list[NumberRange] = []
    for numbers in sorted(ranges, key=lambda one: one.first):
        if merged and numbers.first <= merged[-1].last + 1:
            merged[-1] = NumberRange(merged[-1].first, max(merged[-1].last, numbers.last))
        else:
            merged.append(numbers)
    return merged
