# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SyncBankAccount(models.Model):
    """The opening balance where it could not be found by itself: the journal was not empty, or keeps no statements."""

    _inherit = "sync.bank.account"

    opening_line_id = fields.Many2one(
        "account.bank.statement.line", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )
    opening_proposal = fields.Monetary(
        string="Missing Opening Balance",
        currency_field="journal_currency_id",
        compute="_compute_opening_proposal",
        compute_sudo=True,
    )

    @api.depends("balance_difference", "opening_line_id", "complete_until")
    def _compute_opening_proposal(self):
        for account in self:
            account.opening_proposal = account._missing_opening()

    def action_book_opening(self):
        """Button: make the transaction with which the journal begins, so that its balance is the bank's."""
        self.ensure_one()
        self.check_access("write")
        self.invalidate_recordset(["opening_proposal", "balance_difference"])
        amount = self.opening_proposal
        if not amount:
            raise UserError(self.env._("No opening balance is missing: synchronize and look at the difference again."))
        first = self._first_booked_day()
        lock_date = self.journal_id._bank_lock_date()
        day = first - timedelta(days=1)
        if lock_date and day <= lock_date:
            raise UserError(
                self.env._(
                    "The opening balance belongs on %(date)s, which lies in a locked period (until %(lock_date)s). "
                    "Open the period first: Accounting > Closing > Lock Dates.",
                    date=format_date(self.env, day),
                    lock_date=format_date(self.env, lock_date),
                )
            )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journal_id.id,
                "date": day,
                "payment_ref": self.env._("Opening balance"),
                "amount": amount,
            }
        )
        # From now on the line says it: no statement adds it a second time.
        self.write({"opening_line_id": line.id, "opening_balance": 0.0, "opening_known": True})
        grouping = self.env["sync.bank.statement.grouping"]
        grouping._gather(self, line, self._last_checked_fetch().run_id.reference or "")
        grouping._chain_all(self)
        return line.get_formview_action()

    def _missing_opening(self) -> float:
        """What the bank holds beyond the books and the inbox, in a journal that has never agreed with it; else 0."""
        self.ensure_one()
        nothing = 0.0
        if not self.journal_id or not self.complete_until or self.opening_line_id or not self.balance_difference:
            return nothing
        agreed = [
            ("account_id", "=", self.id),
            ("journal_id", "=", self.journal_id.id),
            ("bank_balance_date", "!=", False),
            ("state", "=", "complete"),
            ("difference", "=", 0),
        ]
        if self.env["sync.bank.fetch"].search_count(agreed, limit=1) or not self._first_booked_day():
            return nothing
        # The first statement begins with what was found: whatever is missing, it is not the opening balance.
        if self.opening_known and self.opening_balance and self._first_statement():
            return nothing
        return self.journal_currency_id.round(
            self.balance_difference - self.difference_waiting - self.difference_dismissed
        )

    def _first_booked_day(self):
        """Day of the first movement of the bank in the journal."""
        return (
            self.env["account.bank.statement.line"]
            .search(
                [
                    ("journal_id", "=", self.journal_id.id),
                    ("sync_transaction_id.account_id", "=", self.id),
                    ("state", "=", "posted"),
                ],
                order="internal_index",
                limit=1,
            )
            .date
        )
