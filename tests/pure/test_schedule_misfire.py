# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a late start is worth."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from odoo.addons.sync_hub.schedule import (
    MisfirePolicy,
    Recurrence,
    Unit,
    Verdict,
    Window,
    misfire,
)

JOB = Recurrence(10, Unit.MINUTES, "UTC", window=Window(time(6), time(23)))
DUE = datetime(2026, 5, 4, 6, tzinfo=UTC)
GRACE = timedelta(minutes=2)


def decide(now, policy=MisfirePolicy.RUN_ONCE, recurrence=JOB, due=DUE):
    return misfire(policy, recurrence, due, now, GRACE)


@pytest.mark.parametrize("policy", MisfirePolicy)
def test_before_it_is_due_nothing_runs_and_the_due_time_stays(policy):
    decision = decide(DUE - timedelta(seconds=1), policy)
    assert (decision.verdict, decision.run, decision.missed) == (Verdict.EARLY, False, 0)
    assert decision.next_due == DUE


@pytest.mark.parametrize("policy", MisfirePolicy)
@pytest.mark.parametrize("lateness", [timedelta(0), GRACE])
def test_within_the_grace_it_runs_as_if_on_time(policy, lateness):
    decision = decide(DUE + lateness, policy)
    assert (decision.verdict, decision.run, decision.missed) == (Verdict.ON_TIME, True, 0)
    assert decision.next_due == DUE.replace(minute=10)


def test_after_three_hours_without_a_server_a_ten_minute_job_runs_exactly_once():
    decision = decide(DUE.replace(hour=9, minute=5))
    assert (decision.verdict, decision.run, decision.missed) == (Verdict.CATCH_UP, True, 18)
    assert decision.next_due == DUE.replace(hour=9, minute=10)
    assert not decide(DUE.replace(hour=9, minute=6), due=decision.next_due).run


def test_the_policy_skip_lets_late_occurrences_go():
    decision = decide(DUE.replace(hour=9, minute=5), MisfirePolicy.SKIP)
    assert (decision.verdict, decision.run, decision.missed) == (Verdict.SKIPPED, False, 19)
    assert decision.next_due == DUE.replace(hour=9, minute=10)


@pytest.mark.parametrize("policy", MisfirePolicy)
@pytest.mark.parametrize("seconds", [0, 30, 120])
def test_an_occurrence_that_is_just_now_is_on_time_whatever_was_missed_before(policy, seconds):
    decision = decide(DUE.replace(hour=9) + timedelta(seconds=seconds), policy)
    assert (decision.verdict, decision.run, decision.missed) == (Verdict.ON_TIME, True, 18)


@pytest.mark.parametrize(
    ("due", "now", "next_due"),
    [
        # Night: the window is closed until six.
        ((4, 22, 50), (5, 3, 0), (5, 6, 0)),
        ((4, 22, 0), (4, 23, 0), (5, 6, 0)),
    ],
)
def test_a_late_run_waits_for_the_window_to_open(due, now, next_due):
    due, now, next_due = (datetime(2026, 5, *parts, tzinfo=UTC) for parts in (due, now, next_due))
    decision = decide(now, due=due)
    assert (decision.verdict, decision.run) == (Verdict.CLOSED, False)
    assert decision.next_due == next_due


def test_a_late_run_never_falls_on_an_unticked_weekday():
    friday = Recurrence(1, Unit.DAYS, "UTC", time(20), weekdays=frozenset(range(5)))
    due = datetime(2026, 5, 8, 20, tzinfo=UTC)
    assert decide(due.replace(hour=23), recurrence=friday, due=due).verdict is Verdict.CATCH_UP
    saturday = decide(due.replace(day=9), recurrence=friday, due=due)
    assert saturday.verdict is Verdict.CLOSED
    assert saturday.next_due == due.replace(day=11)


def test_a_fortnightly_run_is_caught_up_in_the_week_between():
    rule = Recurrence(2, Unit.WEEKS, "UTC", weekdays=frozenset({0, 1}), anchor_date=DUE.date())
    due = datetime(2026, 5, 5, tzinfo=UTC)
    decision = decide(datetime(2026, 5, 11, 8, tzinfo=UTC), recurrence=rule, due=due)
    assert (decision.verdict, decision.missed) == (Verdict.CATCH_UP, 0)
    assert decision.next_due.date() == date(2026, 5, 18)
