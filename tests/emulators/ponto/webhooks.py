# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages to partners, signed as the service signs them (a JWT over the body, RS512)."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA512

from .certificates import new_key

ISSUER = "https://api.ibanity.com"


class Signer:
    """The keys of the service: the last one signs, all are told."""

    def __init__(self, application_id: str) -> None:
        self.application_id = application_id
        self.keys: list[tuple[str, rsa.RSAPrivateKey]] = []
        self.withdrawn: set[str] = set()
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.keys.append((str(uuid.uuid4()), new_key()))

    def withdraw(self) -> None:
        """The key that signs is good no more."""
        self.withdrawn.add(self.keys[-1][0])

    def listed(self) -> dict[str, Any]:
        """GET /webhooks/keys (RFC 7517)."""
        entries = []
        for kid, key in self.keys:
            numbers = key.public_key().public_numbers()
            entry = {"kty": "RSA", "use": "sig", "kid": kid, "alg": "RS512"}
            entry["status"] = "REVOKED" if kid in self.withdrawn else "ACTIVE"
            entries.append(entry | {"n": _integer(numbers.n), "e": _integer(numbers.e)})
        return {"keys": entries}

    def sign(self, body: bytes, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """The ``Signature`` header of a message; ``header`` and ``claims`` change what would be said."""
        kid, key = self.keys[-1]
        now = int(time.time())
        said = {
            "iss": ISSUER,
            "aud": self.application_id,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
            "digest": base64.b64encode(hashlib.sha512(body).digest()).decode(),
        } | claims
        head = {"alg": "RS512", "kid": kid} | (header or {})
        content = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(said).encode())}"
        return f"{content}.{_encoded(key.sign(content.encode(), padding.PKCS1v15(), SHA512()))}"


def message(kind: str, number: str, at: str, **related: str) -> bytes:
    """The body of a message. ``related``: type of a resource -> its id."""
    relationships = {name: {"data": {"type": name, "id": uid}} for name, uid in related.items()}
    attributes: dict[str, Any] = {"createdAt": at}
    if "ransactionsCreated" in kind:
        attributes |= {"count": 3, "synchronizationSubtype": "accountTransactions"}
    data = {"type": f"pontoConnect.{kind}", "id": number, "attributes": attributes, "relationships": relationships}
    return json.dumps({"data": data}).encode()


def _integer(number: int) -> str:
    return _encoded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
