# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages leave as fast as the provider of an account allows, and those that were put off leave later."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.sending import GIVE_UP_AFTER, Decision, Quota, after_refusal, free_now, next_departure

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clock:
    """Stands still until somebody waits."""

    def __init__(self, now: datetime = NOON):
        self.now = now

    def wait_until(self, moment: datetime) -> None:
        assert moment > self.now, "waiting for the past would go on for ever"
        self.now = moment


def send_all(quota: Quota, messages: list[str], clock: Clock, departed: list[datetime]) -> list[tuple[str, datetime]]:
    """As a worker does: as many as may leave, then it waits for the next moment."""
    left: list[tuple[str, datetime]] = []
    waiting = list(messages)
    while waiting:
        for _ in range(free_now(quota, departed, clock.now, len(waiting))):
            left.append((waiting.pop(0), clock.now))
            departed.append(clock.now)
        if waiting:
            clock.wait_until(next_departure(quota, departed, clock.now))
    return left


def most_in_any(window: timedelta, moments: list[datetime]) -> int:
    return max(sum(start <= moment < start + window for moment in moments) for start in moments)


def test_500_messages_at_20_per_minute_all_leave_once():
    names = [f"INV/2026/{number:05d}" for number in range(500)]
    left = send_all(Quota(per_minute=20), names, Clock(), [])
    assert [name for name, _moment in left] == names
    moments = [moment for _name, moment in left]
    assert most_in_any(timedelta(minutes=1), moments) == 20
    assert moments[-1] - moments[0] == timedelta(minutes=24)


@given(
    count=st.integers(1, 120),
    per_minute=st.none() | st.integers(1, 30),
    per_day=st.none() | st.integers(1, 60),
    before=st.lists(st.integers(0, 90_000), max_size=60),
)
def test_every_message_leaves_once_and_no_window_ever_holds_more_than_the_quota(count, per_minute, per_day, before):
    quota = Quota(per_minute, per_day)
    departed = [NOON - number * SECOND for number in before]
    names = [str(number) for number in range(count)]
    left = send_all(quota, names, Clock(), departed)
    assert [name for name, _moment in left] == names
    for limit, window in quota.windows:
        for _name, end in left:
            # Whenever one leaves, it is within the limit, whatever had left before.
            assert sum(end - window < moment <= end for moment in departed) <= limit


def test_a_message_frees_its_place_when_its_minute_is_over_and_not_before():
    quota = Quota(per_minute=1)
    assert next_departure(quota, [NOON], NOON + 20 * SECOND) == NOON + 60 * SECOND
    assert free_now(quota, [NOON], NOON + 59 * SECOND, 5) == 0
    assert free_now(quota, [NOON], NOON + 60 * SECOND, 5) == 1


def test_the_day_rolls_and_does_not_end_at_midnight():
    evening = datetime(2026, 5, 4, 23, 59, tzinfo=UTC)
    quota = Quota(per_day=100)
    assert free_now(quota, [evening] * 100, evening + timedelta(minutes=2), 100) == 0
    assert next_departure(quota, [evening] * 100, evening + timedelta(minutes=2)) == evening + timedelta(days=1)


def test_the_stricter_of_both_limits_counts():
    departed = [NOON - timedelta(hours=3)] * 95
    assert free_now(Quota(20, 100), departed, NOON, 500) == 5
    assert free_now(Quota(3, 100), departed, NOON, 500) == 3


def test_without_a_quota_all_leave_at_once():
    assert free_now(Quota(), [NOON] * 1000, NOON, 500) == 500
    assert next_departure(Quota(), [NOON] * 1000, NOON) == NOON


def test_more_than_the_quota_has_left_already_is_no_negative_number():
    assert free_now(Quota(per_minute=5), [NOON] * 9, NOON, 5) == 0


def test_a_message_of_a_host_whose_clock_is_ahead_counts():
    ahead = NOON + 5 * SECOND
    assert free_now(Quota(per_minute=1), [ahead], NOON, 1) == 0
    assert next_departure(Quota(per_minute=1), [ahead], NOON) == ahead + timedelta(minutes=1)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_quota_of_nothing_is_refused(limit):
    with pytest.raises(ValueError, match="at least one"):
        Quota(per_day=limit)


def refused(**more: object):
    return after_refusal(**{"temporary": True, "tries": 1, "first_try": NOON, "now": NOON} | more)


def test_a_permanent_no_is_not_tried_again():
    answer = refused(temporary=False)
    assert (answer.decision, answer.moment) == (Decision.GIVE_UP_REFUSED, None)


def test_a_temporary_no_is_tried_again_later_and_later():
    moments = [refused(tries=tries).moment - NOON for tries in (1, 2, 3)]
    assert moments == [timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=45)]


def test_many_that_were_put_off_together_do_not_come_back_together():
    assert refused(chance=0.0).moment < refused(chance=1.0).moment


def test_the_quota_is_kept_by_messages_that_are_tried_again():
    tomorrow = NOON + timedelta(days=1)
    assert refused(not_before=tomorrow).moment == tomorrow
    assert refused(not_before=NOON).moment == NOON + timedelta(minutes=5)


@given(chance=st.floats(0, 1))
def test_a_message_that_is_always_put_off_is_tried_for_days_and_then_given_up(chance):
    now, tries = NOON, 1
    while (answer := refused(now=now, tries=tries, chance=chance)).decision is Decision.TRY_AGAIN:
        assert answer.moment - now <= timedelta(hours=6) * 1.2
        now, tries = answer.moment, tries + 1
    assert (answer.decision, now) == (Decision.GIVE_UP_LATE, NOON + GIVE_UP_AFTER)
    assert GIVE_UP_AFTER.days >= 4
    assert 15 < tries < 50
