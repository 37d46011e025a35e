# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many messages a mail account may send, and when the next one may leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many messages in any minute, and in any 24 hours; None: as many as one likes.

    Windows roll: providers count back from each message, and "a day" that ended at midnight would let twice as many
    leave around it.

    :raises ValueError: for a limit below 1
    """

    per_minute: int | None = None
    per_day: int | None = None

    def __post_init__(self) -> None:
        if any(limit is not None and limit < 1 for limit in (self.per_minute, self.per_day)):
            raise ValueError("A quota lets at least one message leave.")

    @property
    def windows(self) -> tuple[tuple[int, timedelta], ...]:
        """Each limit with the time over which it counts."""
        limits = ((self.per_minute, MINUTE), (self.per_day, DAY))
        return tuple((limit, window) for limit, window in limits if limit is not None)


def next_departure(quota: Quota, departed: Sequence[datetime], now: datetime) -> datetime:
    """When the next message may leave: ``now``, or a later moment.

    :param departed: aware moments at which messages left, in any order, of the last 24 hours at least. One after
        ``now`` (another host's clock is ahead) counts like any other
    :param now: aware

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    >>> next_departure(Quota(per_minute=2), [noon - timedelta(seconds=50), noon - timedelta(seconds=10)], noon)
    datetime.datetime(2026, 5, 4, 12, 0, 10, tzinfo=datetime.timezone.utc)
    >>> next_departure(Quota(per_minute=3), [noon - timedelta(seconds=50), noon - timedelta(seconds=10)], noon) == noon
    True
    """
    latest = sorted(departed, reverse=True)
    moments = [latest[limit - 1] + window for limit, window in quota.windows if len(latest) >= limit]
    return max([now, *moments])


def free_now(quota: Quota, departed: Sequence[datetime], now: datetime, waiting: int) -> int:
    """How many of ``waiting`` messages may leave at once.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    >>> free_now(Quota(per_minute=20, per_day=500), [noon - timedelta(seconds=30)] * 5, noon, 500)
    15
    """
    free = waiting
    for limit, window in quota.windows:
        free = min(free, limit - sum(moment > now - window for moment in departed))
    return max(free, 0)
