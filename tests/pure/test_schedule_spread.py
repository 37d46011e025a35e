# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A thousand schedules of one rule do not start in the same second."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.schedule import jitter, spread, with_jitter

SIX = datetime(2026, 5, 4, 6, tzinfo=UTC)


@given(seed=st.text(), spread_seconds=st.integers(0, 86400))
def test_a_schedule_starts_up_to_the_spread_later_and_always_by_the_same_delay(
    seed, spread_seconds
):
    delay = jitter(seed, spread_seconds)
    assert timedelta(0) <= delay < timedelta(seconds=max(spread_seconds, 1))
    assert delay.microseconds == 0
    assert with_jitter(SIX, seed, spread_seconds) == SIX + delay
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


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match="0 seconds or more"):
        jitter("s", -1)
