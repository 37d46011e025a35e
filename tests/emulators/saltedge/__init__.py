# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sandbox of Salt Edge (version 6, or the names of version 5) over real HTTP on loopback.

Banks, rows and the pages of the banks are those of the Enable Banking sandbox; what is Salt Edge's own is here: signed
requests, customers, connections, lists by number, callbacks. In a test::

    with Emulator() as edge:
        edge.fail("rate_limit", call="transactions", retry_after=600)
        ...  # talk to edge.url with edge.application_id, edge.application_secret and edge.private_key_pem
"""

from ..enablebanking import BankCode, Exchange, Movement
from .emulator import Emulator

__all__ = ["BankCode", "Emulator", "Exchange", "Movement"]
