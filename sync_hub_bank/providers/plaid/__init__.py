# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plaid (https://plaid.com/docs/api/): banks of North America and Europe.

``const`` holds endpoints and code maps, ``link`` reads how a user left Link, ``parse`` turns JSON into values,
``errors`` turns refusals into faults, ``listing`` keeps the place in a listing of transactions, ``webhook`` tells real
messages from others, ``adapter`` is what the registry knows.
"""

from .adapter import Plaid

__all__ = ["Plaid"]
