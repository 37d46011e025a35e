# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the keys to the accounts: connecting a bank through Enable Banking, over real HTTP."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers import all_providers, get_provider
from odoo.addons.sync_hub_bank.providers.enablebanking import EnableBanking
from odoo.addons.sync_hub_bank.providers.values import (
    AuthorizationRequest,
    Consent,
    ConsentStatus,
    Institution,
)
from werkzeug.wrappers import Request, Response

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/sync_hub_bank/return"


def provider_of(
    bank: Any, url: str = "", clock: Callable[[], datetime] | None = None
) -> EnableBanking:
    known = {"clock": clock} if clock else {}
    return EnableBanking(
        {"application_id": bank.application_id},
        {"private_key": bank.private_key_pem},
        HttpSession(url or bank.url, retry=PATIENT),
        **known,
    )


@pytest.fixture
def provider(bank: Any) -> EnableBanking:
    return provider_of(bank)


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def institution(provider: EnableBanking, name: str) -> Institution:
    return next(item for item in provider.institutions() if item.name == name)


def asked(provider: EnableBanking, name: str = "Banca Sandbox Italia", **known: Any) -> Any:
    known.setdefault("psu_type", "business")
    return AuthorizationRequest(
        institution(provider, name), redirect_url=BACK, state="s-1", **known
    )


def consent_at(url: str, **accounts: Any) -> dict[str, str]:
    """What a user does at the bank, as a browser would; the parameters of the way back."""
    with requests.Session() as browser:
        browser.post(url, data={"username": "demo", "password": "demo"})
        page = browser.post(url, data={"otp": "123456"}).text
        ticked = accounts.get("accounts") or re.findall(
            r'name="accounts"[^>]*value="([^"]+)"', page
        )
        back = browser.post(
            url, data={"consent": "1", "accounts": ticked}, allow_redirects=False
        ).headers["Location"]
    assert back.startswith(BACK)
    return dict(parse_qsl(urlsplit(back).query))


def connect(provider: EnableBanking, name: str = "Banca Sandbox Italia") -> Consent:
    return provider.open_session(consent_at(provider.authorize(asked(provider, name)).url))


# Keys


def test_the_adapter_is_known_by_its_code() -> None:
    assert get_provider("enablebanking") is EnableBanking
    assert all_providers()["enablebanking"].title == "Enable Banking"
    assert EnableBanking.default_url == "https://api.enablebanking.com"
    assert EnableBanking.required_settings == ("application_id",)
    assert EnableBanking.required_secrets == ("private_key",)


def test_good_keys_say_which_application_they_open(bank: Any, provider: EnableBanking) -> None:
    check = provider.check()
    assert (check.name, check.environment, check.active) == ("Sync Hub sandbox", "sandbox", True)
    assert check.redirect_urls == ("https://books.example/*",)
    assert "IT" in check.countries


def test_an_inactive_application_is_refused(bank: Any, provider: EnableBanking) -> None:
    bank.set_application_active(False)
    try:
        fault = fault_of(provider.check)
    finally:
        bank.set_application_active(True)
    assert (fault.kind, fault.provider_code) == (
        FaultKind.CREDENTIALS_REJECTED,
        "UNAUTHORIZED_ACCESS",
    )


def test_a_key_of_another_application_is_refused(bank: Any) -> None:
    other = EnableBanking(
        {"application_id": "11111111-2222-4333-8444-555555555555"},
        {"private_key": bank.private_key_pem},
        HttpSession(bank.url),
    )
    assert fault_of(other.check).kind is FaultKind.CREDENTIALS_REJECTED


def test_without_keys_nothing_is_sent(bank: Any) -> None:
    http = HttpSession(bank.url)
    fault = fault_of(EnableBanking({}, {}, http).check)
    assert (fault.kind, fault.detail) == (FaultKind.CREDENTIALS_MISSING, "application_id")
    assert not http.exchanges


# Banks


def test_banks_are_listed_for_one_country_or_all(bank: Any, provider: EnableBanking) -> None:
    everywhere = list(provider.institutions())
    assert {item.country for item in everywhere} == {"IT", "PL", "DE", "FI", "FR"}
    assert [item.name for item in provider.institutions("fi")] == ["Koepankki Saimaa"]
    beta = next(item for item in everywhere if item.name == "Cassa di Prova BETA")
    assert (beta.beta, beta.key, beta.consent_seconds) == (True, "Cassa di Prova BETA", 90 * 86400)
    assert beta.logo_url.startswith(bank.url)
    assert len(beta.bic) in (8, 11)
    present = next(item for item in everywhere if item.name == "Credito Presente")
    assert present.attended_headers == ("Psu-Ip-Address", "Psu-User-Agent")
    business = next(item for item in everywhere if item.country == "FI")
    assert business.psu_types == ("business",)


# Consent


def test_a_consent_opens_the_accounts_of_the_bank(bank: Any, provider: EnableBanking) -> None:
    authorization = provider.authorize(asked(provider, language="it_IT"))
    assert authorization.url.startswith(bank.url)
    assert authorization.reference
    answer = consent_at(authorization.url)
    assert answer["state"] == "s-1"
    consent = provider.open_session(answer)
    known = {item["iban"]: item for item in bank.list_banks()[0]["accounts"]}
    assert len(consent.accounts) == len(known) == 3
    current = next(item for item in consent.accounts if item.currency == "EUR" and item.iban)
    assert current.identifiers[0] == known[current.iban]["identification_hash"]
    card = next(item for item in consent.accounts if item.kind == "CARD")
    assert (card.iban, card.number[:6]) == ("", "535500")
    assert provider.consent_status(consent.session) is ConsentStatus.VALID


def test_a_consent_lasts_as_long_as_the_bank_grants(bank: Any, provider: EnableBanking) -> None:
    longest = timedelta(seconds=institution(provider, "Cassa di Prova BETA").consent_seconds)
    before = datetime.now(UTC)
    consent = connect(provider, "Cassa di Prova BETA")
    left = consent.valid_until - before
    assert longest - timedelta(minutes=20) < left < longest
    assert consent.valid_until.tzinfo is UTC


@pytest.mark.parametrize(
    ("seconds", "least", "most"),
    [
        (None, timedelta(days=89), timedelta(days=90)),
        (600, timedelta(minutes=5), timedelta(minutes=10)),
        (10**15, timedelta(days=3000), timedelta(days=3650)),
    ],
)
def test_an_odd_limit_of_a_consent_is_survived(
    bank: Any,
    serve: Callable[..., str],
    seconds: int | None,
    least: timedelta,
    most: timedelta,
) -> None:
    sent: list[dict] = []

    def answer(environ: dict, start_response: Callable) -> object:
        sent.append(Request(environ).get_json())
        return Response('{"url": "https://bank.example/"}')(environ, start_response)

    now = datetime(2026, 6, 3, 10, 0, 0, 5, tzinfo=UTC)
    provider = provider_of(bank, serve(answer), lambda: now)
    bare = Institution("X", "X", "FI", consent_seconds=seconds)
    provider.authorize(AuthorizationRequest(bare, "business", BACK, "s", language="C"))
    text = sent[0]["access"]["valid_until"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", text)
    assert least <= datetime.fromisoformat(text) - now <= most
    assert "language" not in sent[0]


def test_an_address_that_is_not_listed_is_a_refused_request(
    bank: Any, provider: EnableBanking
) -> None:
    request = AuthorizationRequest(
        institution(provider, "Banca Sandbox Italia"), "business", "https://other.example/", "s"
    )
    fault = fault_of(lambda: provider.authorize(request))
    assert (fault.kind, fault.provider_code) == (
        FaultKind.REQUEST_REFUSED,
        "REDIRECT_URI_NOT_ALLOWED",
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "bank.example"])
def test_the_browser_is_sent_to_a_web_address_only(
    bank: Any, serve: Callable[..., str], url: str
) -> None:
    provider = provider_of(bank, serve(Response(f'{{"url": "{url}"}}')))
    request = AuthorizationRequest(Institution("X", "X", "FI"), "business", BACK, "s")
    assert fault_of(lambda: provider.authorize(request)).kind is FaultKind.BAD_DATA


def test_starting_a_consent_is_tried_again_but_opening_it_is_not(
    bank: Any, provider: EnableBanking
) -> None:
    request = asked(provider)
    bank.fail("server_error", call="auth", times=2)
    answer = consent_at(provider.authorize(request).url)
    bank.fail("server_error", call="create_session", times=1)
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.PROVIDER_DOWN
    assert provider.open_session(answer).accounts


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ({"error": "access_denied"}, FaultKind.AUTHORIZATION_CANCELLED, "access_denied"),
        ({"error": "server_error"}, FaultKind.PROVIDER_DOWN, "server_error"),
        ({"error": "odd", "code": "x"}, FaultKind.AUTHORIZATION_INVALID, "odd"),
        ({}, FaultKind.AUTHORIZATION_INVALID, ""),
        ({"code": ""}, FaultKind.AUTHORIZATION_INVALID, ""),
        ({"code": "never-given"}, FaultKind.AUTHORIZATION_INVALID, "WRONG_AUTHORIZATION_CODE"),
    ],
)
def test_a_user_who_comes_back_without_a_consent_is_told_why(
    provider: EnableBanking, answer: dict[str, str], kind: FaultKind, code: str
) -> None:
    fault = fault_of(lambda: provider.open_session({**answer, "error_description": "Why not"}))
    assert (fault.kind, fault.provider_code) == (kind, code)
    assert ("Why not" in fault.detail) is ("error" in answer)


def test_cancelling_at_the_bank_is_no_error_of_ours(bank: Any, provider: EnableBanking) -> None:
    url = provider.authorize(asked(provider)).url
    back = requests.post(url, data={"cancel": "1"}, allow_redirects=False).headers["Location"]
    fault = fault_of(lambda: provider.open_session(dict(parse_qsl(urlsplit(back).query))))
    assert fault.kind is FaultKind.AUTHORIZATION_CANCELLED


def test_a_code_is_good_for_one_use_and_not_for_long(bank: Any, provider: EnableBanking) -> None:
    answer = consent_at(provider.authorize(asked(provider)).url)
    provider.open_session(answer)
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_INVALID
    late = consent_at(provider.authorize(asked(provider)).url)
    bank.expire_codes()
    fault = fault_of(lambda: provider.open_session(late))
    assert (fault.kind, fault.provider_code) == (
        FaultKind.AUTHORIZATION_INVALID,
        "EXPIRED_AUTHORIZATION_CODE",
    )


def test_a_user_who_shares_no_account_is_told_so(bank: Any, provider: EnableBanking) -> None:
    answer = consent_at(provider.authorize(asked(provider)).url, accounts=["none-of-them"])
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.NO_ACCOUNTS


@pytest.mark.parametrize("accounts", [[], [{"uid": None, "name": "blocked"}]])
def test_a_consent_without_an_account_to_read_is_not_left_behind(
    bank: Any, serve: Callable[..., str], accounts: list[Any]
) -> None:
    seen: list[tuple[str, str]] = []

    def answer(environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        seen.append((request.method, request.path))
        body = {"session_id": "s-1", "accounts": accounts}
        return Response(json.dumps(body))(environ, start_response)

    provider = provider_of(bank, serve(answer))
    fault = fault_of(lambda: provider.open_session({"code": "c"}))
    assert fault.kind is FaultKind.NO_ACCOUNTS
    assert seen == [("POST", "/sessions"), ("DELETE", "/sessions/s-1")]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("AUTHORIZED", ConsentStatus.VALID),
        ("PENDING_AUTHORIZATION", ConsentStatus.WAITING),
        ("RETURNED_FROM_BANK", ConsentStatus.WAITING),
        ("INVALID", ConsentStatus.ENDED),
        ("EXPIRED", ConsentStatus.ENDED),
        ("CLOSED", ConsentStatus.ENDED),
        ("REVOKED", ConsentStatus.ENDED),
        ("CANCELLED", ConsentStatus.ENDED),
    ],
)
def test_the_state_of_a_consent_can_be_asked(
    bank: Any, provider: EnableBanking, status: str, expected: ConsentStatus
) -> None:
    session = connect(provider).session
    if status != "AUTHORIZED":
        bank.set_sessions(status)
    assert provider.consent_status(session) is expected
    if expected is not ConsentStatus.VALID:
        assert fault_of(lambda: provider.accounts(session)).kind is FaultKind.CONSENT_EXPIRED


@pytest.mark.parametrize("code", ["SESSION_DOES_NOT_EXIST", "EXPIRED_SESSION", "CLOSED_SESSION"])
def test_a_session_that_is_refused_has_ended(bank: Any, provider: EnableBanking, code: str) -> None:
    session = connect(provider).session
    bank.fail("error", call="get_session", code=code)
    assert provider.consent_status(session) is ConsentStatus.ENDED


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"valid_until": "2026-06-03T12:00:01+00:00"}, ConsentStatus.VALID),
        ({"valid_until": "2026-06-03T12:00:00Z"}, ConsentStatus.ENDED),
        ({"valid_until": "2026-06-03T13:59:00+02:00"}, ConsentStatus.ENDED),
        ({"valid_until": "some day"}, ConsentStatus.VALID),
        (None, ConsentStatus.VALID),
    ],
)
def test_a_session_whose_time_is_over_has_ended_whatever_its_status(
    bank: Any, serve: Callable[..., str], body: Any, expected: ConsentStatus
) -> None:
    answer = Response(json.dumps({"status": "AUTHORIZED", "access": body}))
    now = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
    assert provider_of(bank, serve(answer), lambda: now).consent_status("s") is expected


def test_an_unknown_state_of_a_consent_is_not_guessed(bank: Any, serve: Callable[..., str]) -> None:
    provider = provider_of(bank, serve(Response('{"status": "RESTING"}')))
    fault = fault_of(lambda: provider.consent_status("s"))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "RESTING")


def test_an_outage_does_not_look_like_an_ended_consent(bank: Any, provider: EnableBanking) -> None:
    session = connect(provider).session
    bank.fail("server_error", call="get_session", times=None)
    assert fault_of(lambda: provider.consent_status(session)).kind is FaultKind.PROVIDER_DOWN
    bank.clear_faults()
    bank.fail("html", call="get_session")
    assert fault_of(lambda: provider.consent_status(session)).kind is FaultKind.BAD_DATA


def test_ending_a_consent_twice_is_no_fault(bank: Any, provider: EnableBanking) -> None:
    session = connect(provider).session
    provider.revoke(session)
    assert provider.consent_status(session) is ConsentStatus.ENDED
    provider.revoke(session)
    provider.revoke("11111111-2222-4333-8444-555555555555")


def test_a_consent_that_could_not_be_ended_says_so(bank: Any, provider: EnableBanking) -> None:
    session = connect(provider).session
    bank.fail("server_error", call="delete_session", times=None)
    assert fault_of(lambda: provider.revoke(session)).kind is FaultKind.PROVIDER_DOWN
    bank.clear_faults()
    assert provider.consent_status(session) is ConsentStatus.VALID


# Accounts


def test_accounts_can_be_read_again_later(bank: Any, provider: EnableBanking) -> None:
    consent = connect(provider)
    assert provider.accounts(consent.session) == consent.accounts


def test_the_same_accounts_are_known_again_after_reconnecting(
    bank: Any, provider: EnableBanking
) -> None:
    first, second = connect(provider), connect(provider)
    assert first.session != second.session
    assert {item.uid for item in first.accounts}.isdisjoint(item.uid for item in second.accounts)
    assert [item.identifiers for item in first.accounts] == [
        item.identifiers for item in second.accounts
    ]


def test_an_account_that_the_bank_closed_is_left_out(bank: Any, provider: EnableBanking) -> None:
    consent = connect(provider)
    bank.close_account(account="usd")
    assert len(provider.accounts(consent.session)) == len(consent.accounts) - 1
    assert len(connect(provider).accounts) == len(consent.accounts) - 1


def test_a_failure_while_accounts_are_read_is_not_a_missing_account(
    bank: Any, provider: EnableBanking
) -> None:
    consent = connect(provider)
    bank.fail("rate_limit", call="details", after=1)
    assert fault_of(lambda: provider.accounts(consent.session)).kind is FaultKind.RATE_LIMITED


# What never shows


@pytest.fixture
def connected(bank: Any, provider: EnableBanking) -> Iterator[tuple[EnableBanking, Consent]]:
    yield provider, connect(provider)


def test_session_and_keys_do_not_show_in_the_request_log(
    connected: tuple[EnableBanking, Consent], bank: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    http = HttpSession(bank.url)
    provider = EnableBanking(
        {"application_id": bank.application_id}, {"private_key": bank.private_key_pem}, http
    )
    session = connected[1].session
    provider.accounts(session)
    provider.revoke(session)
    assert caplog.records
    seen = caplog.text + repr(list(http.exchanges))
    assert session not in seen
    assert "eyJ" not in seen
    assert "/sessions/***" in seen
