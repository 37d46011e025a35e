# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncExchangeVerificationLine(models.Model):
    """A record that is not the same on both sides."""

    _name = "sync.exchange.verification.line"
    _description = "Difference between Databases"
    _inherit = ["sync.company.mixin"]
    _order = "verification_id, kind_id, difference, id"
    _rec_name = "title"

    verification_id = fields.Many2one(
        "sync.exchange.verification", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="verification_id.company_id", store=True, index=True)
    kind_id = fields.Many2one(
        "sync.exchange.verification.kind", string="Data", required=True, readonly=True, ondelete="cascade", index=True
    )
    model = fields.Char(related="kind_id.mapping_id.model", string="Technical Name of the Data")
    difference = fields.Selection(
        [
            ("different", "Different"),
            ("only_here", "Only here"),
            ("only_there", "Only there"),
            ("deleted_here", "Deleted here, still there"),
            ("deleted_there", "Deleted there, still here"),
        ],
        required=True,
        readonly=True,
    )
    title = fields.Char(string="Record", readonly=True)
    res_id = fields.Many2oneReference(model_field="model", string="Record Here", readonly=True)
    name = fields.Char(string="External ID", required=True, readonly=True)
    detail = fields.Text(string="What Differs", readonly=True)
    asks = fields.Boolean(compute="_compute_asks")
    choice = fields.Selection(
        [("delete", "Delete it on the other side too"), ("recreate", "Make it anew")],
        string="What to Do",
        help="Of a record that was deleted on one side: nothing is made anew or deleted unless you say so.",
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Exchanged")], required=True, readonly=True, default="open", copy=False
    )

    @api.depends("difference")
    def _compute_asks(self):
        for line in self:
            line.asks = line.difference in ("deleted_here", "deleted_there")

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_resync(self):
        """Button: exchange these records, and no others."""
        self.verification_id.peer_id.check_access("write")
        for verification, lines in self.grouped("verification_id").items():
            verification._resync_now(lines)
        return True

    def action_open_record(self):
        """Button: the record here."""
        self.ensure_one()
        return self.env[self.model].browse(self.res_id).get_formview_action()
