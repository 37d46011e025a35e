# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a schedule runs: the cases that a user notices."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from odoo.addons.sync_hub.schedule import (
    Recurrence,
    Unit,
    Window,
    is_open,
    missed,
    next_occurrence,
    occurrences,
)

DAY_SHIFT = Window(time(6), time(23))
NIGHT_SHIFT = Window(time(22), time(5))
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def following(recurrence: Recurrence, after: str, count: int) -> list[str]:
    zone = ZoneInfo(recurrence.zone)
    found = islice(occurrences(recurrence, local(recurrence.zone, after)), count)
    return [f"{start.astimezone(zone):%m-%d %H:%M%z}" for start in found]


def test_every_ten_minutes_is_counted_from_the_opening_and_not_from_the_last_finish():
    rule = Recurrence(10, Unit.MINUTES, "Europe/Warsaw", window=DAY_SHIFT)
    assert following(rule, "2026-05-04 06:07:31", 2) == ["05-04 06:10+0200", "05-04 06:20+0200"]


def test_an_interval_that_does_not_divide_the_window_begins_anew_at_each_opening():
    rule = Recurrence(7, Unit.HOURS, "Europe/Warsaw", window=DAY_SHIFT)
    assert following(rule, "2026-05-04 00:00", 4) == [
        "05-04 06:00+0200",
        "05-04 13:00+0200",
        "05-04 20:00+0200",
        "05-05 06:00+0200",
    ]


def test_the_closing_hour_starts_no_run():
    rule = Recurrence(1, Unit.HOURS, "Europe/Warsaw", window=DAY_SHIFT)
    assert following(rule, "2026-05-04 21:30", 2) == ["05-04 22:00+0200", "05-05 06:00+0200"]


def test_a_window_of_equal_hours_is_the_whole_day_without_a_double_run_at_the_border():
    rule = Recurrence(8, Unit.HOURS, "UTC", window=Window(time(6), time(6)))
    assert following(rule, "2026-05-04 05:59", 4) == [
        "05-04 06:00+0000",
        "05-04 14:00+0000",
        "05-04 22:00+0000",
        "05-05 06:00+0000",
    ]


def test_a_start_time_sets_the_minute_of_every_run_of_the_day():
    rule = Recurrence(6, Unit.HOURS, "UTC", start_time=time(20, 15))
    assert following(rule, "2026-05-04 00:00", 5) == [
        "05-04 02:15+0000",
        "05-04 08:15+0000",
        "05-04 14:15+0000",
        "05-04 20:15+0000",
        "05-05 02:15+0000",
    ]


def test_without_a_window_an_unticked_sunday_has_no_run_at_all():
    rule = Recurrence(
        12, Unit.HOURS, "UTC", start_time=time(18), weekdays=frozenset(range(7)) - {SUNDAY}
    )
    assert following(rule, "2026-05-09 12:00", 2) == ["05-09 18:00+0000", "05-11 06:00+0000"]


def test_a_night_belongs_to_the_weekday_on_which_it_opens():
    rule = Recurrence(
        30, Unit.MINUTES, "Europe/Rome", window=NIGHT_SHIFT, weekdays=frozenset({FRIDAY})
    )
    saturday, sunday = "2026-05-09 01:00", "2026-05-10 01:00"
    assert next_occurrence(rule, local("Europe/Rome", "2026-05-09 00:59")) == local(
        "Europe/Rome", saturday
    )
    assert is_open(rule, local("Europe/Rome", saturday))
    assert not is_open(rule, local("Europe/Rome", sunday))
    assert following(rule, "2026-05-09 04:30", 1) == ["05-15 22:00+0200"]


def test_a_daily_time_after_midnight_belongs_to_the_night_before():
    rule = Recurrence(1, Unit.DAYS, "UTC", time(1), NIGHT_SHIFT, frozenset({FRIDAY}))
    assert following(rule, "2026-05-04 00:00", 2) == ["05-09 01:00+0000", "05-16 01:00+0000"]


def test_days_are_counted_from_the_anchor_date_over_unticked_days_and_never_before_it():
    rule = Recurrence(
        2,
        Unit.DAYS,
        "UTC",
        time(7),
        weekdays=frozenset(range(7)) - {SUNDAY},
        anchor_date=date(2026, 5, 6),
    )
    assert following(rule, "2026-04-01 00:00", 4) == [
        "05-06 07:00+0000",
        "05-08 07:00+0000",
        "05-12 07:00+0000",
        "05-14 07:00+0000",
    ]


def test_every_two_weeks_runs_on_all_ticked_days_of_the_week_of_the_anchor_date():
    rule = Recurrence(
        2,
        Unit.WEEKS,
        "UTC",
        weekdays=frozenset({MONDAY, SATURDAY}),
        anchor_date=date(2026, 12, 23),
    )
    assert following(rule, "2026-12-01 00:00", 4) == [
        "12-26 00:00+0000",
        "01-04 00:00+0000",
        "01-09 00:00+0000",
        "01-18 00:00+0000",
    ]


@pytest.mark.parametrize("eve", ["2026-03-27", "2026-10-23"])
def test_six_in_the_morning_stays_six_in_the_morning_when_the_clocks_change(eve):
    rule = Recurrence(1, Unit.DAYS, "Europe/Rome", time(6))
    starts = following(rule, f"{eve} 12:00", 4)
    assert [start[6:11] for start in starts] == ["06:00"] * 4
    assert len({start[11:] for start in starts}) == 2


def test_a_start_time_in_the_gap_runs_once_at_its_end():
    rule = Recurrence(1, Unit.DAYS, "Europe/Rome", time(2, 30))
    assert following(rule, "2026-03-28 02:30", 2) == ["03-29 03:00+0200", "03-30 02:30+0200"]


def test_a_start_time_that_is_shown_twice_runs_the_first_time_only():
    rule = Recurrence(1, Unit.DAYS, "Europe/Rome", time(2, 30))
    assert following(rule, "2026-10-24 02:30", 2) == ["10-25 02:30+0200", "10-26 02:30+0100"]


def test_a_window_that_the_gap_swallows_still_has_its_one_run():
    rule = Recurrence(10, Unit.MINUTES, "Europe/Rome", window=Window(time(2), time(3)))
    assert following(rule, "2026-03-28 02:50", 2) == ["03-29 03:00+0200", "03-30 02:00+0200"]


@pytest.mark.parametrize(
    ("zone", "eve"),
    [
        ("Europe/Rome", "2026-03-28 12:00"),
        ("Europe/Rome", "2026-10-24 12:00"),
        ("America/Sao_Paulo", "2018-11-03 12:00"),
        ("America/Sao_Paulo", "2019-02-16 12:00"),
        ("Australia/Lord_Howe", "2026-04-04 12:00"),
        ("Australia/Lord_Howe", "2026-10-03 12:00"),
        ("Africa/Casablanca", "2025-02-22 12:00"),
        ("Africa/Casablanca", "2025-04-05 12:00"),
        ("Asia/Kathmandu", "2026-05-04 12:00"),
    ],
)
def test_every_half_hour_has_no_hole_and_no_double_when_the_clocks_change(zone, eve):
    rule = Recurrence(30, Unit.MINUTES, zone)
    starts = list(islice(occurrences(rule, local(zone, eve)), 72))
    steps = {later - earlier for earlier, later in pairwise(starts)}
    assert steps == {timedelta(minutes=30)}


@pytest.mark.parametrize("eve", ["2026-03-28", "2026-10-24"])
def test_every_twelve_hours_keeps_both_its_times_when_the_clocks_change(eve):
    rule = Recurrence(12, Unit.HOURS, "Europe/Rome", time(6))
    starts = following(rule, f"{eve} 00:00", 6)
    assert [start[6:11] for start in starts] == ["06:00", "18:00"] * 3


def test_hours_that_do_not_divide_the_day_go_on_in_elapsed_time_until_the_next_midnight():
    rule = Recurrence(5, Unit.HOURS, "Europe/Rome")
    assert following(rule, "2026-03-28 23:00", 6) == [
        "03-29 00:00+0100",
        "03-29 06:00+0200",
        "03-29 11:00+0200",
        "03-29 16:00+0200",
        "03-29 21:00+0200",
        "03-30 00:00+0200",
    ]


def test_every_two_hours_keeps_even_hours_and_does_not_run_twice_at_two():
    rule = Recurrence(2, Unit.HOURS, "Europe/Rome")
    assert following(rule, "2026-10-25 00:00", 3) == [
        "10-25 02:00+0200",
        "10-25 04:00+0100",
        "10-25 06:00+0100",
    ]
    assert following(rule, "2026-03-29 00:00", 2) == ["03-29 03:00+0200", "03-29 04:00+0200"]


def test_a_midnight_that_is_left_out_runs_at_one():
    rule = Recurrence(1, Unit.DAYS, "America/Sao_Paulo")
    assert following(rule, "2018-11-03 12:00", 2) == ["11-04 01:00-0200", "11-05 00:00-0200"]


def test_a_day_that_a_zone_skips_has_no_run():
    rule = Recurrence(1, Unit.DAYS, "Pacific/Apia", time(6))
    assert following(rule, "2011-12-29 00:00", 2) == ["12-29 06:00-1000", "12-31 06:00+1400"]
    friday = Recurrence(6, Unit.HOURS, "Pacific/Apia", weekdays=frozenset({FRIDAY}))
    assert following(friday, "2011-12-24 00:00", 1) == ["01-06 00:00+1400"]
    assert not is_open(friday, local("Pacific/Apia", "2011-12-31 00:00"))


def test_a_night_whose_second_half_is_skipped_ends_where_the_next_day_begins():
    rule = Recurrence(1, Unit.HOURS, "Pacific/Apia", window=Window(time(22), time(5)))
    assert following(rule, "2011-12-29 12:00", 3) == [
        "12-29 22:00-1000",
        "12-29 23:00-1000",
        "12-31 22:00+1400",
    ]


def test_permission_ends_with_the_window_also_when_the_clock_is_set_back_over_midnight():
    # At 00:01 on Sunday the clock of Newfoundland went back to 23:01 on Saturday.
    saturday = Recurrence(30, Unit.MINUTES, "America/St_Johns", weekdays=frozenset({SATURDAY}))
    sunday = Recurrence(30, Unit.MINUTES, "America/St_Johns", weekdays=frozenset({SUNDAY}))
    shown_again = datetime(2010, 11, 7, 3, 0, tzinfo=UTC)
    assert f"{shown_again.astimezone(ZoneInfo('America/St_Johns')):%a %H:%M}" == "Sat 23:30"
    assert is_open(sunday, shown_again)
    assert not is_open(saturday, shown_again)


def test_missed_counts_the_end_but_not_the_beginning_and_stops_at_its_limit():
    rule = Recurrence(10, Unit.MINUTES, "UTC")
    six, nine = datetime(2026, 5, 4, 6, tzinfo=UTC), datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert missed(rule, six, nine) == 18
    assert missed(rule, six, nine - timedelta(seconds=1)) == 17
    assert missed(rule, nine, six) == 0
    assert missed(rule, six, nine, limit=5) == 5
    assert missed(rule, six, six + timedelta(days=365)) == 1000


def test_an_instant_without_a_time_zone_is_refused():
    rule = Recurrence(10, Unit.MINUTES, "UTC")
    naive = datetime(2026, 5, 4, 6)
    for ask in (
        lambda: next_occurrence(rule, naive),
        lambda: missed(rule, naive.replace(tzinfo=UTC), naive),
        lambda: is_open(rule, naive),
    ):
        with pytest.raises(ValueError, match="naive"):
            ask()


def test_answers_are_in_utc_whatever_the_zone_of_the_question():
    rule = Recurrence(1, Unit.DAYS, "Asia/Kathmandu", time(6))
    answer = next_occurrence(rule, local("America/Sao_Paulo", "2026-05-04 12:00"))
    assert answer.tzinfo is UTC
    assert answer == local("Asia/Kathmandu", "2026-05-05 06:00")
