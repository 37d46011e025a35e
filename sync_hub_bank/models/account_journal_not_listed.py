# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class AccountJournal(models.Model):
    """A bank that no service reaches."""

    _inherit = "account.journal"

    @api.model
    def action_bank_not_listed(self, company_id: int, journal_id: int | None = None, name: str = ""):
        """Link “My bank is not listed”: a plain bank journal, and how its transactions come in.

        :param journal_id: the journal from whose card the user set out: it is kept, and no other one made
        """
        journal = self.browse(journal_id or [])
        if not journal:
            journal = self.create(
                {"name": name.strip()[:64] or self.env._("Bank"), "type": "bank", "company_id": company_id}
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "title": self.env._("“%s” is ready", journal.name),
                "message": self.env._(
                    "Enter its account number here. Its transactions can be imported from a file of your bank: open "
                    "“Transactions” on its card of the dashboard, and choose “Import records” in the menu of the gear."
                ),
                "next": {
                    "type": "ir.actions.act_window",
                    "res_model": "account.journal",
                    "res_id": journal.id,
                    "views": [[False, "form"]],
                    "target": "current",
                },
            },
        }
