# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How certified mail and its receipts arrive: a mailbox read by IMAP over TLS. Pure Python.

:func:`check` takes every step up to the folder and tells what each has shown. A :class:`Mailbox` lists what waits and
gives the bytes of messages as they are; it flags nothing but what :meth:`Mailbox.flag_seen` is told to, and deletes
nothing. :func:`next_uids` says from where on to read.
"""

from .account import DEFAULT_PORTS, Encryption, ImapAccount, Timeouts
from .check import STEPS, check
from .cursor import Start, next_uids
from .mailbox import HEADERS, Mailbox, Trouble, Waiting

__all__ = [
    "DEFAULT_PORTS",
    "HEADERS",
    "STEPS",
    "Encryption",
    "ImapAccount",
    "Mailbox",
    "Start",
    "Timeouts",
    "Trouble",
    "Waiting",
    "check",
    "next_uids",
]
