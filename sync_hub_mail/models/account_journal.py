# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .sync_mail_message import TROUBLE


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _fill_sale_purchase_dashboard_data(self, dashboard_data):
        """Override of ``account``: how many documents of each journal did not arrive."""
        result = super()._fill_sale_purchase_dashboard_data(dashboard_data)
        journals = self.filtered(lambda journal: journal.type == "sale")
        counts = {}
        if journals and self.env["sync.mail.message"].has_access("read"):
            counts = dict(
                self.env["account.move"]._read_group(
                    [("journal_id", "in", journals.ids), ("sync_delivery_state", "in", [*TROUBLE, "not_sent"])],
                    ["journal_id"],
                    ["__count"],
                )
            )
        for journal in journals:
            dashboard_data[journal.id]["sync_undelivered"] = counts.get(journal, 0)
        return result
