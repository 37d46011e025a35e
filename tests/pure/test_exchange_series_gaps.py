# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Missing numbers of a series are told as ranges; what is used or void is not missing."""

import multiprocessing
import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.series import NumberRange, Used, due_on, gap_report

NUMBERS = st.integers(1, 60)
RANGES = st.tuples(NUMBERS, st.integers(0, 12)).map(lambda pair: NumberRange(pair[0], sum(pair)))


def spread(ranges):
    return {number for numbers in ranges for number in range(numbers.first, numbers.last + 1)}


@given(
    st.lists(NUMBERS, max_size=40).map(sorted),
    st.lists(RANGES, max_size=6),
    st.integers(1, 20),
    st.none() | st.integers(20, 80),
)
def test_every_number_is_used_void_or_missing(used, void, first, last):
    report = gap_report(map(Used, used), void, first, last)
    declared = spread(void)
    end = last if last is not None else max([first - 1, *used, *declared])
    asked = set(range(first, end + 1))
    have = asked & set(used)
    assert spread(gap.numbers for gap in report.gaps) == asked - have - declared
    assert report.missing == len(asked - have - declared)
    assert report.used == len(have)
    assert report.void == len(asked & declared - have)
    assert spread(report.contradicted) == have & declared
    assert report.repeated == sum(number in asked for number in used) - len(have)


@given(st.lists(NUMBERS, max_size=40).map(sorted), st.lists(RANGES, max_size=6))
def test_gaps_ascend_and_are_as_few_as_possible(used, void):
    gaps = [gap.numbers for gap in gap_report(map(Used, used), void, 1, 80).gaps]
    for one, two in pairwise(gaps):
        assert one.last + 1 < two.first


@given(st.lists(RANGES, max_size=6), st.randoms())
def test_the_order_in_which_numbers_were_declared_void_does_not_matter(void, random):
    shuffled = random.sample(void, len(void))
    assert gap_report([Used(30)], void) == gap_report([Used(30)], shuffled)


def test_a_gap_is_due_in_the_month_after_the_document_that_shows_it():
    used = [Used(1, date(2026, 4, 2)), Used(5, date(2026, 4, 30)), Used(7, date(2026, 12, 1)), Used(9)]
    gaps = gap_report(used, last=12, gap_day=10).gaps
    assert [(gap.numbers.first, gap.noticed_on, gap.due_on) for gap in gaps] == [
        (2, date(2026, 4, 30), date(2026, 5, 10)),
        (6, date(2026, 12, 1), date(2027, 1, 10)),
        (8, None, None),
        (10, None, None),
    ]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 28))
def test_the_due_day_is_in_the_next_month(noticed, day):
    due = due_on(noticed, day)
    assert due.day == day
    assert due.replace(day=1) == (noticed.replace(day=1) + timedelta(days=31)).replace(day=1)


def test_numbers_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="Number 2 comes after 3"):
        gap_report([Used(3), Used(2)])


def test_nothing_used_and_nothing_void_has_no_gaps():
    report = gap_report([])
    assert (report.gaps, report.used, report.missing) == ((), 0, 0)


def test_a_million_numbers_are_read_in_seconds_and_not_kept():
    # A process of its own: what threads of other tests allocate meanwhile is not counted.
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as alone:
        found, peak, spent = alone.submit(_read_a_million).result()
    assert found == (1000, 2000, 1000)
    assert peak < 5_000_000
    assert spent < 60


def _read_a_million() -> tuple[tuple[int, int, int], int, float]:
    """Numbers of gaps, of void numbers and of missing ones; peak memory in bytes; seconds of computing."""
    void = [NumberRange(number, number + 1) for number in range(5, 1_000_000, 1000)]
    used = (Used(number) for number in range(1, 1_000_001) if number % 1000 not in (5, 6, 500))
    tracemalloc.start()
    began = time.process_time()
    report = gap_report(used, void, last=1_000_000)
    spent = time.process_time() - began
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (len(report.gaps), report.void, report.missing), peak, spent
