# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """What a company holds to be unusual."""

    _inherit = "res.company"

    sync_guard_addresses = fields.Boolean(
        string="Block Fetches from Unknown Addresses",
        default=True,
        help="When a user presses “Synchronize now” from a network from which that user never did so before, the "
        "connection is blocked until its responsible user has confirmed. Only where that user has confirmed an "
        "address.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sync_guard_addresses = fields.Boolean(related="company_id.sync_guard_addresses", readonly=False)
