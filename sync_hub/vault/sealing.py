# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A secret, sealed for one place.

Why Fernet: it is the recipe of ``cryptography`` that leaves nothing to choose wrongly. AES-128 in
CBC mode with a random IV, HMAC-SHA256 over all of it, a fixed layout, and ``MultiFernet`` for
rotation (https://cryptography.io/en/latest/fernet/, https://github.com/fernet/spec). An AEAD such
as AES-GCM would take the context as associated data, and hand us the nonces to look after.

How a secret is bound to its place: Fernet authenticates only what it encrypts, so the context is
encrypted together with the value and compared when the token is opened. A token that was copied to
another record, field or database is refused although its key fits.

What a token tells without the key: the id of the key, the time of sealing, and about how long the
secret is.
"""

import json
import re
from dataclasses import asdict, dataclass, fields

from cryptography.fernet import InvalidToken
from odoo.addons.sync_hub.faults import Fault

from .keyring import KeyRing
from .refusals import Refusal, refuse

# Room for a private key with a chain of certificates.
MAX_BYTES = 64 * 1024

_VERSION = "v1"
_TOKEN = re.compile(r"v1:(?P<key_id>[0-9a-f]{8}):(?P<sealed>[A-Za-z0-9_-]+={0,2})")
_OTHER_VERSION = re.compile(r"v(?!1:)[0-9]+:")


@dataclass(frozen=True, slots=True)
class SecretContext:
    """The place of a secret: database (its uuid), model, record id and field name."""

    database: str
    model: str
    record: int
    field: str


_PAYLOAD_KEYS = {*(part.name for part in fields(SecretContext)), "value"}


def seal(ring: KeyRing, value: str, context: SecretContext) -> str:
    """Encrypt a secret for its place with the first key of the ring.

    :param value: any text of at most :data:`MAX_BYTES` bytes in UTF-8
    :return: ``v1:<key id>:<Fernet token>``, ASCII; two calls never give the same
    :raises ValueError: for a longer text

    >>> ring = KeyRing(("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",))
    >>> place = SecretContext("5f2c", "sync.bank.connection", 7, "client_secret")
    >>> token = seal(ring, "pazzword", place)
    >>> token[:12]
    'v1:2cf5e6ec:'
    >>> unseal(ring, token, place)
    'pazzword'
    """
    size = len(_encode(value))
    if size > MAX_BYTES:
        raise ValueError(f"A secret has at most {MAX_BYTES} bytes, this one has {size}.")
    payload = _encode(json.dumps(asdict(context) | {"value": value}, ensure_ascii=False))
    sealed = ring.fernet(ring.primary_id).encrypt(payload)
    return f"{_VERSION}:{ring.primary_id}:{sealed.decode()}"


def unseal(ring: KeyRing, token: str, context: SecretContext) -> str:
    """Decrypt a secret in its place.

    :raises Fault: VAULT_KEY_MISSING; ``provider_code`` is a :class:`Refusal`: KEY_MISSING,
        NOT_A_TOKEN, TAMPERED or OTHER_PLACE. ``detail`` says it in a sentence
    """
    payload = _payload(ring, token)
    here = asdict(context)
    elsewhere = [part for part in here if payload[part] != here[part]]
    if elsewhere:
        raise refuse(
            Refusal.OTHER_PLACE,
            f"The secret was sealed for another {elsewhere[0]}, not for the field {context.field} "
            f"of {context.model} {context.record} in this database: enter it again here.",
            part=elsewhere[0],
        )
    return payload["value"]


def reseal(ring: KeyRing, token: str) -> str:
    """Encrypt again with the first key; value and place stay what they are.

    A token of the first key comes back as it is, so that a rotation that was interrupted can
    simply be started again.

    :raises Fault: VAULT_KEY_MISSING, as in :func:`unseal`, except OTHER_PLACE: the place is not
        looked at
    """
    named, sealed = _parse(token)
    if named == ring.primary_id:
        return token
    try:
        rotated = ring.fernet(named).rotate(sealed)
    except InvalidToken:
        raise _tampered(named) from None
    return f"{_VERSION}:{ring.primary_id}:{rotated.decode()}"


def key_id_of(token: str) -> str:
    """Public id of the key that opens a token. Needs no key.

    :raises Fault: VAULT_KEY_MISSING with NOT_A_TOKEN

    >>> key_id_of("v1:2cf5e6ec:gAAAAA==")
    '2cf5e6ec'
    """
    return _parse(token)[0]


def _payload(ring: KeyRing, token: str) -> dict:
    named, sealed = _parse(token)
    try:
        payload = json.loads(_decode(ring.fernet(named).decrypt(sealed)))
    except InvalidToken:
        raise _tampered(named) from None
    except ValueError:
        # The error would carry the text on: whatever another program sealed with the same key.
        payload = None
    if not isinstance(payload, dict) or payload.keys() != _PAYLOAD_KEYS:
        raise _not_a_token()
    return payload


def _parse(token: str) -> tuple[str, bytes]:
    match = _TOKEN.fullmatch(token)
    if match is None:
        if _OTHER_VERSION.match(token):
            raise refuse(
                Refusal.NOT_A_TOKEN,
                "The secret was sealed by another version of Sync Hub: update it to read it.",
            )
        raise _not_a_token()
    return match["key_id"], match["sealed"].encode()


def _not_a_token() -> Fault:
    return refuse(
        Refusal.NOT_A_TOKEN, "What is stored is no sealed secret: enter the secret again."
    )


def _tampered(named: str) -> Fault:
    return refuse(
        Refusal.TAMPERED,
        f"The stored secret was changed or damaged after it was sealed with the key {named}: "
        "enter the secret again.",
        key_id=named,
    )


def _encode(text: str) -> bytes:
    # A lone surrogate is no character, but a Python text may hold one: keep it as it came.
    return text.encode("utf-8", "surrogatepass")


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
