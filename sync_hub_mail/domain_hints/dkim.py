# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a domain publishes a key with which its messages can be signed (RFC 6376, 3.6; RFC 8301; RFC 8463)."""

import base64

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .hints import Hint, Light, Reason, Topic, tags_of
from .resolver import NoAnswer, Resolver

# A selector cannot be looked up. These are the defaults of the large providers and of the usual programs.
USUAL_SELECTORS = (
    "default",
    "google",
    "selector1",
    "selector2",
    "s1",
    "s2",
    "k1",
    "mail",
    "dkim",
    "a1",
    "mx",
)
_SHORTEST_KEY = 1024
_GOOD_KEY = 2048
_BYTES_OF_ED25519 = 32
_BEST_FIRST = (
    Reason.KEY_FOUND,
    Reason.KEY_WEAK,
    Reason.KEY_TESTING,
    Reason.KEY_TOO_SHORT,
    Reason.KEY_BROKEN,
    Reason.KEY_REVOKED,
)
_LIGHTS = {Reason.KEY_FOUND: Light.GREEN, Reason.KEY_WEAK: Light.AMBER, Reason.KEY_TESTING: Light.AMBER}


def dkim_hint(domain: str, resolver: Resolver, selectors: tuple[str, ...] = ()) -> Hint:
    """The best key of a domain (in ASCII) under the selectors given, or else under the usual ones.

    A key tells that messages can be signed, not that they are.
    """
    found: dict[Reason, dict[str, str]] = {}
    values = {"domain": domain, "selectors": ", ".join(selectors or USUAL_SELECTORS)}
    try:
        for selector in selectors or USUAL_SELECTORS:
            for record in resolver.txt(f"{selector}._domainkey.{domain}"):
                reason, bits = _reason(record)
                found.setdefault(reason, {"selector": selector, **({"bits": str(bits)} if bits else {})})
            if Reason.KEY_FOUND in found:
                break
    except NoAnswer:
        return Hint(Topic.DKIM, Light.NOT_CHECKED, Reason.NO_ANSWER, values)
    for reason in _BEST_FIRST:
        if reason in found:
            return Hint(Topic.DKIM, _LIGHTS.get(reason, Light.RED), reason, values | found[reason])
    if selectors:
        return Hint(Topic.DKIM, Light.RED, Reason.KEY_MISSING, values)
    return Hint(Topic.DKIM, Light.AMBER, Reason.KEY_NOT_FOUND, values)


def _reason(record: str) -> tuple[Reason, int]:
    """What a key record is worth, and the bits of its key (0: not told)."""
    tags = tags_of(record)
    if tags is None or "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        return Reason.KEY_BROKEN, 0
    if not tags["p"]:
        return Reason.KEY_REVOKED, 0
    bits = _bits(tags.get("k", "rsa"), "".join(tags["p"].split()))
    if not bits:
        return Reason.KEY_BROKEN, 0
    if bits < _SHORTEST_KEY and tags.get("k", "rsa") == "rsa":
        return Reason.KEY_TOO_SHORT, bits
    if "y" in tags.get("t", "").split(":"):
        return Reason.KEY_TESTING, bits
    return (Reason.KEY_WEAK if bits < _GOOD_KEY and tags.get("k", "rsa") == "rsa" else Reason.KEY_FOUND), bits


def _bits(kind: str, encoded: str) -> int:
    try:
        key = base64.b64decode(encoded, validate=True)
        if kind == "ed25519":
            return 256 if len(key) == _BYTES_OF_ED25519 else 0
        loaded = load_der_public_key(key)
    except ValueError:
        return 0
    return loaded.key_size if kind == "rsa" and isinstance(loaded, RSAPublicKey) else 0
