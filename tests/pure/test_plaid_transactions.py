# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading transactions through Plaid over HTTP: the first fetch, what changed since, and bad days."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from emulators.drivers.plaid import visit
from emulators.enablebanking import Movement
from emulators.plaid import Emulator
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import (
    ConsentStatus,
    Page,
    Transaction,
    TransactionQuery,
    TransactionStatus,
)
from plaid_link import Link, asked, fault_of, provider_of
from werkzeug.wrappers import Response

pytest_plugins = ["plaid_fixtures"]
CURSOR_PAGES = 50


def rows(pages: list[Page]) -> list[Transaction]:
    return [row for page in pages for row in page.transactions]


def day(days_ago: int) -> Any:
    return datetime.now(UTC).date() - timedelta(days=days_ago)


# A whole history


def test_every_row_arrives_once_over_several_pages(access: Link) -> None:
    access.plaid.set_page_limit(CURSOR_PAGES)
    pages = access.pages()
    kept = access.plaid.booked()
    assert len(pages) == 5
    assert [bool(page.cursor) for page in pages] == [False] * 4 + [True]
    found = rows(pages)
    assert len(found) == len({row.references for row in found}) == len(kept) == 240
    assert sorted((row.booking_date, row.amount) for row in found) == sorted((row.day, row.amount) for row in kept)
    assert {row.status for row in found} == {TransactionStatus.BOOKED}
    assert {page.rejected for page in pages} == {()}


def test_each_page_begins_where_the_one_before_ended_and_asks_for_one_account(access: Link) -> None:
    access.plaid.set_page_limit(CURSOR_PAGES)
    access.pages()
    first, *others = (entry["body"] for entry in access.plaid.requests("transactions"))
    assert "cursor" not in first
    assert len({body["cursor"] for body in others}) == 4
    for body in (first, *others):
        assert (body["count"], body["options"]["account_id"]) == (500, access.uid)


def test_what_the_bank_knows_of_a_row_arrives(access: Link) -> None:
    cursor = access.pages()[-1].cursor
    access.plaid.add_movement(
        Movement(
            booking_date=day(1),
            transaction_date=day(3),
            amount=Decimal("-90.05"),
            counterparty="Hotel Ñandú",
            counterparty_account="FI1737631867613465",
            counterparty_bic="NDEAFIHH",
            remittance=("Room 12", "RF07850352502356628678117"),
        )
    )
    (row,) = access.page(cursor=cursor).transactions
    assert (row.booking_date, row.transaction_date, row.value_date) == (day(1), day(3), None)
    assert (row.amount, row.currency, row.status) == (Decimal("-90.05"), "EUR", TransactionStatus.BOOKED)
    assert (row.counterparty, row.counterparty_account) == ("Hotel Ñandú", "FI1737631867613465")
    assert row.counterparty_bic == "NDEAFIHH"
    assert row.remittance == ("Room 12 RF07850352502356628678117",)
    assert row.references == (row.raw["transaction_id"],)
    assert row.raw["amount"] == Decimal("90.05")


def test_days_that_were_not_asked_for_are_left_out_of_a_first_fetch(access: Link) -> None:
    access.plaid.set_page_limit(CURSOR_PAGES)
    wanted = [row for row in access.plaid.booked() if day(60) <= row.day <= day(10)]
    found = rows(access.pages(date_from=day(60), date_to=day(10)))
    assert 0 < len(wanted) < 240
    assert sorted(row.amount for row in found) == sorted(row.amount for row in wanted)


def test_the_days_of_the_first_page_hold_for_the_others(access: Link) -> None:
    access.plaid.set_page_limit(200)
    first = access.page(date_from=day(5))
    second = access.page(date_from=day(500), continuation=first.continuation)
    assert second.transactions
    assert min(row.booking_date for row in second.transactions) >= day(5)


@pytest.mark.parametrize(
    "text",
    ["garbage", "[]", "{}", '["", "", 0, "", 5]', '["", "", "0", "", ""]', '["", "", 0, "2026-02-30", ""]', "[" * 5000],
    ids=range(7),
)
def test_a_continuation_of_someone_else_is_refused(access: Link, text: str) -> None:
    assert fault_of(lambda: access.page(continuation=text)).kind is FaultKind.BAD_DATA
    assert not access.plaid.requests("transactions")


def test_a_history_that_is_still_being_collected_is_not_taken_for_an_empty_one(access: Link) -> None:
    access.plaid.hold_first_pull()
    fault = fault_of(access.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "PRODUCT_NOT_READY")
    assert fault.rule.temporary
    access.plaid.hold_first_pull(False)
    assert len(rows(access.pages())) == 240


# What changed since


def test_a_later_fetch_brings_only_what_is_new(access: Link) -> None:
    cursor = access.pages()[-1].cursor
    unchanged = access.page(cursor=cursor)
    assert (unchanged.transactions, unchanged.removed, unchanged.continuation) == ((), (), "")
    made = access.plaid.add_movements(7)
    access.plaid.set_page_limit(3)
    pages = access.pages(cursor=unchanged.cursor)
    assert [len(page.transactions) for page in pages] == [3, 3, 1]
    assert [row.amount for row in rows(pages)] == [row.amount for row in made]
    assert access.page(cursor=pages[-1].cursor).transactions == ()


def test_rows_of_another_account_do_not_come(access: Link) -> None:
    cursor = access.pages()[-1].cursor
    access.plaid.add_movements(2, account="usd")
    assert access.page(cursor=cursor).transactions == ()
    dollars = TransactionQuery(access.item.account_id("usd"))
    assert len(access.provider.transactions(access.session, dollars).transactions) == 62


def test_a_pending_row_that_is_booked_is_taken_back_and_comes_anew(access: Link) -> None:
    cursor = access.pages()[-1].cursor
    access.plaid.add_pending(amount=Decimal("-100.00"))
    pending_page = access.page(cursor=cursor)
    (pending,) = pending_page.transactions
    assert (pending.status, pending.amount) == (TransactionStatus.PENDING, Decimal("-100.0"))
    access.plaid.book_pending()
    page = access.page(cursor=pending_page.cursor)
    (booked,) = page.transactions
    assert (booked.status, booked.amount) == (TransactionStatus.BOOKED, Decimal("-105.0"))
    assert page.removed == pending.references
    assert booked.raw["pending_transaction_id"] == pending.references[0]
    assert set(booked.references).isdisjoint(page.removed)


def test_a_pending_row_that_vanishes_is_taken_back(access: Link) -> None:
    access.plaid.add_pending()
    pages = access.pages()
    (pending,) = (row for row in rows(pages) if row.status is TransactionStatus.PENDING)
    access.plaid.drop_pending()
    page = access.page(cursor=pages[-1].cursor)
    assert (page.transactions, page.removed) == ((), pending.references)


def test_a_changed_row_comes_whole_and_under_the_same_id_whatever_its_day(access: Link) -> None:
    pages = access.pages()
    oldest = access.plaid.booked()[0]
    access.plaid.change_movement(oldest.key, amount=Decimal("-1.23"))
    page = access.page(cursor=pages[-1].cursor, date_from=day(3))
    (changed,) = page.transactions
    assert (changed.amount, changed.booking_date) == (Decimal("-1.23"), oldest.day)
    assert changed.references in {row.references for row in rows(pages)}
    assert page.removed == ()


def test_a_booked_row_can_be_taken_back(access: Link) -> None:
    pages = access.pages()
    row = access.plaid.booked()[-1]
    access.plaid.remove_movement(row.key)
    page = access.page(cursor=pages[-1].cursor)
    assert page.removed == (access.item.transaction_id("current", row.key),)
    assert page.removed in {row.references for row in rows(pages)}


def test_a_renewed_consent_goes_on_with_the_same_cursor(access: Link) -> None:
    cursor = access.pages()[-1].cursor
    access.plaid.expire_consents()
    assert fault_of(lambda: access.page(cursor=cursor)).kind is FaultKind.CONSENT_EXPIRED
    authorization = access.provider.authorize(asked(access.provider, session=access.session))
    access.provider.open_session({**visit(authorization), "session": access.session})
    access.plaid.add_movements(1)
    assert len(access.page(cursor=cursor).transactions) == 1


def test_rows_that_change_while_they_are_read_are_read_from_the_beginning_of_the_fetch(access: Link) -> None:
    cursor = access.pages()[-1].cursor
    made = access.plaid.add_movements(10)
    access.plaid.set_page_limit(4)
    first = access.page(cursor=cursor)
    access.plaid.remove_movement(made[0].key)
    access.plaid.add_movements(1)
    pages = [first]
    while pages[-1].continuation:
        pages.append(access.page(continuation=pages[-1].continuation))
    asked = [entry["body"].get("cursor") for entry in access.plaid.requests("transactions")]
    assert asked.count(cursor) == 2, "the fetch began anew with the cursor of its first page"
    assert len({page.continuation for page in pages}) == len(pages), "no continuation repeats"
    references = {row.references for page in pages[1:] for row in page.transactions}
    assert len(references) == 10
    assert (access.item.transaction_id("current", made[0].key),) in {page.removed for page in pages}
    assert access.page(cursor=pages[-1].cursor).transactions == ()


def test_rows_that_never_come_to_rest_end_the_fetch_for_now(access: Link) -> None:
    access.plaid.fail("mutation", times=None)
    fault = fault_of(access.page)
    assert (fault.kind, fault.provider_code) == (
        FaultKind.PROVIDER_DOWN,
        "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION",
    )
    assert len(access.plaid.requests("transactions")) == 6


def test_a_cursor_of_another_consent_is_a_refused_request(access: Link) -> None:
    cursor = access.pages()[-1].cursor
    other = Link(access.plaid)
    fault = fault_of(lambda: other.page(cursor=cursor))
    assert (fault.kind, fault.provider_code) == (FaultKind.REQUEST_REFUSED, "INVALID_FIELD")


def test_a_statement_that_was_loaded_is_read_as_it_is(plaid: Emulator) -> None:
    made = [
        Movement(booking_date=day(3), amount=Decimal("1000.00"), currency="USD"),
        Movement(booking_date=day(2), amount=Decimal("-0.01"), currency="USD", counterparty="Penny"),
    ]
    plaid.load_account(None, "US-77", "USD", Decimal("50.00"), made)
    access = Link(plaid)
    query = TransactionQuery(access.item.account_id("US-77"))
    found = access.provider.transactions(access.session, query).transactions
    assert [(row.booking_date, row.amount, row.currency) for row in found] == [
        (day(3), Decimal(1000), "USD"),
        (day(2), Decimal("-0.01"), "USD"),
    ]
    assert access.provider.balances(access.session, query.account_uid)[0].amount == Decimal("1049.99")


def test_a_history_that_was_replaced_is_taken_back_and_read_anew(access: Link) -> None:
    pages = access.pages()
    access.plaid.set_history(12)
    page = access.page(cursor=pages[-1].cursor)
    assert {(reference,) for reference in page.removed} == {row.references for row in rows(pages)}
    assert len(rows(access.pages(cursor=page.cursor))) + len(page.transactions) == 12


# Outages and limits


@pytest.mark.parametrize("fault", ["server_error", "maintenance", "proxy_error", "dropped"])
def test_a_short_outage_is_not_noticed(access: Link, fault: str) -> None:
    access.plaid.fail(fault, call="transactions", times=2)
    assert len(access.page().transactions) == 240


@pytest.mark.parametrize(
    ("switch", "kind", "code"),
    [
        ({"fault": "server_error"}, FaultKind.PROVIDER_DOWN, "INTERNAL_SERVER_ERROR"),
        ({"fault": "maintenance"}, FaultKind.PROVIDER_DOWN, "PLANNED_MAINTENANCE"),
        ({"fault": "institution_down"}, FaultKind.PROVIDER_DOWN, "INSTITUTION_DOWN"),
        ({"fault": "proxy_error", "status": 502}, FaultKind.PROVIDER_DOWN, "502"),
        ({"fault": "dropped"}, FaultKind.NETWORK_UNREACHABLE, ""),
        ({"fault": "redirect"}, FaultKind.NETWORK_UNTRUSTED, ""),
        ({"fault": "html"}, FaultKind.BAD_DATA, "200"),
        ({"fault": "truncated"}, FaultKind.BAD_DATA, "200"),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else None,
)
def test_a_long_outage_or_an_answer_that_is_none_is_named(
    access: Link, switch: dict[str, Any], kind: FaultKind, code: str
) -> None:
    access.plaid.fail(call="transactions", times=None, **switch)
    fault = fault_of(access.page)
    assert (fault.kind, fault.provider_code) == (kind, code)


def test_too_many_calls_end_with_the_minute(access: Link) -> None:
    access.plaid.set_limit("transactions", 0)
    before = datetime.now(UTC)
    fault = fault_of(access.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.RATE_LIMITED, "TRANSACTIONS_SYNC_LIMIT")
    assert timedelta(seconds=55) < fault.not_before - before < timedelta(seconds=120)


def test_a_bank_that_wants_its_customer_ends_the_consent(access: Link) -> None:
    access.plaid.fail("login_required", call="transactions", reason="OAUTH_INVALID_TOKEN")
    for _again in range(2):
        fault = fault_of(access.page)
        assert (fault.kind, fault.provider_code) == (FaultKind.CONSENT_EXPIRED, "ITEM_LOGIN_REQUIRED")
        assert "OAUTH_INVALID_TOKEN" in fault.detail
    assert access.provider.consent_status(access.session) is ConsentStatus.ENDED


def test_a_page_in_the_middle_that_fails_can_be_asked_again(access: Link) -> None:
    access.plaid.set_page_limit(100)
    first = access.page()
    access.plaid.fail("institution_down", call="transactions")
    assert fault_of(lambda: access.page(continuation=first.continuation)).kind is FaultKind.PROVIDER_DOWN
    assert len(access.page(continuation=first.continuation).transactions) == 100


# Bad rows


@pytest.mark.parametrize(
    ("spoiled", "field", "value"),
    [
        ("amount_text", "amount", "abc"),
        ("impossible_date", "date", "2026-02-30"),
        ("no_currency", "iso_currency_code", ""),
        ("unofficial_currency", "iso_currency_code", "BTC"),
        ("no_id", "transaction_id", ""),
        ("no_pending", "pending", ""),
    ],
)
def test_a_bad_row_is_kept_aside_and_the_others_arrive(
    access: Link, spoiled: str, field: str, value: str
) -> None:
    access.plaid.fail(spoiled, rows=3)
    page = access.page()
    assert len(page.transactions) == 239
    assert [(row.field, row.value) for row in page.rejected] == [(field, value)]
    assert page.rejected[0].raw["account_id"] == access.uid


def test_an_amount_in_quotes_is_still_an_amount(access: Link) -> None:
    expected = [row.amount for row in access.page().transactions]
    access.plaid.fail("amount_quoted", rows="all")
    page = access.page()
    assert page.rejected == ()
    assert [row.amount for row in page.transactions] == expected


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        {"next_cursor": "c", "has_more": False},
        {"next_cursor": "c", "added": {}, "modified": [], "removed": []},
        {"next_cursor": "c", "added": [], "modified": None, "removed": []},
        {"next_cursor": "c", "added": [], "modified": [], "removed": "x"},
    ],
    ids=range(6),
)
def test_an_answer_of_another_shape_is_bad_data(plaid: Emulator, serve: Callable[..., str], body: Any) -> None:
    provider = provider_of(plaid, serve(Response(json.dumps(body))))
    fault = fault_of(lambda: provider.transactions("access-1", TransactionQuery("a")))
    assert fault.kind is FaultKind.BAD_DATA
