# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The days of a recurrence, and the starts within one day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .clock import first_instant
from .recurrence import Recurrence, Unit, until

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """One day's stretch in which runs may start, on the wall clock (naive local times).

    ``opens`` is in it, ``closes`` is not; ``anchor`` is the time in it from which runs are
    counted. After a window over midnight ``closes``, and perhaps ``anchor``, lie on the next day:
    all of it belongs to ``opens.date()``.
    """

    opens: datetime
    closes: datetime
    anchor: datetime


def opening_on(recurrence: Recurrence, day: date) -> Opening:
    """The opening of a recurrence on a local day, whether or not the day is one of its days.

    >>> from dataclasses import astuple
    >>> from odoo.addons.sync_hub.schedule import Window
    >>> night = Recurrence(1, Unit.DAYS, "UTC", time(1), Window(time(22), time(5)))
    >>> print(*astuple(opening_on(night, date(2026, 5, 1))), sep=" | ")
    2026-05-01 22:00:00 | 2026-05-02 05:00:00 | 2026-05-02 01:00:00
    """
    window = recurrence.window
    opens = datetime.combine(day, window.opens if window else time.min)
    closes = opens + (window.length if window else _DAY)
    start = recurrence.start_time
    anchor = opens if start is None else opens + until(opens.time(), start)
    return Opening(opens, closes, anchor)


def next_day(recurrence: Recurrence, earliest: date) -> date:
    """The first day of the recurrence that is not before ``earliest``.

    >>> fortnight = Recurrence(2, Unit.WEEKS, "UTC", weekdays=frozenset({0, 4}),
    ...                        anchor_date=date(2026, 5, 6))
    >>> next_day(fortnight, date(2026, 1, 1)).isoformat()  # the Friday after the anchor date
    '2026-05-08'
    >>> next_day(fortnight, date(2026, 5, 9)).isoformat()  # the Monday of the week after next
    '2026-05-18'
    """
    day = max(earliest, recurrence.anchor_date or earliest)
    # Whole intervals are jumped over; what remains is at most a week of unticked days.
    while True:
        day = _in_step(recurrence, day)
        if day.weekday() in recurrence.weekdays:
            return day
        day += _DAY


def first_start(recurrence: Recurrence, opening: Opening, after: datetime) -> datetime | None:
    """The first start (UTC) later than ``after`` in one opening, None when it has none left.

    An opening always starts at least one run, at its anchor, also when a change of the clocks
    swallows the hours of its window.
    """
    zone = ZoneInfo(recurrence.zone)
    if recurrence.counts_days:
        anchor = first_instant(opening.anchor, zone)
        return anchor if anchor > after else None
    if recurrence.keeps_wall_times:
        return _first_on_wall_clock(recurrence.step, opening, after, zone)
    return _first_in_elapsed_time(recurrence.step, opening, after, zone)


def _in_step(recurrence: Recurrence, day: date) -> date:
    """The first day not before ``day`` in a counted day or week; ``day`` if none are counted."""
    anchor = recurrence.anchor_date
    if not recurrence.counts_days or anchor is None:
        return day
    if recurrence.unit == Unit.DAYS:
        return day + timedelta(days=(anchor - day).days % recurrence.interval)
    # Weeks begin on Monday (ISO 8601; RFC 5545: WKST=MO).
    monday = day - timedelta(days=day.weekday())
    anchor_monday = anchor - timedelta(days=anchor.weekday())
    weeks_to_wait = (anchor_monday - monday).days // 7 % recurrence.interval
    return monday + timedelta(weeks=weeks_to_wait) if weeks_to_wait else day


def _first_on_wall_clock(
    step: timedelta, opening: Opening, after: datetime, zone: ZoneInfo
) -> datetime | None:
    wall = opening.opens + (opening.anchor - opening.opens) % step
    # At most twelve rounds: such a step is two hours or more.
    while wall < opening.closes:
        start = first_instant(wall, zone)
        if start > after:
            return start
        wall += step
    return None


def _first_in_elapsed_time(
    step: timedelta, opening: Opening, after: datetime, zone: ZoneInfo
) -> datetime | None:
    anchor = first_instant(opening.anchor, zone)
    earliest = max(first_instant(opening.opens, zone), after + _MOMENT)
    start = earliest + (anchor - earliest) % step
    if start < first_instant(opening.closes, zone):
        return start
    # The gap of a clock change reaches to the closing hour and has moved the anchor onto it.
    return anchor if anchor > after else None
