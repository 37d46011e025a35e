# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may see a company's documents, how often its accountant may ask for news, and by which link without signing in.
Pure Python.

:func:`after` says what becomes of the connection between a company and its accountant, :func:`look` how many presses of
“Synchronize now” are left, :func:`allows` what holds when books in another database are asked and say nothing,
:func:`sign` and :func:`open_signed` make and check links that expire.
"""

from .connection import Connection, NotAllowed, Refusal, Side, State, Step, after, switched
from .hearsay import Memory, Word, allows
from .presses import PressQuota, Verdict, look
from .signed import Flaw, Grant, LinkError, new_nonce, open_signed, sign

__all__ = [
    "Connection",
    "Flaw",
    "Grant",
    "LinkError",
    "Memory",
    "NotAllowed",
    "PressQuota",
    "Refusal",
    "Side",
    "State",
    "Step",
    "Verdict",
    "Word",
    "after",
    "allows",
    "look",
    "new_nonce",
    "open_signed",
    "sign",
    "switched",
]
