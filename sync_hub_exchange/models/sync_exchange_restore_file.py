# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncExchangeRestoreFile(models.Model):
    """An uploaded file."""

    _name = "sync.exchange.restore.file"
    _description = "File to Restore"
    _inherit = ["sync.company.mixin"]
    _order = "restore_id, id"

    restore_id = fields.Many2one("sync.exchange.restore", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="restore_id.company_id", store=True, index=True)
    name = fields.Char(required=True, readonly=True)
    encrypted = fields.Boolean(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, groups="base.group_system")

    @api.ondelete(at_uninstall=False)
    def _unlink_file(self):
        # Uploaded for this restore only.
        self.sudo().attachment_id.unlink()
