# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Salt Edge (https://docs.saltedge.com/v6/api_reference): banks in Europe and beyond, gathered by the service.

Salt Edge fetches from the bank by itself and keeps what it fetched; we read what it keeps. ``const`` holds endpoints
and code maps, ``signing`` signs requests and checks callbacks, ``client`` sends and opens envelopes, ``connection``
says how a connection stands, ``parse`` turns JSON into values, ``paging`` says where a fetch goes on, ``errors`` turns
refusals into faults, ``webhook`` reads callbacks, ``adapter`` is what the registry knows.
"""

from .adapter import SaltEdge

__all__ = ["SaltEdge"]
