# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The token by which a monitor may hear the details. Only its fingerprint is kept."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """A token of 256 random bits, in letters, digits, "-" and "_"."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What may be kept of a token. It is drawn at random, so a plain hash cannot be searched backwards."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def token_fits(given: str, kept: str) -> bool:
    """Whether a given token has the kept fingerprint, compared in constant time; nothing fits an empty one.

    >>> token_fits("a", fingerprint("a")), token_fits("b", fingerprint("a")), token_fits("", "")
    (True, False, False)
    """
    return hmac.compare_digest(fingerprint(given).encode(), kept.encode()) and bool(kept)
