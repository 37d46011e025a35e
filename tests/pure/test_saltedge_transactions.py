# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading transactions through Salt Edge over HTTP: whole histories, what is new, what changed."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from emulators.saltedge import BankCode, Exchange, Movement
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import Page, Transaction, TransactionStatus
from saltedge_link import Link, days_ago, fault_of

pytest_plugins = ["saltedge_fixtures"]

PENDING_HABITS = ["apart", "together", "ignored", "refused"]


def numbers(rows: list[Transaction]) -> list[str]:
    return [row.references[0] for row in rows]


def rows_of(pages: list[Page]) -> list[Transaction]:
    return [row for page in pages for row in page.transactions]


def movement(amount: str, days: int, **more: Any) -> Movement:
    return Movement(booking_date=days_ago(days), amount=Decimal(amount), remittance=("Something",), **more)


# A whole history


@pytest.mark.parametrize("habits", [{}, {"next_page": True}, {"version": 5}, {"inclusive": False}], ids=str)
def test_every_row_arrives_once_over_several_pages(edge: Any, edge_link: Link, habits: dict[str, Any]) -> None:
    edge.behave(**habits)
    edge.configure(page_size=50)
    kept = edge.booked()
    pages = edge_link.pages()
    rows = rows_of(pages)
    assert len(pages) == 7, "five of rows, one of pending ones, one of duplicates"
    assert len(rows) == len(kept) == 240
    assert sorted(row.amount for row in rows) == sorted(item.amount for item in kept)
    assert sorted(row.booking_date for row in rows) == sorted(item.day for item in kept)
    assert len(set(numbers(rows))) == 240
    assert sum(row.amount for row in rows) + edge.opening_balance() == edge.balance()
    assert [bool(page.cursor) for page in pages] == [False] * 6 + [True]
    assert pages[-1].date_from is None


def test_what_is_known_of_a_row_arrives(edge: Any, edge_link: Link) -> None:
    edge.add_movement(
        Movement(
            # The bank books on some days itself: today's is the last one on all of them.
            booking_date=days_ago(0),
            transaction_date=days_ago(3),
            amount=Decimal("-90.05"),
            counterparty="Hotel Ñandú",
            counterparty_account="FI1737631867613465",
            remittance=("Room",),
            reference_number="RF07850352502356628678117",
            bank_code=BankCode("PMNT", "ICDT-ESCT", "Payment"),
            exchange=Exchange("EUR", Decimal("1.1"), Decimal("99.06"), "USD"),
        )
    )
    row = edge_link.rows(date_from=days_ago(5))[-1]
    assert (row.booking_date, row.transaction_date) == (days_ago(0), days_ago(3))
    assert (row.amount, row.currency) == (Decimal("-90.05"), "EUR")
    assert (row.counterparty, row.counterparty_account) == ("Hotel Ñandú", "FI1737631867613465")
    assert row.remittance == ("Room", "RF07850352502356628678117")
    assert row.creditor_reference == "RF07850352502356628678117"
    assert (row.instructed_amount, row.instructed_currency) == (Decimal("-99.06"), "USD")
    assert row.exchange_rate == Decimal("1.1")
    assert row.transaction_code == "ICDT-ESCT"
    assert row.balance_after == edge.balance()
    assert isinstance(row.raw["amount"], Decimal)


def test_days_that_are_not_wanted_are_left_out(edge: Any, edge_link: Link) -> None:
    pages = edge_link.pages(date_from=days_ago(20), date_to=days_ago(3))
    days = [row.booking_date for row in rows_of(pages)]
    wanted = [item for item in edge.booked() if days_ago(20) <= item.day <= days_ago(3)]
    assert len(days) == len(wanted) > 0
    assert days_ago(20) <= min(days) <= max(days) <= days_ago(3)
    assert {page.date_from for page in pages} == {days_ago(20)}


def test_a_page_without_a_wanted_row_is_not_the_end(edge: Any, edge_link: Link) -> None:
    edge.configure(page_size=50)
    pages = edge_link.pages(date_from=days_ago(2))
    assert [len(page.transactions) for page in pages[:3]] == [0, 0, 0]
    assert all(page.continuation for page in pages[:-1])


def test_a_service_that_names_the_same_page_for_ever_is_left(edge: Any, edge_link: Link) -> None:
    edge.configure(page_size=50)
    edge.fail("endless_pages", call="transactions", times=None)
    assert len(edge_link.pages()) <= 6


@pytest.mark.parametrize(
    "text",
    ["garbage", "[]", "{}x", '{"listing": "odd"}', '{"from_id": 5}', '{"since": "x"}', '{"else": ""}', "[" * 5000],
    ids=range(8),
)
def test_a_continuation_of_someone_else_is_refused(edge_link: Link, text: str) -> None:
    assert fault_of(lambda: edge_link.page(continuation=text)).kind is FaultKind.BAD_DATA


# What is new


@pytest.mark.parametrize("inclusive", [True, False])
def test_a_later_fetch_reads_the_last_days_again_and_no_more(edge: Any, edge_link: Link, inclusive: bool) -> None:
    edge.behave(inclusive=inclusive)
    edge.configure(page_size=20)
    first = edge_link.pages()
    recent = [item for item in edge.booked() if item.day >= days_ago(30)]
    assert 0 < len(recent) < 150
    edge.add_movement(movement("-1.11", 0))
    edge.add_movement(movement("-2.22", 200))
    asked = len(edge_link.asked())
    later = edge_link.pages(cursor=first[-1].cursor)
    rows = rows_of(later)
    assert {row.amount for row in rows} >= {Decimal("-1.11"), Decimal("-2.22")}, "also what came late"
    assert {page.date_from for page in later} == {days_ago(30)}
    again = [row for row in rows if row.booking_date >= days_ago(30)]
    assert len(again) == len(recent) + 1
    assert len(rows) <= len(recent) + 3
    assert len(edge_link.asked()) - asked < asked
    third = rows_of(edge_link.pages(cursor=later[-1].cursor))
    assert {row.amount for row in third if row.booking_date >= days_ago(30)} == {row.amount for row in again}


def test_with_a_cursor_days_that_are_not_wanted_are_left_out_too(edge: Any, edge_link: Link) -> None:
    cursor = edge_link.pages()[-1].cursor
    rows = edge_link.rows(cursor=cursor, date_from=days_ago(10))
    assert len(rows) == len([item for item in edge.booked() if item.day >= days_ago(10)])


@pytest.mark.parametrize("change", ["earlier day", "other account", "no cursor", "damaged"])
def test_where_a_cursor_does_not_reach_all_is_read(edge: Any, edge_link: Link, change: str) -> None:
    cursor = edge_link.pages()[-1].cursor
    known = json.loads(cursor)
    texts = {
        "earlier day": cursor,
        "other account": json.dumps(known | {"account": "1", "from_id": "9" * 20}),
        "no cursor": "what another service left",
        "damaged": json.dumps(known | {"from_id": 5}),
    }
    first = days_ago(100 if change == "earlier day" else 10)
    rows = edge_link.rows(cursor=texts[change], date_from=first)
    assert len(rows) == len([item for item in edge.booked() if item.day >= first])


def test_an_account_without_rows_leaves_a_cursor_that_finds_the_first_one(edge: Any, edge_link: Link) -> None:
    edge.set_history(0)
    pages = edge_link.pages()
    assert rows_of(pages) == []
    edge.add_movement(movement("-1.11", 0))
    assert [row.amount for row in edge_link.rows(cursor=pages[-1].cursor)] == [Decimal("-1.11")]


def test_a_fetch_after_a_long_silence_begins_after_the_last_row(edge: Any, edge_link: Link) -> None:
    edge.set_history(0)
    for days in (80, 70, 60):
        edge.add_movement(movement(f"-{days}.00", days))
    cursor = edge_link.pages()[-1].cursor
    edge.add_movement(movement("-1.11", 0))
    assert [row.amount for row in edge_link.rows(cursor=cursor)][-1] == Decimal("-1.11")
    assert len(edge_link.rows(cursor=cursor)) == 2


# Pending, changed, removed


@pytest.mark.parametrize("habit", PENDING_HABITS)
def test_pending_rows_come_once_wherever_they_are_listed(edge: Any, edge_link: Link, habit: str) -> None:
    edge.behave(pending=habit)
    edge.add_pending(amount=Decimal("-12.34"))
    edge.add_pending(amount=Decimal("-5.00"), status="HOLD")
    rows = edge_link.rows()
    waiting = [row for row in rows if row.status is TransactionStatus.PENDING]
    assert sorted(row.amount for row in waiting) == [Decimal("-12.34"), Decimal("-5.00")]
    assert len(rows) == len(set(numbers(rows))) == 242


@pytest.mark.parametrize("habit", PENDING_HABITS)
@pytest.mark.parametrize("keep_number", [True, False])
def test_a_pending_row_that_is_booked_comes_booked(
    edge: Any, edge_link: Link, habit: str, keep_number: bool
) -> None:
    edge.behave(pending=habit)
    edge.add_pending(amount=Decimal("-12.34"))
    first = edge_link.pages()
    before = next(row for row in rows_of(first) if row.status is TransactionStatus.PENDING)
    edge.book_pending(amount=Decimal("-12.90"), keep_number=keep_number)
    rows = edge_link.rows(cursor=first[-1].cursor)
    assert all(row.status is TransactionStatus.BOOKED for row in rows)
    after = next(row for row in rows if row.amount == Decimal("-12.90"))
    assert (after.references == before.references) is keep_number


@pytest.mark.parametrize("habit", PENDING_HABITS)
def test_a_row_that_waited_long_and_keeps_its_number_is_not_missed(edge: Any, edge_link: Link, habit: str) -> None:
    edge.behave(pending=habit)
    edge.set_history(0)
    edge.add_pending(amount=Decimal("-12.34"), day=days_ago(45))
    edge_link.pages()
    edge.add_movement(movement("-60.00", 60))
    cursor = edge_link.pages()[-1].cursor
    edge.book_pending(amount=Decimal("-12.34"), keep_number=True)
    assert Decimal("-12.34") in {row.amount for row in edge_link.rows(cursor=cursor)}


def test_a_pending_row_that_vanishes_comes_no_more(edge: Any, edge_link: Link) -> None:
    edge.add_pending(amount=Decimal("-12.34"))
    cursor = edge_link.pages()[-1].cursor
    edge.drop_pending()
    assert Decimal("-12.34") not in {row.amount for row in edge_link.rows(cursor=cursor)}


def test_a_row_of_the_last_days_that_changed_comes_again_as_it_is_now(edge: Any, edge_link: Link) -> None:
    edge.add_movement(movement("-7.77", 12))
    cursor = edge_link.pages()[-1].cursor
    number = edge.number_of(Decimal("-7.77"))
    edge.change_row(number, amount=-8.88, description="Corrected", extra={"posting_date": days_ago(11).isoformat()})
    row = next(row for row in edge_link.rows(cursor=cursor) if row.references == (number,))
    assert (row.amount, row.remittance, row.booking_date) == (Decimal("-8.88"), ("Corrected",), days_ago(11))


@pytest.mark.parametrize("habit", PENDING_HABITS)
def test_a_row_that_turns_out_to_be_a_duplicate_is_taken_back(edge: Any, edge_link: Link, habit: str) -> None:
    edge.behave(pending=habit)
    edge.add_movement(movement("-7.77", 12))
    first = edge_link.pages()
    number = edge.number_of(Decimal("-7.77"))
    assert number in numbers(rows_of(first))
    assert [page.removed for page in first if page.removed] == []
    edge.mark_duplicated(number)
    later = edge_link.pages(cursor=first[-1].cursor)
    assert number not in numbers(rows_of(later))
    assert number in {removed for page in later for removed in page.removed}


def test_a_row_that_was_deleted_comes_no_more(edge: Any, edge_link: Link) -> None:
    edge.add_movement(movement("-7.77", 12))
    cursor = edge_link.pages()[-1].cursor
    number = edge.number_of(Decimal("-7.77"))
    edge.delete_row(number)
    assert number not in numbers(edge_link.rows(cursor=cursor))


def test_a_consent_gives_no_rows_from_before_its_first_day(edge: Any, edge_provider: Any) -> None:
    edge.configure(history_days=90)
    link = Link(edge)
    assert min(row.booking_date for row in link.rows()) >= days_ago(89)
    assert link.page(date_from=days_ago(89) - timedelta(days=1)).date_from == days_ago(90)
