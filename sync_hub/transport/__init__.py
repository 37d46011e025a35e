# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How Sync Hub speaks to the outside: one HTTP session that does not trust the network.

Pure Python: nothing here knows Odoo. The rooms:

- ``session``: :class:`HttpSession`, what adapters call. HTTPS only, certificates verified,
  time-outs always, size of an answer limited, no redirect to another host, tries again what may be
  tried again.
- ``answer``: :class:`Answer`, what comes back, and :class:`Exchange`, what the request log keeps of
  it.
- ``retry``: :class:`RetryPolicy`, how long to wait before the next try; no I/O.
- ``redact``: the one place that decides what must not be shown.
- ``support``: what may be shown to somebody outside the company who helps, and the log of calls for them.
- ``wire``: sockets that keep to a deadline; ``identity``: client certificates; ``body``: reading with
  a limit; ``network_faults``: exceptions of the network as
  :class:`~odoo.addons.sync_hub.faults.Fault`.

>>> with HttpSession("https://api.bank.example", secrets=["s3cret"]) as http:   # doctest: +SKIP
...     answer = http.request("GET", "/accounts", params={"page": 1})
...     answer.raise_for_outage()
...     accounts = answer.json()
"""

from .answer import Answer, Exchange
from .redact import excerpt, mask_headers, mask_text, mask_url
from .retry import RetryPolicy
from .session import HttpSession
from .support import call_line, noted_calls, support_text

__all__ = [
    "Answer",
    "Exchange",
    "HttpSession",
    "RetryPolicy",
    "call_line",
    "excerpt",
    "mask_headers",
    "mask_text",
    "mask_url",
    "noted_calls",
    "support_text",
]
