# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rule of a schedule, checked when it is made."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from .refusal import RecurrenceError, Refusal

_DAY = timedelta(days=1)
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Monday is 0, as in ``date.weekday()``.
EVERY_DAY = frozenset(range(7))


class Unit(StrEnum):
    """What the interval counts. The values are stored: never rename one."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


# Minutes and hours are counted anew every day: beyond one day they would not mean what they say.
# A schedule that sleeps for more than a year is a mistake.
_LONGEST = {Unit.MINUTES: 24 * 60, Unit.HOURS: 24, Unit.DAYS: 366, Unit.WEEKS: 53}


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the local day in which automatic runs may start.

    ``opens`` is in the window, ``closes`` is not. A run that has started may go on after it.

    >>> Window(time(6), time(23)).length
    datetime.timedelta(seconds=61200)

    A window that closes at or before its opening goes over midnight; it belongs to the day on
    which it opens. Equal hours are the whole day.

    >>> Window(time(22), time(5)).length
    datetime.timedelta(seconds=25200)
    >>> Window(time(6), time(6)).length
    datetime.timedelta(days=1)
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        _require_whole_minute("The opening hour", self.opens)
        _require_whole_minute("The closing hour", self.closes)

    @property
    def length(self) -> timedelta:
        """From opening to closing on the wall clock, more than 0 and at most 24 hours."""
        return until(self.opens, self.closes) or _DAY

    def __contains__(self, wall: time) -> bool:
        """Whether a run may start at that local time.

        >>> night = Window(time(22), time(5))
        >>> time(4, 59) in night, time(5) in night
        (True, False)
        """
        return until(self.opens, wall) < self.length


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a schedule runs, where its clock hangs, and when it must be silent.

    :param interval: every how many units: up to 1440 minutes, 24 hours, 366 days or 53 weeks
    :param unit: what the interval counts
    :param zone: IANA name of the time zone whose clock and calendar are meant
    :param start_time: exact local time of a run. Days and weeks run at this time; minutes and
        hours are counted from it, forwards and backwards. Without it the window's opening takes
        its place, without a window midnight
    :param window: hours in which runs may start, None for the whole day
    :param weekdays: ticked weekdays, Monday 0 to Sunday 6. With WEEKS these are the days of a
        week on which it runs (RFC 5545: ``FREQ=WEEKLY;BYDAY=...;WKST=MO``)
    :param anchor_date: day from which days and weeks are counted; nothing occurs before it
        (RFC 5545: ``DTSTART``). An interval of more than one day or week needs it
    :raises RecurrenceError: with a sentence, for a rule that says nothing or contradicts itself
    :raises ValueError: for values that no screen can give, such as an eighth weekday

    >>> Recurrence(10, Unit.MINUTES, "Europe/Warsaw", weekdays=frozenset())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    odoo...RecurrenceError: No weekday is ticked: tick at least one.
    >>> Recurrence(2, Unit.WEEKS, "Europe/Warsaw", weekdays=frozenset({0}))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    odoo...RecurrenceError: An interval of 2 weeks needs an anchor date from which it is counted.
    >>> Recurrence(48, Unit.HOURS, "Europe/Warsaw")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    odoo...RecurrenceError: An interval in hours lies between 1 and 24, not 48: longer ones are given in days.
    """

    interval: int
    unit: Unit
    zone: str
    start_time: time | None = None
    window: Window | None = None
    weekdays: frozenset[int] = EVERY_DAY
    anchor_date: date | None = None

    def __post_init__(self) -> None:
        self._check_interval()
        self._check_zone()
        self._check_days()
        self._check_hours()

    @property
    def step(self) -> timedelta:
        """The interval as a length of time."""
        return timedelta(**{self.unit: self.interval})

    @property
    def counts_days(self) -> bool:
        """Whether it runs once on each of its days, at one time."""
        return self.unit in (Unit.DAYS, Unit.WEEKS)

    @property
    def keeps_wall_times(self) -> bool:
        """Whether runs within a day keep their times on the clock when the clock is changed.

        An interval of two hours or more that divides the day is a way of saying times of the day
        (every 12 hours: 06:00 and 18:00), and these a user wants to keep. A shorter interval, or
        one that does not divide the day, is a beat: it goes on in elapsed time, through an hour
        that is shown twice and over one that is left out. The length decides, not the unit.

        >>> [n for n in range(1, 25) if Recurrence(n, Unit.HOURS, "UTC").keeps_wall_times]
        [2, 3, 4, 6, 8, 12, 24]
        >>> Recurrence(720, Unit.MINUTES, "UTC").keeps_wall_times
        True
        """
        hour = timedelta(hours=1)
        return self.step > hour and not self.step % hour and not _DAY % self.step

    def _check_interval(self) -> None:
        longest = _LONGEST[self.unit]
        if not 1 <= self.interval <= longest:
            remedy = "" if self.counts_days else ": longer ones are given in days"
            raise RecurrenceError(
                Refusal.INTERVAL,
                f"An interval in {self.unit} lies between 1 and {longest}, "
                f"not {self.interval}{remedy}.",
            )

    def _check_zone(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            # ZoneInfo answers a name such as "Europe" (a folder) with an OSError.
            raise RecurrenceError(
                Refusal.ZONE, f"There is no time zone named {self.zone!r}."
            ) from error

    def _check_days(self) -> None:
        if not self.weekdays:
            raise RecurrenceError(Refusal.NO_WEEKDAY, "No weekday is ticked: tick at least one.")
        if not self.weekdays <= EVERY_DAY:
            raise ValueError("A weekday is a number from 0 (Monday) to 6 (Sunday).")
        if self.counts_days and self.interval > 1 and self.anchor_date is None:
            raise RecurrenceError(
                Refusal.NO_ANCHOR_DATE,
                f"An interval of {self.interval} {self.unit} needs an anchor date "
                "from which it is counted.",
            )
        if self.unit == Unit.DAYS and self.interval % 7 == 0:
            weekday = self.anchor_date.weekday()
            if weekday not in self.weekdays:
                raise RecurrenceError(
                    Refusal.NEVER,
                    f"An interval of {self.interval} days counted from {self.anchor_date} always "
                    f"falls on a {_DAY_NAMES[weekday]}, which is not ticked: it would never run.",
                )

    def _check_hours(self) -> None:
        if self.start_time is None:
            return
        _require_whole_minute("The start time", self.start_time)
        window = self.window
        if window and self.start_time not in window:
            raise RecurrenceError(
                Refusal.START_OUTSIDE_WINDOW,
                f"The start time {self.start_time:%H:%M} lies outside the window "
                f"{window.opens:%H:%M}-{window.closes:%H:%M} "
                "(the closing hour is no longer in it).",
            )


def until(earlier: time, later: time) -> timedelta:
    """How far the wall clock goes from one time to the next other one: from 0 to below 24 hours.

    >>> until(time(22), time(1))
    datetime.timedelta(seconds=10800)
    """
    return (datetime.combine(date.min, later) - datetime.combine(date.min, earlier)) % _DAY


def _require_whole_minute(what: str, value: time) -> None:
    if value.tzinfo is not None:
        raise ValueError(f"{what} is local time: it carries no time zone.")
    if value.second or value.microsecond:
        raise ValueError(f"{what} is given in whole minutes.")
