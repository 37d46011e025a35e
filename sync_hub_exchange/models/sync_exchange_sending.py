# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.sync_connection_mixin import CONNECTION_STATES
from odoo.exceptions import UserError

from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS


class SyncExchangeSending(models.Model):
    """What leaves for a peer: a connection of its own, so that sending has its own times, tries and outcome."""

    _name = "sync.exchange.sending"
    _description = "Sending to a Peer Database"
    _inherit = ["sync.connection.mixin"]
    _order = "peer_id"

    name = fields.Char(related="peer_id.name", store=True, readonly=False)
    active = fields.Boolean(related="peer_id.active", store=True, readonly=False)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    user_id = fields.Many2one(related="peer_id.user_id", store=True, readonly=False)
    state = fields.Selection(selection=CONNECTION_STATES, related="peer_id.state", store=True)
    peer_id = fields.Many2one("sync.exchange.peer", required=True, readonly=True, ondelete="cascade", index=True)

    _peer_unique = models.Constraint("UNIQUE (peer_id)", "A peer has one sending.")

    # -- For the engine ------------------------------------------------------------------------------------------------

    @api.model
    def _sync_service_xmlid(self):
        """Implementation of ``sync.connection.mixin``."""
        return "sync_hub_exchange.service_exchange_send"

    @api.model
    def _fault_texts(self):
        """Override of ``sync_hub``: of databases and their users, instead of banks."""
        return EXCHANGE_FAULT_TEXTS

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_update_credentials(self):
        """Implementation of ``sync.connection.mixin``: the key is the peer's."""
        return self.peer_id.action_update_credentials()

    def action_reconnect(self):
        """Implementation of ``sync.connection.mixin``: the connection is the peer's."""
        return self.peer_id.action_reconnect()

    def action_disconnect(self):
        """Implementation of ``sync.connection.mixin``: the connection is the peer's."""
        return self.peer_id.action_disconnect()

    def action_fetch_accounts(self):
        """Implementation of ``sync.connection.mixin``."""
        raise UserError(self.env._("A database has no accounts that could be fetched."))
