# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of Ponto Connect: only its own are believed."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from emulators.ponto.webhooks import message
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.ponto.webhook import KEYS
from odoo.addons.sync_hub_bank.providers.values import WebhookCall, WebhookKind
from ponto_link import fault_of
from ponto_partner import Partnered

pytest_plugins = ["emulators.ponto.fixtures"]


@pytest.fixture
def partner(ponto: Any) -> Iterator[Partnered]:
    KEYS.clear()
    yield Partnered(ponto)
    KEYS.clear()


def call_of(signature: str, body: bytes, at: datetime | None = None) -> WebhookCall:
    url = "https://books.example/sync_hub_bank/message"
    return WebhookCall("POST", url, {"signature": signature}, body, at or datetime.now(UTC))


def refusal(partner: Partnered, call: WebhookCall) -> str:
    fault = fault_of(lambda: partner.provider.read_webhook(call))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "webhook")
    return fault.detail


def test_new_rows_are_announced_with_their_account(ponto: Any, partner: Partnered) -> None:
    consent = partner.connect()
    (event,) = partner.provider.read_webhook(call_of(*ponto.webhook("account.transactionsCreated", number="m-1")))
    assert (event.kind, event.id) == (WebhookKind.TRANSACTIONS, "m-1")
    assert event.account_uids == (ponto.account_uid(),)
    assert event.reference == consent.reference


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [
        ("account.transactionsUpdated", WebhookKind.TRANSACTIONS),
        ("account.pendingTransactionsCreated", WebhookKind.TRANSACTIONS),
        ("account.pendingTransactionsUpdated", WebhookKind.TRANSACTIONS),
        ("account.detailsUpdated", WebhookKind.ACCOUNTS),
        ("account.reauthorized", WebhookKind.CONSENT),
        ("synchronization.failed", WebhookKind.CONSENT),
        ("synchronization.succeeded", WebhookKind.TRANSACTIONS),
        ("synchronization.succeededWithoutChange", WebhookKind.OTHER),
        ("integration.created", WebhookKind.ACCOUNTS),
        ("integration.accountAdded", WebhookKind.ACCOUNTS),
        ("integration.accountRevoked", WebhookKind.ACCOUNTS),
        ("integration.revoked", WebhookKind.CONSENT),
        ("organization.blocked", WebhookKind.CONSENT),
        ("organization.unblocked", WebhookKind.CONSENT),
        ("paymentRequest.closed", WebhookKind.OTHER),
        ("something.new", WebhookKind.OTHER),
    ],
)
def test_each_kind_of_message_has_a_meaning(ponto: Any, partner: Partnered, kind: str, meaning: WebhookKind) -> None:
    (event,) = partner.provider.read_webhook(call_of(*ponto.webhook(kind)))
    assert event.kind is meaning


def test_a_message_that_comes_again_has_the_same_number(ponto: Any, partner: Partnered) -> None:
    call = call_of(*ponto.webhook("account.transactionsCreated"))
    assert partner.provider.read_webhook(call) == partner.provider.read_webhook(call)


def test_a_message_about_no_account_names_none(ponto: Any, partner: Partnered) -> None:
    body = message("integration.revoked", "m-2", "2026-06-03T10:00:00.000Z", organization="o-1")
    (event,) = partner.provider.read_webhook(call_of(ponto.partner.signer.sign(body), body))
    assert (event.reference, event.account_uids) == ("o-1", ())


def test_a_body_that_was_changed_on_its_way_is_refused(ponto: Any, partner: Partnered) -> None:
    signature, body = ponto.webhook("account.transactionsCreated")
    assert "changed" in refusal(partner, call_of(signature, body.replace(b"Created", b"Updated")))
    other = ponto.webhook("account.transactionsCreated")[1]
    assert "changed" in refusal(partner, call_of(signature, other))


def test_a_message_that_was_held_back_is_refused(ponto: Any, partner: Partnered) -> None:
    signature, body = ponto.webhook("account.transactionsCreated")
    now = datetime.now(UTC)
    assert partner.provider.read_webhook(call_of(signature, body, now + timedelta(seconds=80)))
    assert "too old" in refusal(partner, call_of(signature, body, now + timedelta(seconds=100)))
    assert "not yet" in refusal(partner, call_of(signature, body, now - timedelta(minutes=5)))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"iss": "https://api.elsewhere.example"}, "not of this service"),
        ({"aud": "another-application"}, "another application"),
        ({"aud": ["one", "two"]}, "another application"),
        ({"aud": None}, "another application"),
        ({"exp": None}, "without a time"),
        ({"iat": True}, "without a time"),
        ({"iat": "now"}, "without a time"),
        ({"digest": ""}, "changed"),
        ({"digest": None}, "changed"),
        ({"header": {"alg": "none"}}, "another way"),
        ({"header": {"alg": "HS512"}}, "another way"),
        ({"header": {"kid": "unknown"}}, "unknown key"),
    ],
)
def test_a_signature_that_says_something_else_is_refused(
    ponto: Any, partner: Partnered, claims: dict[str, Any], said: str
) -> None:
    assert said in refusal(partner, call_of(*ponto.webhook("account.detailsUpdated", **claims)))


def test_a_message_may_be_meant_for_several_applications(ponto: Any, partner: Partnered) -> None:
    signed = ponto.webhook("account.detailsUpdated", aud=["another", ponto.partner.application_id])
    assert partner.provider.read_webhook(call_of(*signed))


def test_both_alphabets_of_base64_are_read(ponto: Any, partner: Partnered) -> None:
    for number in range(20):
        body = message("account.detailsUpdated", str(number), "2026-06-03T10:00:00.000Z")
        digest = base64.urlsafe_b64encode(hashlib.sha512(body).digest()).decode()
        assert partner.provider.read_webhook(call_of(ponto.partner.signer.sign(body, digest=digest), body))


def test_a_forged_signature_is_refused(ponto: Any, partner: Partnered) -> None:
    signature, body = ponto.webhook("account.detailsUpdated")
    other, _body = ponto.webhook("account.detailsUpdated")
    forged = signature.rpartition(".")[0] + "." + other.rpartition(".")[2]
    assert "signature is wrong" in refusal(partner, call_of(forged, body))


@pytest.mark.parametrize("signature", ["", "x", "a.b.c", "..", "e30.e30.!", "W10.W10.AA", "é.é.é"])
def test_what_is_no_signature_is_refused(ponto: Any, partner: Partnered, signature: str) -> None:
    refusal(partner, call_of(signature, b"{}"))


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"data": []}', b'{"data": {"type": "x"}}'])
def test_a_signed_message_without_a_meaning_is_refused(ponto: Any, partner: Partnered, body: bytes) -> None:
    refusal(partner, call_of(ponto.partner.signer.sign(body), body))


def test_without_the_number_of_the_application_no_message_is_believed(ponto: Any, partner: Partnered) -> None:
    bare = Partnered(ponto, settings={"application_id": ""})
    assert "another application" in refusal(bare, call_of(*ponto.webhook("account.detailsUpdated", aud="")))


def test_keys_are_asked_for_once(ponto: Any, partner: Partnered) -> None:
    for _time in range(3):
        partner.provider.read_webhook(call_of(*ponto.webhook("account.detailsUpdated")))
    assert len(ponto.requests("webhook_keys")) == 1


def test_a_new_key_is_asked_for_but_not_again_and_again(ponto: Any, partner: Partnered) -> None:
    now = datetime.now(UTC)
    partner.provider.read_webhook(call_of(*ponto.webhook("account.detailsUpdated")))
    for _time in range(3):
        refusal(partner, call_of(*ponto.webhook("account.detailsUpdated", header={"kid": "made up"})))
    assert len(ponto.requests("webhook_keys")) == 1
    ponto.partner.signer.rotate()
    KEYS.clear()
    # The list was fetched two minutes ago, with the old key alone.
    KEYS.key(partner.http.base_url, "", now - timedelta(minutes=2), dict)
    assert partner.provider.read_webhook(call_of(*ponto.webhook("account.detailsUpdated")))
    assert len(ponto.requests("webhook_keys")) == 2


def test_a_key_that_was_withdrawn_signs_nothing_any_more(ponto: Any, partner: Partnered) -> None:
    ponto.partner.signer.withdraw()
    assert "unknown key" in refusal(partner, call_of(*ponto.webhook("account.detailsUpdated")))
    ponto.partner.signer.rotate()


def test_an_outage_while_keys_are_asked_for_lets_the_message_come_again(ponto: Any, partner: Partnered) -> None:
    call = call_of(*ponto.webhook("account.detailsUpdated"))
    ponto.fail("server_error", call="webhook_keys", times=None)
    assert fault_of(lambda: partner.provider.read_webhook(call)).kind is FaultKind.PROVIDER_DOWN
    ponto.clear_faults()
    assert partner.provider.read_webhook(call)


def test_an_answer_without_keys_is_bad_data(ponto: Any, partner: Partnered) -> None:
    ponto.fail("html", call="webhook_keys")
    fault = fault_of(lambda: partner.provider.read_webhook(call_of(*ponto.webhook("account.detailsUpdated"))))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "200")
