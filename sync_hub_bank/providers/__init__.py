# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adapters of outside bank interfaces. Pure Python: tested without a database.

``values`` says what travels, ``protocol`` what an adapter can do, ``registry`` which ones there are; each other
module or folder is one adapter.
"""

from . import enablebanking, plaid, ponto, saltedge, yodlee
from .protocol import BankProvider
from .registry import all_providers, get_provider, register

__all__ = [
    "BankProvider",
    "all_providers",
    "enablebanking",
    "get_provider",
    "plaid",
    "ponto",
    "register",
    "saltedge",
    "yodlee",
]
