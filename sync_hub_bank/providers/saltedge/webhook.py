# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Callbacks of Salt Edge: which are theirs, and what they are about.

Rule: https://docs.saltedge.com/v6/#callbacks. The signature covers address and body and has no time; the body names its
own (``meta.time``).
"""

import json
from hashlib import sha256
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import WebhookCall, WebhookEvent, WebhookKind
from .const import CALLBACK_AGE, CLOCK_SKEW, STAGE_FINISHED
from .errors import kind_of, plain_class
from .parse import parse_instant, text_of
from .signing import is_signed


def read_callback(call: WebhookCall, public_key: str) -> tuple[WebhookEvent, ...]:
    """What a callback says, once it is known to be one.

    A callback that is repeated has the same body, and so the same ``id``. Raises ``Fault`` BAD_DATA with the code
    ``webhook`` for one that is not signed by the owner of ``public_key``, is too old, or cannot be read.
    """
    if call.method.upper() != "POST":
        raise _refused("not a POST")
    if not is_signed(public_key, call.url, call.body, call.headers.get("signature", "")):
        raise _refused("the signature does not fit")
    try:
        body = json.loads(call.body)
    except (ValueError, RecursionError) as error:
        raise _refused("not JSON") from error
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise _refused("a message without data")
    meta = body.get("meta")
    sent = parse_instant(meta.get("time")) if isinstance(meta, dict) else None
    # It is not documented that each message has a time; one without is known again by its id.
    if sent is not None and not -CLOCK_SKEW <= call.received_at - sent <= CALLBACK_AGE:
        raise _refused(f"of another time: {sent.isoformat()}")
    return (WebhookEvent(_kind(data), sha256(call.body).hexdigest()[:32], text_of(data.get("connection_id"))),)


def _kind(data: dict[str, Any]) -> WebhookKind:
    if not text_of(data.get("connection_id")):
        return WebhookKind.OTHER
    failed = plain_class(data.get("error_class"))
    if failed:
        return WebhookKind.CONSENT if kind_of(failed) is FaultKind.CONSENT_EXPIRED else WebhookKind.OTHER
    stage = text_of(data.get("stage"))
    if not stage:
        # Success, failure and progress say more than the connection; that it was removed says only that.
        return WebhookKind.CONSENT
    return WebhookKind.TRANSACTIONS if stage == STAGE_FINISHED else WebhookKind.OTHER


def _refused(detail: str) -> Fault:
    return Fault(FaultKind.BAD_DATA, provider_code="webhook", detail=detail)
