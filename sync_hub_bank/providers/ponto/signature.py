# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signing requests: HTTP Message Signatures as Ibanity reads them.

Rule: https://documentation.ibanity.com/http-signature (draft-cavage-http-signatures-12 with algorithm hs2019).
"""

import base64
from collections.abc import Mapping
from hashlib import sha512

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

_SALT_BYTES = 32


def digest_of(body: bytes) -> str:
    """The ``Digest`` header; no body is hashed as an empty one."""
    return f"SHA-512={base64.b64encode(sha512(body).digest()).decode()}"


def signing_string(method: str, target: str, host: str, digest: str, created: int, headers: Mapping[str, str]) -> str:
    """What is signed: a line for each of :func:`signed_names`.

    >>> print(signing_string("GET", "/accounts?x=1", "api.ibanity.com", "SHA-512=z", 7, {"Authorization": "Bearer t"}))
    (request-target): get /accounts?x=1
    host: api.ibanity.com
    digest: SHA-512=z
    (created): 7
    authorization: Bearer t
    """
    values = {
        "(request-target)": f"{method.lower()} {target}",
        "host": host,
        "digest": digest,
        "(created)": str(created),
        **{name.lower(): value for name, value in headers.items()},
    }
    return "\n".join(f"{name}: {values[name]}" for name in signed_names(headers))


def signed_names(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Names of what is signed, in order: ``headers`` are those beside the usual ones."""
    further = (name.lower() for name in headers)
    return ("(request-target)", "host", "digest", "(created)", *further)


def signature_headers(
    key: RSAPrivateKey,
    key_id: str,
    *,
    method: str,
    target: str,
    host: str,
    body: bytes,
    created: int,
    headers: Mapping[str, str],
) -> dict[str, str]:
    """``Digest`` and ``Signature`` of a request.

    :param key_id: the id of the signature certificate
    :param target: path with query, as it goes over the wire
    :param created: seconds since 1970
    :param headers: ``Authorization`` and the ``ibanity-*`` ones, as far as they are sent
    """
    digest = digest_of(body)
    signed = signing_string(method, target, host, digest, created, headers)
    padding = PSS(MGF1(SHA256()), _SALT_BYTES)
    signature = base64.b64encode(key.sign(signed.encode(), padding, SHA256())).decode()
    names = " ".join(signed_names(headers))
    return {
        "Digest": digest,
        "Signature": (
            f'keyId="{key_id}",created="{created}",algorithm="hs2019",headers="{names}",signature="{signature}"'
        ),
    }
