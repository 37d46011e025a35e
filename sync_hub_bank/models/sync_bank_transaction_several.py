# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..importer import InboxState


class SyncBankTransaction(models.Model):
    """Several movements at once: one that cannot be booked does not hold up the others."""

    _inherit = "sync.bank.transaction"

    def action_book(self):
        """Extension: of several, book those that can be booked, and say which stay and why."""
        if len(self) <= 1:
            return super().action_book()
        self.check_access("write")
        able, reasons = self.browse(), {}
        for row in self.filtered(lambda row: row.state in (InboxState.PROPOSED, InboxState.DISMISSED)):
            try:
                row._check_can_be_booked()
                able |= row
            except UserError as error:
                reasons.setdefault(str(error), []).append(row)
        result = super(SyncBankTransaction, able).action_book() if able else True
        stay = len(self.filtered(lambda row: row.state in (InboxState.PROPOSED, InboxState.DISMISSED)))
        if not stay:
            return result
        booked = len(able.filtered(lambda row: row.state == InboxState.BOOKED))
        message = [self.env._("%(booked)s booked, %(stay)s stay.", booked=booked, stay=stay), *reasons]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": " ".join(message[:4]),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
