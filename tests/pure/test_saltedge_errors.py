# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals of Salt Edge, outages and bad rows."""

import doctest
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import Answer, HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.saltedge import SaltEdge, errors, paging
from odoo.addons.sync_hub_bank.providers.saltedge.errors import fault_from
from saltedge_link import Link, fault_of, provider_of
from werkzeug.wrappers import Response

pytest_plugins = ["saltedge_fixtures"]

K = FaultKind


def refusal(name: str, status: int = 400, **more: Any) -> Any:
    body = {"error": {"class": name, "message": "Said so", "documentation_url": "https://docs/"}, "request": {"q": 1}}
    return fault_from(Answer(status, {}, json.dumps(body | more).encode()))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("AppIdNotProvided", K.CREDENTIALS_REJECTED),
        ("ApiKeyNotFound", K.CREDENTIALS_REJECTED),
        ("SignatureNotMatch", K.CREDENTIALS_REJECTED),
        ("PublicKeyNotProvided", K.CREDENTIALS_REJECTED),
        ("RequestExpired", K.REQUEST_REFUSED),
        ("ClientPending", K.REQUEST_REFUSED),
        ("InvalidCredentials", K.CONSENT_EXPIRED),
        ("AispConsentExpired", K.CONSENT_EXPIRED),
        ("ConsentExpired", K.CONSENT_EXPIRED),
        ("AispConsentRevoked", K.CONSENT_EXPIRED),
        ("ConnectionDisabled", K.CONSENT_EXPIRED),
        ("ConnectionNotFound", K.CONSENT_EXPIRED),
        ("AccountNotFound", K.ACCOUNT_UNAVAILABLE),
        ("RateLimitExceeded", K.RATE_LIMITED),
        ("BackgroundFetchLimitExceeded", K.RATE_LIMITED),
        ("ConnectionAlreadyProcessing", K.RATE_LIMITED),
        ("ProviderUnavailable", K.PROVIDER_DOWN),
        ("InternalServerError", K.PROVIDER_DOWN),
        ("ProviderDisabled", K.REQUEST_REFUSED),
        ("CustomerLocked", K.REQUEST_REFUSED),
        ("WrongRequestFormat", K.REQUEST_REFUSED),
        ("InvalidAispConsentFromDate", K.PERIOD_REFUSED),
        ("InvalidConsentFromDate", K.PERIOD_REFUSED),
    ],
)
def test_the_error_class_decides_whatever_the_status(name: str, kind: FaultKind) -> None:
    for status in (400, 404, 406, 500):
        found = refusal(name, status)
        assert (found.kind, found.provider_code, found.detail) == (kind, name, "Said so")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, K.REQUEST_REFUSED),
        (401, K.CREDENTIALS_REJECTED),
        (403, K.REQUEST_REFUSED),
        (404, K.REQUEST_REFUSED),
        (406, K.REQUEST_REFUSED),
        (429, K.RATE_LIMITED),
        (500, K.PROVIDER_DOWN),
        (503, K.PROVIDER_DOWN),
        (301, K.BAD_DATA),
        (418, K.BAD_DATA),
    ],
)
def test_an_unknown_class_is_judged_by_the_status(status: int, kind: FaultKind) -> None:
    assert refusal("SomethingNew", status).kind is kind


@pytest.mark.parametrize(
    ("body", "kind", "code", "said"),
    [
        ({"error": "Service unavailable"}, K.PROVIDER_DOWN, "503", "Service unavailable"),
        ({"error": "ApiKeyNotFound"}, K.CREDENTIALS_REJECTED, "ApiKeyNotFound", "ApiKeyNotFound"),
        ("RateLimitExceeded", K.RATE_LIMITED, "RateLimitExceeded", "RateLimitExceeded"),
        ("Under maintenance", K.PROVIDER_DOWN, "503", "Under maintenance"),
        ({"error_class": "ClientPending", "error_message": "Not yet"}, K.REQUEST_REFUSED, "ClientPending", "Not yet"),
        ({"error": {"message": "No class"}}, K.PROVIDER_DOWN, "503", "No class"),
        ({"error": {"class": 5, "message": ["x"]}}, K.PROVIDER_DOWN, "503", ""),
        ({"message": "Plain"}, K.PROVIDER_DOWN, "503", "Plain"),
        (["odd"], K.PROVIDER_DOWN, "503", ""),
        (None, K.PROVIDER_DOWN, "503", ""),
    ],
)
def test_a_refusal_of_another_shape_is_understood(body: Any, kind: FaultKind, code: str, said: str) -> None:
    found = fault_from(Answer(503, {}, json.dumps(body).encode()))
    assert (found.kind, found.provider_code, found.detail) == (kind, code, said)


def test_a_page_of_a_gateway_is_judged_by_the_status_and_quoted() -> None:
    found = fault_from(Answer(502, {}, b"<html><title>502 Bad Gateway</title></html>"))
    assert (found.kind, found.provider_code) == (K.PROVIDER_DOWN, "502")
    assert "502 Bad Gateway" in found.detail


def test_a_key_without_a_signature_is_a_missing_key() -> None:
    found = refusal("MissingSignature")
    assert (found.kind, found.detail) == (K.CREDENTIALS_MISSING, "private_key")


@pytest.mark.parametrize("where", ["error", "body", "data"])
def test_a_refresh_that_came_too_early_says_when_it_may_come(where: str) -> None:
    named = {"next_refresh_possible_at": "2026-06-04T13:00:00Z"}
    told = {"class": "ConnectionCannotBeRefreshed", "message": "Too early"}
    beside = {"error": {"error": told | named}, "body": named, "data": {"data": named}}[where]
    body = {"error": told} | beside
    found = fault_from(Answer(406, {}, json.dumps(body).encode()))
    assert (found.kind, found.not_before) == (K.RATE_LIMITED, datetime(2026, 6, 4, 13, tzinfo=UTC))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "class", "message", "data"]), inner),
        max_leaves=6,
    ),
    st.sampled_from([400, 401, 429, 500]),
)
def test_no_refusal_is_too_odd_to_be_a_fault(body: Any, status: int) -> None:
    assert fault_from(Answer(status, {}, json.dumps(body).encode())).kind in K


def test_the_examples_in_the_documentation_hold() -> None:
    for module in (errors, paging):
        failed, tried = doctest.testmod(module)
        assert (failed, tried > 0) == (0, True)


# Outages


@pytest.mark.parametrize(
    "switch",
    [
        {"fault": "server_error"},
        {"fault": "proxy_error", "status": 502},
        {"fault": "bare_error", "status": 503},
        {"fault": "dropped"},
        {"fault": "rate_limit", "retry_after": 2},
    ],
    ids=lambda switch: switch["fault"],
)
def test_a_short_outage_is_not_noticed(edge: Any, edge_link: Link, switch: dict[str, Any]) -> None:
    edge.fail(call="transactions", times=2, **switch)
    assert len(edge_link.rows()) == 240


@pytest.mark.parametrize(
    ("switch", "kind", "code"),
    [
        ({"fault": "server_error"}, K.PROVIDER_DOWN, "InternalServerError"),
        ({"fault": "proxy_error", "status": 503}, K.PROVIDER_DOWN, "503"),
        ({"fault": "bare_error", "status": 503}, K.PROVIDER_DOWN, "503"),
        ({"fault": "dropped"}, K.NETWORK_UNREACHABLE, ""),
        ({"fault": "redirect"}, K.NETWORK_UNTRUSTED, ""),
        ({"fault": "html"}, K.BAD_DATA, "200"),
        ({"fault": "truncated"}, K.BAD_DATA, "200"),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else None,
)
def test_a_long_outage_is_named(edge: Any, edge_link: Link, switch: dict[str, Any], kind: FaultKind, code: str) -> None:
    edge.fail(call="transactions", times=None, **switch)
    fault = fault_of(edge_link.pages)
    assert (fault.kind, fault.provider_code) == (kind, code)


def test_a_page_in_the_middle_that_fails_can_be_asked_again(edge: Any, edge_link: Link) -> None:
    first = edge_link.page()
    edge.fail("server_error", call="transactions", times=3)
    assert fault_of(lambda: edge_link.page(continuation=first.continuation)).kind is K.PROVIDER_DOWN
    assert len(edge_link.page(continuation=first.continuation).transactions) == 100


def test_a_wish_to_wait_is_handed_on(edge: Any, edge_link: Link) -> None:
    edge.fail("rate_limit", call="transactions", retry_after=7200)
    before = datetime.now(UTC)
    fault = fault_of(edge_link.page)
    assert (fault.kind, fault.provider_code) == (K.RATE_LIMITED, "RateLimitExceeded")
    assert timedelta(hours=1) < fault.not_before - before < timedelta(hours=3)


def test_a_signature_outlives_the_waits_of_a_request(edge: Any) -> None:
    waited: list[float] = []
    http = HttpSession(edge.url, retry=RetryPolicy(tries=3, random=lambda: 1.0, sleep=waited.append))
    keys = {"application_secret": edge.application_secret, "private_key": edge.private_key_pem}
    # The clock of the machine is nine minutes behind: as if the last try came after the longest waits.
    provider = SaltEdge(
        {"application_id": edge.application_id}, keys, http, clock=lambda: datetime.now(UTC) - timedelta(minutes=9)
    )
    edge.fail("server_error", call="countries", times=2)
    assert provider.check().active
    assert len(waited) == 2


# What Salt Edge could not fetch


def test_what_the_last_attempt_failed_with_is_told_before_anything_is_read(edge: Any, edge_link: Link) -> None:
    later = (datetime.now(UTC) + timedelta(hours=5)).replace(microsecond=0)
    edge.fail_attempt("ProviderUnavailable", next_refresh=later)
    fault = fault_of(edge_link.page)
    assert (fault.kind, fault.provider_code) == (K.PROVIDER_DOWN, "ProviderUnavailable")
    assert (fault.not_before, fault.detail) == (later, "The bank did not answer")
    assert edge_link.asked() == []
    edge.succeed_attempt()
    assert len(edge_link.rows()) == 240


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("InvalidCredentials", "inactive", K.CONSENT_EXPIRED),
        ("AispConsentExpired", "active", K.CONSENT_EXPIRED),
        ("ProviderDisabled", "disabled", K.CONSENT_EXPIRED),
        ("BackgroundFetchLimitExceeded", "active", K.RATE_LIMITED),
        ("SomethingNew", "active", K.PROVIDER_DOWN),
    ],
)
def test_an_attempt_that_failed_has_a_kind(edge: Any, edge_link: Link, name: str, status: str, kind: FaultKind) -> None:
    edge.fail_attempt(name, status=status)
    fault = fault_of(edge_link.page)
    assert (fault.kind, fault.provider_code) == (kind, name)


def test_an_unknown_state_of_a_connection_is_not_guessed(edge: Any, edge_link: Link) -> None:
    edge.fail_attempt("", status="resting")
    assert fault_of(edge_link.page).kind is K.BAD_DATA
    assert fault_of(lambda: edge_link.provider.consent_status(edge_link.session)).kind is K.BAD_DATA


# Bad data


@pytest.mark.parametrize(
    ("spoiled", "field", "value"),
    [
        ("amount_text", "amount", "abc"),
        ("impossible_date", "extra.posting_date", "2026-02-30"),
        ("no_date", "made_on", ""),
        ("no_currency", "currency_code", ""),
        ("unknown_status", "status", "resting"),
    ],
)
def test_a_bad_row_is_kept_aside_and_the_others_arrive(
    edge: Any, edge_link: Link, spoiled: str, field: str, value: str
) -> None:
    edge.fail(spoiled, rows=3, times=None)
    pages = edge_link.pages()
    rejected = [row for page in pages for row in page.rejected]
    assert sum(len(page.transactions) for page in pages) == 237
    assert [(row.field, row.value) for row in rejected] == [(field, value)] * 3
    assert len({row.raw["id"] for row in rejected}) == 3


@pytest.mark.parametrize("spoiled", ["amount_string", "no_extra"])
def test_a_sloppy_row_is_still_a_row(edge: Any, edge_link: Link, spoiled: str) -> None:
    expected = edge_link.rows()
    edge.fail(spoiled, rows="all", times=None)
    rows = edge_link.rows()
    assert [(row.amount, row.references) for row in rows] == [(row.amount, row.references) for row in expected]


@pytest.mark.parametrize("body", ["{}", '{"data": {}}', '{"data": null}', "[]", '"x"', "5"])
def test_an_answer_of_another_shape_is_bad_data(edge: Any, serve: Callable[..., str], body: str) -> None:
    provider = provider_of(edge, serve(Response(body)))
    for call in (
        provider.check,
        lambda: list(provider.institutions()),
        lambda: provider.accounts("1"),
        lambda: provider.balances("1", "2"),
        lambda: provider.consent_status("1"),
    ):
        assert fault_of(call).kind is K.BAD_DATA


def test_a_list_without_an_end_is_left(edge: Any, serve: Callable[..., str]) -> None:
    asked: list[int] = []

    def answer(environ: dict, start_response: Callable) -> object:
        asked.append(1)
        body = {"data": [], "meta": {"next_id": str(len(asked))}}
        return Response(json.dumps(body))(environ, start_response)

    assert fault_of(provider_of(edge, serve(answer)).check).kind is K.BAD_DATA
    assert len(asked) == 500


# Secrets


def test_secrets_that_come_back_are_not_shown(edge: Any, edge_link: Link) -> None:
    key = edge.private_key_pem.splitlines()[3]
    words = f"Secret {edge.application_secret} of {edge_link.session} signed with {key}"
    edge.fail("error", call="accounts", code="WrongRequestFormat", message=words, times=None)
    edge.fail("bare_error", call="transactions", text=words, times=None)
    edge.fail("error", call="consents", code=edge.application_secret, message=words, times=None)
    provider, session = edge_link.provider, edge_link.session
    for call in (
        lambda: provider.accounts(session),
        edge_link.page,
        lambda: provider.consent_status(session),
        lambda: list(provider_of(edge, secret="wrong").institutions()),
    ):
        fault = fault_of(call)
        for secret in (edge.application_secret, session, key):
            assert secret not in f"{fault} {fault.detail} {fault.provider_code} {fault.values}"
    back = {"error_class": edge.application_secret, "error_message": f"Secret {edge.application_secret}"}
    assert edge.application_secret not in str(fault_of(lambda: provider.open_session(back)))
    edge.fail_attempt("ProviderError", message=words)
    assert edge.application_secret not in str(fault_of(edge_link.page))


def test_neither_keys_nor_connections_stand_in_the_log_of_requests(edge: Any, edge_link: Link) -> None:
    edge_link.pages()
    exchanges = edge_link.provider._http.exchanges
    assert len(exchanges) > 5
    text = "\n".join(f"{item.url} {item.error}" for item in exchanges)
    assert "connection_id=***" in text
    assert edge_link.session not in text
