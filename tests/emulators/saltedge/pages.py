# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bank's pages: those of the other sandbox, from which the user goes back as from Salt Edge."""

from __future__ import annotations

from werkzeug.wrappers import Response

from ..bank_pages import back_to
from ..enablebanking.consent_pages import ConsentPages
from ..enablebanking.consents import Authorization
from .store import SaltEdgeWorld


class ConnectPages(ConsentPages):
    """Sign in, one-time code, accounts and consent, as the widget shows them."""

    world: SaltEdgeWorld

    def _agreed(self, visit: Authorization, slugs: list[str]) -> Response:
        known = self.world.visits[visit.authorization_id]
        connection = self.world.connect(known, visit.username, slugs)
        visit.stage = "done"
        more = {"connection_id": connection.number} if known.return_connection_id else {}
        return back_to(known.return_to, {**more, "customer_id": known.customer})

    def _cancelled(self, visit: Authorization) -> Response:
        known = self.world.visits[visit.authorization_id]
        visit.stage = "cancelled"
        told = {"error_class": "ProviderAccessNotGranted", "error_message": "Access was denied by the user"}
        return back_to(known.return_to, told if known.return_error_class else {})
