# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What to do with a start that comes late: after a stop of the server, a long run, a pause."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .arithmetic import is_open, missed, next_occurrence, start_of
from .recurrence import Recurrence

_MOMENT = timedelta(microseconds=1)


class MisfirePolicy(StrEnum):
    """What late occurrences are worth. The values are stored: never rename one.

    There is no policy that runs each missed occurrence: a synchronization fetches everything
    since the last good one, so a second run in a row would find nothing.
    """

    SKIP = "skip"  # nothing: wait for the next occurrence
    RUN_ONCE = "run_once"  # one run for all of them together


class Verdict(StrEnum):
    """Why a schedule runs now, or does not."""

    EARLY = "early"  # not due yet
    ON_TIME = "on_time"
    CATCH_UP = "catch_up"  # late: one run for all that were missed
    SKIPPED = "skipped"  # late, and the policy says to let it go
    CLOSED = "closed"  # late, and outside the window or on an unticked weekday by now


@dataclass(frozen=True, slots=True)
class Misfire:
    """The decision.

    :param verdict: why
    :param missed: occurrences that passed without a run of their own, up to ``MISSED_LIMIT``
    :param next_due: instant (UTC) at which the schedule is due next
    """

    verdict: Verdict
    missed: int
    next_due: datetime

    @property
    def run(self) -> bool:
        """Whether to run now."""
        return self.verdict in (Verdict.ON_TIME, Verdict.CATCH_UP)


def misfire(
    policy: MisfirePolicy,
    recurrence: Recurrence,
    due: datetime,
    now: datetime,
    grace: timedelta,
    delay: timedelta = timedelta(0),
) -> Misfire:
    """Decide about a schedule that was due at ``due`` and is looked at ``now``.

    :param due: instant (UTC) at which it was due, delay included
    :param now: aware instant
    :param grace: lateness up to which a start counts as on time
    :param delay: by how much the schedule starts later than its occurrences

    A job of every 10 minutes after three hours without a server runs exactly once by default:

    >>> from datetime import UTC, time
    >>> from odoo.addons.sync_hub.schedule import Recurrence, Unit, Window
    >>> job = Recurrence(10, Unit.MINUTES, "UTC", window=Window(time(6), time(23)))
    >>> due, minute = datetime(2026, 5, 4, 6, tzinfo=UTC), timedelta(minutes=1)
    >>> decision = misfire(MisfirePolicy.RUN_ONCE, job, due, due.replace(hour=9, minute=5), minute)
    >>> decision.run, decision.missed, decision.next_due.strftime("%H:%M")
    (True, 18, '09:10')

    A later occurrence may be on time although the one that was due is not: this is no misfire of
    its own, whatever the policy says.

    >>> misfire(MisfirePolicy.SKIP, job, due, due.replace(hour=9), minute).verdict
    <Verdict.ON_TIME: 'on_time'>

    An automatic run never starts outside the window, not even to catch up:

    >>> misfire(MisfirePolicy.RUN_ONCE, job, due, due.replace(hour=23, minute=5), minute).verdict
    <Verdict.CLOSED: 'closed'>

    A delay makes no start late, and keeps no window open:

    >>> two = timedelta(minutes=2)
    >>> misfire(MisfirePolicy.RUN_ONCE, job, due, due.replace(hour=23, minute=1), minute, two).verdict
    <Verdict.CLOSED: 'closed'>
    """
    if now < due:
        return Misfire(Verdict.EARLY, 0, due)
    # The arithmetic knows occurrences, not by how much the schedule keeps away from them.
    moment = now - delay
    in_time_since = moment - grace
    if due >= now - grace or next_occurrence(recurrence, in_time_since - _MOMENT) <= moment:
        verdict = Verdict.ON_TIME
    elif policy == MisfirePolicy.SKIP:
        verdict = Verdict.SKIPPED
    elif is_open(recurrence, now):
        verdict = Verdict.CATCH_UP
    else:
        verdict = Verdict.CLOSED
    passed = 1 + missed(recurrence, due - delay, moment)
    runs = verdict in (Verdict.ON_TIME, Verdict.CATCH_UP)
    next_due = start_of(recurrence, next_occurrence(recurrence, moment), delay)
    return Misfire(verdict, passed - runs, next_due)
