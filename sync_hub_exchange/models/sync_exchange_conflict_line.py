# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.technical_fields import refuse_technical


class SyncExchangeConflictLine(models.Model):
    """One field of a conflict, with both values."""

    _name = "sync.exchange.conflict.line"
    _description = "Field in Conflict"
    _inherit = ["sync.company.mixin"]
    _order = "conflict_id, id"
    _rec_name = "name"

    conflict_id = fields.Many2one("sync.exchange.conflict", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="conflict_id.company_id", store=True, index=True)
    name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", compute="_compute_label")
    here = fields.Text(readonly=True)
    there = fields.Text(readonly=True)
    there_value = fields.Json(readonly=True)
    there_token = fields.Char(readonly=True)
    choice = fields.Selection([("here", "Here"), ("there", "There")], string="Right")

    def write(self, vals):
        """Override of ``base``: people choose; what the databases say is the engine's."""
        if not self.env.user.has_group("sync_hub.group_operator"):
            refuse_technical(self, vals, self._fields.keys() - {"choice"})
        return super().write(vals)

    @api.depends("name", "conflict_id.model")
    @api.depends_context("lang")
    def _compute_label(self):
        for line in self:
            field = self.env[line.conflict_id.model]._fields.get(line.name) if line.conflict_id.model else None
            line.label = field._description_string(self.env) if field else line.name
