# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""By when a document issued in contingency must reach the tax office, and when to remind of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .rules import Deadline, Unit

# Share of the time after which somebody is reminded: four fifths.
_WARN_PART, _WARN_WHOLE = 4, 5
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that is no business day.

    :param on: the day; with ``yearly``, that day of this year and of every later one
    :param uf: federal unit in which it is one, None: in all
    """

    on: date
    yearly: bool = False
    uf: str | None = None

    def falls_on(self, day: date, uf: str | None) -> bool:
        """Whether a day is this holiday in a federal unit.

        >>> Holiday(date(2024, 11, 20), yearly=True).falls_on(date(2026, 11, 20), "SP")
        True
        >>> Holiday(date(2024, 11, 20), yearly=True).falls_on(date(2023, 11, 20), "SP")
        False
        """
        if self.uf not in (None, uf):
            return False
        if self.yearly:
            return day >= self.on and (day.month, day.day) == (self.on.month, self.on.day)
        return day == self.on


def is_business_day(day: date, uf: str | None, holidays: Collection[Holiday]) -> bool:
    """Whether a day is neither on a weekend nor a holiday."""
    return day.weekday() < _SATURDAY and not any(holiday.falls_on(day, uf) for holiday in holidays)


def business_day_after(day: date, count: int, uf: str | None, holidays: Collection[Holiday]) -> date:
    """The ``count``-th business day after a day, which itself is not counted.

    >>> business_day_after(date(2026, 4, 30), 1, "SP", [Holiday(date(1949, 5, 1), yearly=True)])
    datetime.date(2026, 5, 4)
    """
    while count:
        day += _DAY
        count -= is_business_day(day, uf, holidays)
    return day


def deadline_at(
    deadline: Deadline, issued_at: datetime, zone: tzinfo, uf: str | None = None, holidays: Collection[Holiday] = ()
) -> datetime:
    """The last moment at which a document may be transmitted.

    Hours pass on every clock alike. A business day ends with the last second that the clock of the federal unit shows
    on it; the day of issue is the one that this clock showed.

    :param issued_at: aware
    :param zone: clock of the federal unit
    :return: aware, in UTC
    :raises ValueError: when ``issued_at`` has no time zone

    >>> from .federal_units import zone_of
    >>> friday_night = datetime(2026, 5, 9, 1, 30, tzinfo=UTC)  # still Friday in São Paulo
    >>> deadline_at(Deadline(Unit.BUSINESS_DAYS, 1), friday_night, zone_of("SP"), "SP").isoformat()
    '2026-05-12T02:59:59+00:00'
    >>> deadline_at(Deadline(Unit.HOURS, 24), friday_night, zone_of("SP"), "SP").isoformat()
    '2026-05-10T01:30:00+00:00'
    """
    if issued_at.tzinfo is None:
        raise ValueError("The moment of issue has no time zone.")
    if deadline.unit is Unit.HOURS:
        return issued_at.astimezone(UTC) + timedelta(hours=deadline.amount)
    day = business_day_after(issued_at.astimezone(zone).date(), deadline.amount, uf, holidays)
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)


def warning_at(issued_at: datetime, deadline: datetime) -> datetime:
    """When four fifths of the time between issue and deadline have passed.

    :param issued_at: aware, as is ``deadline``
    :return: aware, in UTC

    >>> issued = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> warning_at(issued, issued + timedelta(hours=24)).isoformat()
    '2026-05-05T07:12:00+00:00'
    """
    # In UTC: the difference of two moments on one local clock leaves out a change of that clock.
    begin = issued_at.astimezone(UTC)
    return begin + (deadline.astimezone(UTC) - begin) * _WARN_PART / _WARN_WHOLE
