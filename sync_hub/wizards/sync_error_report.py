# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncErrorReport(models.TransientModel):
    """Shows what support asks for about a run, with a button that copies it."""

    _name = "sync.error.report"
    _description = "Error Report"

    run_id = fields.Many2one("sync.run", required=True, readonly=True, ondelete="cascade")
    text = fields.Text(compute="_compute_text")

    @api.depends("run_id")
    @api.depends_context("lang", "uid")
    def _compute_text(self):
        for report in self:
            report.text = report.run_id._error_report() if report.run_id else False
