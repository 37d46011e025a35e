# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Longer waits are nonsense that would only overflow date arithmetic.
_LONGEST_WAIT = 366 * 86400.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to try, and how long to wait in between: capped exponential backoff with full
    jitter.

    :param tries: how many tries in all, the first included
    :param base: upper limit of the first wait, in seconds; it doubles with each try
    :param cap: longest wait in seconds, also for a wait that the other side asks for
    :param random: a number from 0 to 1; replaced in tests
    :param sleep: waits that many seconds; replaced in tests

    >>> policy = RetryPolicy(tries=4, base=1.0, cap=3.0, random=lambda: 1.0)
    >>> [policy.pause(made) for made in (1, 2, 3, 4)]
    [1.0, 2.0, 3.0, None]

    The other side's own wish counts more than ours, unless it is more than we may wait:

    >>> policy.pause(1, retry_after=2.5), policy.pause(1, retry_after=60.0)
    (2.5, None)
    >>> policy.pause(1, remaining=0.5) is None
    True
    """

    tries: int = 3
    base: float = 0.5
    cap: float = 20.0
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep

    def pause(
        self, tries_made: int, *, remaining: float = math.inf, retry_after: float | None = None
    ) -> float | None:
        """Seconds to wait before the next try, or None when there shall be none.

        :param tries_made: how many tries have failed so far, at least 1
        :param remaining: seconds left of the whole budget
        :param retry_after: seconds that the other side asked to wait, if it did
        """
        if tries_made >= self.tries:
            return None
        if retry_after is None:
            # Full jitter: many databases that failed together do not come back together.
            wait = self.random() * min(self.cap, self.base * 2 ** (tries_made - 1))
        elif retry_after <= self.cap:
            wait = retry_after
        else:
            return None
        return wait if wait < remaining else None


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks to wait from ``now`` (aware), or None when it says
    nothing.

    Both forms of RFC 9110, section 10.2.3, are understood. A moment in the past is 0.

    >>> now = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
    >>> parse_retry_after("120", now), parse_retry_after("Wed, 03 Jun 2026 12:00:30 GMT", now)
    (120.0, 30.0)
    >>> parse_retry_after("soon", now) is None
    True
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        # Not float(text) of any length: a header of a thousand digits would be infinity.
        return min(float(text[:12]), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_WAIT)
