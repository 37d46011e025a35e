# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From which day to ask, what becomes of a row, which statement it belongs to, what its label says."""

from __future__ import annotations

import doctest
import importlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_bank import importer
from odoo.addons.sync_hub_bank.importer import (
    OVERLAP,
    Decision,
    InboxState,
    Reason,
    StatementPeriod,
    decide,
    fetch_from,
    fingerprint,
    first_day,
    label,
    period_key,
)
from odoo.addons.sync_hub_bank.providers.values import Transaction, TransactionStatus

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize("name", ["window", "grouping", "label"])
def test_the_examples_in_the_documentation_are_true(name: str) -> None:
    module = importlib.import_module(f"{importer.__name__}.{name}")
    result = doctest.testmod(module)
    assert result.attempted
    assert result.failed == 0


@given(st.none() | DAYS, st.none() | DAYS, st.none() | DAYS)
def test_the_first_day_is_after_the_last_transaction_and_the_lock_and_not_before_the_users_choice(
    last: date | None, lock: date | None, chosen: date | None
) -> None:
    first = first_day(last, lock, chosen)
    if first is None:
        assert (last, lock, chosen) == (None, None, None)
        return
    assert last is None or first > last
    assert lock is None or first > lock
    assert chosen is None or first >= chosen
    assert first - ONE_DAY in (last, lock) or first == chosen


@given(st.none() | DAYS, DAYS, st.none() | DAYS)
def test_a_later_fetch_looks_back_over_the_overlap_but_never_before_the_first_day(
    first: date | None, complete: date, pending: date | None
) -> None:
    day = fetch_from(first, complete, pending)
    assert day is not None
    assert first is None or day >= first
    assert day <= complete - OVERLAP or day == first


@given(DAYS, st.integers(0, 25))
def test_a_later_fetch_reaches_back_to_the_oldest_pending_row(complete: date, age: int) -> None:
    pending = complete - timedelta(days=age)
    assert fetch_from(None, complete, pending) <= pending


def test_a_pending_row_that_is_never_booked_does_not_widen_every_fetch() -> None:
    complete = date(2026, 6, 30)
    assert fetch_from(None, complete, date(2025, 1, 1)) == complete - 3 * OVERLAP


def test_a_fetch_that_was_never_complete_is_begun_again_from_the_first_day() -> None:
    assert fetch_from(date(2026, 1, 1), None, date(2026, 3, 1)) == date(2026, 1, 1)
    assert fetch_from(None, None, None) is None


DAY = date(2026, 6, 17)


@pytest.mark.parametrize(
    ("status", "currency", "first", "lock", "state", "reason"),
    [
        ("booked", "EUR", None, None, InboxState.TO_BOOK, None),
        ("booked", "EUR", DAY, DAY - ONE_DAY, InboxState.TO_BOOK, None),
        ("booked", "EUR", DAY + ONE_DAY, None, InboxState.PROPOSED, Reason.BEFORE_START),
        ("booked", "EUR", DAY + ONE_DAY, DAY, InboxState.PROPOSED, Reason.LOCKED_PERIOD),
        ("booked", "CHF", None, None, InboxState.PROPOSED, Reason.OTHER_CURRENCY),
        ("pending", "EUR", None, DAY, InboxState.PENDING, Reason.PENDING),
    ],
)
def test_only_booked_rows_of_an_open_day_in_the_journals_currency_are_booked(
    status: str, currency: str, first: date | None, lock: date | None, state: InboxState, reason: Reason | None
) -> None:
    decision = decide(TransactionStatus(status), DAY, currency, first=first, lock_date=lock, journal_currency="EUR")
    assert decision == Decision(state, reason)


@given(DAYS, DAYS)
def test_days_share_a_statement_exactly_when_they_share_the_period(one: date, other: date) -> None:
    same = {
        StatementPeriod.DAY: one == other,
        StatementPeriod.WEEK: one.isocalendar()[:2] == other.isocalendar()[:2],
        StatementPeriod.MONTH: (one.year, one.month) == (other.year, other.month),
    }
    for period, expected in same.items():
        keys = {period_key(period, day, "SH-1") for day in (one, other)}
        assert (len(keys) == 1) is expected
    assert period_key(StatementPeriod.NONE, one, "SH-1") == ""


@given(DAYS, DAYS)
def test_keys_of_statements_sort_by_time(one: date, other: date) -> None:
    early, late = sorted((one, other))
    for period in (StatementPeriod.DAY, StatementPeriod.WEEK, StatementPeriod.MONTH):
        assert period_key(period, early, "") <= period_key(period, late, "")


@given(st.lists(st.text("abc xyz/", max_size=12), max_size=5), st.text("RF0123", max_size=9))
def test_the_label_keeps_every_remittance_part(parts: list[str], reference: str) -> None:
    text = label(parts, reference, "Transfer", "Azure Interior")
    for part in (*parts, reference):
        assert " ".join(part.split()) in text
    assert text


ROW = Transaction(DAY, Decimal("-2.60"), "EUR", TransactionStatus.BOOKED, remittance=("BAR  CENTRALE",))


def test_white_space_capitals_ids_and_status_do_not_make_another_movement() -> None:
    same = replace(ROW, remittance=("Bar Centrale",), references=("X",), status=TransactionStatus.PENDING)
    assert fingerprint(same) == fingerprint(ROW)
    assert fingerprint(replace(ROW, amount=Decimal("-2.6"))) == fingerprint(ROW)


@pytest.mark.parametrize(
    "change",
    [
        {"booking_date": DAY + ONE_DAY},
        {"amount": Decimal("2.60")},
        {"currency": "CHF"},
        {"counterparty_account": "IT60X0542811101000000123456"},
        {"end_to_end_id": "E1"},
        {"remittance": ("BAR CENTRALE", "2")},
    ],
)
def test_day_amount_currency_party_and_purpose_make_another_movement(change: dict) -> None:
    assert fingerprint(replace(ROW, **change)) != fingerprint(ROW)
