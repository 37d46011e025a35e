# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which series numbers are allowed, by when a document must be transmitted: rules with dates, given as values.

No rule stands in this code. Laws change, federal units differ, and sources contradict one another: the table is data of
whoever calls.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

# The series is three digits of the access key, the number nine.
SERIES_LAST = 999
NUMBER_LAST = 999_999_999


class DocumentModel(StrEnum):
    """Models of electronic invoices, by the code that they have in the access key."""

    NFE = "55"
    NFCE = "65"


class Kind(StrEnum):
    """How the documents of a series are issued."""

    NORMAL = "normal"
    CONTINGENCY = "contingency"


class Topic(StrEnum):
    """What a rule can speak about; it may be silent about the rest."""

    NUMBERS = "numbers"
    DEADLINE = "deadline"
    GAPS = "gaps"


class Unit(StrEnum):
    """In what a deadline is counted."""

    HOURS = "hours"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers from ``first`` to ``last``, both included.

    :raises ValueError: when it would be empty or begin below zero

    >>> 899 in NumberRange(0, 899), 900 in NumberRange(0, 899), len(NumberRange(890, 989))
    (True, False, 100)
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last:
            raise ValueError(f"No range: {self.first} to {self.last}")

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Deadline:
    """So many hours after a document was issued, or the end of the n-th business day after the day of its issue.

    :raises ValueError: for an amount below 1
    """

    unit: Unit
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("A deadline leaves some time.")


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """What holds for a kind of documents from one day to another.

    :param key: by which the caller knows it
    :param uf: code of the federal unit in which it holds, None: in all that have none of their own
    :param valid_from: first day; ``valid_until`` the last one, None: until further notice
    :param numbers: series numbers that are allowed, None: it says nothing of them
    :param certain: those of them that every source allows; the others are doubtful. None: all of them
    :param deadline: by when documents must be transmitted, None: it says nothing of that
    :param gap_day: day of the following month by which unused numbers must be accounted for, None: nothing said
    """

    key: object
    model: DocumentModel
    kind: Kind
    uf: str | None
    valid_from: date
    valid_until: date | None = None
    numbers: NumberRange | None = None
    certain: NumberRange | None = None
    deadline: Deadline | None = None
    gap_day: int | None = None

    @property
    def topics(self) -> frozenset[Topic]:
        """What it speaks about."""
        said = {Topic.NUMBERS: self.numbers, Topic.DEADLINE: self.deadline, Topic.GAPS: self.gap_day}
        return frozenset(topic for topic, value in said.items() if value is not None)

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class Verdict(StrEnum):
    """What the rules say of a series number."""

    ALLOWED = "allowed"
    # Some sources allow it, others do not.
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    # No rule speaks of it.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, and the rule on which it rests."""

    verdict: Verdict
    rule: SeriesRule | None = None


def rule_in_force(
    rules: Iterable[SeriesRule], topic: Topic, model: DocumentModel, kind: Kind, uf: str | None, on: date
) -> SeriesRule | None:
    """The rule that holds for a topic on a day: that of the federal unit before that of all, then the younger one.

    :param uf: federal unit, None: not known, so that only rules for all are asked
    :param on: day in the federal unit's own time
    :return: None when no rule speaks of it

    >>> country = SeriesRule("all", DocumentModel.NFCE, Kind.CONTINGENCY, None, date(2020, 3, 1),
    ...                      numbers=NumberRange(890, 989), deadline=Deadline(Unit.BUSINESS_DAYS, 1))
    >>> own = SeriesRule("PE", DocumentModel.NFCE, Kind.CONTINGENCY, "PE", date(2016, 1, 1),
    ...                  deadline=Deadline(Unit.HOURS, 24))
    >>> asked = DocumentModel.NFCE, Kind.CONTINGENCY, "PE", date(2026, 5, 4)
    >>> rule_in_force([country, own], Topic.DEADLINE, *asked).key
    'PE'
    >>> rule_in_force([country, own], Topic.NUMBERS, *asked).key
    'all'
    """
    found = [
        rule
        for rule in rules
        if topic in rule.topics
        and (rule.model, rule.kind) == (model, kind)
        and rule.uf in (None, uf)
        and rule.holds(on)
    ]
    return max(found, key=lambda rule: (rule.uf is not None, rule.valid_from), default=None)


def check_series(
    rules: Iterable[SeriesRule], model: DocumentModel, kind: Kind, uf: str | None, on: date, series: int
) -> Finding:
    """Whether a series may have a number on a day. A number that no access key can hold is refused without a rule.

    >>> table = [SeriesRule("554", DocumentModel.NFE, Kind.NORMAL, None, date(2006, 1, 1),
    ...                     numbers=NumberRange(0, 899), certain=NumberRange(0, 889))]
    >>> asked = DocumentModel.NFE, Kind.NORMAL, "SP", date(2026, 5, 4)
    >>> [check_series(table, *asked, series).verdict.value for series in (1, 890, 900)]
    ['allowed', 'doubtful', 'refused']
    """
    if not 0 <= series <= SERIES_LAST:
        return Finding(Verdict.REFUSED)
    rule = rule_in_force(rules, Topic.NUMBERS, model, kind, uf, on)
    if rule is None or rule.numbers is None:
        return Finding(Verdict.UNKNOWN)
    if series not in rule.numbers:
        return Finding(Verdict.REFUSED, rule)
    doubtful = rule.certain is not None and series not in rule.certain
    return Finding(Verdict.DOUBTFUL if doubtful else Verdict.ALLOWED, rule)


def contradictions(rules: Iterable[SeriesRule]) -> list[tuple[SeriesRule, SeriesRule, Topic]]:
    """Pairs of rules that speak of the same on the same day, so that nobody could tell which of them holds.

    >>> one = SeriesRule(1, DocumentModel.NFE, Kind.CONTINGENCY, None, date(2010, 1, 1), gap_day=10)
    >>> two = SeriesRule(2, DocumentModel.NFE, Kind.CONTINGENCY, None, date(2020, 1, 1), gap_day=15)
    >>> [(a.key, b.key, str(topic)) for a, b, topic in contradictions([one, two])]
    [(1, 2, 'gaps')]
    """
    found = []
    for one, two in combinations(rules, 2):
        if (one.model, one.kind, one.uf) != (two.model, two.kind, two.uf):
            continue
        later = max(one, two, key=lambda rule: rule.valid_from)
        if one.holds(later.valid_from) and two.holds(later.valid_from):
            found += [(one, two, topic) for topic in sorted(one.topics & two.topics)]
    return found
