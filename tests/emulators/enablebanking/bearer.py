# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bearer token of the API: a JWT that the application signs with its RSA key (RS256).

Rules: https://enablebanking.com/docs/api/reference, "Authentication".
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .errors import ApiError

ISSUER = "enablebanking.com"
AUDIENCE = "api.enablebanking.com"
MAXIMUM_LIFE = 86400  # seconds between iat and exp
CLOCK_LEEWAY = 60  # seconds that an issuing clock may be ahead


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


@functools.lru_cache(maxsize=8)
def _private_key(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("RS256 needs an RSA key")
    return key


def sign(header: dict[str, Any], claims: dict[str, Any], private_key_pem: str) -> str:
    """The token of ``header`` and ``claims``, signed RS256 whatever the header says. Raises
    TypeError for another kind of key."""
    key = _private_key(private_key_pem)
    signed = f"{_encode(json.dumps(header).encode())}.{_encode(json.dumps(claims).encode())}"
    return f"{signed}.{_encode(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def check_authorization(
    header: str | None, public_key: rsa.RSAPublicKey, application_id: str, now: float
) -> None:
    """Accept the ``Authorization`` header of a request, or raise ApiError (status 401).

    ``now`` is in seconds since 1970. A missing header is AUTHORIZATION_NOT_PROVIDED, anything
    else that is wrong is UNAUTHORIZED_ACCESS, without a reason (as the real one answers).
    """
    if not header:
        raise ApiError("AUTHORIZATION_NOT_PROVIDED")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not _is_good(token.strip(), public_key, application_id, now):
        raise ApiError("UNAUTHORIZED_ACCESS")


def _is_good(token: str, public_key: rsa.RSAPublicKey, application_id: str, now: float) -> bool:
    parts = token.split(".")
    if len(parts) != 3:
        return False
    try:
        header, claims = (json.loads(_decode(part)) for part in parts[:2])
        signature = _decode(parts[2])
    except (binascii.Error, ValueError):
        return False
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return False
    if header.get("typ") != "JWT" or header.get("alg") != "RS256":
        return False
    if header.get("kid") != application_id:
        return False
    try:
        signed = f"{parts[0]}.{parts[1]}".encode()
        public_key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return _claims_are_good(claims, now)


def _claims_are_good(claims: dict[str, Any], now: float) -> bool:
    if claims.get("iss") != ISSUER or claims.get("aud") != AUDIENCE:
        return False
    issued, expires = claims.get("iat"), claims.get("exp")
    # bool is an int in Python, and no instant
    if not all(type(value) in (int, float) for value in (issued, expires)):
        return False
    return issued <= now + CLOCK_LEEWAY and now < expires and 0 < expires - issued <= MAXIMUM_LIFE
