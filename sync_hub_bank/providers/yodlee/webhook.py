# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Notifications of Yodlee.

Shapes: "Webhooks" at https://developer.envestnet.com/. They are not signed. That one comes from Yodlee is known by the
mark in the address that was given to nobody else, and nothing but "there is something to read" is taken from it:
whoever changed its body could at most let us ask once more.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import WebhookCall, WebhookEvent, WebhookKind
from .const import WEBHOOK_DATA, WEBHOOK_OLDEST
from .parse import instant, text
from .seal import is_sealed, seal
from .state import Stage, item_state

_PARAMETER = "key"
_PURPOSE = "webhook"
_KINDS = {
    Stage.GOOD: WebhookKind.TRANSACTIONS,
    Stage.USER: WebhookKind.CONSENT,
    Stage.NEVER: WebhookKind.CONSENT,
}


def callback_url(webhook_url: str, client_id: str, secret: str) -> str:
    """The address to register: ours, with the mark."""
    joint = "&" if urlsplit(webhook_url).query else "?"
    return f"{webhook_url}{joint}{_PARAMETER}={seal(secret, _PURPOSE, client_id)}"


def read_webhook(call: WebhookCall, client_id: str, secret: str) -> tuple[WebhookEvent, ...]:
    """What the message is about; nothing for an event that concerns nothing of ours.

    :raises Fault: of kind ``bad_data`` with the code ``webhook`` for one that is not Yodlee's, or is days old
    """
    given = parse_qs(urlsplit(call.url).query).get(_PARAMETER, [""])[-1]
    if call.method.upper() != "POST" or not is_sealed(given, secret, _PURPOSE, client_id):
        raise _refused("not sent to the address that was registered")
    try:
        body = json.loads(call.body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _refused("not JSON") from error
    event = body.get("event") if isinstance(body, dict) else None
    if not isinstance(event, dict):
        raise _refused("no event")
    sent_at = instant(event.get("notificationTime"))
    if sent_at is not None and call.received_at - sent_at > WEBHOOK_OLDEST:
        raise _refused("too old")
    return tuple(_events(event, call.received_at, sha256(call.body).hexdigest()))


def _events(event: dict[str, Any], now: datetime, digest: str) -> Iterator[WebhookEvent]:
    # The number of a notification is not on all of them; a body that comes again is the same body.
    number = text(event.get("notificationId")) or digest
    data = event.get("data")
    data = data if isinstance(data, dict) else {}
    if text(event.get("info")).upper().startswith(WEBHOOK_DATA):
        yield WebhookEvent(WebhookKind.TRANSACTIONS, number)
        return
    items = data.get("providerAccount")
    items = items if isinstance(items, list) else [items]
    for item in items:
        reference = text(item.get("id")) if isinstance(item, dict) else ""
        if reference:
            kind = _KINDS.get(item_state(item, now).stage, WebhookKind.OTHER)
            yield WebhookEvent(kind, f"{number}-{reference}", reference)


def _refused(detail: str) -> Fault:
    return Fault(FaultKind.BAD_DATA, provider_code="webhook", detail=detail)
