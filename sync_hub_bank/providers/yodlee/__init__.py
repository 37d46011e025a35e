# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Yodlee (https://developer.envestnet.com/): banks of many countries, through Aggregation API 1.1 and FastLink 4.

``const`` holds endpoints and code maps, ``token`` signs in, ``client`` makes requests, ``parse`` turns JSON into
values, ``errors`` turns refusals into faults, ``items`` looks after provider accounts, ``state`` tells what their
status means, ``fastlink`` leads the browser out and back, ``paging`` says where a fetch stands, ``webhook`` reads
notifications, ``seal`` marks addresses as ours, ``adapter`` is what the registry knows.

Yodlee's words: a *provider* is a bank, a *provider account* is a customer's link to one bank. It is what Sync Hub
calls a session.
"""

from .adapter import Yodlee

__all__ = ["Yodlee"]
