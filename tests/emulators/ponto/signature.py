# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a request of a partner was signed as agreed (HTTP Message Signatures, algorithm hs2019)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from werkzeug.wrappers import Request

from .errors import ApiError

LEEWAY = 60
_part = re.compile(r'(\w+)="([^"]*)"')


def check_signature(request: Request, key: rsa.RSAPublicKey, key_id: str) -> None:
    """Accept the headers ``Digest`` and ``Signature`` of a request, or raise ApiError 401.

    Both alphabets of base64 are taken: the service's own libraries differ in it.
    """
    parts = dict(_part.findall(request.headers.get("Signature", "")))
    body = base64.b64encode(hashlib.sha512(request.get_data(cache=True)).digest()).decode()
    digest = request.headers.get("Digest", "")
    if _standard(digest.removeprefix("SHA-512=")) != body:
        raise _refused("The digest is not that of the body.")
    if parts.get("keyId") != key_id or parts.get("algorithm") != "hs2019":
        raise _refused("The key or the algorithm is not known.")
    names = parts.get("headers", "").split()
    wanted = {"(request-target)", "host", "digest", "(created)"}
    sent = {name.lower() for name, _value in request.headers.items()}
    wanted |= {name for name in sent if name == "authorization" or name.startswith("ibanity-")}
    if not wanted <= set(names):
        raise _refused("Not all that must be signed is signed.")
    created = parts.get("created", "")
    if not created.isdigit() or abs(int(created) - time.time()) > LEEWAY:
        raise _refused("The signature is too old.")
    values = {
        # as it came over the wire
        "(request-target)": f"{request.method.lower()} {request.environ['RAW_URI']}",
        "(created)": created,
    }
    signed = "\n".join(f"{name}: {values.get(name) or request.headers.get(name, '')}" for name in names)
    try:
        signature = base64.b64decode(_standard(parts.get("signature", "")), validate=True)
        key.verify(signature, signed.encode(), padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
    except (InvalidSignature, binascii.Error) as error:
        raise _refused("The signature is wrong.") from error


def _standard(text: str) -> str:
    return text.replace("-", "+").replace("_", "/")


def _refused(detail: str) -> ApiError:
    return ApiError(401, "invalidSignature", detail)
