# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of services: what is believed, and what never is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from emulators.drivers import Driver
from odoo.addons.sync_hub_bank.providers.values import WebhookCall, WebhookKind
from reading import Connection, refused_message

OLD = timedelta(days=4)


@pytest.fixture
def message(connection: Connection) -> WebhookCall | None:
    """A good message, where the service sends any."""
    if connection.driver.abilities.webhooks == "none":
        return None
    return connection.driver.message(connection.provider, connection.consent)


def test_a_message_that_there_is_something_to_fetch_names_its_consent(
    connection: Connection, message: WebhookCall | None
) -> None:
    if message is None:
        # Nobody else may let a fetch begin.
        refused_message(connection.provider, connection.driver.post({}, b'{"data": {}}'))
        return
    (event,) = connection.anew().provider.read_webhook(message)
    assert event.kind is WebhookKind.TRANSACTIONS
    assert event.id
    assert event.reference == connection.consent.reference
    assert set(event.account_uids) <= {account.uid for account in connection.consent.accounts}


def test_the_same_message_again_has_the_same_number(connection: Connection, message: WebhookCall | None) -> None:
    if message is None:
        for _time in range(2):
            refused_message(connection.provider, connection.driver.post({"Signature": "x"}, b"{}"))
        return
    (event,) = connection.provider.read_webhook(message)
    (again,) = connection.anew().provider.read_webhook(message)
    assert again == event


def test_a_message_that_somebody_else_signed_is_refused(connection: Connection, message: WebhookCall | None) -> None:
    driver = connection.driver
    call = message or driver.post({"Signature": "e30.e30.e30"}, b"{}")
    for bad in (driver.forged(call), driver.unsigned(call)) if message else (call,):
        refused_message(connection.anew().provider, bad)


def test_a_message_that_is_days_old_is_refused(connection: Connection, message: WebhookCall | None) -> None:
    call = message or connection.driver.post({}, b"{}")
    refused_message(connection.provider, replace(call, received_at=call.received_at + OLD))


def test_a_message_whose_body_was_changed_is_no_message(connection: Connection, message: WebhookCall | None) -> None:
    call = message or connection.driver.post({}, b"{}")
    changed = replace(call, body=call.body + b" ")
    if connection.driver.abilities.webhooks == "address":
        # Not signed: it lets a fetch be asked for at most, and is another message.
        (event,) = connection.provider.read_webhook(changed)
        assert event.reference == connection.consent.reference
        assert event.id != connection.provider.read_webhook(call)[0].id
        return
    refused_message(connection.provider, changed)


def test_what_is_no_message_is_refused(driver: Driver) -> None:
    provider = driver.adapter()
    for body in (b"", b"<html>", b"\xff\xfe", b"null", b"[]", b'"x"', b"[" * 4000):
        for headers in ({}, {"Signature": "x.y.z", "Plaid-Verification": "x.y.z"}):
            refused_message(provider, driver.post(headers, body))
