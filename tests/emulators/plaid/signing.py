# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages to the client, signed with ES256 as RFC 7515 and RFC 7518 have it."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


def encode(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class SigningKey:
    """A P-256 key with its id; ``expired_at`` is Unix time, None while it is in force."""

    def __init__(self) -> None:
        self.key_id = str(uuid.uuid4())
        self.created_at = int(time.time()) - 86400
        self.expired_at: int | None = None
        self._key = generate_private_key(SECP256R1())

    def jwk(self) -> dict[str, Any]:
        """The public half, as ``/webhook_verification_key/get`` shows it."""
        numbers = self._key.public_key().public_numbers()
        return {
            "alg": "ES256",
            "created_at": self.created_at,
            "crv": "P-256",
            "expired_at": self.expired_at,
            "kid": self.key_id,
            "kty": "EC",
            "use": "sig",
            "x": encode(numbers.x.to_bytes(32, "big")),
            "y": encode(numbers.y.to_bytes(32, "big")),
        }

    def token(
        self, body: bytes, issued: int | None = None, header: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """The JWT that goes with ``body``; ``issued``, ``header`` and ``claims`` make it another one than it should
        be."""
        head = {"alg": "ES256", "kid": self.key_id, "typ": "JWT"} | (header or {})
        said = {
            "iat": int(time.time()) if issued is None else issued,
            "request_body_sha256": hashlib.sha256(body).hexdigest(),
        } | claims
        content = ".".join(encode(json.dumps(part).encode()) for part in (head, said))
        numbers = decode_dss_signature(self._key.sign(content.encode(), ECDSA(SHA256())))
        return f"{content}.{encode(b''.join(number.to_bytes(32, 'big') for number in numbers))}"
