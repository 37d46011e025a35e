# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

# Rows that a bank books late, with an older date, come within days; the longest seen is a week and a holiday.
OVERLAP = timedelta(days=10)
_DAY = timedelta(days=1)


def first_day(last_transaction: date | None, lock_date: date | None, chosen: date | None) -> date | None:
    """First day that a new connection books; None: as far back as the bank goes.

    The day after the journal's last transaction, never on or before the lock date, never before the day that the
    user chose.

    >>> first_day(date(2022, 12, 31), None, None)
    datetime.date(2023, 1, 1)
    >>> first_day(None, None, None)
    >>> first_day(date(2022, 12, 31), date(2023, 6, 30), date(2023, 3, 1))
    datetime.date(2023, 7, 1)
    """
    days = [day + _DAY for day in (last_transaction, lock_date) if day]
    if chosen:
        days.append(chosen)
    return max(days, default=None)


def fetch_from(
    first: date | None, complete_until: date | None, oldest_pending: date | None, *, overlap: timedelta = OVERLAP
) -> date | None:
    """First day to ask the bank for; None: as far back as it goes.

    :param first: first day that the connection books
    :param complete_until: day of the last fetch that was complete; a failed one does not move it
    :param oldest_pending: booking date of the oldest pending row that is waited for

    >>> fetch_from(date(2026, 1, 1), None, None)
    datetime.date(2026, 1, 1)
    >>> fetch_from(date(2026, 1, 1), date(2026, 6, 30), None)
    datetime.date(2026, 6, 20)
    >>> fetch_from(date(2026, 6, 25), date(2026, 6, 30), date(2026, 6, 2))
    datetime.date(2026, 6, 25)
    >>> fetch_from(None, date(2026, 6, 30), date(2026, 6, 2))
    datetime.date(2026, 6, 2)
    """
    if complete_until is None:
        return first
    day = complete_until - overlap
    if oldest_pending:
        # Banks let a pending row go after two weeks at most; one that is forgotten does not widen every fetch.
        day = min(day, max(oldest_pending, complete_until - 3 * overlap))
    return max(day, first) if first else day
