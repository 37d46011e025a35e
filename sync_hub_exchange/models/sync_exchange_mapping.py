# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SyncExchangeMapping(models.Model):
    """One kind of data that is exchanged with a peer, and by which rules."""

    _name = "sync.exchange.mapping"
    _description = "Data Exchanged with a Peer"
    _inherit = ["sync.company.mixin"]
    _order = "peer_id, sequence, id"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    model_id = fields.Many2one(
        "ir.model", string="Data Type", required=True, ondelete="cascade", domain="[('transient', '=', False)]"
    )
    model = fields.Char(related="model_id.model", store=True, index=True)
