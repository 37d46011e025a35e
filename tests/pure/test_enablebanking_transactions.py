# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading balances and transactions through Enable Banking over HTTP."""

import json
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest
from enablebanking_link import Link, days_ago, fault_of
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.enablebanking import EnableBanking
from odoo.addons.sync_hub_bank.providers.values import (
    BalanceKind,
    TransactionQuery,
    TransactionStatus,
)
from werkzeug.wrappers import Response


def test_balances_come_with_kind_and_day(link: Link) -> None:
    balances = {item.kind: item for item in link.provider.balances(link.session, link.uid)}
    assert balances[BalanceKind.INTERIM_BOOKED].amount == link.bank.balance()
    assert balances[BalanceKind.CLOSING_BOOKED].reference_date is not None
    assert balances[BalanceKind.AVAILABLE].changed_at.tzinfo is UTC
    assert {item.currency for item in balances.values()} == {"EUR"}


def test_a_bank_that_leaves_the_days_out_is_understood(bank: Any) -> None:
    link = Link(bank, "Cassa di Prova BETA")
    balances = link.provider.balances(link.session, link.uid)
    assert [item.kind for item in balances] == [BalanceKind.AVAILABLE, BalanceKind.INTERIM_BOOKED]
    assert [item.reference_date for item in balances] == [None, None]


def test_a_listing_without_a_list_is_bad_data(link: Link, serve: Callable[..., str]) -> None:
    for body in ("{}", '{"balances": {}, "transactions": null}', "[]", '"x"'):
        provider = EnableBanking(
            {"application_id": link.bank.application_id},
            {"private_key": link.bank.private_key_pem},
            HttpSession(serve(Response(body))),
        )
        query = TransactionQuery(link.uid)
        assert fault_of(lambda p=provider: p.balances("s", "u")).kind is FaultKind.BAD_DATA
        assert (
            fault_of(lambda p=provider, q=query: p.transactions("s", q)).kind is FaultKind.BAD_DATA
        )


# A whole history


def test_every_row_of_the_bank_arrives_once(link: Link) -> None:
    kept = link.bank.booked()
    rows = link.rows()
    booked = [row for row in rows if row.status is TransactionStatus.BOOKED]
    assert len(booked) == len(kept) == 240
    assert sorted(row.amount for row in booked) == sorted(item.amount for item in kept)
    assert sorted(row.booking_date for row in booked) == sorted(item.day for item in kept)
    assert len({row.references for row in booked}) == 240
    assert sum(row.amount for row in booked) + link.bank.opening_balance() == link.bank.balance()


def test_what_the_bank_knows_of_a_row_arrives(link: Link) -> None:
    from emulators.enablebanking import BankCode, Exchange, Movement

    link.bank.add_movement(
        Movement(
            booking_date=days_ago(1),
            value_date=days_ago(0),
            transaction_date=days_ago(3),
            amount=Decimal("-90.05"),
            counterparty="Hotel Ñandú",
            counterparty_account="FI1737631867613465",
            counterparty_bic="NDEAFIHH",
            remittance=("EREF+A-1 SVWZ+Room", "RF07850352502356628678117"),
            entry_reference="REF-1",
            reference_number="RF07850352502356628678117",
            reference_number_schema="INTL",
            bank_code=BankCode("PMNT", "ICDT-ESCT", "Payment"),
            exchange=Exchange("EUR", Decimal("1.1"), Decimal("99.06"), "USD"),
        )
    )
    row = next(row for row in link.rows(date_from=days_ago(5)) if row.references == ("REF-1",))
    assert (row.booking_date, row.value_date, row.transaction_date) == (
        days_ago(1),
        days_ago(0),
        days_ago(3),
    )
    assert (row.amount, row.currency) == (Decimal("-90.05"), "EUR")
    assert (row.counterparty, row.counterparty_account) == ("Hotel Ñandú", "FI1737631867613465")
    assert row.counterparty_bic == "NDEAFIHH"
    assert row.remittance == ("EREF+A-1 SVWZ+Room", "RF07850352502356628678117")
    assert (row.creditor_reference, row.end_to_end_id) == ("RF07850352502356628678117", "A-1")
    assert (row.transaction_code, row.transaction_label) == ("PMNT-ICDT-ESCT", "Payment")
    assert (row.instructed_amount, row.instructed_currency) == (Decimal("-99.06"), "USD")
    assert row.exchange_rate == Decimal("1.1")
    assert row.raw["entry_reference"] == "REF-1"


def test_the_longest_history_is_asked_for_when_no_day_is_given(link: Link) -> None:
    assert link.pages()[-1].date_from is None
    for entry in link.asked():
        assert entry["query"]["strategy"] == "longest"
        assert "date_from" not in entry["query"]
        assert "transaction_status" not in entry["query"]


def test_each_page_repeats_the_parameters_of_the_first(link: Link) -> None:
    link.bank.configure(page_size=7)
    period = {"date_from": days_ago(60), "date_to": days_ago(2)}
    pages = link.pages(**period)
    assert len(pages) > 3
    assert {page.date_from for page in pages} == {days_ago(60)}
    first, *others = (entry["query"] for entry in link.asked())
    assert first == {name: day.isoformat() for name, day in period.items()}
    for query in others:
        assert query.pop("continuation_key")
        assert query == first
    days = [row.booking_date for page in pages for row in page.transactions]
    assert days
    assert days_ago(60) <= min(days) <= max(days) <= days_ago(2)


def test_only_the_continuation_counts_on_a_following_page(link: Link) -> None:
    link.bank.configure(page_size=7)
    first = link.page(date_from=days_ago(60))
    other = TransactionQuery(
        link.uid, date_from=days_ago(3), date_to=days_ago(1), continuation=first.continuation
    )
    assert link.provider.transactions(link.session, other).date_from == days_ago(60)
    assert link.asked()[-1]["query"]["date_from"] == days_ago(60).isoformat()


def test_an_empty_page_is_not_the_end(bank: Any) -> None:
    link = Link(bank, "Banca Pagine Bianche")
    pages = link.pages()
    assert any(not page.transactions and page.continuation for page in pages)
    assert sum(len(page.transactions) for page in pages) == len(bank.booked(link.slug))


def test_a_day_in_the_future_is_asked_as_today(link: Link) -> None:
    page = link.page(date_from=days_ago(-3))
    assert page.date_from <= days_ago(0)


def test_an_end_without_a_beginning_is_not_sent(link: Link) -> None:
    link.page(date_to=days_ago(5))
    assert "date_to" not in link.asked()[-1]["query"]


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "[]",
        "[1, {}]",
        '["k", 5]',
        "{}",
        '["k", {"date_from": "x"}]',
        '["k", {"date_from": 5}]',
        '["k", {"strategy": []}]',
        "[" * 5000,
    ],
    ids=range(9),
)
def test_a_continuation_of_someone_else_is_refused(link: Link, text: str) -> None:
    assert fault_of(lambda: link.page(continuation=text)).kind is FaultKind.BAD_DATA


def test_a_continuation_that_the_bank_no_longer_knows_is_bad_data(link: Link) -> None:
    text = json.dumps(["gone", {"strategy": "longest"}])
    fault = fault_of(lambda: link.page(continuation=text))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "WRONG_CONTINUATION_KEY")


def test_a_bank_without_ids_gives_rows_without_references(bank: Any) -> None:
    rows = Link(bank, "Banca Senza Numero").rows()
    assert rows
    assert {row.references for row in rows} == {()}
    contents = [(row.booking_date, row.amount, row.remittance) for row in rows]
    assert len(contents) > len(set(contents)), "two rows are twins, and both arrive"


# Pending rows


def test_pending_rows_come_with_the_booked_ones(link: Link) -> None:
    link.bank.add_pending(amount=Decimal("-12.34"))
    link.bank.add_pending(amount=Decimal("-5.00"), status="HOLD")
    waiting = [row for row in link.rows() if row.status is TransactionStatus.PENDING]
    assert {Decimal("-12.34"), Decimal("-5.00")} <= {row.amount for row in waiting}
    assert all(row.booking_date for row in waiting)


@pytest.mark.parametrize(
    ("code", "status", "detail"),
    [
        ("ASPSP_ERROR", 400, {"error_data": {"code": 400}}),
        ("ASPSP_ERROR", 500, None),
        ("WRONG_REQUEST_PARAMETERS", 422, "transaction_status"),
        ("SOMETHING_NEW", 400, None),
    ],
)
def test_a_bank_that_refuses_pending_rows_still_gives_the_booked_ones(
    link: Link, code: str, status: int, detail: Any
) -> None:
    link.bank.add_pending()
    link.bank.configure(page_size=100)
    # Sent again by the transport where the status is one of an outage.
    times = 3 if status == 500 else 1
    link.bank.fail(
        "error", call="transactions", times=times, code=code, status=status, detail=detail
    )
    rows = link.rows()
    assert {row.status for row in rows} == {TransactionStatus.BOOKED}
    assert len(rows) == 240
    asked = link.asked()[times:]
    assert {entry["query"].get("transaction_status") for entry in asked} == {"BOOK"}
    assert len(asked) == 3


def test_a_bank_that_refuses_everything_is_asked_twice_and_no_more(link: Link) -> None:
    link.bank.fail("aspsp_error", call="transactions", times=None, bank_status=500)
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "ASPSP_ERROR")
    assert len(link.asked()) == 2


@pytest.mark.parametrize(
    ("switch", "kind"),
    [
        ({"fault": "aspsp_error", "bank_status": 401}, FaultKind.CONSENT_EXPIRED),
        ({"fault": "aspsp_error", "bank_status": 403}, FaultKind.CONSENT_EXPIRED),
        ({"fault": "aspsp_error", "bank_status": 429}, FaultKind.RATE_LIMITED),
        ({"fault": "rate_limit"}, FaultKind.RATE_LIMITED),
        ({"fault": "unauthorized"}, FaultKind.CREDENTIALS_REJECTED),
        ({"fault": "forbidden"}, FaultKind.REQUEST_REFUSED),
        ({"fault": "session_expires"}, FaultKind.CONSENT_EXPIRED),
        ({"fault": "error", "code": "DATE_FROM_IN_FUTURE"}, FaultKind.PERIOD_REFUSED),
        ({"fault": "error", "code": "ASPSP_ACCOUNT_NOT_ACCESSIBLE"}, FaultKind.ACCOUNT_UNAVAILABLE),
        ({"fault": "html"}, FaultKind.BAD_DATA),
        ({"fault": "truncated"}, FaultKind.BAD_DATA),
        ({"fault": "endless_body"}, FaultKind.BAD_DATA),
        ({"fault": "redirect"}, FaultKind.NETWORK_UNTRUSTED),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_a_refusal_that_is_not_about_pending_rows_is_one_fault_after_one_request(
    link: Link, switch: dict[str, Any], kind: FaultKind
) -> None:
    link.bank.fail(call="transactions", times=None, **switch)
    link.http.exchanges.clear()
    assert fault_of(link.page).kind is kind
    assert len(link.http.exchanges) == 1


# Outages
