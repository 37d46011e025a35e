# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When, of what kind and how much: the skeleton of an account's history.

A plan holds three arrays of plain numbers, so that 100 000 rows cost some megabytes and a date
is found by bisection. Texts are written later, only for the rows of a page.
"""

from __future__ import annotations

import enum
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


class Kind(enum.IntEnum):
    """What a generated row is."""

    CUSTOMER = 0
    CUSTOMER_PARTIAL = 1
    CUSTOMER_SEVERAL = 2
    SUPPLIER = 3
    TAX = 4
    SALARY = 5
    FEE = 6
    STAMP = 7
    DIRECT_DEBIT = 8
    CARD = 9
    POS = 10
    SETTLEMENT = 11
    RENT = 12
    TRANSFER_IN = 13
    TRANSFER_OUT = 14
    CASH = 15
    FOREIGN = 16


# smallest and largest amount in cents (sign included): drawn evenly on a logarithmic scale
_RANGES = {
    Kind.CUSTOMER: (8_000, 1_250_000),
    Kind.CUSTOMER_PARTIAL: (5_000, 400_000),
    Kind.CUSTOMER_SEVERAL: (40_000, 1_900_000),
    Kind.SUPPLIER: (-6_000, -620_000),
    Kind.TAX: (-45_000, -980_000),
    Kind.SALARY: (-118_000, -312_000),
    Kind.FEE: (-450, -3_900),
    Kind.STAMP: (-2_500, -2_500),
    Kind.DIRECT_DEBIT: (-2_900, -68_000),
    Kind.CARD: (-350, -42_000),
    Kind.POS: (6_000, 240_000),
    Kind.SETTLEMENT: (9_000, 380_000),
    Kind.RENT: (-145_000, -145_000),
    Kind.TRANSFER_IN: (50_000, 500_000),
    Kind.TRANSFER_OUT: (-50_000, -500_000),
    Kind.CASH: (10_000, 150_000),
    Kind.FOREIGN: (30_000, 900_000),
}
_CURRENT_MIX = {
    Kind.CUSTOMER: 26, Kind.CUSTOMER_PARTIAL: 4, Kind.CUSTOMER_SEVERAL: 4, Kind.SUPPLIER: 19,
    Kind.DIRECT_DEBIT: 8, Kind.CARD: 15, Kind.POS: 9, Kind.SETTLEMENT: 5, Kind.TRANSFER_IN: 2,
    Kind.TRANSFER_OUT: 2, Kind.CASH: 3, Kind.FOREIGN: 3,
}  # fmt: skip
_CURRENCY_MIX = {
    Kind.CUSTOMER: 12, Kind.SUPPLIER: 8, Kind.TRANSFER_IN: 2, Kind.TRANSFER_OUT: 3, Kind.FEE: 2,
}  # fmt: skip
_CARD_MIX = {Kind.CARD: 1}


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows oldest first: ``days`` are ordinals of ``date``, ``cents`` are signed."""

    days: array[int]
    kinds: array[int]
    cents: array[int]


def default_span(size: int) -> int:
    """Over how many days ``size`` rows are spread unless said otherwise."""
    return min(730, max(30, size * 3 // 5))


def make_plan(
    seed: str, *, profile: str, country: str, size: int, last_day: date, days: int | None = None
) -> Plan:
    """The plan of ``size`` rows in the ``days`` days that end with ``last_day``.

    ``profile`` is ``current``, ``currency`` or ``card``. The same arguments give the same plan.
    """
    days = days or default_span(size)
    first_day = last_day - timedelta(days=days - 1)
    rng = Random(f"{seed}|plan")
    events = list(_calendar_events(profile, country, first_day, last_day, rng))
    working_days = [
        ordinal
        for ordinal in range(first_day.toordinal(), last_day.toordinal() + 1)
        if date.fromordinal(ordinal).weekday() < 5
    ] or [last_day.toordinal()]
    mix = {"current": _CURRENT_MIX, "currency": _CURRENCY_MIX, "card": _CARD_MIX}[profile]
    missing = max(0, size - len(events))
    drawn = rng.choices(list(mix), list(mix.values()), k=missing)
    events += zip(rng.choices(working_days, k=missing), drawn, strict=True)
    events.sort(key=lambda event: event[0])
    events = events[len(events) - size :]
    return Plan(
        array("i", (day for day, _kind in events)),
        array("b", (kind for _day, kind in events)),
        array("q", (_draw_cents(kind, rng) for _day, kind in events)),
    )


def _draw_cents(kind: Kind, rng: Random) -> int:
    low, high = _RANGES[kind]
    cents = int(low * (high / low) ** rng.random())
    # taxes, cash and transfers between own accounts are round sums of money
    step = 1000 if kind in (Kind.CASH, Kind.TRANSFER_IN, Kind.TRANSFER_OUT) else 1
    return cents // step * step


def _months(first_day: date, last_day: date) -> Iterator[date]:
    month = first_day.replace(day=1)
    while month <= last_day:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _calendar_events(
    profile: str, country: str, first_day: date, last_day: date, rng: Random
) -> Iterator[tuple[int, Kind]]:
    """What comes round every month: rent, tax, salaries, fees, stamp duty."""
    staff = rng.randint(2, 5)
    for month in _months(first_day, last_day):
        month_end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        events: list[tuple[date, Kind]] = []
        if profile == "current":
            events.append((_working(month), Kind.RENT))
            events.append((_working(month.replace(day=16)), Kind.TAX))
            events += [(_working(month.replace(day=27), -1), Kind.SALARY)] * staff
        if profile != "card":
            events.append((month_end, Kind.FEE))
            if country == "IT" and month.month % 3 == 0:
                events.append((month_end, Kind.STAMP))
        yield from ((day.toordinal(), kind) for day, kind in events if first_day <= day <= last_day)


def _working(day: date, step: int = 1) -> date:
    """``day``, or the nearest weekday after (``step`` 1) or before (-1) it."""
    while day.weekday() > 4:
        day += timedelta(days=step)
    return day
