# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Callbacks of Salt Edge: only theirs are believed, and each says what it is about."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.saltedge import SaltEdge, const
from odoo.addons.sync_hub_bank.providers.saltedge.signing import is_signed
from odoo.addons.sync_hub_bank.providers.values import WebhookCall, WebhookEvent, WebhookKind
from saltedge_link import Link, fault_of
from werkzeug.wrappers import Request, Response

pytest_plugins = ["saltedge_fixtures"]

URL = "https://books.example/sync_hub_bank/callback/saltedge?db=one"


def call_of(edge: Any, url: str = URL, **data: Any) -> WebhookCall:
    headers, body = edge.callback(url, **data)
    lowered = {name.lower(): value for name, value in headers.items()}
    return WebhookCall("POST", url, lowered, body, datetime.now(UTC))


def changed(call: WebhookCall, **values: Any) -> WebhookCall:
    known = {name: getattr(call, name) for name in ("method", "url", "headers", "body", "received_at")}
    return WebhookCall(**(known | values))


def refused(provider: SaltEdge, call: WebhookCall) -> Fault:
    fault = fault_of(lambda: provider.read_webhook(call))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "webhook")
    return fault


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"stage": "finish"}, WebhookKind.TRANSACTIONS),
        ({"stage": "fetch_recent"}, WebhookKind.OTHER),
        ({"stage": "interactive", "html": "<p>", "session_expires_at": None}, WebhookKind.OTHER),
        ({"error_class": "AispConsentExpired", "error_message": "x"}, WebhookKind.CONSENT),
        ({"error_class": "ConsentRevoked", "stage": "finish"}, WebhookKind.CONSENT),
        ({"error_class": "InvalidCredentials"}, WebhookKind.CONSENT),
        ({"error_class": "ProviderUnavailable"}, WebhookKind.OTHER),
        ({}, WebhookKind.CONSENT),
    ],
    ids=str,
)
@pytest.mark.parametrize("version", [6, 5])
def test_a_callback_says_what_it_is_about(
    edge: Any, edge_provider: SaltEdge, data: dict[str, Any], kind: WebhookKind, version: int
) -> None:
    edge.behave(version=version)
    (event,) = edge_provider.read_webhook(call_of(edge, connection_id="77", customer_id="5", **data))
    assert (event.kind, event.reference, event.account_uids) == (kind, "77", ())


def test_a_callback_about_a_bank_concerns_no_connection(edge: Any, edge_provider: SaltEdge) -> None:
    (event,) = edge_provider.read_webhook(call_of(edge, provider_code="some_bank", provider_status="inactive"))
    assert (event.kind, event.reference) == (WebhookKind.OTHER, "")


def test_a_callback_that_is_repeated_has_the_same_id_and_another_one_has_not(
    edge: Any, edge_provider: SaltEdge
) -> None:
    call = call_of(edge, connection_id="77", stage="finish")
    later = changed(call, received_at=call.received_at + timedelta(minutes=10))
    other = call_of(edge, connection_id="78", stage="finish")
    ids = [edge_provider.read_webhook(item)[0].id for item in (call, later, other)]
    assert ids[0] == ids[1] != ids[2]
    assert len(ids[0]) == 32


@pytest.mark.parametrize("signature", ["", "bm9uZQ==", "not base64", "é"])
def test_a_callback_that_is_not_signed_is_not_believed(edge: Any, edge_provider: SaltEdge, signature: str) -> None:
    call = call_of(edge, connection_id="77", stage="finish")
    refused(edge_provider, changed(call, headers={"signature": signature}))
    refused(edge_provider, changed(call, headers={}))


def test_a_callback_whose_body_or_address_was_changed_is_not_believed(edge: Any, edge_provider: SaltEdge) -> None:
    call = call_of(edge, connection_id="77", stage="finish")
    refused(edge_provider, changed(call, body=call.body.replace(b"77", b"78")))
    refused(edge_provider, changed(call, body=call.body + b" "))
    refused(edge_provider, changed(call, url=URL.replace("one", "two")))
    refused(edge_provider, changed(call, method="GET"))
    assert edge_provider.read_webhook(call)


@pytest.mark.parametrize(
    ("passed", "good"),
    [(timedelta(minutes=59), True), (timedelta(minutes=61), False), (-timedelta(minutes=4), True),
     (-timedelta(minutes=6), False)],
)  # fmt: skip
def test_a_callback_of_another_time_is_not_believed(
    edge: Any, edge_provider: SaltEdge, passed: timedelta, good: bool
) -> None:
    call = call_of(edge, connection_id="77", stage="finish")
    aged = changed(call, received_at=datetime.now(UTC) + passed)
    if good:
        assert edge_provider.read_webhook(aged)
    else:
        assert "of another time" in refused(edge_provider, aged).detail


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"data": []}', b"\xff", b"[" * 5000], ids=range(7))
def test_a_signed_callback_of_another_shape_is_refused(edge: Any, edge_provider: SaltEdge, body: bytes) -> None:
    signature = edge.sign_callback(URL, body)
    refused(edge_provider, WebhookCall("POST", URL, {"signature": signature}, body, datetime.now(UTC)))


@pytest.mark.parametrize("meta", [{}, {"meta": None}, {"meta": {"time": "soon"}}])
def test_a_signed_callback_without_a_time_is_believed(edge: Any, edge_provider: SaltEdge, meta: dict[str, Any]) -> None:
    body = json.dumps({"data": {"connection_id": 77, "stage": "finish"}} | meta).encode()
    signature = edge.sign_callback(URL, body)
    (event,) = edge_provider.read_webhook(WebhookCall("POST", URL, {"signature": signature}, body, datetime.now(UTC)))
    assert (event.kind, event.reference) == (WebhookKind.TRANSACTIONS, "77")


# Keys


def test_without_a_key_of_our_own_the_published_one_counts(edge: Any) -> None:
    provider = SaltEdge({"application_id": "1"}, {"application_secret": "secret"}, HttpSession(edge.url))
    refused(provider, call_of(edge, connection_id="77", stage="finish"))
    assert not is_signed(const.CALLBACK_PUBLIC_KEY, URL, b"", "bm9uZQ==")


@pytest.mark.parametrize("form", ["\\n", " "])
def test_a_public_key_may_have_lost_its_line_breaks(edge: Any, form: str) -> None:
    settings = {"application_id": "1", "webhook_public_key": edge.callback_public_key_pem.replace("\n", form)}
    provider = SaltEdge(settings, {"application_secret": "secret"}, HttpSession(edge.url))
    assert provider.read_webhook(call_of(edge, connection_id="77", stage="finish"))


@pytest.mark.parametrize("key", ["no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_a_public_key_that_is_none_is_named(edge: Any, key: str) -> None:
    settings = {"application_id": "1", "webhook_public_key": key}
    provider = SaltEdge(settings, {"application_secret": "secret"}, HttpSession(edge.url))
    fault = fault_of(lambda: provider.read_webhook(call_of(edge, connection_id="77", stage="finish")))
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "webhook_public_key")


# The way over HTTP


@pytest.fixture
def received(edge: Any, edge_provider: SaltEdge, serve: Callable[..., str]) -> Iterator[list[WebhookEvent]]:
    """What the sandbox tells us from now on."""
    events: list[WebhookEvent] = []

    def take(environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        headers = {name.lower(): value for name, value in request.headers}
        call = WebhookCall(request.method, request.url, headers, request.get_data(), datetime.now(UTC))
        events.extend(edge_provider.read_webhook(call))
        return Response("")(environ, start_response)

    edge.send_callbacks_to(f"{serve(take)}/callback?db=one")
    yield events
    edge.send_callbacks_to("")


def test_the_service_tells_what_happens_to_a_connection(edge: Any, received: list[WebhookEvent]) -> None:
    link = Link(edge)
    edge.succeed_attempt()
    edge.expire_consents()
    link.provider.revoke(link.session)
    assert {event.reference for event in received} == {link.session}
    assert [event.kind for event in received] == [
        WebhookKind.TRANSACTIONS,
        WebhookKind.TRANSACTIONS,
        WebhookKind.CONSENT,
        WebhookKind.CONSENT,
    ]
    assert len({event.id for event in received}) == 4
