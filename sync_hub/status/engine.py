# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the engine stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Odoo looks for work once a minute, a worker may be busy with a slice of ten seconds or with one long answer of a bank.
# What is later than this is late.
GRACE = timedelta(minutes=5)


class EngineState(StrEnum):
    RUNNING = "running"
    LATE = "late"
    OFF = "off"
    FAILING = "failing"


class Part(StrEnum):
    """What of the engine a state is about: all of it, what single connections wait for, or what it does beside."""

    ENGINE = "engine"
    SCHEDULES = "schedules"
    HELPERS = "helpers"


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What is known of the engine. Instants are aware.

    ``heartbeat``: when a worker last looked at the queue, None before the first time.
    ``interval``: how often the queue's scheduled action runs; ``due``: when it was to run next.
    ``active``, ``failures``: of the queue's scheduled action: whether it is switched on, and its failures in a row.
    ``overdue``: the oldest planned run of a schedule that has not begun, None when there is none in the past.
    ``waiting``: since when the queue's oldest connection waits for a worker, None when none waits.
    ``switched_off``, ``failing``: how many schedules that are on have an action that is off, or one that fails.
    ``helpers_off``, ``helpers_failing``: how many of the actions that alert, mail and seal are off, or fail.
    """

    now: datetime
    interval: timedelta
    due: datetime
    active: bool = True
    heartbeat: datetime | None = None
    failures: int = 0
    overdue: datetime | None = None
    waiting: datetime | None = None
    switched_off: int = 0
    failing: int = 0
    helpers_off: int = 0
    helpers_failing: int = 0


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``late_minutes``: whole minutes, 0 unless late."""

    state: EngineState
    late_minutes: int = 0
    part: Part = Part.ENGINE


def engine_status(facts: EngineFacts) -> EngineStatus:
    """How the engine stands: what stops everything first, then what stops some schedules, then the rest.

    A worker may look at the queue every minute and yet nothing be done, where the work is handed to others: so a
    connection that waits makes it late too.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> five = timedelta(minutes=5)
    >>> engine_status(EngineFacts(now=noon, interval=five, due=noon, heartbeat=noon - five)).state
    <EngineState.RUNNING: 'running'>
    >>> engine_status(EngineFacts(now=noon, interval=five, due=noon, heartbeat=noon - 6 * five)).late_minutes
    25
    """
    if not facts.active:
        return EngineStatus(EngineState.OFF)
    if facts.failures:
        return EngineStatus(EngineState.FAILING)
    expected = facts.heartbeat + facts.interval if facts.heartbeat else facts.due
    oldest = min(filter(None, (facts.overdue, facts.waiting)), default=None)
    for moment, part in ((expected, Part.ENGINE), (oldest, Part.SCHEDULES)):
        if moment and facts.now - moment > GRACE:
            return EngineStatus(EngineState.LATE, int((facts.now - moment).total_seconds() // 60), part)
    for state, number, part in (
        (EngineState.FAILING, facts.failing, Part.SCHEDULES),
        (EngineState.OFF, facts.switched_off, Part.SCHEDULES),
        (EngineState.FAILING, facts.helpers_failing, Part.HELPERS),
        (EngineState.OFF, facts.helpers_off, Part.HELPERS),
    ):
        if number:
            return EngineStatus(state, part=part)
    return EngineStatus(EngineState.RUNNING)
