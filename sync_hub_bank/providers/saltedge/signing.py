# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signatures of Salt Edge: ours under requests, theirs under callbacks. RSA, PKCS #1 v1.5, SHA-256, in base64.

Rule: https://docs.saltedge.com/v6/#signature and the examples at https://github.com/saltedge/saltedge-examples
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import requests
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..enablebanking.token import load_private_key
from .const import SIGNATURE_LIFETIME

_ARMOUR = re.compile(r"-----BEGIN PUBLIC KEY-----(.+?)-----END PUBLIC KEY-----", re.DOTALL)


class Signer:
    """Signs in at Salt Edge: application id and secret with each request, and a signature where there is a key.

    :param application_id: ``App-id`` of the API key
    :param application_secret: its ``Secret``
    :param private_key: RSA key in PEM form whose public half was uploaded; empty where none was (applications that are
        not live yet)
    :param clock: the present, as an aware datetime
    """

    def __init__(
        self, application_id: str, application_secret: str, private_key: str, clock: Callable[[], datetime]
    ) -> None:
        self._application_id = application_id.strip()
        self._application_secret = application_secret.strip()
        self._pem = private_key.strip()
        self._clock = clock

    def signed(
        self, method: str, url: str, params: Mapping[str, str] | None, json: Any
    ) -> tuple[str, dict[str, str]]:
        """The whole address of a request, and its headers.

        What is signed is what will be sent: address and body are made by the very code that the session sends with.
        Raises ``Fault`` CREDENTIALS_MISSING, or CREDENTIALS_REJECTED for a key that cannot be used.
        """
        if not self._application_id:
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail="application_id")
        if not self._application_secret:
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail="application_secret")
        prepared = requests.Request(method, url, params=params, json=json).prepare()
        headers = {
            "App-id": self._application_id,
            "Secret": self._application_secret,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        if self._pem:
            expires = str(int((self._clock() + SIGNATURE_LIFETIME).timestamp()))
            body = prepared.body or b""
            body = body.encode() if isinstance(body, str) else body
            content = f"{expires}|{method}|{prepared.url}|".encode() + body
            signature = load_private_key(self._pem).sign(content, PKCS1v15(), SHA256())
            headers["Expires-at"] = expires
            headers["Signature"] = base64.b64encode(signature).decode()
        return prepared.url, headers


def is_signed(public_key: str, url: str, body: bytes, signature: str) -> bool:
    """Whether Salt Edge made ``signature`` over a callback to ``url`` with this very body.

    :param url: as it was written into their dashboard, character by character
    """
    try:
        proof = base64.b64decode(signature.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    try:
        _load_public_key(public_key).verify(proof, f"{url}|".encode() + body, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4)
def _load_public_key(pem: str) -> RSAPublicKey:
    """The RSA key in ``pem``; raises ``Fault`` CREDENTIALS_REJECTED. Line breaks may have been lost on the way."""
    armour = _ARMOUR.search(pem.replace("\\n", "\n"))
    lines = re.findall(".{1,64}", "".join(armour[1].split())) if armour else []
    text = "\n".join(("-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""))
    try:
        key = load_pem_public_key(text.encode("utf-8", "replace"))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise Fault(
            FaultKind.CREDENTIALS_REJECTED,
            provider_code="webhook_public_key",
            detail="not an RSA public key in PEM form (-----BEGIN PUBLIC KEY-----)",
        )
    return key
