# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Since when the books differ from the bank."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_bank.importer import (
    BalanceCheck,
    FirstDifference,
    Ledger,
    Moved,
    balance,
    day_end,
    first_difference,
)

FIRST = date(2026, 3, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def books(**amounts: int) -> Ledger:
    """Books that begin with 100, and what each day added: ``d3=5``."""
    return Ledger(Decimal(100), {day(int(name[1:])): Decimal(amount) for name, amount in amounts.items()})


def check(number: int, amount: int, order: int) -> BalanceCheck:
    return BalanceCheck(day(number), Decimal(amount), order)


def moved(number: int, amount: int, order: int) -> Moved:
    return Moved(day(number), Decimal(amount), order)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(balance).failed == 0


def test_a_row_that_is_not_booked_is_the_first_difference() -> None:
    rows = [moved(1, 5, 1), moved(4, 7, 2), moved(6, 1, 2)]
    found = first_difference([check(2, 105, 1), check(8, 113, 2)], rows, books(d1=5, d6=1))
    assert found == FirstDifference(day(4), exact=True)


def test_an_entry_that_the_bank_does_not_know_is_too() -> None:
    rows = [moved(1, 5, 1), moved(4, 7, 2)]
    found = first_difference([check(2, 105, 1), check(8, 112, 2)], rows, books(d1=5, d4=7, d5=3))
    assert found == FirstDifference(day(5), exact=True)


def test_what_was_changed_before_a_check_that_agreed_is_found_there() -> None:
    checks = [check(2, 105, 1), check(5, 112, 2), check(8, 112, 3)]
    found = first_difference(checks, [moved(1, 5, 1), moved(4, 7, 2)], books(d1=5))
    assert found == FirstDifference(day(4), exact=True)


def test_a_row_that_came_late_does_not_make_an_old_check_wrong() -> None:
    rows = [moved(1, 5, 1), moved(2, 9, 2), moved(6, 1, 2)]
    found = first_difference([check(3, 105, 1), check(8, 115, 2)], rows, books(d1=5, d2=9))
    assert found == FirstDifference(day(6), exact=True)


def test_where_the_bank_does_not_send_all_rows_the_last_day_that_agreed_is_told() -> None:
    found = first_difference([check(2, 105, 1), check(8, 150, 2)], [moved(1, 5, 1)], books(d1=5))
    assert found == FirstDifference(day(2), exact=False)


def test_without_a_day_that_agrees_nothing_is_known() -> None:
    assert first_difference([check(8, 150, 1)], [moved(1, 5, 1)], books(d1=5)) is None
    assert first_difference([], [], books()) is None


def test_two_balances_of_one_day_may_differ() -> None:
    found = first_difference([check(2, 105, 1), check(2, 95, 2)], [moved(1, 5, 1)], books(d1=5))
    assert found == FirstDifference(day(2), exact=True)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-9, 9)), min_size=1, max_size=30), st.data())
def test_whatever_row_is_missing_its_day_is_found(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    lost = data.draw(st.integers(0, len(rows) - 1))
    if not rows[lost][1]:
        return
    kept: dict[date, Decimal] = {}
    for place, (number, amount) in enumerate(rows):
        if place != lost:
            kept[day(number)] = kept.get(day(number), Decimal()) + amount
    total = sum(amount for _number, amount in rows)
    checks = [check(-1, 100, 1), check(21, 100 + total, 1)]
    found = first_difference(checks, [moved(*row, 1) for row in rows], Ledger(Decimal(100), kept))
    assert found == FirstDifference(day(rows[lost][0]), exact=True)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.randoms())
def test_the_end_of_a_day_is_found_in_whatever_order_its_rows_come(amounts: list[int], random) -> None:
    after, rows = Decimal(100), []
    for amount in amounts:
        after += amount
        rows.append((Decimal(amount), after))
    random.shuffle(rows)
    assert day_end(rows) == after
