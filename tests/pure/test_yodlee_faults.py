# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes wrong at Yodlee or on the way there, and what a user is told of it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from emulators.yodlee import Emulator
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import TransactionStatus
from werkzeug.wrappers import Response
from yodlee_link import Link, fault_of, provider_of

pytest_plugins = ["yodlee_fixtures"]


@pytest.mark.parametrize(
    ("code", "status", "message", "kind"),
    [
        ("Y004", 400, "Inactive user", FaultKind.REQUEST_REFUSED),
        ("Y007", 401, "Authorization header missing", FaultKind.CREDENTIALS_REJECTED),
        ("Y015", 401, "Unauthorized User", FaultKind.CREDENTIALS_REJECTED),
        ("Y016", 401, "Api-Version header missing", FaultKind.REQUEST_REFUSED),
        ("Y020", 401, "Invalid token", FaultKind.CREDENTIALS_REJECTED),
        ("Y023", 401, "Token has expired", FaultKind.CREDENTIALS_REJECTED),
        ("Y027", 401, "Not on the list of addresses", FaultKind.REQUEST_REFUSED),
        ("Y800", 400, "Invalid value for fromDate", FaultKind.PERIOD_REFUSED),
        ("Y800", 400, "Invalid value for accountId", FaultKind.ACCOUNT_UNAVAILABLE),
        ("Y800", 400, "Invalid value for providerAccountId", FaultKind.CONSENT_EXPIRED),
        ("Y800", 400, "Invalid value for skip", FaultKind.REQUEST_REFUSED),
        ("Y804", 400, "Permitted values of top between 1 - 500", FaultKind.REQUEST_REFUSED),
        ("Y809", 400, "Invalid date range", FaultKind.PERIOD_REFUSED),
        ("Y824", 400, "The maximum number of accountIds permitted is 100", FaultKind.REQUEST_REFUSED),
        ("Y868", 400, "The data is being migrated", FaultKind.PROVIDER_DOWN),
        ("Y901", 400, "Service not supported", FaultKind.REQUEST_REFUSED),
        ("Y999", 400, "Something new", FaultKind.REQUEST_REFUSED),
        ("Y999", 403, "Something new", FaultKind.REQUEST_REFUSED),
        ("Y999", 418, "Something new", FaultKind.BAD_DATA),
        ("Y001", 500, "Technical error", FaultKind.PROVIDER_DOWN),
    ],
)
def test_a_refusal_is_a_fault_of_its_kind(
    yodlee_link: Link, code: str, status: int, message: str, kind: FaultKind
) -> None:
    yodlee_link.bank.fail("error", call="transactions", times=None, code=code, status=status, message=message)
    fault = fault_of(yodlee_link.page)
    assert (fault.kind, fault.provider_code) == (kind, code)
    assert fault.detail == f"{message} (m1563957360736GFM3H0)"


def test_too_many_calls_without_a_time_are_told_as_such(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("rate_limit", call="token", times=None)
    yodlee_link.bank.expire_tokens()
    fault = fault_of(lambda: provider_of(yodlee_link.bank).check())
    assert (fault.kind, fault.not_before) == (FaultKind.RATE_LIMITED, None)


def test_a_refresh_that_comes_too_soon_is_welcome_a_quarter_of_an_hour_later(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("error", call="transactions", code="Y825", message="REFRESHED_RECENTLY")
    fault = fault_of(yodlee_link.page)
    assert fault.kind is FaultKind.RATE_LIMITED
    assert timedelta(minutes=14) < fault.not_before - yodlee_link.bank.now() <= timedelta(minutes=15)


def test_a_short_outage_is_waited_out_and_a_long_one_is_told(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("server_error", call="transactions", times=2)
    assert yodlee_link.rows()
    yodlee_link.bank.fail("server_error", call="transactions", times=None)
    fault = fault_of(yodlee_link.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "Y001")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_page_of_a_proxy_is_an_outage(yodlee_link: Link, status: int) -> None:
    yodlee_link.bank.fail("proxy_error", times=None, status=status)
    for call in (yodlee_link.page, lambda: provider_of(yodlee_link.bank).check()):
        fault = fault_of(call)
        assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, str(status))


def test_an_outage_is_no_ended_consent(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("server_error", call="item", times=None)
    fault = fault_of(lambda: yodlee_link.provider.consent_status(yodlee_link.session))
    assert fault.kind is FaultKind.PROVIDER_DOWN
    yodlee_link.bank.fail("server_error", call="delete_item", times=None)
    assert fault_of(lambda: yodlee_link.provider.revoke(yodlee_link.session)).kind is FaultKind.PROVIDER_DOWN


def test_a_redirect_to_another_host_is_not_followed(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("redirect", call="transactions", times=None)
    assert fault_of(yodlee_link.page).kind is FaultKind.NETWORK_UNTRUSTED


@pytest.mark.parametrize("fault", ["html", "truncated", "other_list"])
@pytest.mark.parametrize("call", ["transactions", "accounts", "item", "providers"])
def test_an_answer_that_is_not_the_data_is_bad_data(yodlee_link: Link, call: str, fault: str) -> None:
    provider, session, uid = yodlee_link.provider, yodlee_link.session, yodlee_link.uid
    calls: dict[str, Callable[[], object]] = {
        "transactions": yodlee_link.page,
        "accounts": lambda: provider.balances(session, uid),
        "item": lambda: provider.accounts(session),
        "providers": lambda: list(provider.institutions()),
    }
    yodlee_link.bank.fail(fault, call=call, times=None)
    assert fault_of(calls[call]).kind is FaultKind.BAD_DATA


@pytest.mark.parametrize("body", ["[]", '"x"', '{"token": {}}', '{"token": {"accessToken": 5}}', "", "<html>"])
def test_a_sign_in_that_gives_no_token_is_bad_data(yodlee: Emulator, serve: Callable[..., str], body: str) -> None:
    provider = provider_of(yodlee, url=serve(Response(body, status=201)))
    assert fault_of(provider.check).kind is FaultKind.BAD_DATA


@pytest.mark.parametrize(
    ("fault", "field", "value"),
    [
        ("amount_text", "amount.amount", "abc"),
        ("amount_missing", "amount", ""),
        ("no_base_type", "baseType", ""),
        ("no_currency", "amount.currency", ""),
        ("impossible_date", "postDate", "2026-02-30"),
        ("no_dates", "date", ""),
        ("unknown_status", "status", "REVERSED"),
        ("not_a_row", "transaction", "no row"),
    ],
)
def test_a_row_that_cannot_be_understood_is_kept_apart_and_the_others_arrive(
    yodlee_link: Link, fault: str, field: str, value: str
) -> None:
    whole = len(yodlee_link.rows())
    yodlee_link.bank.fail(fault, row=1)
    page = yodlee_link.page()
    (rejected,) = page.rejected
    assert (rejected.field, rejected.value) == (field, value)
    assert rejected.raw
    assert len(page.transactions) == whole - 1


def test_a_sign_beside_the_base_type_changes_nothing(yodlee_link: Link) -> None:
    before = yodlee_link.rows()
    yodlee_link.bank.fail("amount_sign")
    assert yodlee_link.rows() == before


def test_an_amount_that_is_written_as_text_is_understood(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("amount_as_text")
    assert abs(yodlee_link.rows()[0].amount) == Decimal("12.30")


def test_a_bank_that_shows_no_status_lists_booked_rows(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("no_status")
    assert yodlee_link.rows()[0].status is TransactionStatus.BOOKED


def test_a_row_without_a_number_lives_by_its_content(yodlee_link: Link) -> None:
    yodlee_link.bank.fail("no_id")
    assert yodlee_link.rows()[0].references == ()


def test_a_row_that_a_user_typed_at_yodlee_is_no_movement_of_the_bank(yodlee_link: Link) -> None:
    whole = len(yodlee_link.rows())
    yodlee_link.bank.fail("manual")
    page = yodlee_link.page()
    assert (len(page.transactions), page.rejected) == (whole - 1, ())


# Secrets


@pytest.mark.parametrize("call", ["token", "transactions", "item"])
def test_keys_tokens_and_user_names_never_stand_in_a_fault(yodlee: Emulator, call: str) -> None:
    link = Link(yodlee)
    yodlee.fail("echo_secret", call=call, times=None)
    provider = provider_of(yodlee) if call == "token" else link.provider
    fault = fault_of(lambda: list(provider.institutions()) if call == "token" else link.page())
    said = f"{fault} {fault.detail} {fault.values} {fault.args}"
    assert "Invalid input" in said
    assert len(yodlee.tokens()) == 2
    for secret in (yodlee.secret, *yodlee.tokens()):
        assert secret not in said


def test_the_request_log_shows_neither_keys_nor_user_names(yodlee: Emulator) -> None:
    link = Link(yodlee)
    cursor = link.pages()[-1].cursor
    yodlee.advance(minutes=5)
    link.provider = provider_of(yodlee)
    link.pages(cursor=cursor)
    shown = str(list(link.provider._http.exchanges))
    assert "/dataExtracts/userData" in shown
    for secret in (yodlee.secret, yodlee.client_id, "company-7"):
        assert secret not in shown
