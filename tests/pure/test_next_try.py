# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a synchronization that failed for a passing reason is tried again."""

import doctest
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import next_try as exported
from odoo.addons.sync_hub.faults.next_try import LONGEST_WAIT, SPREAD, next_try, wait

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FAILURES = st.integers(1, 10**6)
CHANCE = st.floats(0, 1)


def test_the_examples_in_the_documentation_hold() -> None:
    import sys

    failed, tried = doctest.testmod(sys.modules["odoo.addons.sync_hub.faults.next_try"])
    assert (failed, tried > 4) == (0, True)
    assert exported is next_try


@given(failures=FAILURES, chance=CHANCE)
def test_a_wait_is_never_longer_than_the_cap_nor_shorter_than_the_first_by_more_than_the_spread(
    failures: int, chance: float
) -> None:
    assert timedelta(minutes=4) <= wait(failures, chance) <= LONGEST_WAIT * (1 + SPREAD)


@given(failures=FAILURES, chance=CHANCE)
def test_the_longer_it_lasts_the_less_often_it_is_tried(failures: int, chance: float) -> None:
    assert wait(failures, chance) <= wait(failures + 1, chance)


@given(failures=FAILURES, low=CHANCE, high=CHANCE)
def test_two_that_failed_together_come_back_at_moments_of_their_own(failures: int, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert wait(failures, low) <= wait(failures, high)
    assert wait(failures, 1.0) - wait(failures, 0.0) == wait(failures, 0.5) * 2 * SPREAD


@given(failures=FAILURES, chance=CHANCE, hours=st.integers(0, 1000))
def test_a_pause_that_the_other_side_asked_for_is_never_cut_short(failures: int, chance: float, hours: int) -> None:
    pause = NOON + timedelta(hours=hours)
    moment = next_try(failures, NOON, not_before=pause, chance=chance)
    assert moment >= pause
    assert moment >= NOON + wait(failures, chance) or moment <= pause + timedelta(minutes=5)


def test_a_pause_that_is_over_before_the_next_try_changes_nothing() -> None:
    soon = NOON + timedelta(minutes=1)
    assert next_try(1, NOON, not_before=soon) == next_try(1, NOON) == NOON + timedelta(minutes=5)


def test_without_a_failure_there_is_nothing_to_wait_for() -> None:
    with pytest.raises(ValueError, match="Nothing has failed"):
        wait(0)
