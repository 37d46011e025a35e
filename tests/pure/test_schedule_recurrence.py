# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A rule that says nothing or contradicts itself is refused when it is written, in a sentence."""

from datetime import UTC, date, time

import pytest
from odoo.addons.sync_hub.schedule import Recurrence, RecurrenceError, Refusal, Unit, Window

MONDAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"weekdays": frozenset()}, "No weekday is ticked"),
        ({"weekdays": frozenset({7})}, "from 0 .Monday. to 6 .Sunday."),
        ({"interval": 0}, "between 1 and 1440, not 0"),
        ({"interval": 1441}, "between 1 and 1440, not 1441: longer ones are given in days"),
        ({"interval": 25, "unit": Unit.HOURS}, "between 1 and 24, not 25"),
        ({"interval": 367, "unit": Unit.DAYS}, "between 1 and 366, not 367[.]"),
        ({"interval": 54, "unit": Unit.WEEKS}, "between 1 and 53, not 54[.]"),
        ({"zone": "Europe/Atlantis"}, "no time zone named 'Europe/Atlantis'"),
        ({"zone": "Europe"}, "no time zone named 'Europe'"),
        ({"zone": "../Rome"}, "no time zone named"),
        ({"zone": ""}, "no time zone named ''"),
        ({"interval": 2, "unit": Unit.DAYS}, "2 days needs an anchor date"),
        ({"interval": 2, "unit": Unit.WEEKS}, "2 weeks needs an anchor date"),
        ({"start_time": time(6, tzinfo=UTC)}, "start time is local time"),
        ({"start_time": time(6, 0, 30)}, "start time is given in whole minutes"),
    ],
)
def test_a_rule_without_sense_is_refused_with_a_sentence(rule, sentence):
    fields = {"interval": 10, "unit": Unit.MINUTES, "zone": "Europe/Rome"} | rule
    with pytest.raises(ValueError, match=sentence):
        Recurrence(**fields)


def test_every_seven_days_from_a_monday_with_only_tuesday_ticked_would_never_run():
    with pytest.raises(ValueError, match="always falls on a Monday, which is not ticked"):
        Recurrence(14, Unit.DAYS, "UTC", weekdays=frozenset({1}), anchor_date=MONDAY)
    Recurrence(14, Unit.DAYS, "UTC", weekdays=frozenset({0}), anchor_date=MONDAY)
    # Every 6 days comes round to each weekday in the end.
    Recurrence(6, Unit.DAYS, "UTC", weekdays=frozenset({1}), anchor_date=MONDAY)


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [
        ({"interval": 0}, Refusal.INTERVAL),
        ({"interval": 1441}, Refusal.INTERVAL),
        ({"zone": "Europe/Atlantis"}, Refusal.ZONE),
        ({"weekdays": frozenset()}, Refusal.NO_WEEKDAY),
        ({"interval": 2, "unit": Unit.WEEKS}, Refusal.NO_ANCHOR_DATE),
        (
            {"interval": 7, "unit": Unit.DAYS, "anchor_date": MONDAY, "weekdays": frozenset({1})},
            Refusal.NEVER,
        ),
        (
            {"start_time": time(5), "window": Window(time(6), time(23))},
            Refusal.START_OUTSIDE_WINDOW,
        ),
    ],
)
def test_a_screen_can_say_in_its_own_language_why_a_rule_is_refused(rule, refusal):
    fields = {"interval": 10, "unit": Unit.MINUTES, "zone": "Europe/Rome"} | rule
    with pytest.raises(RecurrenceError) as refused:
        Recurrence(**fields)
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(
    ("window", "inside", "outside"),
    [
        (Window(time(6), time(23)), [time(6), time(22, 59)], [time(5, 59), time(23), time(0)]),
        (Window(time(22), time(5)), [time(22), time(0), time(4, 59)], [time(5), time(21, 59)]),
        (Window(time(6), time(6)), [time(6), time(5, 59), time(0), time(23)], []),
    ],
)
def test_the_start_time_lies_in_the_window_and_the_closing_hour_does_not(window, inside, outside):
    for start in inside:
        Recurrence(1, Unit.DAYS, "UTC", start, window)
    for start in outside:
        with pytest.raises(ValueError, match=f"start time {start:%H:%M} lies outside the window"):
            Recurrence(1, Unit.DAYS, "UTC", start, window)


def test_the_hours_of_a_window_are_local_and_whole_minutes():
    with pytest.raises(ValueError, match="opening hour is local time"):
        Window(time(6, tzinfo=UTC), time(23))
    with pytest.raises(ValueError, match="closing hour is given in whole minutes"):
        Window(time(6), time(23, 59, 59))


def test_units_are_stored_by_their_words():
    assert [str(unit) for unit in Unit] == ["minutes", "hours", "days", "weeks"]
    assert Recurrence(14, "days", "UTC", anchor_date=MONDAY).step.days == 14
    with pytest.raises(ValueError, match="which is not ticked"):
        Recurrence(7, "days", "UTC", weekdays=frozenset({1}), anchor_date=MONDAY)
