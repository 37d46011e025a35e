# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ponto in both its forms, over real HTTP on loopback: a company's own API, and that of partners.

In a test::

    with Emulator() as ponto:
        ponto.fail("rate_limit", call="transactions", retry_after=60)
        ...  # talk to ponto.url with ponto.client_id and ponto.client_secret

``ponto.connect_url`` is the partners' API (``secure=True``: it asks for a client certificate, see ``certificates``),
``ponto.authorization_url`` the page where a user gives consent. Banks' movements come from the generator of
``emulators.enablebanking``.

In another process: ``python -m emulators ponto`` and ``RemoteControl(url)``.
"""

from ..enablebanking.movement import BankCode, Movement
from ..remote import Remote
from ..wire import switches_of
from .emulator import Emulator


class RemoteControl(Remote, switches=switches_of(Emulator)):
    """The switches of an emulator that runs in another process, at its ``control_url``."""


__all__ = ["BankCode", "Emulator", "Movement", "RemoteControl"]
