# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from .const import SHORTER_HISTORIES

_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?!\d)")
_DAYS = re.compile(r"\b(\d{1,4})[ -]days?\b", re.IGNORECASE)


def shorter_periods(said: Any, asked: date | None, today: date) -> Iterator[date]:
    """First days to try after a bank refused ``asked`` (None: all that it has), each later than the
    one before.

    :param said: ``detail`` of WRONG_TRANSACTIONS_PERIOD. It may name the first day allowed, as an
        object or in a sentence, or how many days are; then 89, 60 and 30 days are tried.

    >>> today = date(2026, 6, 30)
    >>> [str(day) for day in shorter_periods({"date_from": "2026-05-01"}, date(2025, 1, 1), today)]
    ['2026-05-01', '2026-05-31']
    >>> [str(day) for day in shorter_periods(None, None, today)]
    ['2026-04-02', '2026-05-01', '2026-05-31']
    """
    latest = asked or date.min
    for day in (
        *_named_days(said, latest, today),
        *(today - timedelta(days=days) for days in SHORTER_HISTORIES),
    ):
        if latest < day <= today:
            yield day
            latest = day


def _named_days(said: Any, asked: date, today: date) -> tuple[date, ...]:
    """The first day allowed, as far as ``said`` names it; nothing, or one day."""
    if isinstance(said, dict):
        named = next((said[name] for name in said if "from" in name.lower()), None)
        if named is not None:
            return _named_days(named, asked, today)
    if said is None:
        return ()
    text = str(said)
    days = [day for found in _DAY.findall(text) if (day := _day(found))]
    days += [today - timedelta(days=int(number)) for number in _DAYS.findall(text)]
    # A sentence may repeat the day that was asked, and name the last day too.
    return tuple(sorted(day for day in days if asked < day <= today)[:1])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
