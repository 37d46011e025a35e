# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    sync_transaction_id = fields.Many2one(
        "sync.bank.transaction",
        string="Bank Movement",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="What the bank sent for this line.",
    )

    _sync_transaction_unique = models.UniqueIndex(
        "(sync_transaction_id) WHERE sync_transaction_id IS NOT NULL", "A movement of the bank is booked once."
    )

    def unlink(self):
        """Override of ``account``: what a person deletes stays deleted, until somebody restores its bank movement."""
        rows = self.sync_transaction_id
        result = super().unlink()
        rows._keep_deleted()
        return result
