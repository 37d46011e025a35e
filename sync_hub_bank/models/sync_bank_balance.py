# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncBankBalance(models.Model):
    """What an account held at the end of a day, told by the bank or by the books: two lines of a chart.

    Of several fetches of a day the last one counts, so that sums of a day are not those of several fetches.
    """

    _name = "sync.bank.balance"
    _description = "Balance of a Bank Account"
    _inherit = ["sync.company.mixin"]
    _order = "date desc, side, id"

    account_id = fields.Many2one("sync.bank.account", required=True, readonly=True, ondelete="cascade", index=True)
    fetch_id = fields.Many2one("sync.bank.fetch", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    side = fields.Selection([("bank", "Bank"), ("books", "Books")], required=True, readonly=True)
    # Weeks and months show the mean of their days, not a sum of balances.
    balance = fields.Monetary(readonly=True, aggregator="avg")

    _one_per_day = models.Constraint("UNIQUE (account_id, date, side)", "A balance is kept once per day.")

    @api.model
    def _keep(self, fetch) -> None:
        """Keep what a fetch has found; of an earlier one of the same day nothing stays."""
        common = {
            "account_id": fetch.account_id.id,
            "fetch_id": fetch.id,
            "company_id": fetch.company_id.id,
            "currency_id": fetch.currency_id.id,
            "date": fetch.bank_balance_date,
        }
        known = self.search([("account_id", "=", fetch.account_id.id), ("date", "=", fetch.bank_balance_date)])
        by_side = {point.side: point for point in known}
        for side, balance in (("bank", fetch.bank_balance), ("books", fetch.books_balance)):
            values = {**common, "side": side, "balance": balance}
            if side in by_side:
                by_side[side].write(values)
            else:
                self.create(values)


class SyncBankAccount(models.Model):
    _inherit = "sync.bank.account"

    def action_open_balances(self):
        """Button: the bank's balance and the books' over time."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_balance")
        action["domain"] = [("account_id", "in", self.ids)]
        if len(self) > 1:
            # Accounts apart: their balances have nothing to do with each other.
            action["context"] = {"search_default_group_account": 1}
        return action


class SyncBankConnection(models.Model):
    _inherit = "sync.bank.connection"

    def action_open_balances(self):
        """Button: the bank's balance and the books' over time, of each account."""
        return self.account_ids.filtered("journal_id").action_open_balances()


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def action_open_sync_balances(self):
        """Menu of the dashboard card: the bank's balance and the books' over time."""
        return self.sync_account_ids.action_open_balances()
