# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The private keys of an application, which the developer portal gives with a password or without."""

from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from odoo.addons.sync_hub.faults import Fault, FaultKind


# OpenSSL proves the primes of a key, which takes as long as a page of transactions: a key that serves many connections
# is proved once. One that is refused is not kept.
@lru_cache(maxsize=8)
def load_rsa_key(pem: str, password: str, name: str) -> RSAPrivateKey:
    """The RSA key in ``pem``; line breaks may have come as ``\\n`` out of an environment variable.

    :param password: empty for a key that has none
    :param name: the secret that is told in a fault

    Raises ``Fault`` CREDENTIALS_REJECTED.
    """

    def refused(detail: str) -> Fault:
        return Fault(FaultKind.CREDENTIALS_REJECTED, provider_code=name, detail=detail)

    content = pem.replace("\\n", "\n").strip().encode("utf-8", "replace")
    # A password that is on file for a key without one does no harm.
    opening = password.encode() if b"ENCRYPTED" in content else b""
    try:
        key = load_pem_private_key(content, opening or None)
    except TypeError as error:
        raise refused("the private key needs a password") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise refused("the private key is damaged, or its password is wrong") from error
    if not isinstance(key, RSAPrivateKey):
        raise refused("not an RSA private key")
    return key


def opened_pem(key: RSAPrivateKey) -> str:
    """The key in PEM form without a password, for TLS."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
