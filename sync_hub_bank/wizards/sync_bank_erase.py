# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncBankErase(models.TransientModel):
    """Says what an erasure takes away and what it leaves, before it is done."""

    _name = "sync.bank.erase"
    _description = "Erase Bank Data"

    connection_id = fields.Many2one("sync.bank.connection", required=True, readonly=True, ondelete="cascade")
    connection_name = fields.Char(related="connection_id.name")
    raw_count = fields.Integer(compute="_compute_counts")
    unbooked_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")
    booked_count = fields.Integer(compute="_compute_counts")
    account_count = fields.Integer(compute="_compute_counts")

    @api.depends("connection_id")
    def _compute_counts(self):
        count = self.env["sync.bank.transaction"].search_count
        for dialog in self:
            of_connection = [("connection_id", "=", dialog.connection_id.id)]
            dialog.raw_count = count([*of_connection, ("raw", "!=", False)])
            dialog.unbooked_count = count([*of_connection, ("state", "!=", "booked")])
            dialog.waiting_count = count([*of_connection, ("state", "in", ("to_book", "proposed"))])
            dialog.booked_count = count([*of_connection, ("state", "=", "booked")])
            dialog.account_count = len(dialog.connection_id.account_ids)

    def action_erase(self):
        """Button: erase, irrevocably."""
        self.ensure_one()
        count = self.connection_id._erase_data()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The personal data of %s movements were erased.", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
