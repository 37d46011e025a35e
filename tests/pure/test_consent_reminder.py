# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A consent that ends is announced in time, by calendar days, and never twice."""

import doctest
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from odoo.addons.sync_hub_bank.consent import (
    DEFAULT_DAYS,
    days_left,
    due_reminder,
    last_day,
    not_worth_telling,
    parse_days,
    reminder,
)

DAYS = parse_days(DEFAULT_DAYS)


def test_the_examples_in_the_documentation_are_true():
    result = doctest.testmod(reminder)
    assert result.attempted and not result.failed


def test_fourteen_seven_and_one_day_before_unless_told_otherwise():
    assert DAYS == (14, 7, 1)


@pytest.mark.parametrize("text", ["0", "-1", "400", "a week", "7.5"])
def test_what_is_no_list_of_days_is_refused(text):
    with pytest.raises(ValueError):
        parse_days(text)


@pytest.mark.parametrize("missed", [set(), {14}, {7, 8, 9, 6}, {14, 13, 12, 11, 10, 9, 8, 7, 6}, {1}])
def test_each_reminder_comes_once_also_when_the_server_stood_still(missed):
    told, given = None, []
    for left in range(40, -1, -1):
        if left in missed:
            continue
        due = due_reminder(left, DAYS, told)
        if due is not None:
            given.append(due)
            told = due
    assert given == sorted(set(given), reverse=True)
    assert given[-1] == 1 and (14 in given) is not (missed >= {14, 13, 12, 11, 10, 9, 8, 7})


def test_after_a_long_stop_only_the_latest_of_the_missed_reminders_comes():
    assert due_reminder(0, DAYS, None) == 1
    assert due_reminder(0, DAYS, 1) is None


def test_a_consent_for_ten_days_is_not_announced_on_the_day_it_was_given():
    told = not_worth_telling(10, DAYS)
    assert due_reminder(10, DAYS, told) is None
    assert due_reminder(7, DAYS, told) == 7


def test_days_are_those_of_the_zone_and_not_of_utc():
    until = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)
    assert last_day(until, ZoneInfo("Europe/Rome")) - last_day(until, ZoneInfo("UTC")) == timedelta(days=1)
    now = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    assert days_left(until, now, ZoneInfo("Europe/Rome")) == 14
    assert days_left(until, now, ZoneInfo("Pacific/Auckland")) == 13


def test_without_days_nothing_is_ever_announced():
    assert due_reminder(0, parse_days(" "), None) is None
