# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta
from enum import StrEnum


class StatementPeriod(StrEnum):
    """How a journal's lines are gathered into statements. The values are stored: never rename one."""

    NONE = "none"
    FETCH = "fetch"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def period_key(period: StatementPeriod, day: date, fetch: str) -> str:
    """Key of the statement that a line of that day belongs to; empty for none. Keys of one kind sort by time.

    >>> period_key(StatementPeriod.MONTH, date(2026, 6, 17), "SH-1")
    'month 2026-06-01'
    >>> period_key(StatementPeriod.WEEK, date(2026, 6, 17), "SH-1")
    'week 2026-06-15'
    >>> period_key(StatementPeriod.FETCH, date(2026, 6, 17), "SH-1")
    'fetch SH-1'
    """
    match period:
        case StatementPeriod.NONE:
            return ""
        case StatementPeriod.FETCH:
            return f"fetch {fetch}"
        case StatementPeriod.DAY:
            first = day
        case StatementPeriod.WEEK:
            first = day - timedelta(days=day.weekday())
        case StatementPeriod.MONTH:
            first = day.replace(day=1)
    return f"{period} {first.isoformat()}"
