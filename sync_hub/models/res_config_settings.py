# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import config

from ..status import fingerprint, new_token
from .sync_run_retention import DEFAULT_RETENTION_DAYS, RETENTION_PARAMETER

HEALTH_PATH = "/sync_hub/health"
TOKEN_PARAMETER = "sync_hub.health_token_fingerprint"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Not by ``config_parameter``: it deletes the parameter of a number that is zero, and zero means for ever here.
    sync_run_retention_days = fields.Integer(
        string="Keep Runs (days)", default=DEFAULT_RETENTION_DAYS, help="0 keeps them for ever."
    )
    sync_hub_hosted = fields.Boolean(string="Hosted", config_parameter="sync_hub.hosted")
    sync_hub_hosted_by_file = fields.Boolean(compute="_compute_sync_hub")
    sync_hub_health_url = fields.Char(string="Address for Monitors", compute="_compute_sync_hub")
    sync_hub_health_token = fields.Selection(
        selection=[("none", "None"), ("file", "The one in odoo.conf"), ("made", "Made here")],
        string="Token for Details",
        compute="_compute_sync_hub",
    )

    @api.model
    def get_values(self):
        """Override of ``base``: how long runs are kept."""
        return {**super().get_values(), "sync_run_retention_days": self.env["sync.run"]._retention_days()}

    def set_values(self):
        """Override of ``base``: how long runs are kept; menus that hosted mode hides come and go at once."""
        result = super().set_values()
        self.env.registry.clear_cache()
        # Whoever may change settings may write their parameters, as ``base`` does it.
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(RETENTION_PARAMETER, str(max(self.sync_run_retention_days, 0)))
        return result

    @api.depends("company_id")
    def _compute_sync_hub(self):
        # Whether there is a token, never which one.
        made = self.env["ir.config_parameter"].sudo().get_param(TOKEN_PARAMETER)
        for settings in self:
            settings.sync_hub_hosted_by_file = self.env["sync.engine"]._is_hosted_by_file()
            settings.sync_hub_health_url = f"{settings.get_base_url()}{HEALTH_PATH}"
            settings.sync_hub_health_token = (
                "file" if config.get("sync_hub_health_token") else "made" if made else "none"
            )

    def action_sync_hub_health_token(self):
        """Button: make a token, show it once, and keep its fingerprint only."""
        # Odoo lets only administrators use the settings; this may be called without their form.
        self.env["ir.config_parameter"].check_access("write")
        self.env["sync.engine"]._check_configurable()
        token = new_token()
        self.env["ir.config_parameter"].set_param(TOKEN_PARAMETER, fingerprint(token))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Token for monitors"),
            "res_model": "sync.health.token",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_token": token},
        }
