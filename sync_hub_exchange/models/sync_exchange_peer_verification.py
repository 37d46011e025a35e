# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class SyncExchangePeer(models.Model):
    """Verification of what was exchanged."""

    _inherit = "sync.exchange.peer"

    def action_verify(self):
        """Button: compare the records of both sides."""
        self.ensure_one()
        self.check_access("write")
        if not self.mapping_ids:
            raise UserError(self.env._("Choose first which data is exchanged: add it under “Data”."))
        # Whoever may write a peer may have its records compared; nobody writes the result by hand.
        verification = self.env["sync.exchange.verification"].sudo().create({"peer_id": self.id})
        verification.sudo(False)._start("_verify")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verification"),
            "res_model": verification._name,
            "res_id": verification.id,
            "view_mode": "form",
        }

    def action_open_verifications(self):
        """Button: what was found before."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_exchange.action_sync_exchange_verification")
        return {**action, "domain": [("peer_id", "=", self.id)]}
