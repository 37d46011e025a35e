# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which rows of a bank the journal has already, from a file, another importer, another service, or typed by hand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

# Days by which two records of one movement may differ: who typed it, or exported it, took another of its dates.
NEAR = timedelta(days=3)
# A shorter text that lies within a longer one says nothing: "fee", "sepa".
_TELLING = 8
# How many different amounts must agree before a day, or a stretch of days, counts as evidence.
_OF_A_DAY = 2
_OF_A_STRETCH = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the bank, or a line of the journal, as far as it can be told from others.

    :param days: days under which it may be known, the one of its booking first
    :param amount: signed, in the journal's currency, rounded as that is
    :param ids: what bank or parties call it
    :param words: its label, folded with :func:`fold`
    :param names: names of the other party, folded
    :param account: account number of the other party, sanitized
    """

    id: int
    days: tuple[date, ...]
    amount: Decimal
    ids: frozenset[str] = frozenset()
    words: str = ""
    names: frozenset[str] = frozenset()
    account: str = ""


class Likeness(Enum):
    # One and the same movement.
    SAME = "same"
    # Perhaps the same: a person decides.
    LIKE = "like"


@dataclass(frozen=True, slots=True)
class Twin:
    """A row of the bank and the line of the journal that answers for it; each answers once."""

    row: Entry
    line: Entry
    likeness: Likeness


def fold(text: str) -> str:
    """Text without what importers change: capitals, punctuation and white space.

    >>> fold("Saldo FT/2026/00012 - grazie")
    'saldoft202600012grazie'
    """
    return "".join(character for character in text.casefold() if character.isalnum())


def find_twins(rows: Sequence[Entry], lines: Sequence[Entry]) -> list[Twin]:
    """Find the line that the journal has already for each row, if any.

    Only equal amounts within ``NEAR`` are compared, and a line answers for one row: of three equal rows two find
    their lines when there are two. A row and a line are the same when they share an id; when they share a day and
    the label or the other party; or when they share a day and all that is around them agrees: the whole day in
    number and amounts, or every line of the whole stretch of days that the journal has. What has but day and amount
    in common, or is some days off, is alike.
    """
    pairs = _pairs(rows, lines)
    taken = _Taken()
    for pair in pairs:
        if pair.evidence is not None:
            taken.take(pair.row, pair.line, Likeness.SAME)
    agreeing = _agreeing_days(rows, lines)
    for pair in pairs:
        if pair.line.days[0] == pair.row.days[0] and pair.row.days[0] in agreeing and not pair.contradictory:
            taken.take(pair.row, pair.line, Likeness.SAME)
    for pair in pairs:
        taken.take(pair.row, pair.line, Likeness.LIKE)
    return taken.twins


@dataclass(frozen=True, slots=True)
class _Pair:
    row: Entry
    line: Entry
    distance: int
    # How good the reason is to think that they are the same, 0 is best; None for no reason.
    evidence: int | None
    contradictory: bool
    place: tuple[int, int]

    @property
    def rank(self) -> tuple:
        return (9 if self.evidence is None else self.evidence, self.distance, self.place)


class _Taken:
    """Rows and lines that have found each other."""

    def __init__(self):
        self.twins: list[Twin] = []
        self._rows: set[int] = set()
        self._lines: set[int] = set()

    def take(self, row: Entry, line: Entry, likeness: Likeness) -> None:
        if row.id not in self._rows and line.id not in self._lines:
            self._rows.add(row.id)
            self._lines.add(line.id)
            self.twins.append(Twin(row, line, likeness))


def _pairs(rows: Sequence[Entry], lines: Sequence[Entry]) -> list[_Pair]:
    """Rows and lines of equal amounts within some days, the best reasons first."""
    by_day: dict[tuple[Decimal, date], list[tuple[int, Entry]]] = defaultdict(list)
    for place, line in enumerate(lines):
        for day in set(line.days):
            by_day[line.amount, day].append((place, line))
    around = [timedelta(days=days) for days in range(-NEAR.days, NEAR.days + 1)]
    found = []
    for row_place, row in enumerate(rows):
        near: dict[int, tuple[int, Entry]] = {}
        for day in {day + offset for day in row.days for offset in around}:
            near.update((line.id, (place, line)) for place, line in by_day.get((row.amount, day), ()))
        found.extend(_compare(row, line, (row_place, place)) for place, line in near.values())
    return sorted(found, key=lambda pair: pair.rank)


def _compare(row: Entry, line: Entry, place: tuple[int, int]) -> _Pair:
    distance = min(abs((mine - other).days) for mine in row.days for other in line.days)
    # An account number may be written as IBAN here and as a part of it there.
    contradictory = bool(row.account and line.account) and not _one_in_other(row.account, line.account)
    evidence = None
    if row.ids & line.ids:
        evidence = 0
    elif distance == 0 and not contradictory:
        if _same_words(row.words, line.words):
            evidence = 1
        elif row.names & line.names or (row.account and line.account):
            evidence = 2
    return _Pair(row, line, distance, evidence, contradictory, place)


def _same_words(one: str, other: str) -> bool:
    if not one or not other:
        return False
    return one == other or (min(len(one), len(other)) >= _TELLING and _one_in_other(one, other))


def _one_in_other(one: str, other: str) -> bool:
    return one in other or other in one


def _agreeing_days(rows: Iterable[Entry], lines: Iterable[Entry]) -> set[date]:
    """Days on which the lines are those of the bank, as their amounts show."""
    at_bank: dict[date, Counter[Decimal]] = defaultdict(Counter)
    in_journal: dict[date, Counter[Decimal]] = defaultdict(Counter)
    for amounts, entries in ((at_bank, rows), (in_journal, lines)):
        for entry in entries:
            amounts[entry.days[0]][entry.amount] += 1
    different = {amount for amounts in in_journal.values() for amount in amounts}
    if len(different) >= _OF_A_STRETCH and all(amounts <= at_bank[day] for day, amounts in in_journal.items()):
        return set(in_journal)
    return {
        day for day, amounts in in_journal.items() if len(amounts) >= _OF_A_DAY and amounts == at_bank.get(day)
    }
