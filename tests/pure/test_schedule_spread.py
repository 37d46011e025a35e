# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A thousand schedules of one rule do not start in the same second."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.schedule import Recurrence, Unit, Window, is_open, jitter, spread, start_of


@given(seed=st.text(), spread_seconds=st.integers(0, 86400))
def test_a_schedule_starts_up_to_the_spread_later_and_always_by_the_same_delay(
    seed, spread_seconds
):
    delay = jitter(seed, spread_seconds)
    assert timedelta(0) <= delay < timedelta(seconds=max(spread_seconds, 1))
    assert delay.microseconds == 0
    assert jitter(seed, spread_seconds) == delay


def test_another_process_gives_the_same_delay():
    code = (
        f"import runpy; print(runpy.run_path({spread.__file__!r})['jitter']('s,1', 9999).seconds)"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed},
            cwd=Path(spread.__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }
    assert answers == {str(jitter("s,1", 9999).seconds)}


def test_a_thousand_schedules_are_spread_evenly_over_five_minutes():
    per_minute = Counter(jitter(f"sync.schedule,{n}", 300).seconds // 60 for n in range(1000))
    assert set(per_minute) == set(range(5))
    # 200 each with a standard deviation of 13.
    assert max(per_minute.values()) < 260


@given(minutes=st.integers(0, 1439), length=st.integers(1, 1440), seconds=st.integers(0, 119))
def test_the_delay_never_leaves_the_hours_and_days(minutes, length, seconds):
    opens, closes = (time(*divmod(minute % 1440, 60)) for minute in (minutes, minutes + length))
    rule = Recurrence(1, Unit.DAYS, "UTC", window=Window(opens, closes), weekdays=frozenset({0}))
    monday = datetime(2026, 5, 4, tzinfo=UTC)
    delay = timedelta(seconds=seconds)
    # The first and the last minute of the opening.
    for minute in (minutes, minutes + length - 1):
        occurrence = monday + timedelta(minutes=minute)
        start = start_of(rule, occurrence, delay)
        assert occurrence <= start <= occurrence + delay
        assert is_open(rule, start)
        if is_open(rule, occurrence + delay):
            assert start == occurrence + delay


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match="0 seconds or more"):
        jitter("s", -1)
