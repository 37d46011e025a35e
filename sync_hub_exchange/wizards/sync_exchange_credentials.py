# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.sync_secret_mixin import SecretLine
from odoo.exceptions import UserError

from ..models.exchange_fault_texts import EXCHANGE_FAULT_TEXTS


class SyncExchangeCredentials(models.TransientModel):
    """Enter the API key of a peer anew, with the answer of the other database before anything is saved."""

    _name = "sync.exchange.credentials"
    _description = "API Key of a Peer Database"
    _inherit = ["sync.secret.mixin"]

    peer_id = fields.Many2one(
        "sync.exchange.peer", string="Peer Database", required=True, readonly=True, ondelete="cascade"
    )
    url = fields.Char(related="peer_id.url")
    api_key = SecretLine(string="API Key", help="Made there: user menu, My Preferences, Security, Add API Key.")

    def action_save(self):
        """Button: save the key unless the other database refuses it, and use it."""
        self.ensure_one()
        peer, key = self.peer_id, self._secret("api_key")
        if not key:
            raise UserError(self.env._("Enter the API key."))
        peer.api_key = key
        check = peer._check()
        if check.refused:
            # Undoes the write above with the whole transaction.
            line = check.line_ids.filtered(lambda line: line.severity == "failed")[:1]
            raise UserError("\n".join(filter(None, [line.message, line.remedy])))
        self._keep_secret("api_key", "")
        if not check.succeeded:
            return check._action_show()
        peer._connected()
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _fault_texts(self):
        """Override of ``sync_hub``."""
        return EXCHANGE_FAULT_TEXTS
