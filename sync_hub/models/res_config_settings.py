# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .sync_run_retention import DEFAULT_RETENTION_DAYS, RETENTION_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Not by ``config_parameter``: it deletes the parameter of a number that is zero, and zero means for ever here.
    sync_run_retention_days = fields.Integer(
        string="Keep Runs (days)", default=DEFAULT_RETENTION_DAYS, help="0 keeps them for ever."
    )

    @api.model
    def get_values(self):
        """Override of ``base``: how long runs are kept."""
        return {**super().get_values(), "sync_run_retention_days": self.env["sync.run"]._retention_days()}

    def set_values(self):
        """Override of ``base``: how long runs are kept."""
        super().set_values()
        # Whoever may change settings may write their parameters, as ``base`` does it.
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(RETENTION_PARAMETER, str(max(self.sync_run_retention_days, 0)))
