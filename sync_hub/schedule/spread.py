# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeps many schedules of the same rule from starting in the same second."""

from datetime import timedelta
from hashlib import sha256


def jitter(seed: str, spread_seconds: int) -> timedelta:
    """The delay of one schedule: whole seconds from 0 to below ``spread_seconds``.

    The same seed always gives the same delay, in every process and after every restart (Python's
    ``hash`` would not), so that a schedule keeps its distance from one occurrence to the next.

    :param seed: what names the schedule for good, e.g. ``"sync.schedule,42"``
    :raises ValueError: for a negative spread

    >>> jitter("sync.schedule,42", 300) == jitter("sync.schedule,42", 300)
    True
    >>> jitter("sync.schedule,42", 0)
    datetime.timedelta(0)
    """
    if spread_seconds < 0:
        raise ValueError("A spread is 0 seconds or more.")
    if not spread_seconds:
        return timedelta(0)
    drawn = int.from_bytes(sha256(seed.encode()).digest()[:8], "big")
    return timedelta(seconds=drawn % spread_seconds)
