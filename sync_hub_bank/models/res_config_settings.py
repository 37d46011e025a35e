# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sync_raw_months = fields.Integer(related="company_id.sync_raw_months", readonly=False)
    sync_audit_months = fields.Integer(related="company_id.sync_audit_months", readonly=False)
