# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sandbox of Salt Edge (version 6, or the names of version 5) over real HTTP on loopback.

Banks, rows and the pages of the banks are those of the Enable Banking sandbox; what is Salt Edge's own is here: signed
requests, customers, connections, lists by number, callbacks. In a test::

    with Emulator() as edge:
        edge.fail("rate_limit", call="transactions", retry_after=600)
        ...  # talk to edge.url with edge.application_id, edge.application_secret and edge.private_key_pem

In another process: ``python -m emulators saltedge`` and ``RemoteControl(url)``.
"""

from ..enablebanking import BankCode, Exchange, Movement
from ..remote import Remote
from ..wire import switches_of
from .emulator import Emulator


class RemoteControl(Remote, switches=switches_of(Emulator)):
    """The switches of an emulator that runs in another process, at its ``control_url``."""


__all__ = ["BankCode", "Emulator", "Exchange", "Movement", "RemoteControl"]
