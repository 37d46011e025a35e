# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Occurrences of a recurrence: the next one, the following ones, how many were missed, when they start."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from .clock import day_exists, first_instant
from .opening import first_start, next_day, opening_on
from .recurrence import Recurrence

_DAY = timedelta(days=1)

# Counting stops here: whether a schedule missed a thousand runs or more changes no decision.
MISSED_LIMIT = 1000


def next_occurrence(recurrence: Recurrence, after: datetime) -> datetime:
    """The first occurrence later than ``after``.

    :param after: aware instant
    :return: instant in UTC
    :raises ValueError: when ``after`` is naive

    Every 10 minutes from 06:00 to 23:00 is counted from the opening, not from the last finish;
    the closing hour starts no more runs, so that two schedules that share the day at 23:00 never
    both start there:

    >>> from datetime import date, time
    >>> from odoo.addons.sync_hub.schedule import Recurrence, Unit, Window
    >>> def show(recurrence, after, count):
    ...     zone = ZoneInfo(recurrence.zone)
    ...     start = datetime.fromisoformat(after).replace(tzinfo=zone)
    ...     for occurrence in islice(occurrences(recurrence, start), count):
    ...         print(occurrence.astimezone(zone).strftime("%a %d %H:%M %z"))
    >>> day = Window(time(6), time(23))
    >>> show(Recurrence(10, Unit.MINUTES, "Europe/Warsaw", window=day), "2026-05-04 22:43", 3)
    Mon 04 22:50 +0200
    Tue 05 06:00 +0200
    Tue 05 06:10 +0200

    A window over midnight belongs to the weekday on which it opens. With Friday ticked it runs on
    Saturday at 01:00 and not on Sunday at 01:00:

    >>> night = Window(time(22), time(5))
    >>> friday = frozenset({4})
    >>> show(Recurrence(3, Unit.HOURS, "Europe/Rome", window=night, weekdays=friday),
    ...      "2026-05-08 12:00", 4)
    Fri 08 22:00 +0200
    Sat 09 01:00 +0200
    Sat 09 04:00 +0200
    Fri 15 22:00 +0200

    An interval longer than the window gives one run per opening:

    >>> show(Recurrence(20, Unit.HOURS, "Europe/Rome", window=day), "2026-05-04 12:00", 2)
    Tue 05 06:00 +0200
    Wed 06 06:00 +0200

    A daily time stays what it is when the clocks change:

    >>> daily = Recurrence(1, Unit.DAYS, "Europe/Rome", start_time=time(6))
    >>> show(daily, "2026-03-28 12:00", 2)
    Sun 29 06:00 +0200
    Mon 30 06:00 +0200
    >>> show(daily, "2026-10-24 00:00", 2)
    Sat 24 06:00 +0200
    Sun 25 06:00 +0100

    A time that is left out runs at the end of the gap, a time that is shown twice runs once:

    >>> half_past_two = Recurrence(1, Unit.DAYS, "Europe/Rome", start_time=time(2, 30))
    >>> show(half_past_two, "2026-03-28 12:00", 2)
    Sun 29 03:00 +0200
    Mon 30 02:30 +0200
    >>> show(half_past_two, "2026-10-24 12:00", 2)
    Sun 25 02:30 +0200
    Mon 26 02:30 +0100

    A beat goes on in elapsed time, through the repeated hour and over the missing one:

    >>> beat = Recurrence(30, Unit.MINUTES, "Europe/Rome")
    >>> show(beat, "2026-10-25 01:30", 5)
    Sun 25 02:00 +0200
    Sun 25 02:30 +0200
    Sun 25 02:00 +0100
    Sun 25 02:30 +0100
    Sun 25 03:00 +0100
    >>> show(beat, "2026-03-29 01:00", 2)
    Sun 29 01:30 +0100
    Sun 29 03:00 +0200

    Hours that divide the day are times of the day and stay where they are (see
    :attr:`Recurrence.keeps_wall_times`), also when the change lies between two of them:

    >>> twice = Recurrence(12, Unit.HOURS, "Europe/Rome", start_time=time(18))
    >>> show(twice, "2026-03-28 12:00", 4)
    Sat 28 18:00 +0100
    Sun 29 06:00 +0200
    Sun 29 18:00 +0200
    Mon 30 06:00 +0200
    >>> show(Recurrence(12, Unit.HOURS, "Europe/Rome"), "2026-10-25 00:00", 2)
    Sun 25 12:00 +0100
    Mon 26 00:00 +0100

    Every two weeks, counted from a date:

    >>> show(Recurrence(2, Unit.WEEKS, "Europe/Rome", time(7), weekdays=frozenset({0, 3}),
    ...                 anchor_date=date(2026, 5, 4)), "2026-05-04 08:00", 3)
    Thu 07 07:00 +0200
    Mon 18 07:00 +0200
    Thu 21 07:00 +0200
    """
    moment = _utc(after)
    zone = ZoneInfo(recurrence.zone)
    # Yesterday's window may still be open after midnight.
    day = moment.astimezone(zone).date() - _DAY
    while True:
        day = next_day(recurrence, day)
        # The day that a zone skips when it crosses the date line has no occurrences.
        if day_exists(day, zone):
            start = first_start(recurrence, opening_on(recurrence, day), moment)
            if start is not None:
                return start
        day += _DAY


def occurrences(recurrence: Recurrence, after: datetime) -> Iterator[datetime]:
    """Occurrences (UTC) later than ``after``, in order and without end."""
    moment = after
    while True:
        moment = next_occurrence(recurrence, moment)
        yield moment


def missed(
    recurrence: Recurrence, since: datetime, until: datetime, limit: int = MISSED_LIMIT
) -> int:
    """How many occurrences lie in (since, until], counted up to ``limit``.

    >>> from odoo.addons.sync_hub.schedule import Recurrence, Unit
    >>> beat = Recurrence(10, Unit.MINUTES, "UTC")
    >>> missed(beat, datetime(2026, 5, 4, 6, tzinfo=UTC), datetime(2026, 5, 4, 9, tzinfo=UTC))
    18
    """
    last = _utc(until)
    passed = takewhile(lambda start: start <= last, occurrences(recurrence, since))
    return sum(1 for _ in islice(passed, limit))


def is_open(recurrence: Recurrence, moment: datetime) -> bool:
    """Whether an automatic run may start at that instant: ticked weekday, inside the window.

    It asks for permission only, not for an occurrence: a fortnightly schedule is open in the week
    between too, so that a run that was missed can be caught up.

    >>> from datetime import time
    >>> from odoo.addons.sync_hub.schedule import Recurrence, Unit, Window
    >>> friday_night = Recurrence(1, Unit.HOURS, "UTC", window=Window(time(22), time(5)),
    ...                           weekdays=frozenset({4}))
    >>> is_open(friday_night, datetime(2026, 5, 9, 4, 59, tzinfo=UTC))  # Saturday
    True
    >>> is_open(friday_night, datetime(2026, 5, 9, 5, tzinfo=UTC))
    False
    """
    moment = _utc(moment)
    zone = ZoneInfo(recurrence.zone)
    today = moment.astimezone(zone).date()
    # Yesterday's window may be open over midnight. Tomorrow's may be open already: a clock set
    # back across midnight (Newfoundland until 2011) shows the old day again.
    for day in (today - _DAY, today, today + _DAY):
        if day.weekday() in recurrence.weekdays and day_exists(day, zone):
            opening = opening_on(recurrence, day)
            if first_instant(opening.opens, zone) <= moment < first_instant(opening.closes, zone):
                return True
    return False


def start_of(recurrence: Recurrence, occurrence: datetime, delay: timedelta) -> datetime:
    """The instant at which a schedule starts for an occurrence when it keeps a delay from all of them.

    Later by the delay, or by as much of it as the hours allow: at the closing hour, and on a day
    that is not ticked, no run starts.

    :param delay: whole seconds, less than a day

    >>> from datetime import time
    >>> from odoo.addons.sync_hub.schedule import Recurrence, Unit, Window
    >>> rule = Recurrence(1, Unit.DAYS, "UTC", time(22, 59), Window(time(6), time(23)))
    >>> last = datetime(2026, 5, 4, 22, 59, tzinfo=UTC)
    >>> start_of(rule, last, timedelta(seconds=40)).time().isoformat()
    '22:59:40'
    >>> start_of(rule, last, timedelta(seconds=100)).time().isoformat()
    '22:59:50'

    To ask for the start that follows an instant, look from the instant less the delay on, or an
    occurrence whose delay still runs would be passed over.
    """
    while delay and not is_open(recurrence, occurrence + delay):
        delay = timedelta(seconds=delay.seconds // 2)
    return occurrence + delay


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("An instant carries its time zone: the one given is naive.")
    return moment.astimezone(UTC)
