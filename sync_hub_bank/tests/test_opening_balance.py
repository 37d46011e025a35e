# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BankCase, ago


@tagged("post_install", "-at_install")
class TestOpeningBalance(BankCase):
    """What an account held before its first movement is proposed where it is missing, and booked with one click."""

    def by_hand(self, day, amount):
        return self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": day, "amount": amount, "payment_ref": "By hand"}
        )

    def account_with_history(self):
        """A journal with 50 of its own, and a bank that says 1000 before its rows."""
        self.by_hand(ago(30), 50.0)
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(2), "5.00"))
        self.synchronize(connection)
        self.env.invalidate_all()
        return connection.account_ids

    def assertAgrees(self, account):
        self.synchronize(account.connection_id)
        self.env.invalidate_all()
        fetch = account._last_checked_fetch()
        self.assertEqual((fetch.difference, account.opening_proposal), (0.0, 0.0))
        self.assertStatementsFollowEachOther()

    def test_a_journal_that_was_not_empty_is_told_what_it_lacks(self):
        account = self.account_with_history()
        self.assertEqual(account.opening_proposal, 950.0)
        card = json.loads(self.journal.kanban_dashboard)["sync"]
        self.assertEqual(card["opening"], self.company.currency_id.format(950.0))
        self.assertEqual(card["difference"], "")
        warnings = account._last_checked_fetch().run_id.line_ids.filtered(lambda line: line.severity == "warning")
        self.assertEqual(warnings.mapped("kind"), ["bank_opening_missing"])
        self.assertIn("Book the opening balance", warnings.message)

    def test_one_click_books_it_the_day_before_the_first_movement(self):
        account = self.account_with_history()
        account.action_book_opening()
        line = account.opening_line_id
        self.assertEqual((line.date, line.amount, line.journal_id), (ago(10), 950.0, self.journal))
        self.assertEqual(self.statements()[-1].balance_end_real, 1004.0)
        self.assertAgrees(account)

    def test_an_empty_journal_needs_no_click(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        self.assertFalse(connection.account_ids.opening_proposal)
        with self.assertRaises(UserError):
            connection.account_ids.action_book_opening()

    def test_an_empty_journal_without_statements_does_and_statements_do_not_add_it_again(self):
        self.journal.sync_statement_period = "none"
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        account = connection.account_ids
        self.assertEqual((account.opening_known, account.opening_proposal), (True, 1000.0))
        account.action_book_opening()
        self.assertAgrees(account)
        self.journal.sync_statement_period = "month"
        self.add(self.row(ago(1), "3.00"))
        self.assertAgrees(account)
        self.assertEqual(self.statements()[-1].balance_end_real, 1002.0)

    def test_it_is_booked_once(self):
        account = self.account_with_history()
        account.action_book_opening()
        with self.assertRaises(UserError):
            account.action_book_opening()

    def test_a_difference_after_the_balances_agreed_is_no_opening_balance(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        self.by_hand(ago(4), 20.0)
        self.synchronize(connection)
        self.env.invalidate_all()
        self.assertEqual(connection.account_ids.balance_difference, -20.0)
        self.assertFalse(connection.account_ids.opening_proposal)

    def test_what_waits_is_not_taken_for_the_opening_balance(self):
        self.by_hand(ago(30), 50.0)
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(3), "-13.13"))
        self.env.cr.execute("ALTER TABLE account_bank_statement_line ADD CONSTRAINT no_13 CHECK (amount <> -13.13)")
        self.synchronize(connection)
        self.env.invalidate_all()
        self.assertEqual(connection.account_ids.opening_proposal, 950.0)

    def test_a_locked_period_is_named(self):
        account = self.account_with_history()
        self.lock(ago(10))
        with self.assertRaisesRegex(UserError, "locked period"):
            account.action_book_opening()

    def test_deleted_again_it_is_proposed_again(self):
        account = self.account_with_history()
        account.action_book_opening()
        account.opening_line_id.statement_id = False
        account.opening_line_id.unlink()
        self.env.invalidate_all()
        self.assertEqual(account.opening_proposal, 950.0)
