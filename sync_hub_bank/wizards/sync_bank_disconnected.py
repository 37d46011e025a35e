# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.disconnect_texts import disconnect_text
from ..providers import get_provider


class SyncBankDisconnected(models.TransientModel):
    """After a connection was ended: what has been ended at the service, and what remains to be done there."""

    _name = "sync.bank.disconnected"
    _description = "A Connection Was Ended"

    connection_id = fields.Many2one("sync.bank.connection", required=True, readonly=True, ondelete="cascade")
    by_hand = fields.Boolean(compute="_compute_text", help="The service leaves the end of the access to its user.")
    text = fields.Text(compute="_compute_text")

    @api.depends("connection_id")
    @api.depends_context("lang")
    def _compute_text(self):
        for dialog in self:
            code = dialog.connection_id.provider_id.code
            dialog.by_hand = bool(code) and not get_provider(code).revokes
            dialog.text = disconnect_text(self.env, code)
