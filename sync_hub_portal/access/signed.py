# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links that open one thing for one person until a moment."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

# What the signature is for: one that was made with the same key for something else is none here.
_PURPOSE = b"sync_hub_portal link 1\0"
_LONGEST = 200
_SHAPE = re.compile(r"(\d{1,10})-(\d{1,10})-(\d{1,12})-([A-Za-z0-9_]{8,64})\.([A-Za-z0-9_-]{43})", re.ASCII)


class Flaw(StrEnum):
    """Why a link opens nothing."""

    FORGED = "forged"
    EXPIRED = "expired"


class LinkError(Exception):
    """A link that opens nothing; ``flaw`` says why."""

    def __init__(self, flaw: Flaw):
        super().__init__(flaw)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link opens.

    ``subject``: number of the thing. ``holder``: number of the one accountant whom it was made for. ``expires``: aware,
    seconds count. ``nonce``: see :func:`new_nonce`; who keeps it elsewhere can take the link back.
    """

    subject: int
    holder: int
    expires: datetime
    nonce: str


def new_nonce() -> str:
    """128 random bits, so that no two links are the same."""
    return secrets.token_hex(16)


def sign(grant: Grant, key: bytes) -> str:
    """The token of a link, in letters, digits, ".", "-" and "_".

    :param key: secret of at least 16 bytes
    :raises ValueError: for a key that is too short, an expiry without a time zone, or what no link can hold
    """
    if grant.expires.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    text = f"{grant.subject}-{grant.holder}-{int(grant.expires.timestamp())}-{grant.nonce}"
    token = f"{text}.{_signature(text, key)}"
    if not _SHAPE.fullmatch(token):
        raise ValueError("A link holds two numbers, a moment and a nonce of letters and digits.")
    return token


def open_signed(token: str, key: bytes, now: datetime) -> Grant:
    """What a token opens.

    Whether it was signed here is looked at first and in constant time: a forged one tells nothing, not even whether it
    would have expired.

    :param now: aware
    :raises LinkError: when it opens nothing
    """
    found = _SHAPE.fullmatch(token) if len(token) <= _LONGEST else None
    if not found:
        raise LinkError(Flaw.FORGED)
    subject, holder, expires, nonce, signature = found.groups()
    text = token[: found.start(5) - 1]
    if not hmac.compare_digest(_signature(text, key).encode(), signature.encode()):
        raise LinkError(Flaw.FORGED)
    grant = Grant(int(subject), int(holder), datetime.fromtimestamp(int(expires), UTC), nonce)
    if now >= grant.expires:
        raise LinkError(Flaw.EXPIRED)
    return grant


def _signature(text: str, key: bytes) -> str:
    if len(key) < 16:
        raise ValueError("A key has at least 16 bytes.")
    digest = hmac.digest(key, _PURPOSE + text.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")
