# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SyncExchangeVerificationKind(models.Model):
    """What the comparison of one kind of data has found."""

    _name = "sync.exchange.verification.kind"
    _description = "Verified Kind of Data"
    _inherit = ["sync.company.mixin"]
    _order = "verification_id, id"
    _rec_name = "mapping_id"

    verification_id = fields.Many2one(
        "sync.exchange.verification", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="verification_id.company_id", store=True, index=True)
    mapping_id = fields.Many2one(
        "sync.exchange.mapping", string="Data", required=True, readonly=True, ondelete="cascade", index=True
    )
    here_count = fields.Integer(string="Records Here", readonly=True)
    there_count = fields.Integer(string="Records There", readonly=True)
    bucket_count = fields.Integer(string="Ranges", readonly=True, help="Checksums were compared range by range.")
    differing_count = fields.Integer(string="Differing Ranges", readonly=True)
    unlisted_count = fields.Integer(
        string="Ranges Not Listed",
        readonly=True,
        help="So many differ that not all were looked into. Resync what is listed, then verify again.",
    )
    difference_count = fields.Integer(string="Differences", readonly=True)
    vanished_count = fields.Integer(
        string="Deleted Unnoticed",
        readonly=True,
        help="PostgreSQL deleted these with others, unnoticed by Odoo. The next sending tells the other side.",
    )
