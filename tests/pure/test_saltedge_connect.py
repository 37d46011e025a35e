# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the keys to the accounts: connecting a bank through Salt Edge, over real HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from emulators.drivers.saltedge import cancel_at, consent_at
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers import get_provider
from odoo.addons.sync_hub_bank.providers.saltedge import SaltEdge
from odoo.addons.sync_hub_bank.providers.values import BalanceKind, ConsentStatus, Institution
from saltedge_link import BACK, COMPANY, Link, asked, connect, days_ago, fault_of, institution, provider_of
from werkzeug.wrappers import Request, Response

pytest_plugins = ["saltedge_fixtures"]


# Keys


def test_the_adapter_is_known_by_its_code() -> None:
    assert get_provider("saltedge") is SaltEdge
    assert SaltEdge.default_url == "https://www.saltedge.com/api/v6"
    assert SaltEdge.required_settings == ("application_id",)
    assert SaltEdge.required_secrets == ("application_secret",)


def test_good_keys_tell_the_countries(edge_provider: SaltEdge) -> None:
    check = edge_provider.check()
    assert (check.name, check.environment, check.active) == ("Salt Edge", "production", True)
    assert check.countries == ("DE", "FI", "FR", "IT", "PL")


def test_an_application_that_is_not_live_needs_no_signature(edge: Any) -> None:
    provider = provider_of(edge, private_key="")
    fault = fault_of(provider.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.REQUEST_REFUSED, "MissingExpiresAt")
    edge.behave(signed=False)
    assert provider.check().environment == "sandbox"


@pytest.mark.parametrize(
    ("keys", "code"),
    [({"application_id": "another"}, "ApiKeyNotFound"), ({"secret": "another-secret"}, "ApiKeyNotFound")],
)
def test_keys_of_somebody_else_are_refused(edge: Any, keys: dict[str, str], code: str) -> None:
    fault = fault_of(provider_of(edge, **keys).check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, code)
    assert "another-secret" not in str(fault)


def test_a_signature_with_another_key_is_refused(edge: Any) -> None:
    from emulators.enablebanking.application import new_private_key_pem

    other = new_private_key_pem()
    fault = fault_of(provider_of(edge, private_key=other).check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "SignatureNotMatch")
    assert other.splitlines()[1] not in str(fault)


def test_a_key_that_is_none_is_refused_before_anything_is_sent(edge: Any) -> None:
    fault = fault_of(provider_of(edge, private_key="no key").check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "private_key")
    assert edge.requests() == []


@pytest.mark.parametrize("name", ["application_id", "application_secret"])
def test_without_keys_nothing_is_sent(edge: Any, name: str) -> None:
    missing = {"application_id": {"application_id": " "}, "application_secret": {"secret": ""}}[name]
    fault = fault_of(provider_of(edge, **missing).check)
    assert (fault.kind, fault.detail) == (FaultKind.CREDENTIALS_MISSING, name)
    assert edge.requests() == []


def test_a_clock_that_is_wrong_is_no_matter_of_keys(edge: Any) -> None:
    late = provider_of(edge, clock=lambda: datetime.now(UTC) - timedelta(hours=1))
    early = provider_of(edge, clock=lambda: datetime.now(UTC) + timedelta(hours=2))
    assert [(fault.kind, fault.provider_code) for fault in (fault_of(late.check), fault_of(early.check))] == [
        (FaultKind.REQUEST_REFUSED, "RequestExpired"),
        (FaultKind.REQUEST_REFUSED, "ExpiresAtInvalid"),
    ]


def test_new_keys_go_on_with_the_connections_of_the_old_ones(edge: Any, edge_link: Link) -> None:
    edge.change_secret("a-new-secret-of-the-key")
    fault = fault_of(edge_link.page)
    assert fault.kind is FaultKind.CREDENTIALS_REJECTED
    renewed = provider_of(edge)
    assert renewed.accounts(edge_link.session) == edge_link.consent.accounts
    edge.reset()


# Banks


def test_banks_are_listed_over_several_pages_for_one_country_or_all(edge: Any, edge_provider: SaltEdge) -> None:
    everywhere = list(edge_provider.institutions())
    assert len(everywhere) == len(edge.list_banks()) > 5
    assert {item.country for item in everywhere} == {"IT", "PL", "DE", "FI", "FR", "XF"}
    assert [item.name for item in edge_provider.institutions("fi")] == ["Koepankki Saimaa"]
    assert next(edge_provider.institutions("FI")).psu_types == ("business",)
    main = institution(edge_provider)
    assert (main.key, main.beta, main.consent_seconds) == ("banca_sandbox_italia_it", False, 180 * 86400)
    assert main.logo_url.startswith("http://127.0.0.1:")
    assert len(main.bic) in (8, 11)


def test_sandboxes_are_marked_and_can_be_connected(edge: Any, edge_provider: SaltEdge) -> None:
    found = list(edge_provider.institutions("XF"))
    assert [(item.key, item.beta) for item in found] == [("fakebank_simple_xf", True)]
    assert len(connect(edge, edge_provider, "Fake Bank Simple").accounts) == 1


# Consent


def test_a_first_consent_makes_a_customer_and_opens_the_accounts(edge: Any, edge_provider: SaltEdge) -> None:
    authorization = edge_provider.authorize(asked(edge_provider, language="it_IT"))
    assert authorization.form == ()
    assert list(edge.customers()) == [COMPANY]
    answer = consent_at(edge, authorization.url)
    assert (answer["state"], answer["db"]) == ("s-1", "one")
    consent = edge_provider.open_session(answer)
    assert consent.reference == consent.session == answer["connection_id"]
    ibans = {item["iban"] for item in edge.list_banks()[0]["accounts"] if item["kind"] != "CARD"}
    assert {account.iban for account in consent.accounts if account.iban} == ibans
    card = next(account for account in consent.accounts if account.kind == "CARD")
    assert (card.iban, card.number[:6], card.currency) == ("", "535500", "EUR")
    left = consent.valid_until - datetime.now(UTC)
    assert timedelta(days=179) < left <= timedelta(days=180)
    assert edge_provider.consent_status(consent.session) is ConsentStatus.VALID


def test_what_is_asked_for_is_what_the_interface_describes(edge: Any, serve: Callable[..., str]) -> None:
    sent: list[tuple[str, Any]] = []

    def answer(environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        sent.append((request.path, request.get_json()))
        data = {"customer_id": "12", "connect_url": "https://www.saltedge.com/connect?token=x"}
        return Response(json.dumps({"data": data}))(environ, start_response)

    now = datetime(2026, 6, 3, 10, tzinfo=UTC)
    provider = provider_of(edge, serve(answer), clock=lambda: now)
    bank = Institution("some_bank_fr", "Some Bank", "FR", consent_seconds=90 * 86400 + 5)
    request = asked(provider_of(edge), language="fr_FR")
    url = provider.authorize(type(request)(bank, "personal", BACK, "s-1", "fr_FR", COMPANY)).url
    assert url == "https://www.saltedge.com/connect?token=x"
    assert sent[0] == ("/customers", {"data": {"identifier": COMPANY}})
    path, body = sent[1]
    assert path == "/connections/connect"
    back = body["data"]["attempt"].pop("return_to")
    assert back.startswith("https://books.example/return?db=one&state=s-1&seal=")
    assert body["data"] == {
        "customer_id": "12",
        "provider": {"code": "some_bank_fr", "include_sandboxes": False},
        "kyc": {"type_of_account": "personal"},
        "consent": {"scopes": ["accounts", "transactions"], "period_days": 90, "from_date": "2024-06-03"},
        "attempt": {
            "fetch_scopes": ["accounts", "balance", "transactions"],
            "fetch_from_date": "2024-06-03",
            "locale": "fr",
        },
        "widget": {"skip_provider_selection": True},
        "automatic_refresh": True,
        "return_connection_id": True,
        "return_error_class": True,
        "categorization": "none",
    }


@pytest.mark.parametrize("version", [6, 5])
def test_a_customer_that_is_known_is_found_again(edge: Any, edge_provider: SaltEdge, version: int) -> None:
    edge.behave(version=version)
    connect(edge, edge_provider)
    connect(edge, edge_provider, "Banca Attesa")
    connect(edge, edge_provider, "Banca Attesa", customer="company-8")
    assert list(edge.customers()) == [COMPANY, "company-8"]
    assert [item["customer"] for item in edge.sessions()] == [
        edge.customers()[name] for name in (COMPANY, COMPANY, "company-8")
    ]


def test_a_consent_without_the_name_of_a_customer_is_not_asked_for(edge: Any, edge_provider: SaltEdge) -> None:
    request = asked(edge_provider, customer="")
    assert fault_of(lambda: edge_provider.authorize(request)).kind is FaultKind.REQUEST_REFUSED
    assert edge.customers() == {}


@pytest.mark.parametrize(("granted", "asked_days"), [(None, 730), (400, 365), (90, 89)])
def test_a_bank_that_gives_less_history_is_asked_for_less(
    edge: Any, edge_provider: SaltEdge, granted: int | None, asked_days: int
) -> None:
    edge.configure(history_days=granted)
    session = connect(edge, edge_provider).session
    consents = next(item for item in edge.sessions() if item["number"] == session)["consents"]
    assert [item["from_date"] for item in consents] == [days_ago(asked_days)]


def test_a_bank_that_gives_hardly_any_history_is_named(edge: Any, edge_provider: SaltEdge) -> None:
    edge.configure(history_days=10)
    fault = fault_of(lambda: edge_provider.authorize(asked(edge_provider)))
    assert (fault.kind, fault.provider_code) == (FaultKind.PERIOD_REFUSED, "DateOutOfRange")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "bank.example"])
def test_the_browser_is_sent_to_a_web_address_only(edge: Any, serve: Callable[..., str], url: str) -> None:
    answer = Response(json.dumps({"data": {"customer_id": "1", "connect_url": url}}))
    provider = provider_of(edge, serve(answer))
    request = asked(provider_of(edge))
    assert fault_of(lambda: provider.authorize(request)).kind is FaultKind.BAD_DATA


def test_a_return_address_that_is_too_long_is_a_refused_request(edge_provider: SaltEdge) -> None:
    request = asked(edge_provider, redirect_url="https://books.example/" + "x" * 2040)
    fault = fault_of(lambda: edge_provider.authorize(request))
    assert (fault.kind, fault.provider_code) == (FaultKind.REQUEST_REFUSED, "ReturnURLTooLong")


def test_starting_a_consent_is_tried_again(edge: Any, edge_provider: SaltEdge) -> None:
    request = asked(edge_provider)
    edge.fail("server_error", call="create_customer", times=2)
    edge.fail("server_error", call="connect", times=2)
    assert edge_provider.authorize(request).url


# The way back


def test_cancelling_at_the_bank_is_no_error_of_ours(edge: Any, edge_provider: SaltEdge) -> None:
    answer = cancel_at(edge_provider.authorize(asked(edge_provider)).url)
    fault = fault_of(lambda: edge_provider.open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_CANCELLED, "ProviderAccessNotGranted")
    assert "denied by the user" in fault.detail


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ({"error_class": "InteractiveTimeout"}, FaultKind.AUTHORIZATION_CANCELLED, "InteractiveTimeout"),
        ({"error_class": "InvalidCredentials"}, FaultKind.AUTHORIZATION_INVALID, "InvalidCredentials"),
        ({"error_class": "ProviderUnavailable"}, FaultKind.PROVIDER_DOWN, "ProviderUnavailable"),
        ({"error_class": "ProviderDisabled"}, FaultKind.REQUEST_REFUSED, "ProviderDisabled"),
        ({"error": "Odd", "connection_id": "1"}, FaultKind.AUTHORIZATION_INVALID, "Odd"),
        ({}, FaultKind.AUTHORIZATION_CANCELLED, ""),
        ({"connection_id": ""}, FaultKind.AUTHORIZATION_CANCELLED, ""),
        ({"connection_id": "99"}, FaultKind.AUTHORIZATION_INVALID, "ConnectionNotFound"),
        ({"connection_id": "../customers"}, FaultKind.REQUEST_REFUSED, "RouteNotFound"),
    ],
)
def test_a_user_who_comes_back_without_a_consent_is_told_why(
    edge_provider: SaltEdge, answer: dict[str, str], kind: FaultKind, code: str
) -> None:
    fault = fault_of(lambda: edge_provider.open_session({"state": "s-1", **answer}))
    assert (fault.kind, fault.provider_code) == (kind, code)


@pytest.mark.parametrize("change", [{"state": "s-2"}, {"seal": "0" * 32}, {"seal": ""}, {"seal": "ü"}])
def test_a_connection_that_the_browser_puts_in_place_of_another_is_not_taken(
    edge: Any, edge_provider: SaltEdge, change: dict[str, str]
) -> None:
    answer = consent_at(edge, edge_provider.authorize(asked(edge_provider)).url)
    assert fault_of(lambda: edge_provider.open_session(answer | change)).kind is FaultKind.AUTHORIZATION_INVALID
    foreign = connect(edge, edge_provider, customer="company-8").session
    swapped = answer | {"connection_id": foreign}
    assert fault_of(lambda: edge_provider.open_session(swapped)).kind is FaultKind.AUTHORIZATION_INVALID
    assert edge_provider.open_session(answer).accounts


def test_a_user_who_shares_no_account_is_told_so_and_nothing_stays_behind(edge: Any, edge_provider: SaltEdge) -> None:
    answer = consent_at(edge, edge_provider.authorize(asked(edge_provider)).url, ["none-of-them"])
    assert fault_of(lambda: edge_provider.open_session(answer)).kind is FaultKind.NO_ACCOUNTS
    assert edge.sessions() == []


def test_accounts_that_are_still_being_fetched_are_waited_for(edge: Any) -> None:
    waits: list[float] = []
    provider = provider_of(edge, sleep=waits.append)
    edge.behave(slow_attempts=4)
    assert len(connect(edge, provider).accounts) == 3
    assert len(waits) == 4
    edge.behave(slow_attempts=50)
    answer = consent_at(edge, provider.authorize(asked(provider)).url)
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.PROVIDER_DOWN
    assert len(edge.sessions()) == 2, "the connection is kept"


def test_a_bank_that_fails_during_the_first_fetch_is_named(edge: Any, edge_provider: SaltEdge) -> None:
    answer = consent_at(edge, edge_provider.authorize(asked(edge_provider)).url)
    edge.fail_attempt("ProviderUnavailable")
    fault = fault_of(lambda: edge_provider.open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "ProviderUnavailable")


def test_a_consent_whose_end_cannot_be_told_is_a_consent(edge: Any, edge_provider: SaltEdge) -> None:
    answer = consent_at(edge, edge_provider.authorize(asked(edge_provider)).url)
    edge.fail("error", call="consents", code="RouteNotFound")
    assert edge_provider.open_session(answer).valid_until is None


# Renewal and end


def test_a_renewed_consent_keeps_connection_and_accounts(edge: Any, edge_link: Link) -> None:
    provider = edge_link.provider
    edge.expire_consents()
    assert provider.consent_status(edge_link.session) is ConsentStatus.ENDED
    request = asked(provider, state="s-2", session=edge_link.session)
    renewed = provider.open_session(consent_at(edge, provider.authorize(request).url))
    assert (renewed.session, renewed.accounts) == (edge_link.session, edge_link.consent.accounts)
    assert len(edge.sessions()) == 1
    assert provider.consent_status(renewed.session) is ConsentStatus.VALID
    assert edge_link.rows()


def test_where_the_connection_is_gone_a_new_one_has_accounts_that_are_known_again(edge: Any, edge_link: Link) -> None:
    provider = edge_link.provider
    edge.destroy_connections()
    request = asked(provider, session=edge_link.session)
    renewed = provider.open_session(consent_at(edge, provider.authorize(request).url))
    assert renewed.session != edge_link.session
    for before, after in zip(edge_link.consent.accounts, renewed.accounts, strict=True):
        assert before.uid != after.uid
        assert set(before.identifiers) & set(after.identifiers)


def test_another_fault_during_a_renewal_makes_no_new_connection(edge: Any, edge_link: Link) -> None:
    request = asked(edge_link.provider, session=edge_link.session)
    edge.fail("error", call="reconnect", code="ActionNotAllowed")
    assert fault_of(lambda: edge_link.provider.authorize(request)).kind is FaultKind.REQUEST_REFUSED


def test_ending_a_consent_twice_is_no_fault(edge: Any, edge_link: Link) -> None:
    provider, session = edge_link.provider, edge_link.session
    provider.revoke(session)
    assert edge.sessions() == []
    provider.revoke(session)
    assert provider.consent_status(session) is ConsentStatus.ENDED
    assert fault_of(lambda: provider.accounts(session)).kind is FaultKind.CONSENT_EXPIRED


def test_an_outage_does_not_look_like_an_ended_consent(edge: Any, edge_link: Link) -> None:
    provider, session = edge_link.provider, edge_link.session
    edge.fail("server_error", call="connection", times=None)
    assert fault_of(lambda: provider.consent_status(session)).kind is FaultKind.PROVIDER_DOWN
    edge.clear_faults()
    edge.fail("server_error", call="delete_connection", times=None)
    assert fault_of(lambda: provider.revoke(session)).kind is FaultKind.PROVIDER_DOWN


@pytest.mark.parametrize("end", ["expire_consents", "revoke_consents"])
@pytest.mark.parametrize("reads", ["kept", "refused"])
def test_after_its_end_a_consent_reads_nothing(edge: Any, edge_link: Link, end: str, reads: str) -> None:
    edge.behave(expired_reads=reads)
    getattr(edge, end)()
    provider, session = edge_link.provider, edge_link.session
    assert provider.consent_status(session) is ConsentStatus.ENDED
    for read in (edge_link.page, lambda: provider.accounts(session)):
        assert fault_of(read).kind is FaultKind.CONSENT_EXPIRED


# Accounts and balances


def test_balances_come_with_kind_and_day(edge: Any, edge_link: Link) -> None:
    edge.add_pending(amount=Decimal("-100.00"))
    balances = {item.kind: item for item in edge_link.provider.balances(edge_link.session, edge_link.uid)}
    booked = balances[BalanceKind.INTERIM_BOOKED]
    assert booked.amount == edge.balance()
    assert booked.changed_at.tzinfo is UTC
    assert balances[BalanceKind.CLOSING_BOOKED].reference_date == days_ago(0)
    assert balances[BalanceKind.AVAILABLE].amount == booked.amount - 100
    assert {item.currency for item in balances.values()} == {"EUR"}


def test_the_last_of_several_pages_of_accounts_is_found(edge: Any, edge_link: Link) -> None:
    card = edge_link.consent.accounts[-1]
    balances = edge_link.provider.balances(edge_link.session, card.uid)
    assert balances[1].amount == edge.balance(account="card")


def test_an_account_that_is_closed_is_no_longer_there(edge: Any, edge_link: Link) -> None:
    edge.close_account()
    provider, session = edge_link.provider, edge_link.session
    assert len(provider.accounts(session)) == 2
    assert fault_of(lambda: provider.balances(session, edge_link.uid)).kind is FaultKind.ACCOUNT_UNAVAILABLE
    assert fault_of(edge_link.page).kind is FaultKind.ACCOUNT_UNAVAILABLE


def test_an_account_that_was_loaded_is_shared_as_it_is(edge: Any, edge_provider: SaltEdge) -> None:
    edge.load_account(None, "IT60X0542811101000000123456", "EUR", Decimal("10.00"), [])
    consent = connect(edge, edge_provider)
    account = next(item for item in consent.accounts if item.iban == "IT60X0542811101000000123456")
    assert edge_provider.balances(consent.session, account.uid)[1].amount == Decimal("10.00")
