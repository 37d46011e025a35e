# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SyncRun(models.Model):
    _inherit = "sync.run"

    trigger = fields.Selection(
        selection_add=[("departure", "Messages waited")],
        ondelete={"departure": lambda runs: runs.write({"trigger": "scheduled"})},
    )
