# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..importer import InboxState, Reason


class SyncBankTransaction(models.Model):
    _inherit = "sync.bank.transaction"

    def _keep_deleted(self) -> None:
        """Remember that the transactions of these movements are gone: the next fetch does not book them again."""
        if self.env.context.get("sync_bank_undo"):
            return
        # Whoever may delete the transaction decides on its movement too, and on nothing else of it.
        booked = self.sudo().exists().filtered(lambda row: row.state == InboxState.BOOKED)
        booked.filtered(lambda row: not row.statement_line_ids).write(
            {"state": InboxState.DISMISSED, "reason": Reason.DELETED, "confirmed": False, "booking_fetch_id": False}
        )
