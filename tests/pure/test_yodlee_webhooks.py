# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Notifications of Yodlee: ordered, sent, known to be Yodlee's, and taken for no more than hints."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from emulators.yodlee import Emulator
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import WebhookCall, WebhookEvent, WebhookKind
from werkzeug.wrappers import Request, Response
from yodlee_link import Link, asked, fault_of, provider_of

pytest_plugins = ["yodlee_fixtures"]


class Listener:
    """Our address for notifications, and what came there."""

    def __init__(self, serve: Callable[..., str]):
        self.calls: list[WebhookCall] = []
        self.url = f"{serve(self)}/sync_hub_bank/webhook/7"

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> object:
        request = Request(environ)
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.get_data()
        self.calls.append(WebhookCall(request.method, request.url, headers, body, datetime.now(UTC)))
        return Response(status=200)(environ, start_response)


@pytest.fixture
def listener(serve: Callable[..., str]) -> Listener:
    return Listener(serve)


@pytest.fixture
def ordered(yodlee_link: Link, listener: Listener) -> Link:
    """A connection for which notifications were ordered."""
    yodlee_link.provider.authorize(asked(yodlee_link.provider, webhook_url=listener.url))
    return yodlee_link


def sent(link: Link, listener: Listener, event: str = "REFRESH") -> WebhookCall:
    link.bank.notify(event)
    return listener.calls[-1]


def with_body(call: WebhookCall, **changes: Any) -> WebhookCall:
    body = json.loads(call.body)
    body["event"] |= changes
    return replace(call, body=json.dumps(body).encode())


def test_notifications_are_ordered_once_at_an_address_that_nobody_can_guess(ordered: Link, listener: Listener) -> None:
    addresses = ordered.bank.subscriptions()
    assert set(addresses) == {"REFRESH", "AUTO_REFRESH_UPDATES"}
    (address,) = set(addresses.values())
    assert address.startswith(f"{listener.url}?key=")
    assert len(address.partition("?key=")[2]) == 64
    before = len(ordered.bank.requests("subscription"))
    ordered.provider.authorize(asked(ordered.provider, webhook_url=listener.url))
    assert len(ordered.bank.requests("subscription")) == before


def test_another_address_takes_the_place_of_the_old_one(ordered: Link, listener: Listener) -> None:
    ordered.provider.authorize(asked(ordered.provider, webhook_url=f"{listener.url}?db=books"))
    assert all(a.startswith(f"{listener.url}?db=books&key=") for a in ordered.bank.subscriptions().values())
    assert ordered.provider.read_webhook(sent(ordered, listener))


def test_a_contract_without_notifications_works_all_the_same(yodlee_link: Link, listener: Listener) -> None:
    yodlee_link.bank.configure(webhooks=False)
    assert yodlee_link.provider.authorize(asked(yodlee_link.provider, webhook_url=listener.url)).form
    assert yodlee_link.bank.subscriptions() == {}


@pytest.mark.parametrize("event", ["REFRESH", "AUTO_REFRESH_UPDATES"])
def test_a_finished_refresh_says_that_there_may_be_something_to_fetch(
    ordered: Link, listener: Listener, event: str
) -> None:
    (found,) = ordered.provider.read_webhook(sent(ordered, listener, event))
    assert (found.kind, found.reference) == (WebhookKind.TRANSACTIONS, ordered.consent.reference)


def test_a_sign_in_that_failed_says_that_the_consent_is_concerned(ordered: Link, listener: Listener) -> None:
    ordered.bank.expire_consents()
    (found,) = ordered.provider.read_webhook(sent(ordered, listener))
    assert (found.kind, found.reference) == (WebhookKind.CONSENT, ordered.consent.reference)


@pytest.mark.parametrize(
    ("status", "additional"), [("IN_PROGRESS", "DATA_RETRIEVAL_IN_PROGRESS"), ("FAILED", "SITE_UNAVAILABLE")]
)
def test_what_needs_nothing_to_be_done_is_something_else(
    ordered: Link, listener: Listener, status: str, additional: str
) -> None:
    ordered.bank.set_items(status, additional)
    assert [e.kind for e in ordered.provider.read_webhook(sent(ordered, listener))] == [WebhookKind.OTHER]


def test_one_message_about_several_connections_is_one_event_each(ordered: Link, listener: Listener) -> None:
    other = Link(ordered.bank, "Musterbank Lindenau")
    events = ordered.provider.read_webhook(sent(ordered, listener))
    assert {event.reference for event in events} == {ordered.consent.reference, other.consent.reference}
    assert len({event.id for event in events}) == 2


def test_news_about_data_name_no_connection(ordered: Link, listener: Listener) -> None:
    call = with_body(sent(ordered, listener), info="DATA_UPDATES.USER_DATA", data={"userCount": 1, "userData": []})
    (found,) = ordered.provider.read_webhook(call)
    assert (found.kind, found.reference) == (WebhookKind.TRANSACTIONS, "")


def test_the_same_message_again_has_the_same_id(ordered: Link, listener: Listener) -> None:
    call = sent(ordered, listener)
    later = replace(call, received_at=call.received_at + timedelta(minutes=40))
    assert ordered.provider.read_webhook(call) == ordered.provider.read_webhook(later)
    numbered = with_body(call, notificationId="n-1")
    assert ordered.provider.read_webhook(numbered)[0].id.startswith("n-1")


def test_a_changed_body_is_another_event_and_brings_nothing_but_a_hint(ordered: Link, listener: Listener) -> None:
    call = sent(ordered, listener)
    changed = with_body(call, data={"providerAccount": [{"id": 5, "status": "SUCCESS", "balance": 1}]})
    (found,) = ordered.provider.read_webhook(changed)
    assert found == WebhookEvent(WebhookKind.TRANSACTIONS, found.id, "5")
    assert found.id != ordered.provider.read_webhook(call)[0].id


def other_key(call: WebhookCall) -> WebhookCall:
    return replace(call, url=call.url[:-4] + ("0000" if not call.url.endswith("0000") else "1111"))


@pytest.mark.parametrize(
    "change",
    [
        other_key,
        lambda call: replace(call, url=call.url.partition("?")[0]),
        lambda call: replace(call, url=call.url.partition("=")[0] + "="),
        lambda call: replace(call, url=call.url.partition("=")[0] + "=%C3%A9"),
        lambda call: replace(call, method="GET"),
        lambda call: replace(call, body=b"<html>"),
        lambda call: replace(call, body=b"\xff\xfe"),
        lambda call: replace(call, body=b"[]"),
        lambda call: replace(call, body=b'{"event": 5}'),
        lambda call: replace(call, received_at=call.received_at + timedelta(days=4)),
    ],
    ids=["wrong key", "no key", "empty key", "not ASCII", "GET", "HTML", "no text", "list", "no event", "old"],
)
def test_a_message_that_is_not_yodlees_is_refused(
    ordered: Link, listener: Listener, change: Callable[[WebhookCall], WebhookCall]
) -> None:
    fault = fault_of(lambda: ordered.provider.read_webhook(change(sent(ordered, listener))))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "webhook")


def test_the_address_of_one_contract_is_not_good_for_another(ordered: Link, listener: Listener) -> None:
    call = sent(ordered, listener)
    for stranger in (provider_of(ordered.bank, client_id="another"), provider_of(ordered.bank, secret="another")):
        assert fault_of(lambda p=stranger: p.read_webhook(call)).provider_code == "webhook"


def test_a_message_about_nothing_is_no_event(ordered: Link, listener: Listener) -> None:
    call = sent(ordered, listener)
    for data in (None, {}, {"providerAccount": None}, {"providerAccount": [5, {}]}):
        assert ordered.provider.read_webhook(with_body(call, data=data)) == ()


def test_without_a_secret_no_message_is_taken(yodlee: Emulator, ordered: Link, listener: Listener) -> None:
    call = sent(ordered, listener)
    bare = provider_of(yodlee, secret=" ")
    assert fault_of(lambda: bare.read_webhook(call)).kind is FaultKind.BAD_DATA
