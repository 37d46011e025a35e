# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sandbox of invented banks behind the Enable Banking API, over real HTTP on loopback.

In a test::

    with Emulator(redirect_urls=["http://127.0.0.1:*"]) as bank:
        bank.fail("rate_limit", call="transactions", times=2)
        ...  # talk to bank.url with bank.application_id and bank.private_key_pem

In another process: ``python -m emulators.enablebanking --state-dir DIR`` and
``RemoteControl(url)``. See README.md.
"""

from .banks import BankSettings
from .emulator import Emulator
from .generator.invoices import Invoice
from .movement import BankCode, Exchange, Movement
from .remote import RemoteControl

__all__ = [
    "BankCode",
    "BankSettings",
    "Emulator",
    "Exchange",
    "Invoice",
    "Movement",
    "RemoteControl",
]
