# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def unlink(self):
        """Override of ``account``: an entry takes its bank transaction along in the database, without a word to it."""
        # Whoever deletes an entry need not have a right to bank transactions: they are only looked at.
        rows = self.sudo().statement_line_ids.sync_transaction_id
        result = super().unlink()
        rows.invalidate_recordset(["statement_line_ids"])
        rows._keep_deleted()
        return result
