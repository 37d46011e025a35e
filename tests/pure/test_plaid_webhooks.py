# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of Plaid: which are believed, and what they say."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from emulators.drivers.plaid import cancel
from emulators.plaid import Emulator
from emulators.plaid.signing import SigningKey, encode
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import WebhookCall, WebhookKind
from plaid_link import Link, fault_of, provider_of
from plaid_link import asked as asked_of
from werkzeug.wrappers import Request, Response

pytest_plugins = ["plaid_fixtures"]
HOOK = "https://books.example/sync_hub_bank/webhook"
MESSAGE = {
    "webhook_type": "TRANSACTIONS",
    "webhook_code": "SYNC_UPDATES_AVAILABLE",
    "item_id": "item-1",
    "environment": "sandbox",
}


def call_of(headers: dict[str, str], body: bytes, received_at: datetime | None = None) -> WebhookCall:
    lowered = {name.lower(): value for name, value in headers.items()}
    return WebhookCall("POST", HOOK, lowered, body, received_at or datetime.now(UTC))


def message(plaid: Emulator, content: dict[str, Any] | None = None, **known: Any) -> WebhookCall:
    return call_of(*plaid.signed(MESSAGE if content is None else content, **known))


def refused(plaid: Emulator, call: WebhookCall) -> str:
    fault = fault_of(lambda: provider_of(plaid).read_webhook(call))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "webhook")
    return fault.detail


@pytest.fixture
def heard(serve: Callable[..., str]) -> Iterator[tuple[str, list[WebhookCall]]]:
    """An address of ours, and what reached it."""
    calls: list[WebhookCall] = []

    def listen(environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        calls.append(call_of(dict(request.headers), request.get_data()))
        return Response("")(environ, start_response)

    yield serve(listen), calls


# Over real HTTP


def test_new_rows_are_announced_to_who_has_read_before(plaid: Emulator, heard: tuple[str, list[WebhookCall]]) -> None:
    url, calls = heard
    access = Link(plaid, webhook_url=url)
    plaid.deliver_webhooks()
    calls.clear()
    plaid.add_movements(1)
    assert plaid.deliver_webhooks() == []
    access.pages()
    plaid.add_movements(1)
    assert plaid.deliver_webhooks() == [200]
    (event,) = access.provider.read_webhook(calls[0])
    assert (event.kind, event.reference, event.account_uids) == (
        WebhookKind.TRANSACTIONS,
        access.consent.reference,
        (),
    )
    assert len(event.id) == 64


def test_the_end_of_a_consent_is_announced(plaid: Emulator, heard: tuple[str, list[WebhookCall]]) -> None:
    url, calls = heard
    access = Link(plaid, webhook_url=url)
    plaid.expire_consents()
    plaid.deliver_webhooks()
    events = [event for call in calls for event in access.provider.read_webhook(call)]
    assert [(event.kind, event.reference) for event in events] == [
        (WebhookKind.OTHER, ""),  # the visit to Link was finished
        (WebhookKind.CONSENT, access.consent.reference),
    ]


def test_a_consent_that_ends_soon_is_announced(plaid: Emulator, heard: tuple[str, list[WebhookCall]]) -> None:
    url, calls = heard
    access = Link(plaid, webhook_url=url)
    plaid.fire_webhook("ITEM", "PENDING_EXPIRATION", consent_expiration_time="2026-12-01T00:00:00Z")
    plaid.deliver_webhooks()
    (event,) = access.provider.read_webhook(calls[-1])
    assert (event.kind, event.reference) == (WebhookKind.CONSENT, access.consent.reference)


def test_a_visit_that_was_cancelled_is_announced_and_asks_for_nothing(
    plaid: Emulator, heard: tuple[str, list[WebhookCall]]
) -> None:
    url, calls = heard
    provider = provider_of(plaid)
    cancel(provider.authorize(asked_of(provider, webhook_url=url)))
    plaid.deliver_webhooks()
    assert json.loads(calls[0].body)["status"] == "EXITED"
    assert [event.kind for event in provider.read_webhook(calls[0])] == [WebhookKind.OTHER]


# What they say


@pytest.mark.parametrize(
    ("webhook_type", "code", "kind"),
    [
        ("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE", WebhookKind.TRANSACTIONS),
        ("TRANSACTIONS", "INITIAL_UPDATE", WebhookKind.TRANSACTIONS),
        ("TRANSACTIONS", "HISTORICAL_UPDATE", WebhookKind.TRANSACTIONS),
        ("TRANSACTIONS", "DEFAULT_UPDATE", WebhookKind.TRANSACTIONS),
        ("TRANSACTIONS", "TRANSACTIONS_REMOVED", WebhookKind.TRANSACTIONS),
        ("ITEM", "ERROR", WebhookKind.CONSENT),
        ("ITEM", "LOGIN_REPAIRED", WebhookKind.CONSENT),
        ("ITEM", "PENDING_EXPIRATION", WebhookKind.CONSENT),
        ("ITEM", "PENDING_DISCONNECT", WebhookKind.CONSENT),
        ("ITEM", "USER_PERMISSION_REVOKED", WebhookKind.CONSENT),
        ("ITEM", "NEW_ACCOUNTS_AVAILABLE", WebhookKind.ACCOUNTS),
        ("ITEM", "USER_ACCOUNT_REVOKED", WebhookKind.ACCOUNTS),
        ("ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED", WebhookKind.OTHER),
        ("LINK", "SESSION_FINISHED", WebhookKind.OTHER),
        ("AUTH", "ERROR", WebhookKind.OTHER),
    ],
)
def test_a_message_says_what_it_is_about(plaid: Emulator, webhook_type: str, code: str, kind: WebhookKind) -> None:
    content = {**MESSAGE, "webhook_type": webhook_type, "webhook_code": code, "account_id": "acc-1"}
    (event,) = provider_of(plaid).read_webhook(message(plaid, content))
    assert (event.kind, event.reference, event.account_uids) == (kind, "item-1", ("acc-1",))


def test_a_message_that_names_nothing_is_about_something_else(plaid: Emulator) -> None:
    (event,) = provider_of(plaid).read_webhook(message(plaid, {"webhook_type": 5, "item_id": None}))
    assert (event.kind, event.reference, event.account_uids) == (WebhookKind.OTHER, "", ())


def test_the_same_message_has_the_same_id_and_a_later_equal_one_another(plaid: Emulator) -> None:
    provider, now = provider_of(plaid), int(datetime.now(UTC).timestamp())
    first = message(plaid, issued=now)
    ids = [provider.read_webhook(call)[0].id for call in (first, first, message(plaid, issued=now - 1))]
    assert ids[0] == ids[1] != ids[2]


# Which are not believed


def test_a_message_without_a_signature_is_refused_without_a_call(plaid: Emulator) -> None:
    for headers in ({}, {"Plaid-Verification": ""}, {"Plaid-Verification": "a.b"}, {"Plaid-Verification": "é.b.c"}):
        refused(plaid, call_of(headers, b"{}"))
    for token in ("..", "a.b.c", "bnVsbA.bnVsbA.bnVsbA", f"{encode(b'[]')}.e30.e30", "e" * 9000 + ".b.c"):
        refused(plaid, call_of({"Plaid-Verification": token}, b"{}"))
    assert not plaid.requests("webhook_key")


def test_a_body_that_was_changed_is_refused(plaid: Emulator) -> None:
    genuine = message(plaid)
    changed = genuine.body.replace(b"item-1", b"item-2")
    assert changed != genuine.body
    refused(plaid, replace(genuine, body=changed))
    refused(plaid, replace(genuine, body=genuine.body + b" "))
    refused(plaid, replace(genuine, body=json.dumps(json.loads(genuine.body)).encode()))
    assert not plaid.requests("webhook_key")


@pytest.mark.parametrize(
    ("age", "good"),
    [
        (timedelta(minutes=4), True),
        (timedelta(minutes=6), False),
        (timedelta(days=1), False),
        (timedelta(hours=-1), False),
    ],
    ids=str,
)
def test_a_message_is_believed_for_five_minutes(plaid: Emulator, age: timedelta, good: bool) -> None:
    genuine = message(plaid)
    late = replace(genuine, received_at=genuine.received_at + age)
    if good:
        assert provider_of(plaid).read_webhook(late)
    else:
        assert "too old" in refused(plaid, late)


@pytest.mark.parametrize("issued", ["now", None, True, 1.5])
def test_a_message_without_an_instant_is_refused(plaid: Emulator, issued: Any) -> None:
    refused(plaid, message(plaid, iat=issued))


def test_a_signature_of_somebody_else_is_refused(plaid: Emulator) -> None:
    body = json.dumps(MESSAGE).encode()
    stranger = SigningKey()
    genuine_id = json.loads(_decoded(message(plaid).headers["plaid-verification"]))["kid"]
    forged = stranger.token(body, header={"kid": genuine_id})
    assert "signature" in refused(plaid, call_of({"Plaid-Verification": forged}, body))
    unknown = stranger.token(body)
    assert "unknown key" in refused(plaid, call_of({"Plaid-Verification": unknown}, body))


@pytest.mark.parametrize("alg", ["none", "HS256", "RS256", "ES384", None])
def test_another_way_of_signing_is_refused(plaid: Emulator, alg: str | None) -> None:
    refused(plaid, message(plaid, header={"alg": alg}))
    assert not plaid.requests("webhook_key")


@pytest.mark.parametrize("key_id", ["", "../item/get", "x" * 80, None, 7])
def test_a_key_of_an_odd_name_is_not_asked_for(plaid: Emulator, key_id: Any) -> None:
    refused(plaid, message(plaid, header={"kid": key_id}))
    assert not plaid.requests("webhook_key")


def test_a_signature_that_was_cut_or_is_empty_is_refused(plaid: Emulator) -> None:
    genuine = message(plaid)
    content, _dot, signature = genuine.headers["plaid-verification"].rpartition(".")
    for other in ("", signature[:-8], encode(bytes(64)), encode(b"\xff" * 64)):
        refused(plaid, replace(genuine, headers={"plaid-verification": f"{content}.{other}"}))
    assert provider_of(plaid).read_webhook(genuine)


@pytest.mark.parametrize("body", [b"[]", b"null", b"nothing", b"\xff"])
def test_a_genuine_message_without_an_object_is_refused(plaid: Emulator, body: bytes) -> None:
    key = plaid.rotate_webhook_key()
    refused(plaid, call_of({"Plaid-Verification": key.token(body)}, body))


def test_a_key_that_is_no_longer_in_force_is_refused(plaid: Emulator) -> None:
    genuine = message(plaid)
    old = plaid.rotate_webhook_key()
    old.expired_at = old.created_at + 60
    assert "no longer in force" in refused(plaid, genuine)
    assert provider_of(plaid).read_webhook(message(plaid))


def test_a_key_is_asked_for_once_and_again_after_an_hour(plaid: Emulator) -> None:
    for _message in range(3):
        provider_of(plaid).read_webhook(message(plaid))
    assert len(plaid.requests("webhook_key")) == 1
    later = datetime.now(UTC) + timedelta(minutes=61)
    call = replace(message(plaid, issued=int(later.timestamp())), received_at=later)
    provider_of(plaid).read_webhook(call)
    assert len(plaid.requests("webhook_key")) == 2


def test_an_outage_while_the_key_is_asked_for_does_not_make_a_message_a_forgery(plaid: Emulator) -> None:
    call = message(plaid)
    plaid.fail("server_error", call="webhook_key", times=None)
    assert fault_of(lambda: provider_of(plaid).read_webhook(call)).kind is FaultKind.PROVIDER_DOWN
    plaid.clear_faults()
    assert provider_of(plaid).read_webhook(call)


@pytest.mark.parametrize(
    "change",
    [
        {"crv": "P-384"},
        {"kty": "RSA"},
        {"alg": "ES384"},
        {"x": "AAAA"},
        {"y": None},
        {"kid": "another-key"},
        {"expired_at": "x"},
    ],
    ids=str,
)
def test_a_key_of_another_kind_is_not_used(
    plaid: Emulator, serve: Callable[..., str], change: dict[str, Any]
) -> None:
    key = SigningKey()
    body = json.dumps(MESSAGE).encode()
    provider = provider_of(plaid, serve(Response(json.dumps({"key": key.jwk() | change}))))
    call = call_of({"Plaid-Verification": key.token(body)}, body)
    fault = fault_of(lambda: provider.read_webhook(call))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "webhook")


def _decoded(token: str) -> bytes:
    head = token.partition(".")[0]
    return base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
