# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes wrong at Ponto, and what Sync Hub makes of it, over real HTTP."""

from decimal import Decimal
from typing import Any

import pytest
from emulators.ponto.switches import BANK_FAILS
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import Answer
from odoo.addons.sync_hub_bank.providers.ponto.errors import fault_from
from ponto_link import USER, Own, days_ago, fault_of

pytest_plugins = ["emulators.ponto.fixtures"]


def test_an_account_whose_authorization_ended_asks_for_a_new_consent(ponto: Any, own: Own) -> None:
    ponto.expire_consents()
    fault = fault_of(own.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.CONSENT_EXPIRED, "authorizationInvalid")
    assert "reauthorize" in fault.detail
    ponto.reauthorize()
    assert own.page().transactions


def test_a_synchronization_for_the_user_tells_that_the_consent_ended(ponto: Any, own: Own) -> None:
    ponto.fail_synchronizations({"code": "invalidCredentials", "detail": "Wrong."})
    assert fault_of(lambda: own.page(attended=USER)).kind is FaultKind.CONSENT_EXPIRED


def test_a_synchronization_that_the_bank_failed_leaves_what_was_read_before(ponto: Any, own: Own) -> None:
    ponto.synchronize(BANK_FAILS)
    assert len(own.rows()) == 240


def test_too_many_calls_without_a_moment_are_told_too(ponto: Any, own: Own) -> None:
    ponto.fail("rate_limit", call="transactions", times=None)
    fault = fault_of(own.page)
    assert (fault.kind, fault.not_before) == (FaultKind.RATE_LIMITED, None)


@pytest.mark.parametrize("call", ["token", "accounts", "transactions"])
def test_an_outage_that_lasts_is_told_and_a_short_one_is_not(ponto: Any, call: str) -> None:
    for fault, options in (("server_error", {}), ("proxy_error", {"status": 503}), ("proxy_error", {"status": 504})):
        own = Own(ponto)
        read = own.page if call == "transactions" else own.provider.check
        ponto.fail(fault, call=call, times=None, **options)
        assert fault_of(read).kind is FaultKind.PROVIDER_DOWN
        ponto.clear_faults()
        ponto.fail(fault, call=call, times=1, **options)
        read()
        ponto.clear_faults()


@pytest.mark.parametrize(
    ("fault", "field", "value"),
    [
        ("amount_word", "amount", "abc"),
        ("no_currency", "currency", ""),
        ("impossible_date", "executionDate", "2026-02-30T00:00:00.000Z"),
        ("no_dates", "executionDate", ""),
        ("no_attributes", "transaction", None),
    ],
)
def test_a_row_that_cannot_be_understood_is_kept_apart(
    ponto: Any, own: Own, fault: str, field: str, value: str | None
) -> None:
    ponto.fail(fault)
    page = own.page()
    (row,) = page.rejected
    assert row.field == field
    assert value is None or row.value == value
    assert row.raw["type"] == "transaction"
    assert len(page.transactions) == 99


def test_an_amount_may_be_a_number_or_a_text(ponto: Any, own: Own) -> None:
    number = own.page().transactions[0]
    ponto.fail("amount_text")
    text = own.page().transactions[0]
    assert isinstance(text.raw["attributes"]["amount"], str)
    assert isinstance(text.amount, Decimal)
    assert (text.amount, text.references) == (number.amount, number.references)


def test_a_row_without_execution_date_counts_for_its_value_date(ponto: Any, own: Own) -> None:
    before = own.page().transactions[0]
    ponto.fail("no_execution_date")
    row = own.page().transactions[0]
    assert row.booking_date == row.value_date == before.value_date


def test_a_bad_row_does_not_end_the_reading_early(ponto: Any, own: Own) -> None:
    ponto.set_history(300, days=20)
    ponto.fail("impossible_date", times=None)
    pages = own.pages(date_from=days_ago(30))
    assert sum(len(page.transactions) for page in pages) == 297
    assert sum(len(page.rejected) for page in pages) == 3


def test_a_refusal_names_the_field_that_is_wrong(ponto: Any, own: Own) -> None:
    ponto.fail("error", call="accounts", status=422, detail="must be smaller", source={"pointer": "/data/x"})
    fault = fault_of(own.provider.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.REQUEST_REFUSED, "validationError")
    assert fault.detail == "/data/x: must be smaller"


def test_secrets_never_come_back_in_a_fault(ponto: Any, own: Own) -> None:
    own.provider.check()
    (token,) = ponto.access_tokens()
    ponto.fail("error", call="accounts", detail=f"bad {token} of {ponto.client_secret}", times=None)
    fault = fault_of(own.provider.check)
    assert token not in str(fault) and ponto.client_secret not in str(fault)
    assert fault.detail == "bad *** of ***"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, b'{"error":"invalid_client"}', FaultKind.CREDENTIALS_REJECTED, "invalid_client"),
        (401, b"", FaultKind.CREDENTIALS_REJECTED, "401"),
        (403, b'{"errors":[{"code":"forbidden"}]}', FaultKind.REQUEST_REFUSED, "forbidden"),
        (404, b'{"errors":[]}', FaultKind.REQUEST_REFUSED, "404"),
        (400, b'{"errors":"no list"}', FaultKind.REQUEST_REFUSED, "400"),
        (400, b'{"errors":[7]}', FaultKind.REQUEST_REFUSED, "400"),
        (401, b'{"errors":[{"code":"authorizationInvalid"}]}', FaultKind.CONSENT_EXPIRED, "authorizationInvalid"),
        (418, b"[]", FaultKind.BAD_DATA, "418"),
        (302, b"", FaultKind.BAD_DATA, "302"),
        (500, b'{"error":"invalid_grant"}', FaultKind.PROVIDER_DOWN, "invalid_grant"),
        (429, b'{"errors":[{"code":"validationError"}]}', FaultKind.RATE_LIMITED, "validationError"),
    ],
)
def test_every_refusal_has_a_kind(status: int, body: bytes, kind: FaultKind, code: str) -> None:
    fault = fault_from(Answer(status, {}, body))
    assert (fault.kind, fault.provider_code, fault.status) == (kind, code, status)
