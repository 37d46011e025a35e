# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Telling Plaid's messages from others: https://plaid.com/docs/api/webhooks/webhook-verification/.

A JWT in a header (RFC 7515, ES256 of RFC 7518) names the hash of the body. What needs no key is looked at first, so
that a stranger's message costs no call.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import WebhookCall, WebhookEvent, WebhookKind
from .const import WEBHOOK_HEADER, WEBHOOK_LIFETIME, WEBHOOKS
from .parse import text

# Bytes of an ES256 signature: two numbers of P-256, one after the other.
_SIGNATURE_BYTES = 64
_LONGEST_TOKEN = 8192
_is_key_id = re.compile(r"[A-Za-z0-9_-]{8,64}").fullmatch
# A key is asked for again after this time: it may have been withdrawn.
_KEY_KEPT = timedelta(hours=1)
_KEYS_KEPT = 32


@dataclass(frozen=True, slots=True)
class SignedToken:
    """The parts of a JWT whose form is right and whose signature was not looked at yet."""

    key_id: str
    claims: dict[str, Any]
    content: bytes
    signature: bytes


def read_token(call: WebhookCall) -> SignedToken:
    """The token of a message that is fresh and has the body that the token names. Raises ``Fault`` otherwise."""
    token = call.headers.get(WEBHOOK_HEADER, "").strip()
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _LONGEST_TOKEN:
        raise not_genuine("no signature")
    header, claims = _json(parts[0]), _json(parts[1])
    if header.get("alg") != "ES256":
        raise not_genuine("signed in another way")
    key_id, issued = text(header.get("kid")), claims.get("iat")
    if not _is_key_id(key_id):
        raise not_genuine("no key is named")
    if issued.__class__ is not int or abs(call.received_at.timestamp() - issued) > WEBHOOK_LIFETIME.total_seconds():
        raise not_genuine("too old")
    digest = hashlib.sha256(call.body).hexdigest()
    if not hmac.compare_digest(digest.encode(), text(claims.get("request_body_sha256")).encode()):
        raise not_genuine("another body was signed")
    signature = _decoded(parts[2])
    if len(signature) != _SIGNATURE_BYTES:
        raise not_genuine("a damaged signature")
    return SignedToken(key_id, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def check_signature(token: SignedToken, key: dict[str, Any], now: datetime) -> None:
    """Raise ``Fault`` unless ``key`` (a JWK) is in force and made the signature."""
    if key.get("expired_at") is not None:
        expired = key["expired_at"]
        if expired.__class__ is not int or expired <= now.timestamp():
            raise not_genuine("signed with a key that is no longer in force")
    half = _SIGNATURE_BYTES // 2
    numbers = (int.from_bytes(part, "big") for part in (token.signature[:half], token.signature[half:]))
    try:
        _public_key(key).verify(encode_dss_signature(*numbers), token.content, ECDSA(SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise not_genuine("the signature is wrong") from error


def read_events(call: WebhookCall, token: SignedToken) -> tuple[WebhookEvent, ...]:
    """What a message that was found genuine says."""
    try:
        body = json.loads(call.body)
    except (ValueError, RecursionError) as error:
        raise not_genuine("a body that is not JSON") from error
    if not isinstance(body, dict):
        raise not_genuine("a body that is no object")
    kind = WEBHOOKS.get((text(body.get("webhook_type")), text(body.get("webhook_code"))), WebhookKind.OTHER)
    account = text(body.get("account_id"))
    # Messages have no number, and two of different hours may be equal to the letter: the instant tells them apart.
    known = f"{token.claims['iat']}.{token.claims['request_body_sha256']}"
    return (
        WebhookEvent(
            kind,
            hashlib.sha256(known.encode()).hexdigest(),
            text(body.get("item_id")),
            (account,) if account else (),
        ),
    )


def not_genuine(reason: str) -> Fault:
    return Fault(FaultKind.BAD_DATA, provider_code="webhook", detail=f"a message that is not of Plaid: {reason}")


class KeyCache:
    """Keys of messages, so that not every message costs a call. Only keys that Plaid gave are kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: OrderedDict[tuple[str, str], tuple[datetime, dict[str, Any]]] = OrderedDict()

    def get(self, address: str, key_id: str, now: datetime, fetch: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The key of that id at that address; ``fetch`` asks for one that is not here, or has been here for long."""
        with self._lock:
            asked_at, key = self._keys.get((address, key_id), (None, {}))
        if asked_at is None or not timedelta(0) <= now - asked_at < _KEY_KEPT:
            key = fetch()
            with self._lock:
                self._keys[address, key_id] = (now, key)
                while len(self._keys) > _KEYS_KEPT:
                    self._keys.popitem(last=False)
        return key


def _public_key(key: dict[str, Any]) -> EllipticCurvePublicKey:
    """Raises ValueError for what is no point of P-256."""
    if (key.get("kty"), key.get("crv"), key.get("alg")) != ("EC", "P-256", "ES256"):
        raise ValueError("another kind of key")
    x, y = (int.from_bytes(_decoded(text(key.get(name))), "big") for name in ("x", "y"))
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()


def _json(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_decoded(part))
    except (ValueError, RecursionError) as error:
        raise not_genuine("a damaged signature") from error
    if not isinstance(value, dict):
        raise not_genuine("a damaged signature")
    return value


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise not_genuine("a damaged signature") from error
