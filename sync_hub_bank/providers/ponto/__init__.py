# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ponto (Isabel Group; API by Ibanity): European banks over PSD2, in the two ways in which it is sold.

``classic``: a company reads the accounts that it linked by hand at https://dashboard.myponto.com, with a client id and
a secret. ``connect``: a partner's application, to which the user gives consent in the browser; client certificate,
signed requests, tokens that change at every use, webhooks.

Both speak of the same resources (https://documentation.ibanity.com/ponto-connect/2/api): ``const`` holds endpoints and
code maps, ``reading`` the calls that both have, ``parse`` turns JSON into values, ``fields`` reads single fields,
``errors`` turns refusals into faults, ``oauth`` asks for tokens, ``signature`` signs requests, ``keys`` opens private
keys, ``webhook`` checks messages.
"""

from .classic import Ponto
from .connect import PontoConnect

__all__ = ["Ponto", "PontoConnect"]
