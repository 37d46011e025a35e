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
"""

from ..enablebanking.movement import BankCode, Movement
from .emulator import Emulator

__all__ = ["BankCode", "Emulator", "Movement"]
