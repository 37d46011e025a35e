# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .sync_exchange_restore_line import data_name


class SyncExchangeRestoreCode(models.Model):
    """Something to which records of a snapshot lead and that is not here under its name: what it is here."""

    _name = "sync.exchange.restore.code"
    _description = "Counterpart of a Restored Reference"
    _inherit = ["sync.company.mixin"]
    _order = "restore_id, model, label"
    _rec_name = "label"

    restore_id = fields.Many2one("sync.exchange.restore", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="restore_id.company_id", store=True, index=True)
    model = fields.Char(required=True, readonly=True)
    data_name = fields.Char(string="Kind", compute="_compute_data_name")
    key = fields.Char(required=True, readonly=True)
    label = fields.Char(string="In the Snapshot", readonly=True)
    res_id = fields.Many2oneReference(
        model_field="model", string="Here", help="The record here that takes its place. Empty: it is left out."
    )

    _key_unique = models.Constraint("UNIQUE (restore_id, model, key)", "Each reference is listed once.")

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_data_name(self):
        for code in self:
            code.data_name = data_name(self.env, code.model)

    @api.model
    def _known(self, restore) -> dict[tuple[str, str], int]:
        """(model, key of the reference) -> id of what stands for it here."""
        return {(code.model, code.key): code.res_id for code in restore.code_ids if code.res_id}
