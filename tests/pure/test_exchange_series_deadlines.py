# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A document issued in contingency has a deadline, and a reminder when four fifths of the time have passed."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.series import (
    ZONES,
    Deadline,
    Holiday,
    Unit,
    business_day_after,
    deadline_at,
    is_business_day,
    warning_at,
    zone_of,
)
from series_table import shipped_holidays

HOLIDAYS = shipped_holidays()
NEXT_DAY = Deadline(Unit.BUSINESS_DAYS, 1)
INSTANTS = st.datetimes(datetime(2013, 5, 1), datetime(2035, 12, 1), timezones=st.just(UTC))
UNITS = st.sampled_from(sorted(ZONES))


def local(uf, *when):
    return datetime(*when, tzinfo=zone_of(uf))


@pytest.mark.parametrize(
    ("uf", "issued", "last"),
    [
        # Monday 8:00: all of Tuesday.
        ("PB", (2026, 5, 4, 8), (2026, 5, 5, 23, 59, 59)),
        # Saturday 14:00: all of Monday.
        ("PB", (2026, 5, 9, 14), (2026, 5, 11, 23, 59, 59)),
        # The last minute of a day still is that day.
        ("PB", (2026, 5, 4, 23, 59), (2026, 5, 5, 23, 59, 59)),
        ("AC", (2026, 5, 4, 23, 59), (2026, 5, 5, 23, 59, 59)),
        # Over Labour Day, a Friday.
        ("SP", (2026, 4, 30, 9), (2026, 5, 4, 23, 59, 59)),
        # 20 November is a holiday everywhere since 2024.
        ("MG", (2024, 11, 19, 9), (2024, 11, 21, 23, 59, 59)),
        ("MG", (2023, 11, 17, 9), (2023, 11, 20, 23, 59, 59)),
    ],
)
def test_the_next_business_day_ends_at_midnight_on_the_clock_of_the_federal_unit(uf, issued, last):
    found = deadline_at(NEXT_DAY, local(uf, *issued), zone_of(uf), uf, HOLIDAYS)
    assert found.astimezone(zone_of(uf)) == local(uf, *last)


def test_a_holiday_of_one_federal_unit_is_none_elsewhere():
    own = [Holiday(date(2026, 7, 9), yearly=True, uf="SP")]
    issued = local("SP", 2026, 7, 8, 12)
    assert deadline_at(NEXT_DAY, issued, zone_of("SP"), "SP", own).day == 11  # UTC
    assert deadline_at(NEXT_DAY, issued, zone_of("RJ"), "RJ", own).day == 10


def test_hours_pass_on_every_clock_alike():
    # On 4 November 2018 the clocks went forward: 24 hours later they showed 13:00.
    issued = local("SP", 2018, 11, 3, 12)
    found = deadline_at(Deadline(Unit.HOURS, 24), issued, zone_of("SP"), "SP")
    assert found.astimezone(zone_of("SP")) == local("SP", 2018, 11, 4, 13)


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        deadline_at(NEXT_DAY, datetime(2026, 5, 4, 12), zone_of("SP"))


@given(INSTANTS, st.integers(1, 400), st.integers(-12, 14))
def test_so_many_hours_are_so_many_hours_and_wherever_the_moment_was_noted(issued, hours, offset):
    noted = issued.astimezone(timezone(timedelta(hours=offset)))
    assert deadline_at(Deadline(Unit.HOURS, hours), noted, UTC) - issued == timedelta(hours=hours)


@given(INSTANTS, UNITS, st.integers(1, 5))
def test_business_days_are_counted_as_on_a_calendar(issued, uf, count):
    zone = ZoneInfo(ZONES[uf])
    last = deadline_at(Deadline(Unit.BUSINESS_DAYS, count), issued, zone, uf, HOLIDAYS)
    day = last.astimezone(zone).date()
    issue_day = issued.astimezone(zone).date()
    between = [issue_day + timedelta(days=step) for step in range(1, (day - issue_day).days + 1)]
    assert sum(is_business_day(one, uf, HOLIDAYS) for one in between) == count
    assert is_business_day(day, uf, HOLIDAYS)
    # A second later another day has begun there, and never an hour of the same one.
    assert (last + timedelta(seconds=1)).astimezone(zone).date() == day + timedelta(days=1)
    assert last > issued


@given(INSTANTS, INSTANTS, UNITS)
def test_who_issues_later_never_has_to_transmit_earlier(one, two, uf):
    first, second = sorted((one, two))
    for deadline in (NEXT_DAY, Deadline(Unit.HOURS, 24)):
        ends = [deadline_at(deadline, issued, zone_of(uf), uf, HOLIDAYS) for issued in (first, second)]
        assert ends[0] <= ends[1]


@given(INSTANTS, UNITS, st.sampled_from([NEXT_DAY, Deadline(Unit.HOURS, 24), Deadline(Unit.HOURS, 168)]))
def test_four_fifths_of_the_time_have_passed_at_the_reminder(issued, uf, deadline):
    issued = issued.replace(microsecond=0)
    last = deadline_at(deadline, issued, zone_of(uf), uf, HOLIDAYS)
    reminder = warning_at(issued, last)
    assert issued < reminder < last
    assert (reminder - issued) * 5 == (last - issued) * 4
    # Also where the three were noted on the local clock.
    clock = zone_of(uf)
    assert warning_at(issued.astimezone(clock), last.astimezone(clock)) == reminder


@given(st.dates(date(2013, 1, 1), date(2030, 1, 1)), st.integers(1, 10))
def test_a_further_holiday_never_makes_a_deadline_end_earlier(day, count):
    plain = business_day_after(day, count, "SP", HOLIDAYS)
    for step in range(1, 4):
        more = [*HOLIDAYS, Holiday(day + timedelta(days=step))]
        assert business_day_after(day, count, "SP", more) >= plain


def test_every_clock_is_known_to_the_system():
    assert len(ZONES) == 27
    for uf in ZONES:
        assert zone_of(uf).key == ZONES[uf]
