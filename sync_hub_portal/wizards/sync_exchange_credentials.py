# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SyncExchangeCredentials(models.TransientModel):
    _inherit = "sync.exchange.credentials"

    def action_save(self):
        """Override of ``sync_hub_exchange``: a key that is not refused opens the books that the one before has closed.

        They need no more than that: whatever else the record exchange finds missing is nothing for them.
        """
        peer = self.peer_id
        result = super().action_save()
        closed = self.env["sync.portal.source"].search([("peer_id", "=", peer.id), ("state", "=", "credentials")])
        closed.write({"state": "connected", "not_before": False, "retry_at": False})
        return result
