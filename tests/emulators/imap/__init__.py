# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mailboxes that are read by IMAP: a real Dovecot on loopback, and a box of certified mail in front of it.

In a test::

    with ImapServer() as server:
        server.deliver(b"From: anna@rossi.example\\r\\n\\r\\nHello\\r\\n")
        ...  # talk to 127.0.0.1, server.port; trust server.authority_file

    with CertifiedBox() as box:
        ...  # send to box.smtp_port, read the receipts at box.imap_port; trust box.authority_file

``ScriptedServer`` says what no honest server does. The others raise ``DovecotMissing`` where the program cannot be had;
``why_missing()`` tells beforehand.
"""

from .box import CertifiedBox
from .dovecot import DovecotMissing, why_missing
from .scripted import HANG_UP, Drip, ScriptedServer
from .server import HOST, ImapServer, Stored

__all__ = [
    "HANG_UP",
    "HOST",
    "CertifiedBox",
    "DovecotMissing",
    "Drip",
    "ImapServer",
    "ScriptedServer",
    "Stored",
    "why_missing",
]
