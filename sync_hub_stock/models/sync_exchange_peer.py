# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SyncExchangePeer(models.Model):
    _inherit = "sync.exchange.peer"

    def action_align_stock(self):
        """Button: alignments with the stock of this database."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_stock.action_sync_stock_alignment")
        return {
            **action,
            "domain": [("peer_id", "=", self.id)],
            "context": {"default_peer_id": self.id, "default_company_id": self.company_id.id},
        }
