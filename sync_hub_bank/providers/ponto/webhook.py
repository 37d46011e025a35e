# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of Ponto Connect: whether they are its own, and what they are about.

Rule: https://documentation.ibanity.com/webhooks/api (a JWT over the body in the header ``Signature``).
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha512
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA512
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import WebhookCall, WebhookEvent, WebhookKind
from . import const
from .fields import table, text

Keys = dict[str, RSAPublicKey]


class KeyCache:
    """The keys of each address, kept in the process: they change rarely, and anybody can send a message."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, Keys]] = {}

    def key(self, address: str, kid: str, now: datetime, fetch: Callable[[], Keys]) -> RSAPublicKey | None:
        """The key of that name; the list is fetched again for an unknown one, but not more often than once a minute."""
        fetched, keys = self._kept.get(address, (None, {}))
        if kid not in keys and (fetched is None or now - fetched >= const.WEBHOOK_KEYS_AGE):
            keys = fetch()
            self._kept[address] = (now, keys)
        return keys.get(kid)

    def clear(self) -> None:
        """Forget all keys."""
        self._kept.clear()


KEYS = KeyCache()


def parse_keys(body: Mapping[str, Any]) -> Keys:
    """The keys of ``GET /webhooks/keys`` (RFC 7517) that are RSA, for signing, and not withdrawn."""
    listed = body.get("keys")
    if not isinstance(listed, list):
        raise Fault(FaultKind.BAD_DATA, detail="an answer without keys")
    keys: Keys = {}
    for entry in map(table, listed):
        active = text(entry.get("status")).lower() in ("", "active")
        if not active or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
            continue
        with suppress(ValueError):
            exponent, modulus = (int.from_bytes(_decoded(text(entry.get(name))), "big") for name in ("e", "n"))
            keys[text(entry.get("kid"))] = RSAPublicNumbers(exponent, modulus).public_key()
    return keys


def read_message(
    call: WebhookCall, application_id: str, key_of: Callable[[str], RSAPublicKey | None]
) -> tuple[WebhookEvent, ...]:
    """What the message is about, once it is sure that the service sent it.

    :param application_id: ours, for which the message must be meant
    :param key_of: the service's key of a name, if it has one

    Raises ``Fault`` BAD_DATA with the code ``webhook``, or what ``key_of`` raises.
    """
    token = call.headers.get("signature", "")
    try:
        first, second, third = token.split(".")
        header, claims = (table(json.loads(_decoded(part))) for part in (first, second))
        signature = _decoded(third)
    except (ValueError, RecursionError) as error:
        raise _refused("no signature that can be read") from error
    if header.get("alg") != "RS512":
        raise _refused("signed in another way than agreed")
    key = key_of(text(header.get("kid")))
    if key is None:
        raise _refused("signed with an unknown key")
    try:
        key.verify(signature, f"{first}.{second}".encode(), PKCS1v15(), SHA512())
    except InvalidSignature as error:
        raise _refused("the signature is wrong") from error
    _check_claims(claims, call, application_id)
    try:
        body = json.loads(call.body)
    except (ValueError, RecursionError) as error:
        raise _refused("the message is not JSON") from error
    return (_event(table(body, "data")),)


def _check_claims(claims: dict[str, Any], call: WebhookCall, application_id: str) -> None:
    meant = claims.get("aud")
    if claims.get("iss") != const.WEBHOOK_ISSUER:
        raise _refused("not of this service")
    if not application_id or application_id not in (meant if isinstance(meant, list) else [meant]):
        raise _refused("meant for another application")
    issued, ends = claims.get("iat"), claims.get("exp")
    if type(issued) not in (int, float) or type(ends) not in (int, float):
        raise _refused("without a time")
    now, leeway = call.received_at.astimezone(UTC).timestamp(), const.WEBHOOK_LEEWAY.total_seconds()
    if issued > now + leeway or ends <= now - leeway:
        raise _refused("too old, or not yet valid")
    wanted = base64.b64encode(sha512(call.body).digest())
    # Both alphabets of base64 occur in Ibanity's own libraries.
    told = text(claims.get("digest")).replace("-", "+").replace("_", "/").encode("utf-8", "replace")
    if not hmac.compare_digest(told.rstrip(b"="), wanted.rstrip(b"=")):
        raise _refused("the message was changed")


def _event(data: dict[str, Any]) -> WebhookEvent:
    uid = text(data.get("id"))
    if not uid:
        raise _refused("a message without a number")
    account = text(table(data, "relationships", "account", "data").get("id"))
    return WebhookEvent(
        kind=const.WEBHOOK_KINDS.get(text(data.get("type")), WebhookKind.OTHER),
        id=uid,
        reference=text(table(data, "relationships", "organization", "data").get("id")),
        account_uids=(account,) if account else (),
    )


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _refused(detail: str) -> Fault:
    return Fault(FaultKind.BAD_DATA, provider_code="webhook", detail=detail)
