# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is unusual enough to stop a connection until its responsible user has confirmed."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

# So many failed authorizations within this time.
MOST_FAILURES = 5
FAILURES_WITHIN = timedelta(hours=1)
# Networks that are remembered of one user; the oldest go.
MOST_NETWORKS = 50


class Unusual(StrEnum):
    """Why a connection is blocked. The values are stored: never rename one."""

    AUTHORIZATIONS = "authorizations"
    ADDRESS = "address"
    HOLDER = "holder"


def failures_since(now: datetime, confirmed_at: datetime | None) -> datetime:
    """From when on failed authorizations count: for an hour, but not those before somebody confirmed."""
    hour_ago = now - FAILURES_WITHIN
    return max(hour_ago, confirmed_at) if confirmed_at else hour_ago


def too_many_failures(failures: Iterable[datetime], now: datetime, confirmed_at: datetime | None) -> bool:
    """Whether authorizations failed so often that somebody may be trying what is not theirs.

    :param failures: when each of them failed
    :param confirmed_at: when the responsible user confirmed last
    """
    since = failures_since(now, confirmed_at)
    return sum(moment > since for moment in failures) >= MOST_FAILURES


def is_strange(network: str, known: Collection[str]) -> bool:
    """Whether a network was never seen, of somebody of whom others were.

    >>> is_strange("203.0.113.0/24", []), is_strange("203.0.113.0/24", ["198.51.100.0/24"]), is_strange("", ["x"])
    (False, True, False)
    """
    return bool(network and known) and network not in known


def remember(network: str, known: Collection[str]) -> list[str]:
    """The known networks with one more, the newest last.

    >>> remember("b", ["a", "b", "c"])
    ['a', 'c', 'b']
    """
    return [*(other for other in known if other != network), network][-MOST_NETWORKS:]
