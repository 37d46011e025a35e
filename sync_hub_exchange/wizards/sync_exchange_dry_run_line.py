# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SyncExchangeDryRunLine(models.TransientModel):
    """What the next exchange would do with one kind of data in one direction."""

    _name = "sync.exchange.dry.run.line"
    _description = "Kind of Data of a Trial"
    _rec_name = "mapping_id"

    dry_run_id = fields.Many2one("sync.exchange.dry.run", required=True, ondelete="cascade", readonly=True)
    mapping_id = fields.Many2one("sync.exchange.mapping", string="Data", readonly=True)
    direction = fields.Selection([("receive", "Receive"), ("send", "Send")], readonly=True)
    complete = fields.Boolean(readonly=True, help="Whether all records were looked at.")
    create_count = fields.Integer(string="New", readonly=True)
    update_count = fields.Integer(string="Changed", readonly=True, help="Deleted and archived ones too.")
    skip_count = fields.Integer(string="Left Alone", readonly=True, help="Deleted here before, or kept by your rules.")
    conflict_count = fields.Integer(string="Conflicts", readonly=True, help="Somebody will have to decide.")
    error_count = fields.Integer(string="Refused", readonly=True)
    waiting_count = fields.Integer(
        string="Waiting", readonly=True, help="They would wait for another record or a code when all is done."
    )
    sample_ids = fields.One2many("sync.exchange.dry.run.sample", "line_id", string="Examples", readonly=True)
