# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another database, spoken to over Odoo 19's JSON-2 interface. Pure Python: nothing here knows Odoo.

- ``database``: :class:`RemoteDatabase`, what the rest of the addon calls.
- ``refusals``: an answer without success as a :class:`~odoo.addons.sync_hub.faults.Fault`, and :class:`Refusal`, for
  what exactly the other side refused.
- ``version``: :class:`ServerVersion`, which Odoo it is.

>>> with HttpSession("https://branch.example") as http:   # doctest: +SKIP
...     branch = RemoteDatabase(http, "branch", key)
...     if branch.version().speaks_json2:
...         ids = branch.ask("res.partner", "search", domain=[("is_company", "=", True)], limit=10)
"""

from .database import RemoteDatabase
from .refusals import Refusal, refusal_of
from .version import ServerVersion

__all__ = ["Refusal", "RemoteDatabase", "ServerVersion", "refusal_of"]
