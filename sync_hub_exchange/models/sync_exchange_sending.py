# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import api, fields, models
from odoo.addons.sync_hub.models.connection_lock import connection_lock
from odoo.exceptions import UserError

from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS


class SyncExchangeSending(models.Model):
    """What leaves for a peer: a connection of its own, so that sending has its own times, tries and outcome."""

    _name = "sync.exchange.sending"
    _description = "Sending to a Peer Database"
    _inherit = ["sync.connection.mixin", "sync.exchange.half"]
    _order = "peer_id"

    # No defaults: they would be written into the peer.
    name = fields.Char(related="peer_id.name", store=True, precompute=True, readonly=False)
    active = fields.Boolean(related="peer_id.active", store=True, precompute=True, readonly=False, default=None)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, precompute=True, index=True, default=None)
    user_id = fields.Many2one(related="peer_id.user_id", store=True, precompute=True, readonly=False, default=None)
    state = fields.Selection(
        compute="_compute_state", inverse="_inverse_state", store=True, precompute=True, default=None
    )
    peer_id = fields.Many2one("sync.exchange.peer", required=True, readonly=True, ondelete="cascade", index=True)

    _peer_unique = models.Constraint("UNIQUE (peer_id)", "A peer has one sending.")

    # -- Computed fields -----------------------------------------------------------------------------------------------

    @api.depends("peer_id.state")
    def _compute_state(self):
        for sending in self:
            sending.state = sending.peer_id.state

    def _inverse_state(self):
        # One key, one state: what a fault of the one does, it does to the other.
        for sending in self:
            sending.peer_id.state = sending.state

    @api.depends("peer_id.checked_at")
    def _compute_fault(self):
        """Override of ``sync_hub``: a check that succeeded after the fault has cured it."""
        result = super()._compute_fault()
        self._forget_cured(lambda sending: sending.peer_id.checked_at)
        return result

    # -- For the engine ------------------------------------------------------------------------------------------------

    @api.model
    def _sync_service_xmlid(self):
        """Implementation of ``sync.connection.mixin``."""
        return "sync_hub_exchange.service_exchange_send"

    def _synchronize(self, run, deadline):
        """Implementation of ``sync.connection.mixin``: one run at a time works with a peer."""
        self.env.cr.commit()
        with connection_lock(self.peer_id) as taken:
            if not taken:
                # It receives at the moment; whoever waits leaves the worker to others.
                time.sleep(1)
                return False
            return self.peer_id._send_changes(run, deadline)

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
