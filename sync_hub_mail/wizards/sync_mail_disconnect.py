# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncMailDisconnect(models.TransientModel):
    """Where an account is in use that somebody wants to disconnect."""

    _name = "sync.mail.disconnect"
    _description = "Disconnect a Mail Account"

    account_id = fields.Many2one("sync.mail.account", required=True, readonly=True, ondelete="cascade")
    usages = fields.Text(compute="_compute_usages")

    @api.depends("account_id")
    def _compute_usages(self):
        for dialog in self:
            dialog.usages = "\n".join(f"- {usage}" for usage in dialog.account_id._usages())

    def action_disconnect(self):
        """Button: disconnect all the same."""
        self.ensure_one()
        self.account_id.check_access("write")
        self.account_id._disconnect()
        return {"type": "ir.actions.act_window_close"}
