# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SyncHealthToken(models.TransientModel):
    """Shows a new token once. Nothing of it is stored."""

    _name = "sync.health.token"
    _description = "Token for Monitors"

    token = fields.Char(store=False, readonly=True)
