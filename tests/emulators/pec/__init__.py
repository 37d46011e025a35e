# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Providers of Italian certified mail (PEC, RFC 6109) and the SdI, emulated: real receipts, really signed.

- ``authority``: a provider's certificate, and signing with it.
- ``provider``: values in, bytes out: every receipt and envelope that RFC 6109 knows.
- ``exchange``: the SdI: notifications as files and as certified messages.
- ``server``: a box at a provider: SMTP with TLS and login in front, a Maildir behind.
"""

from .authority import Authority
from .exchange import Exchange
from .provider import Provider, Submission
from .server import Behaviour, PecServer

__all__ = ["Authority", "Behaviour", "Exchange", "PecServer", "Provider", "Submission"]
