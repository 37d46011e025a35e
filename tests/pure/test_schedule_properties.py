# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What holds for every schedule, in every zone, around every change of the clocks.

The oracle watches a zone's clock minute by minute, writes down when it first showed what, and
reads the definition of an occurrence off these notes. It shares neither code nor method with the
schedule.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.sync_hub.schedule import (
    EVERY_DAY,
    Recurrence,
    Unit,
    Window,
    is_open,
    missed,
    next_occurrence,
    occurrences,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHTS_OF_INTEREST = [
    ("Europe/Rome", date(2026, 3, 29)),
    ("Europe/Rome", date(2026, 10, 25)),
    ("Europe/Warsaw", date(2026, 5, 4)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # midnight left out
    ("America/Sao_Paulo", date(2019, 2, 17)),  # the last hour of Saturday twice
    ("America/St_Johns", date(2010, 3, 14)),  # changes at 00:01
    ("America/St_Johns", date(2010, 11, 7)),
    ("America/Nuuk", date(2026, 3, 28)),
    ("Africa/Casablanca", date(2025, 2, 23)),  # goes back for Ramadan
    ("Africa/Casablanca", date(2025, 4, 6)),
    ("Africa/Cairo", date(2026, 4, 24)),  # midnight left out
    ("Asia/Kathmandu", date(1986, 1, 1)),  # a quarter of an hour left out
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),  # the whole day left out
]
ZONES = sorted({zone for zone, _ in NIGHTS_OF_INTEREST})


class WatchedClock:
    """Notes of somebody who watched a zone's clock for 20 days, minute by minute.

    ``first[wall]`` is the minute (UTC) at which the clock first showed ``wall`` or went past it,
    ``days`` are the dates that it showed.
    """

    def __init__(self, zone: str, centre: date):
        self.first: dict[datetime, datetime] = {}
        self.days: set[date] = set()
        tz = ZoneInfo(zone)
        start = datetime.combine(centre - 7 * DAY, time.min, UTC)
        highest = start.astimezone(tz).replace(tzinfo=None) - MINUTE
        for number in range(20 * 24 * 60):
            instant = start + number * MINUTE
            wall = instant.astimezone(tz).replace(tzinfo=None)
            self.days.add(wall.date())
            while highest < wall:
                highest += MINUTE
                self.first[highest] = instant


watch = lru_cache(WatchedClock)


def is_day_of(rule: Recurrence, day: date) -> bool:
    if day.weekday() not in rule.weekdays or (rule.anchor_date and day < rule.anchor_date):
        return False
    if rule.unit == Unit.DAYS and rule.anchor_date:
        return (day - rule.anchor_date).days % rule.interval == 0
    if rule.unit == Unit.WEEKS and rule.anchor_date:
        # Monday, 1 January of the year 1 has the ordinal 1.
        weeks = (day.toordinal() - 1) // 7 - (rule.anchor_date.toordinal() - 1) // 7
        return weeks % rule.interval == 0
    return True


def walls_of(rule: Recurrence, day: date) -> tuple[list[datetime], datetime]:
    """The minutes on the clock that belong to the opening of that day, and the anchor in them."""
    opens = rule.window.opens if rule.window else time.min
    closes = rule.window.closes if rule.window else time.min
    walls = [datetime.combine(day, opens)]
    while (walls[-1] + MINUTE).time() != closes:
        walls.append(walls[-1] + MINUTE)
    (anchor,) = [wall for wall in walls if wall.time() == (rule.start_time or opens)]
    return walls, anchor


def by_definition(rule: Recurrence, clock: WatchedClock, days: list[date]) -> list[datetime]:
    minutes = rule.interval * (60 if rule.unit == Unit.HOURS else 1)
    found = set()
    for day in days:
        if day not in clock.days or not is_day_of(rule, day):
            continue
        walls, anchor = walls_of(rule, day)
        found.add(clock.first[anchor])
        if rule.unit in (Unit.DAYS, Unit.WEEKS):
            continue
        if minutes in (120, 180, 240, 360, 480, 720, 1440):
            for wall in walls:
                if (wall - anchor) % (minutes * MINUTE) == timedelta(0):
                    found.add(clock.first[wall])
            continue
        instant, closing = clock.first[walls[0]], clock.first[walls[-1] + MINUTE]
        while instant < closing:
            if (instant - clock.first[anchor]) % (minutes * MINUTE) == timedelta(0):
                found.add(instant)
            instant += MINUTE
    return sorted(found)


@st.composite
def recurrences(draw, zone: str, around: date) -> Recurrence:
    unit = draw(st.sampled_from(Unit))
    interval = draw(
        {
            Unit.MINUTES: st.sampled_from([1, 7, 10, 30, 45, 60, 90, 120, 360, 720, 1440]),
            Unit.HOURS: st.integers(1, 24),
            Unit.DAYS: st.integers(1, 9),
            Unit.WEEKS: st.integers(1, 3),
        }[unit]
    )
    clock_times = st.sampled_from(
        [time(0), time(0, 1), time(1), time(2), time(2, 30), time(3), time(5), time(22), time(23)]
    ) | st.builds(time, st.integers(0, 23), st.integers(0, 59))
    window = draw(st.none() | st.builds(Window, clock_times, clock_times))
    start_time = draw(st.none() | clock_times)
    if window and start_time:
        opens = datetime.combine(around, window.opens)
        into = datetime.combine(around, start_time) - opens
        start_time = (opens + into % window.length).time()
    weekdays = draw(st.just(EVERY_DAY) | st.frozensets(st.integers(0, 6), min_size=1))
    anchor_date = draw(st.integers(-40, 2).map(lambda days: around + days * DAY))
    if unit in (Unit.MINUTES, Unit.HOURS) or interval == 1:
        anchor_date = draw(st.sampled_from([None, anchor_date]))
    elif unit == Unit.DAYS and interval == 7:
        weekdays |= {anchor_date.weekday()}
    return Recurrence(interval, unit, zone, start_time, window, weekdays, anchor_date)


@st.composite
def rules_and_instants(draw) -> tuple[Recurrence, datetime]:
    """Any rule and any instant of half a century."""
    after = draw(st.datetimes(datetime(1985, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC)))
    return draw(recurrences(draw(st.sampled_from(ZONES)), after.date())), after


@st.composite
def rules_near_a_change(draw) -> tuple[Recurrence, date, datetime]:
    zone, centre = draw(st.sampled_from(NIGHTS_OF_INTEREST))
    hours = draw(st.integers(-60, 24))
    seconds = draw(st.integers(0, 3599))
    midnight = datetime.combine(centre, time.min, UTC)
    after = midnight + hours * HOUR + timedelta(seconds=seconds)
    return draw(recurrences(zone, centre)), centre, after


def expected_between(
    rule: Recurrence, centre: date, after: datetime, horizon: datetime
) -> list[datetime]:
    first_day = after.date() - 3 * DAY
    days = [first_day + n * DAY for n in range((horizon.date() - first_day).days + 2)]
    found = by_definition(rule, watch(rule.zone, centre), days)
    return [start for start in found if after < start <= horizon]


@pytest.mark.parametrize(("zone", "centre"), NIGHTS_OF_INTEREST)
def test_every_kind_of_interval_is_right_through_every_change_of_the_clocks(zone, centre):
    after = datetime.combine(centre - DAY, time.min, UTC)
    horizon = after + 2 * DAY
    for minutes in (20, 60, 90, 120, 300, 420, 720):
        for window in (None, Window(time(22), time(5))):
            rule = Recurrence(minutes, Unit.MINUTES, zone, time(2, 30), window)
            found = takewhile(lambda start: start <= horizon, occurrences(rule, after))
            assert list(found) == expected_between(rule, centre, after, horizon), rule


@settings(max_examples=150, deadline=None)
@given(rules_near_a_change())
def test_between_two_occurrences_there_is_no_other_and_none_is_invented(case):
    rule, centre, after = case
    counts_days = rule.unit in (Unit.DAYS, Unit.WEEKS)
    horizon = after + (9 * DAY if counts_days else 3 * DAY)
    expected = expected_between(rule, centre, after, horizon)
    found = takewhile(lambda start: start <= horizon, occurrences(rule, after))
    # A beat of one minute is believed after some hours of it.
    assert list(islice(found, 300)) == expected[:300]
    assert missed(rule, after, horizon, limit=300) == len(expected[:300])


@settings(max_examples=150, deadline=None)
@given(rules_and_instants())
def test_occurrences_come_in_order_after_the_question_and_are_found_again(case):
    rule, after = case
    starts = list(islice(occurrences(rule, after), 5))
    assert all(earlier < later for earlier, later in pairwise([after, *starts]))
    assert next_occurrence(rule, after) == starts[0]
    for start in starts:
        assert start.tzinfo is UTC
        assert next_occurrence(rule, start - timedelta(seconds=1)) == start
        assert next_occurrence(rule, start - timedelta(microseconds=1)) == start
    # Any question asked in the time between has the same answer.
    between = starts[0] + (starts[1] - starts[0]) // 2
    assert next_occurrence(rule, between) == starts[1]


@settings(max_examples=150, deadline=None)
@given(rules_and_instants())
def test_runs_start_inside_the_window_on_a_ticked_day(case):
    rule, after = case
    zone = ZoneInfo(rule.zone)
    for start in islice(occurrences(rule, after), 5):
        around = {(start + days * DAY).astimezone(zone).utcoffset() for days in (-2, 0, 2)}
        if len(around) > 1:
            # Beside a change of the clocks the oracle says what is right.
            continue
        wall = start.astimezone(zone)
        day, clock_time = wall.date(), wall.time()
        if rule.window and rule.window.opens >= rule.window.closes:
            assert not rule.window.closes <= clock_time < rule.window.opens
            if clock_time < rule.window.opens:
                day -= DAY
        elif rule.window:
            assert rule.window.opens <= clock_time < rule.window.closes
        assert is_day_of(rule, day)
        assert is_open(rule, start)
        if rule.start_time and rule.unit in (Unit.DAYS, Unit.WEEKS):
            assert clock_time == rule.start_time
