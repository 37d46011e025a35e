# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How often an accountant may press “Synchronize now”."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class PressQuota:
    """At most ``presses`` in any ``window``. It rolls: a day that ended at midnight would let twice as many through.

    :raises ValueError: for less than no press, or a window without length
    """

    presses: int
    window: timedelta = timedelta(hours=24)

    def __post_init__(self) -> None:
        if self.presses < 0 or self.window <= timedelta():
            raise ValueError("A quota is a number from 0 up, in a time that has a length.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``left``: presses that are possible now. ``next_at``: when the next one will be, None when it is now or never.

    ``counted``: the presses that count, oldest first; all others can be forgotten.
    """

    left: int
    next_at: datetime | None
    counted: tuple[datetime, ...]

    @property
    def allowed(self) -> bool:
        return self.left > 0


def look(quota: PressQuota, pressed: Iterable[datetime], now: datetime) -> Verdict:
    """Whether the button may be pressed now.

    :param pressed: aware moments, in any order; one after ``now`` (another host's clock is ahead) counts like any other
    :param now: aware

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> verdict = look(PressQuota(2, 4 * hour), [noon - 5 * hour, noon - 3 * hour, noon - hour], noon)
    >>> verdict.left, verdict.next_at == noon + hour
    (0, True)
    """
    counted = tuple(sorted(moment for moment in pressed if moment > now - quota.window))
    left = max(quota.presses - len(counted), 0)
    if left or not quota.presses:
        return Verdict(left, None, counted)
    # So many of the oldest must have gone before there is room for one.
    return Verdict(0, counted[len(counted) - quota.presses] + quota.window, counted)
