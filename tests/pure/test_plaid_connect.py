# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the keys to the accounts: connecting a bank through Plaid, over real HTTP."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from emulators.drivers.plaid import cancel, visit
from emulators.plaid import Emulator
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.plaid import Plaid
from odoo.addons.sync_hub_bank.providers.registry import get_provider
from odoo.addons.sync_hub_bank.providers.values import (
    AuthorizationRequest,
    BalanceKind,
    ConsentStatus,
    Institution,
)
from plaid_link import BACK, Link, asked, connect, fault_of, institution, provider_of
from werkzeug.wrappers import Request, Response

pytest_plugins = ["plaid_fixtures"]
X = Institution("ins_1", "X", "FI")


# Keys


def test_the_adapter_is_known_by_its_code() -> None:
    assert get_provider("plaid") is Plaid
    assert Plaid.default_url == "https://production.plaid.com"
    assert (Plaid.required_settings, Plaid.required_secrets) == (("client_id",), ("secret",))


def test_good_keys_are_found_good(plaid: Emulator) -> None:
    check = provider_of(plaid, client_name="Aurora books").check()
    assert (check.name, check.environment, check.active) == ("Aurora books", "sandbox", True)


def test_keys_are_good_even_where_a_country_is_not_in_the_contract(plaid: Emulator) -> None:
    plaid.fail("error", call="institutions", code="INVALID_FIELD", message="country_codes")
    assert provider_of(plaid).check().active


@pytest.mark.parametrize("wrong", ["client_id", "secret"])
def test_bad_keys_are_refused(plaid: Emulator, wrong: str) -> None:
    keys = {"client_id": plaid.client_id, "secret": plaid.secret, wrong: "0123456789abcdef"}
    other = Plaid({"client_id": keys["client_id"]}, {"secret": keys["secret"]}, HttpSession(plaid.url))
    fault = fault_of(other.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "INVALID_API_KEYS")


@pytest.mark.parametrize("missing", ["client_id", "secret"])
def test_without_keys_nothing_is_sent(plaid: Emulator, missing: str) -> None:
    http = HttpSession(plaid.url)
    keys = {"client_id": "c", "secret": "s", missing: " "}
    fault = fault_of(Plaid({"client_id": keys["client_id"]}, {"secret": keys["secret"]}, http).check)
    assert (fault.kind, fault.detail) == (FaultKind.CREDENTIALS_MISSING, missing)
    assert not http.exchanges


def test_an_outage_while_keys_are_checked_says_nothing_about_them(plaid: Emulator) -> None:
    plaid.fail("proxy_error", times=None)
    assert fault_of(provider_of(plaid).check).kind is FaultKind.PROVIDER_DOWN
    plaid.clear_faults()
    plaid.fail("html")
    assert fault_of(provider_of(plaid).check).kind is FaultKind.BAD_DATA


def test_a_connection_goes_on_with_a_new_secret(access: Link) -> None:
    access.plaid.rotate_secret()
    assert fault_of(lambda: access.provider.accounts(access.session)).kind is FaultKind.CREDENTIALS_REJECTED
    assert provider_of(access.plaid).accounts(access.session) == access.consent.accounts


# Banks


def test_banks_are_listed_for_one_country_or_all_over_several_pages(plaid: Emulator) -> None:
    plaid.set_page_limit(4)
    provider = provider_of(plaid)
    everywhere = list(provider.institutions())
    known = plaid.list_banks()
    assert [item.key for item in everywhere] == [item["institution_id"] for item in known]
    assert {item.country for item in everywhere} == {"IT", "PL", "DE", "FI", "FR"}
    assert [entry["body"]["offset"] for entry in plaid.requests("institutions")] == [0, 4, 8]
    assert [item.name for item in provider.institutions("fi")] == ["Koepankki Saimaa"]
    assert {item.history_days for item in everywhere} == {730}


def test_a_bank_of_several_countries_is_listed_in_each(plaid: Emulator, serve: Callable[..., str]) -> None:
    entries = [
        {"institution_id": "ins_1", "name": "Both", "country_codes": ["DE", "AT", "DE", "?"]},
        {"institution_id": "ins_2", "country_codes": ["DE"]},
        "odd",
    ]
    provider = provider_of(plaid, serve(Response(json.dumps({"institutions": entries, "total": 3}))))
    assert [(item.key, item.country) for item in provider.institutions()] == [("ins_1", "DE"), ("ins_1", "AT")]
    assert [item.country for item in provider.institutions("at")] == ["AT"]


# Consent


def test_a_first_visit_asks_for_all_that_is_needed(plaid: Emulator) -> None:
    provider = provider_of(plaid, client_name="A name that is longer than Link can show")
    request = asked(provider, language="it_IT", webhook_url="https://books.example/hook")
    authorization = provider.authorize(request)
    assert authorization.url.startswith(plaid.url)
    assert authorization.reference.startswith("link-sandbox-")
    assert authorization.form == ()
    assert plaid.requests("link_create")[-1]["body"] == {
        "client_name": "A name that is longer than Lin",
        "language": "it",
        "country_codes": ["IT"],
        "user": {"client_user_id": "company-1"},
        "products": ["transactions"],
        "transactions": {"days_requested": 730},
        "institution_id": request.institution.key,
        "hosted_link": {"completion_redirect_uri": f"{BACK}?state=s-1"},
        "webhook": "https://books.example/hook",
    }


def test_an_unknown_language_is_english_and_a_missing_customer_is_the_visit(plaid: Emulator) -> None:
    provider = provider_of(plaid, redirect_uri="https://books.example/oauth")
    back = f"{BACK}?db=books"
    request = AuthorizationRequest(institution(provider), "business", back, "s 2", language="zh")
    provider.authorize(request)
    body = plaid.requests("link_create")[-1]["body"]
    assert (body["language"], body["user"]) == ("en", {"client_user_id": "s 2"})
    assert body["hosted_link"]["completion_redirect_uri"] == f"{back}&state=s+2"
    assert body["redirect_uri"] == "https://books.example/oauth"
    assert "webhook" not in body


def test_a_visit_that_ends_well_opens_the_accounts(plaid: Emulator) -> None:
    provider = provider_of(plaid)
    answer = visit(provider.authorize(asked(provider)))
    assert answer["state"] == "s-1"
    consent = provider.open_session(answer)
    item = plaid.items()[-1]
    assert (consent.session, consent.reference) == (item.access_token, item.item_id)
    left = consent.valid_until - datetime.now(UTC)
    assert timedelta(days=179) < left <= timedelta(days=180)
    assert [account.uid for account in consent.accounts] == [item.account_id(slug) for slug in item.accounts]
    current, _dollars, card = consent.accounts
    assert (current.kind, current.currency, current.iban) == ("CACC", "EUR", "")
    assert (card.kind, card.product) == ("CARD", "Carta Business")
    assert current.number == f"…{plaid.list_banks()[0]['accounts'][0]['iban'][-4:]}"
    assert provider.consent_status(consent.session) is ConsentStatus.VALID


def test_clients_that_began_early_are_told_of_visits_in_another_way(plaid: Emulator) -> None:
    plaid.set_early_results()
    provider = provider_of(plaid)
    assert len(connect(provider).accounts) == 3
    fault = fault_of(lambda: provider.open_session(cancel(provider.authorize(asked(provider)))))
    assert fault.kind is FaultKind.AUTHORIZATION_CANCELLED


def test_account_numbers_are_read_only_where_they_are_wanted(plaid: Emulator) -> None:
    connect(provider_of(plaid))
    assert not plaid.requests("numbers")
    provider = provider_of(plaid, account_numbers="1")
    consent = connect(provider)
    known = {item["iban"] for item in plaid.list_banks()[0]["accounts"] if item["kind"] != "CARD"}
    assert {account.iban for account in consent.accounts if account.iban} == known
    assert [account.number for account in consent.accounts if account.iban] == ["", ""]
    assert plaid.requests("link_create")[-1]["body"]["additional_consented_products"] == ["auth"]


def test_accounts_come_without_numbers_where_the_bank_gives_none(plaid: Emulator) -> None:
    session = connect(provider_of(plaid)).session
    accounts = provider_of(plaid, account_numbers="1").accounts(session)
    assert plaid.requests("numbers")[-1]["status"] == 400
    assert [account.iban for account in accounts] == ["", "", ""]


def test_cancelling_in_link_is_no_error_of_ours(plaid: Emulator) -> None:
    provider = provider_of(plaid)
    fault = fault_of(lambda: provider.open_session(cancel(provider.authorize(asked(provider)))))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_CANCELLED, "requires_credentials")
    assert plaid.items() == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("INSTITUTION_DOWN", FaultKind.PROVIDER_DOWN),
        ("NO_ACCOUNTS", FaultKind.NO_ACCOUNTS),
        ("ITEM_LOCKED", FaultKind.AUTHORIZATION_INVALID),
        ("INSTITUTION_NO_LONGER_SUPPORTED", FaultKind.AUTHORIZATION_INVALID),
    ],
)
def test_a_user_whom_an_error_of_the_bank_stopped_is_told_which(
    plaid: Emulator, code: str, kind: FaultKind
) -> None:
    provider = provider_of(plaid)
    authorization = provider.authorize(asked(provider))
    plaid.stop_visits(code)
    fault = fault_of(lambda: provider.open_session({"reference": authorization.reference}))
    assert (fault.kind, fault.provider_code) == (kind, code)
    assert fault.detail


def test_a_user_who_comes_back_too_early_has_no_consent(plaid: Emulator) -> None:
    provider = provider_of(plaid)
    authorization = provider.authorize(asked(provider))
    answer = {"state": "s-1", "reference": authorization.reference}
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_INVALID
    requests.get(authorization.url)
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_INVALID
    assert len(provider.open_session(visit(authorization)).accounts) == 3


@pytest.mark.parametrize(
    ("answer", "code"), [({}, ""), ({"state": "s-1"}, ""), ({"reference": "link-never-given"}, "INVALID_LINK_TOKEN")]
)
def test_an_answer_that_is_not_of_a_visit_is_refused(plaid: Emulator, answer: dict[str, str], code: str) -> None:
    fault = fault_of(lambda: provider_of(plaid).open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_INVALID, code)


def test_a_visit_is_good_for_one_session(plaid: Emulator) -> None:
    provider = provider_of(plaid)
    answer = visit(provider.authorize(asked(provider)))
    provider.open_session(answer)
    fault = fault_of(lambda: provider.open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_INVALID, "INVALID_PUBLIC_TOKEN")


def test_the_exchange_is_not_tried_twice(plaid: Emulator) -> None:
    provider = provider_of(plaid)
    answer = visit(provider.authorize(asked(provider)))
    plaid.fail("server_error", call="exchange", times=1)
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.PROVIDER_DOWN
    assert len(plaid.requests("exchange")) == 1
    assert provider.open_session(answer).accounts


@pytest.mark.parametrize("stopped", ["no accounts", "outage"])
def test_a_consent_that_cannot_be_used_is_not_left_behind(plaid: Emulator, stopped: str) -> None:
    provider = provider_of(plaid)
    accounts = [] if stopped == "no accounts" else None
    answer = visit(provider.authorize(asked(provider)), accounts=accounts)
    if stopped == "outage":
        plaid.fail("institution_down", call="accounts", times=None)
    fault = fault_of(lambda: provider.open_session(answer))
    assert fault.kind is (FaultKind.NO_ACCOUNTS if accounts == [] else FaultKind.PROVIDER_DOWN)
    assert [item.removed for item in plaid.items()] == [True]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "bank.example"])
def test_the_browser_is_sent_to_a_web_address_only(plaid: Emulator, serve: Callable[..., str], url: str) -> None:
    body = json.dumps({"hosted_link_url": url, "link_token": "link-1"})
    provider = provider_of(plaid, serve(Response(body)))
    request = AuthorizationRequest(X, "business", BACK, "s")
    assert fault_of(lambda: provider.authorize(request)).kind is FaultKind.BAD_DATA


# Renewal


def test_signing_in_again_keeps_session_and_accounts(access: Link) -> None:
    access.plaid.expire_consents()
    assert access.provider.consent_status(access.session) is ConsentStatus.ENDED
    authorization = access.provider.authorize(asked(access.provider, session=access.session))
    body = access.plaid.requests("link_create")[-1]["body"]
    assert "access_token" in body
    assert not {"products", "transactions", "institution_id"} & set(body)
    renewed = access.provider.open_session({**visit(authorization), "session": access.session})
    assert (renewed.session, renewed.reference, renewed.accounts) == (
        access.session,
        access.consent.reference,
        access.consent.accounts,
    )
    assert renewed.valid_until > datetime.now(UTC) + timedelta(days=179)
    assert access.provider.consent_status(access.session) is ConsentStatus.VALID
    assert len(access.plaid.items()) == 1
    assert len(access.plaid.requests("exchange")) == 1


def test_a_renewal_that_the_user_cancels_leaves_the_consent_as_it_is(access: Link) -> None:
    authorization = access.provider.authorize(asked(access.provider, session=access.session))
    answer = {**cancel(authorization), "session": access.session}
    assert fault_of(lambda: access.provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_CANCELLED
    assert access.provider.consent_status(access.session) is ConsentStatus.VALID


def test_what_a_renewal_tells_of_a_public_token_is_not_exchanged(
    access: Link, serve: Callable[..., str]
) -> None:
    def answer(environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        if request.path == "/link/token/get":
            results = {"item_add_results": [{"public_token": "public-sandbox-1"}]}
            body: dict[str, Any] = {"link_sessions": [{"finished_at": "2026-06-03T10:00:00Z", "results": results}]}
        else:
            assert request.path == "/accounts/get"
            body = {"accounts": [{"account_id": "a", "type": "depository"}], "item": {"item_id": "i", "error": None}}
        return Response(json.dumps(body))(environ, start_response)

    provider = provider_of(access.plaid, serve(answer))
    consent = provider.open_session({"reference": "link-1", "session": "access-1"})
    assert (consent.session, consent.reference, consent.valid_until) == ("access-1", "i", None)


def test_a_consent_that_is_gone_is_begun_anew_and_its_accounts_are_known_again(access: Link) -> None:
    access.provider.revoke(access.session)
    authorization = access.provider.authorize(asked(access.provider, session=access.session))
    renewed = access.provider.open_session({**visit(authorization), "session": access.session})
    assert renewed.session != access.session
    assert access.plaid.requests("link_create")[-1]["body"]["products"] == ["transactions"]
    for old, new in zip(access.consent.accounts, renewed.accounts, strict=True):
        assert old.uid != new.uid
        assert len(set(old.identifiers) & set(new.identifiers)) == 1


def test_a_lasting_id_of_the_bank_comes_first(plaid: Emulator) -> None:
    provider = provider_of(plaid)
    first, second = connect(provider, "Koepankki Saimaa"), connect(provider, "Koepankki Saimaa")
    assert first.accounts[0].identifiers[0] == second.accounts[0].identifiers[0]
    assert first.accounts[0].uid != second.accounts[0].uid


# State and end


def test_a_consent_whose_time_is_over_has_ended(access: Link) -> None:
    later = provider_of(access.plaid, clock=lambda: datetime.now(UTC) + timedelta(days=181))
    assert later.consent_status(access.session) is ConsentStatus.ENDED
    assert access.provider.consent_status(access.session) is ConsentStatus.VALID


def test_an_expired_consent_stops_reading(access: Link) -> None:
    access.plaid.expire_consents()
    for call in (
        lambda: access.provider.accounts(access.session),
        lambda: access.provider.balances(access.session, access.uid),
        access.page,
    ):
        fault = fault_of(call)
        assert (fault.kind, fault.provider_code) == (FaultKind.CONSENT_EXPIRED, "ITEM_LOGIN_REQUIRED")
        assert "OAUTH_CONSENT_EXPIRED" in fault.detail


def test_a_customer_who_withdraws_the_access_ends_the_consent(access: Link) -> None:
    assert access.plaid.revoke_consents() == 1
    assert access.provider.consent_status(access.session) is ConsentStatus.ENDED


def test_an_outage_does_not_look_like_an_ended_consent(access: Link) -> None:
    access.plaid.fail("institution_down", call="item")
    assert fault_of(lambda: access.provider.consent_status(access.session)).kind is FaultKind.PROVIDER_DOWN
    access.plaid.fail("html", call="item")
    assert fault_of(lambda: access.provider.consent_status(access.session)).kind is FaultKind.BAD_DATA


def test_a_bank_that_is_down_leaves_the_consent_standing(access: Link) -> None:
    access.item.error = "INSTITUTION_DOWN"
    assert access.provider.consent_status(access.session) is ConsentStatus.VALID


def test_ending_a_consent_twice_is_no_fault(access: Link) -> None:
    access.provider.revoke(access.session)
    assert access.item.removed
    assert access.provider.consent_status(access.session) is ConsentStatus.ENDED
    access.provider.revoke(access.session)
    access.provider.revoke("access-sandbox-never-given")


def test_a_consent_that_could_not_be_ended_says_so(access: Link) -> None:
    access.plaid.fail("server_error", call="item_remove", times=None)
    assert fault_of(lambda: access.provider.revoke(access.session)).kind is FaultKind.PROVIDER_DOWN
    assert not access.item.removed


# Accounts and balances


def test_accounts_can_be_read_again_later(access: Link) -> None:
    assert access.provider.accounts(access.session) == access.consent.accounts


def test_an_account_that_the_bank_closed_is_left_out_and_not_available(access: Link) -> None:
    access.plaid.close_account(account="current")
    assert access.uid not in {account.uid for account in access.provider.accounts(access.session)}
    for call in (lambda: access.provider.balances(access.session, access.uid), access.page):
        fault = fault_of(call)
        assert (fault.kind, fault.provider_code) == (FaultKind.ACCOUNT_UNAVAILABLE, "INVALID_ACCOUNT_ID")


def test_balances_are_those_of_the_ledger_and_what_is_left(access: Link) -> None:
    access.plaid.add_pending(amount=Decimal("-84.30"))
    booked, available = access.provider.balances(access.session, access.uid)
    assert (booked.kind, booked.amount, booked.currency) == (
        BalanceKind.INTERIM_BOOKED,
        access.plaid.balance(),
        "EUR",
    )
    assert (available.kind, available.amount) == (BalanceKind.AVAILABLE, access.plaid.balance() - Decimal("84.30"))
    assert booked.reference_date is None


def test_what_is_owed_on_a_card_is_a_negative_balance(access: Link) -> None:
    owed = access.plaid.balance(account="card")
    balances = access.provider.balances(access.session, access.item.account_id("card"))
    assert [(item.kind, item.amount) for item in balances] == [(BalanceKind.INTERIM_BOOKED, owed)]


# What never shows


def test_secrets_show_neither_in_the_log_nor_in_a_fault(
    plaid: Emulator, serve: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    def echo(environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        # Bare, so that no name beside a value gives it away as a secret.
        said = " ".join(["sent", request.headers["PLAID-SECRET"], *map(str, request.get_json().values())])
        body = {"error_type": "INVALID_REQUEST", "error_code": "INVALID_FIELD", "error_message": said}
        return Response(json.dumps(body), status=400)(environ, start_response)

    caplog.set_level(logging.DEBUG)
    provider = provider_of(plaid, serve(echo))
    token = "access-sandbox-3f0c7a52-11aa"
    for call in (
        lambda: provider.accounts(token),
        lambda: provider.consent_status(token),
        lambda: provider.revoke(token),
        lambda: provider.authorize(AuthorizationRequest(X, "business", BACK, "s", session=token)),
        lambda: provider.open_session({"reference": "link-sandbox-3f0c7a52"}),
    ):
        fault = fault_of(call)
        assert fault.detail.startswith("sent ***")
        seen = fault.detail + caplog.text + repr(fault)
        for secret in (plaid.secret, token, "link-sandbox-3f0c7a52"):
            assert secret not in seen
    assert caplog.records
