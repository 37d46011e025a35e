# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long Sync Hub waits before it tries again."""

import doctest
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.transport import RetryPolicy, retry
from odoo.addons.sync_hub.transport.retry import parse_retry_after

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


def test_the_examples_in_the_documentation_hold() -> None:
    failed, tried = doctest.testmod(retry)
    assert (failed, tried > 3) == (0, True)


@given(
    made=st.integers(1, 60),
    drawn=st.floats(0, 1),
    remaining=st.floats(0, 1000),
    asked=st.none() | st.floats(0, 1000),
)
def test_a_wait_never_exceeds_the_cap_nor_the_budget(
    made: int, drawn: float, remaining: float, asked: float | None
) -> None:
    policy = RetryPolicy(tries=40, base=0.5, cap=20.0, random=lambda: drawn)
    wait = policy.pause(made, remaining=remaining, retry_after=asked)
    if wait is not None:
        assert 0 <= wait <= 20.0
        assert wait < remaining
        assert made < 40


def test_the_waits_grow_to_the_cap_and_are_drawn_anew_each_time() -> None:
    drawn = iter([1.0, 0.5, 1.0, 1.0, 0.0])
    policy = RetryPolicy(tries=9, base=2.0, cap=10.0, random=lambda: next(drawn))
    assert [policy.pause(made) for made in range(1, 6)] == [2.0, 2.0, 8.0, 10.0, 0.0]


def test_the_last_try_is_the_last() -> None:
    policy = RetryPolicy(tries=2, random=lambda: 0.0)
    assert policy.pause(1) == 0.0
    assert policy.pause(2) is None
    assert policy.pause(2, retry_after=0.0) is None


def test_a_wish_of_the_other_side_is_kept_to_the_second_or_not_at_all() -> None:
    policy = RetryPolicy(tries=5, cap=20.0, random=lambda: 0.0)
    assert policy.pause(1, retry_after=20.0) == 20.0
    assert policy.pause(1, retry_after=20.1) is None
    assert policy.pause(1, retry_after=5.0, remaining=4.0) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 30 ", 30.0),
        ("Wed, 03 Jun 2026 12:01:00 GMT", 60.0),
        ("Wed, 03 Jun 2026 14:01:00 +0200", 60.0),
        ("Wed, 03 Jun 2020 12:00:00 GMT", 0.0),
        ("9" * 400, 366 * 86400.0),
        ("Wed, 03 Jun 9999 12:00:00 GMT", 366 * 86400.0),
        ("", None),
        (None, None),
        ("-5", None),
        ("later", None),
        ("٣", None),
    ],
)
def test_both_forms_of_retry_after_are_understood(
    header: str | None, seconds: float | None
) -> None:
    assert parse_retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_text_breaks_the_reading(header: str) -> None:
    seconds = parse_retry_after(header, NOW)
    assert seconds is None or NOW + timedelta(seconds=seconds) >= NOW
