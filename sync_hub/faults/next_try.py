# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a synchronization that failed for a passing reason is tried again by itself."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=5)
# Each wait is so many times the one before.
FACTOR = 3
# Longest wait, before it is spread.
LONGEST_WAIT = timedelta(hours=6)
# Part of a wait by which it may be shorter or longer, so that many that failed together do not come back together.
SPREAD = 0.2
# A moment that the other side named for everybody is met within this time after it, never before.
AFTER_PAUSE = timedelta(minutes=5)


def wait(failures: int, chance: float = 0.5) -> timedelta:
    """How long to wait after so many failures in a row.

    :param failures: at least 1
    :param chance: a number from 0 to 1, drawn anew each time; the default is the middle of the spread

    >>> [str(wait(failures)) for failures in range(1, 7)]
    ['0:05:00', '0:15:00', '0:45:00', '2:15:00', '6:00:00', '6:00:00']
    >>> str(wait(1, chance=0.0)), str(wait(1, chance=1.0))
    ('0:04:00', '0:06:00')
    """
    if failures < 1:
        raise ValueError("Nothing has failed yet.")
    steps = 0
    length = FIRST_WAIT
    # Counted up: a power of many failures would overflow before it is cut.
    while length < LONGEST_WAIT and steps < failures - 1:
        length *= FACTOR
        steps += 1
    return min(length, LONGEST_WAIT) * (1 + SPREAD * (2 * chance - 1))


def next_try(
    failures: int, now: datetime, *, not_before: datetime | None = None, chance: float = 0.5
) -> datetime:
    """When to try again after so many failures in a row.

    :param now: when the last try failed, and ``not_before`` with it: both aware or both naive
    :param not_before: moment before which the other side wants no call, if it named one
    :param chance: see :func:`wait`

    >>> noon = datetime(2026, 5, 4, 12, 0)
    >>> next_try(2, noon).time().isoformat()
    '12:15:00'

    The other side's own wish comes before ours, but not all at its very moment:

    >>> next_try(1, noon, not_before=datetime(2026, 5, 5), chance=0.5).isoformat()
    '2026-05-05T00:02:30'
    """
    moment = now + wait(failures, chance)
    if not_before and not_before > moment:
        moment = not_before + AFTER_PAUSE * chance
    return moment
