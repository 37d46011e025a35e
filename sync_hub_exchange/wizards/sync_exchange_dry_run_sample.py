# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SyncExchangeDryRunSample(models.TransientModel):
    """An example of what would happen to a record."""

    _name = "sync.exchange.dry.run.sample"
    _description = "Example of a Trial"
    _rec_name = "title"

    line_id = fields.Many2one("sync.exchange.dry.run.line", required=True, ondelete="cascade", readonly=True)
    outcome = fields.Selection(
        [
            ("create", "New"),
            ("update", "Changed"),
            ("skip", "Left alone"),
            ("conflict", "Conflict"),
            ("error", "Refused"),
            ("waiting", "Waiting"),
        ],
        readonly=True,
    )
    title = fields.Char(string="Record", readonly=True)
    change = fields.Text(string="What Would Change", readonly=True)
