# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sandbox of invented banks behind the Plaid API, over real HTTP on loopback.

In a test::

    with Emulator() as plaid:
        plaid.fail("rate_limit", call="transactions", times=2)
        ...  # talk to plaid.url with plaid.client_id and plaid.secret

Banks, customers and rows are those of ``emulators.enablebanking``; what is told of them, and how, is Plaid's.

In another process: ``python -m emulators plaid`` and ``RemoteControl(url)``.
"""

from ..remote import Remote
from ..wire import switches_of
from .emulator import Emulator


class RemoteControl(Remote, switches=switches_of(Emulator)):
    """The switches of an emulator that runs in another process, at its ``control_url``."""


__all__ = ["Emulator", "RemoteControl"]
