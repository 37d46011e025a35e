# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Marks by which what comes back to us through a browser, or from Yodlee's servers, is known to be ours.

Yodlee has neither a ``state`` in FastLink nor signatures on its notifications: both come to addresses that we gave, so
the mark stands in the address. It is an HMAC (RFC 2104) with the customer's secret as its key.
"""

import hmac
from hashlib import sha256


def seal(secret: str, purpose: str, *parts: str) -> str:
    """The mark, 64 hexadecimal digits. ``purpose`` keeps marks of one use from being good for another."""
    content = "\x1f".join((f"sync-hub-{purpose}", *parts))
    return hmac.new(secret.strip().encode(), content.encode(), sha256).hexdigest()


def is_sealed(mark: str, secret: str, purpose: str, *parts: str) -> bool:
    """Whether ``mark`` is that mark. Never with an empty secret."""
    return bool(secret.strip()) and hmac.compare_digest(mark.encode(), seal(secret, purpose, *parts).encode())
