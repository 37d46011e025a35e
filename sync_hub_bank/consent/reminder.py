# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""On how many calendar days before its end a consent is spoken of, each of them once."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

DEFAULT_DAYS = "14, 7, 1"
# No consent lasts longer than some years, and nobody plans that far ahead.
MOST_DAYS = 365


def parse_days(text: str) -> tuple[int, ...]:
    """The days of a list that somebody typed, the earliest reminder first; empty for no reminder.

    :raises ValueError: when something in it is no number of days from 1 to 365

    >>> parse_days("1, 7;14 7")
    (14, 7, 1)
    >>> parse_days("")
    ()
    """
    words = text.replace(",", " ").replace(";", " ").split()
    days = {int(word) for word in words}
    if not all(1 <= day <= MOST_DAYS for day in days):
        raise ValueError(text)
    return tuple(sorted(days, reverse=True))


def last_day(until: datetime, zone: ZoneInfo) -> date:
    """The calendar day on which a consent ends.

    :param until: aware instant of the end

    >>> from datetime import UTC
    >>> last_day(datetime(2026, 7, 14, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Rome")).isoformat()
    '2026-07-15'
    """
    return until.astimezone(zone).date()


def days_left(until: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Calendar days from today to the day of the end, by the clock of a zone; 0 on that day itself.

    :param until: aware instant of the end
    :param now: aware instant

    A day of 23 hours is a day:

    >>> from datetime import UTC
    >>> spring = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    >>> days_left(datetime(2026, 3, 29, 22, 30, tzinfo=UTC), spring, ZoneInfo("Europe/Rome"))
    1
    """
    return (last_day(until, zone) - last_day(now, zone)).days


def due_reminder(left: int, days: Collection[int], told: int | None) -> int | None:
    """The reminder that is due now, if one is.

    :param left: calendar days that are left
    :param days: on how many days before the end it is spoken of
    :param told: the last reminder that was given for this consent, None for none
    :return: the one to give and to remember; after a stop of the server the latest of those that were missed

    >>> due_reminder(15, (14, 7, 1), None)
    >>> due_reminder(14, (14, 7, 1), None), due_reminder(14, (14, 7, 1), 14), due_reminder(3, (14, 7, 1), 14)
    (14, None, 7)
    """
    reached = [day for day in days if left <= day]
    due = min(reached, default=None)
    return due if due is not None and (told is None or due < told) else None


def not_worth_telling(left: int, days: Collection[int]) -> int | None:
    """The reminder that a new consent is given already: who has just consented for ten days knows it.

    :param left: calendar days for which it was given

    >>> not_worth_telling(180, (14, 7, 1)), not_worth_telling(10, (14, 7, 1))
    (None, 14)
    """
    return min((day for day in days if left <= day), default=None)
