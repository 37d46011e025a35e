# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signing in at Enable Banking: a JWT that the application makes and signs itself.

Rule: https://enablebanking.com/docs/api/reference/#authentication
"""

import base64
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from odoo.addons.sync_hub.faults import Fault, FaultKind

from .const import SMALLEST_KEY_BITS, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_LIFETIME

# A token is made anew this long before it ends, so that none ends on its way.
_RENEW_BEFORE = timedelta(minutes=2)
# Their clock may be behind ours: a token from the future is refused.
_CLOCK_SKEW = timedelta(minutes=1)

_ARMOUR = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.+?)-----END \1-----", re.DOTALL)


# OpenSSL proves the primes of a key, which takes as long as a page of transactions: an application
# that serves many connections has its key proved once. A key that is refused is not kept.
@lru_cache(maxsize=4)
def load_private_key(pem: str) -> RSAPrivateKey:
    """The RSA key in ``pem`` (PKCS#1 or PKCS#8).

    Line breaks that a one-line form field swallowed, or that came as ``\\n`` out of an environment
    variable, are put back. Raises ``Fault`` CREDENTIALS_REJECTED that says what was given instead.
    """
    armour = _ARMOUR.search(pem.replace("\\n", "\n"))
    if armour is None:
        raise _rejected("not a private key in PEM form (-----BEGIN PRIVATE KEY-----)")
    label, content = armour.groups()
    if label.endswith("CERTIFICATE"):
        raise _rejected("a certificate was given; its private key is needed")
    if label.endswith("PUBLIC KEY"):
        raise _rejected("a public key was given; the private key is needed")
    if label.startswith("ENCRYPTED") or "ENCRYPTED" in content[:100]:
        raise _rejected("the private key is protected by a password; one without is needed")
    lines = re.findall(".{1,64}", "".join(content.split()))
    text = "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))
    try:
        key = load_pem_private_key(text.encode("utf-8", "replace"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _rejected("the private key is damaged or of an unknown kind") from error
    if not isinstance(key, RSAPrivateKey):
        raise _rejected("not an RSA private key")
    if key.key_size < SMALLEST_KEY_BITS:
        raise _rejected(f"the RSA key has {key.key_size} bits; {SMALLEST_KEY_BITS} are needed")
    return key


class TokenSource:
    """Makes bearer tokens of one application and keeps each until shortly before it ends.

    :param application_id: number of the application, which is also the id of its key
    :param private_key: its RSA key in PEM form
    :param clock: the present, as an aware datetime
    :param hide: told of each token, so that it is never shown
    """

    def __init__(
        self,
        application_id: str,
        private_key: str,
        clock: Callable[[], datetime],
        hide: Callable[[str], None] = lambda token: None,
    ):
        self._hide = hide
        self._application_id = application_id.strip()
        self._pem = private_key
        self._clock = clock
        self._key: RSAPrivateKey | None = None
        self._token = ""
        self._renew_at: datetime | None = None

    def token(self) -> str:
        """A token that is good for two more minutes at least.

        Raises ``Fault`` CREDENTIALS_MISSING or CREDENTIALS_REJECTED, with a detail.
        """
        now = self._clock()
        if self._renew_at is None or now >= self._renew_at:
            self._token = self._sign(now)
            self._hide(self._token)
            self._renew_at = now + TOKEN_LIFETIME - _RENEW_BEFORE
        return self._token

    def _sign(self, now: datetime) -> str:
        if not self._application_id:
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail="application_id")
        if not self._pem.strip():
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail="private_key")
        if self._key is None:
            self._key = load_private_key(self._pem)
        header = {"typ": "JWT", "alg": "RS256", "kid": self._application_id}
        claims = {
            "iss": TOKEN_ISSUER,
            "aud": TOKEN_AUDIENCE,
            "iat": int((now - _CLOCK_SKEW).timestamp()),
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
        }
        content = f"{_encoded(header)}.{_encoded(claims)}"
        signature = self._key.sign(content.encode(), PKCS1v15(), SHA256())
        return f"{content}.{_base64url(signature)}"


def _encoded(value: dict[str, object]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _rejected(detail: str) -> Fault:
    return Fault(FaultKind.CREDENTIALS_REJECTED, provider_code="private_key", detail=detail)
