# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any

from odoo.addons.sync_hub.transport import HttpSession


class RemoteDatabase:
    """Another Odoo database over ``/json/2``."""

    def __init__(self, http: HttpSession, database: str, key: str):
        self._http = http
        self._headers = {"Authorization": f"bearer {key}", **({"X-Odoo-Database": database} if database else {})}

    def call(self, model: str, method: str, /, **arguments: Any) -> Any:
        answer = self._http.request("POST", f"/json/2/{model}/{method}", json=arguments, headers=self._headers)
        answer.raise_for_outage()
        return answer.json()
