# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a wall clock to an instant, in one way for the whole package."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the clock of ``zone`` shows ``wall`` or later.

    :param wall: naive local date and time, whole seconds

    A clock that goes back shows an hour twice: the first time counts.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> first_instant(datetime(2026, 10, 25, 2, 30), rome).isoformat()
    '2026-10-25T00:30:00+00:00'

    A clock that goes forward leaves an hour out: what was meant for it counts at the end of the
    gap. (RFC 5545, 3.3.5 would say 03:30 here; the gap's end is earlier, and the same for every
    time in the gap.)

    >>> first_instant(datetime(2026, 3, 29, 2, 30), rome).astimezone(rome).isoformat()
    '2026-03-29T03:00:00+02:00'

    Later walls never give earlier instants, so that a day's openings stay in their order.
    """
    # fold=0 is Python's word for "the first time" (PEP 495).
    found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _shown(found, zone) == wall:
        return found
    # In a gap fold=0 counts with the offset before it and fold=1 with the offset after it: the
    # change lies between the two instants, and time zones change at whole seconds.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while found - before > _SECOND:
        middle = before + (found - before) // 2 // _SECOND * _SECOND
        if _shown(middle, zone) >= wall:
            found = middle
        else:
            before = middle
    return found


def start_of_day(day: date, zone: str) -> datetime:
    """The instant (UTC) at which a local day begins, also where the clocks skip midnight.

    :param zone: IANA name

    >>> start_of_day(date(2026, 12, 24), "Europe/Rome").isoformat()
    '2026-12-23T23:00:00+00:00'

    In Cairo the clocks go forward at midnight: the day begins at one o'clock.

    >>> start_of_day(date(2026, 4, 24), "Africa/Cairo").astimezone(ZoneInfo("Africa/Cairo")).hour
    1
    """
    return first_instant(datetime.combine(day, time.min), ZoneInfo(zone))


def day_exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the calendar of ``zone`` has that day.

    Samoa crossed the date line and went from Thursday to Saturday:

    >>> day_exists(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    False
    >>> day_exists(date(2011, 12, 31), ZoneInfo("Pacific/Apia"))
    True
    """
    return _shown(first_instant(datetime.combine(day, time.min), zone), zone).date() == day


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
