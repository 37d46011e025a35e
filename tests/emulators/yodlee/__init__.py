# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sandbox of invented banks behind Yodlee's Aggregation API 1.1 and FastLink 4, over real HTTP on loopback.

In a test::

    with Emulator() as bank:
        bank.fail("rate_limit", call="transactions", retry_after=60)
        ...  # talk to bank.url with bank.client_id, bank.secret and bank.admin_login

The banks and the movements are those of the Enable Banking sandbox. ``emulator`` is the server, ``switches``
what tests can make happen, ``world`` what is known, ``api`` the interface, ``pages`` FastLink, ``rendering`` the JSON,
``faults`` what can go wrong.

In another process: ``python -m emulators yodlee`` and ``RemoteControl(url)``.
"""

from ..remote import Remote
from ..wire import switches_of
from .emulator import Emulator


class RemoteControl(Remote, switches=switches_of(Emulator)):
    """The switches of an emulator that runs in another process, at its ``control_url``."""


__all__ = ["Emulator", "RemoteControl"]
