# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How fast a run goes on, and how long it will still take."""

import doctest
import sys

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.progress import Pace, pace


def test_the_examples_in_the_documentation_hold() -> None:
    failed, tried = doctest.testmod(sys.modules["odoo.addons.sync_hub.progress.pace"])
    assert (failed, tried > 2) == (0, True)


@given(done=st.integers(1, 10**6), more=st.integers(0, 10**6), seconds=st.floats(0.001, 10**6))
def test_what_is_left_takes_as_long_a_row_as_what_is_done(done: int, more: int, seconds: float) -> None:
    left = pace(done, done + more, seconds).seconds_left
    assert abs(left - seconds * more / done) <= 1 + 1e-6 * left


@given(total=st.integers(0, 10**6), seconds=st.floats(0, 10**6))
def test_before_the_first_row_nothing_is_promised(total: int, seconds: float) -> None:
    assert pace(0, total, seconds) == Pace()


@given(done=st.integers(1, 10**6), seconds=st.floats(0.001, 10**6))
def test_when_all_is_done_no_time_is_left(done: int, seconds: float) -> None:
    assert pace(done, done, seconds).seconds_left == 0
