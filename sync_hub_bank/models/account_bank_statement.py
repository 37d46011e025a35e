# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AccountBankStatement(models.Model):
    _inherit = "account.bank.statement"

    sync_period = fields.Char(
        readonly=True, copy=False, index="btree_not_null", help="Period that online synchronization gathers here."
    )
    sync_journal_id = fields.Many2one("account.journal", readonly=True, copy=False, ondelete="cascade")

    _sync_period_unique = models.UniqueIndex(
        "(sync_journal_id, sync_period) WHERE sync_period IS NOT NULL", "A journal has one statement per period."
    )

    def action_open_sync_lines(self):
        """Button: the transactions of this statement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_bank_statement_line")
        action["domain"] = [("statement_id", "=", self.id)]
        action["context"] = {"default_journal_id": self.journal_id.id, "default_statement_id": self.id}
        return action
