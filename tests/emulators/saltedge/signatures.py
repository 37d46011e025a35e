# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signatures in both directions: checking those of requests, making those of callbacks.

Rules: https://github.com/saltedge/saltedge-examples (RSA, PKCS #1 v1.5, SHA-256, base64).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .errors import ApiError

LONGEST_LIFE = 3600  # seconds that Expires-at may lie ahead
LEEWAY = 60  # seconds that the clock of a caller may be ahead


def check_keys(headers: Mapping[str, str], application_id: str, secret: str) -> None:
    """Accept App-id and Secret, or raise ApiError."""
    if not headers.get("App-id"):
        raise ApiError("AppIdNotProvided")
    if not headers.get("Secret"):
        raise ApiError("SecretNotProvided")
    good = secrets.compare_digest(headers["App-id"].encode(), application_id.encode())
    if not (secrets.compare_digest(headers["Secret"].encode(), secret.encode()) and good):
        raise ApiError("ApiKeyNotFound")


def check_signature(
    headers: Mapping[str, str], method: str, url: str, body: bytes, public_key: rsa.RSAPublicKey, now: float
) -> None:
    """Accept the signature over a request, or raise ApiError. ``url`` is the whole one, with its query as sent."""
    expires_at = headers.get("Expires-at", "")
    if not expires_at:
        raise ApiError("MissingExpiresAt")
    if not headers.get("Signature"):
        raise ApiError("MissingSignature")
    if not expires_at.isdecimal() or int(expires_at) > now + LONGEST_LIFE + LEEWAY:
        raise ApiError("ExpiresAtInvalid")
    if int(expires_at) <= now:
        raise ApiError("RequestExpired")
    try:
        signature = base64.b64decode(headers["Signature"], validate=True)
        content = f"{expires_at}|{method}|{url}|".encode() + body
        public_key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error):
        raise ApiError("SignatureNotMatch") from None


class CallbackKey:
    """The key pair with which callbacks are signed."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public_pem(self) -> str:
        """What a receiver checks with."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    def sign(self, url: str, body: bytes) -> str:
        """The Signature header of a callback to ``url``."""
        signed = self._key.sign(f"{url}|".encode() + body, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signed).decode()
