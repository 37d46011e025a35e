# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Outages, limits and bad rows while transactions are read through Enable Banking over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from enablebanking_link import USER, Link, fault_of
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import (
    TransactionQuery,
)


@pytest.mark.parametrize(
    "switch",
    [
        {"fault": "timeout"},
        {"fault": "server_error"},
        {"fault": "proxy_error", "status": 502},
        {"fault": "dropped"},
        {"fault": "rate_limit", "retry_after": 2},
    ],
    ids=lambda switch: switch["fault"],
)
def test_a_short_outage_is_not_noticed(link: Link, switch: dict[str, Any]) -> None:
    link.bank.fail(call="transactions", times=2, **switch)
    assert len(link.page().transactions) == 100


@pytest.mark.parametrize(
    ("switch", "kind", "code"),
    [
        ({"fault": "timeout"}, FaultKind.PROVIDER_DOWN, "ASPSP_TIMEOUT"),
        ({"fault": "server_error"}, FaultKind.PROVIDER_DOWN, "500"),
        ({"fault": "proxy_error", "status": 503}, FaultKind.PROVIDER_DOWN, "503"),
        ({"fault": "dropped"}, FaultKind.NETWORK_UNREACHABLE, ""),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else None,
)
def test_a_long_outage_is_named_after_three_tries(
    link: Link, switch: dict[str, Any], kind: FaultKind, code: str
) -> None:
    link.bank.fail(call="transactions", times=None, **switch)
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (kind, code)
    assert len(link.asked()) == 3


def test_a_page_in_the_middle_that_fails_can_be_asked_again(link: Link) -> None:
    first = link.page()
    link.bank.fail("server_error", call="transactions", times=3)
    again = TransactionQuery(link.uid, continuation=first.continuation)
    assert fault_of(lambda: link.provider.transactions(link.session, again)).kind is (
        FaultKind.PROVIDER_DOWN
    )
    assert len(link.provider.transactions(link.session, again).transactions) == 100


def test_the_daily_limit_of_a_bank_says_when_to_come_back(link: Link) -> None:
    link.bank.set_quota(1)
    link.page()
    before = datetime.now(UTC)
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (
        FaultKind.RATE_LIMITED,
        "ASPSP_RATE_LIMIT_EXCEEDED",
    )
    assert before < fault.not_before <= before + timedelta(days=1)
    assert (fault.not_before.hour, fault.not_before.minute) == (0, 0)
    assert link.page(attended=USER).transactions, "the user in front of the screen is not limited"


def test_a_wish_to_wait_for_hours_is_handed_on(link: Link) -> None:
    link.bank.fail("rate_limit", call="transactions", retry_after=7200)
    before = datetime.now(UTC)
    fault = fault_of(link.page)
    assert timedelta(hours=1) < fault.not_before - before < timedelta(hours=3)


# Bad rows


@pytest.mark.parametrize(
    ("spoiled", "field"),
    [
        ("amount_text", "transaction_amount.amount"),
        ("impossible_date", "booking_date"),
        ("no_dates", "booking_date"),
        ("no_currency", "transaction_amount.currency"),
        ("unknown_status", "status"),
    ],
)
def test_a_bad_row_is_kept_aside_and_the_others_arrive(
    link: Link, spoiled: str, field: str
) -> None:
    link.bank.fail(spoiled, rows=3)
    page = link.page()
    assert len(page.transactions) == 99
    assert [row.field for row in page.rejected] == [field]
    assert page.rejected[0].raw["credit_debit_indicator"] in ("CRDT", "DBIT")


@pytest.mark.parametrize("spoiled", ["amount_number", "amount_sign", "no_booking_date", "no_ids"])
def test_a_sloppy_row_is_still_a_row(link: Link, spoiled: str) -> None:
    expected = link.page().transactions
    link.bank.fail(spoiled, rows="all")
    page = link.page()
    assert page.rejected == ()
    assert [row.amount for row in page.transactions] == [row.amount for row in expected]
    if spoiled == "no_ids":
        assert {row.references for row in page.transactions} == {()}
    else:
        assert [row.references for row in page.transactions] == [row.references for row in expected]
    if spoiled == "no_booking_date":
        assert [row.booking_date for row in page.transactions] == [
            row.value_date or row.transaction_date for row in expected
        ]


# History
