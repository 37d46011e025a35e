# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from .common import BANK, IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestDeletedLine(BankCase):
    """A synchronized transaction that a person deletes stays deleted, until a person wants it back."""

    def delete_one(self):
        """Of two transactions the older one is deleted; returns the connection and its bank movement."""
        connection = self.connect(self.row(ago(3), "-25.00"), self.row(ago(2), "-1.00"))
        self.synchronize(connection)
        line = self.lines()[0]
        row = line.sync_transaction_id
        line.statement_id = False
        line.unlink()
        return connection, row

    def test_its_movement_is_dismissed_with_the_reason(self):
        _connection, row = self.delete_one()
        self.assertEqual((row.state, row.reason), ("dismissed", "deleted"))
        self.assertEqual(self.inbox(amount=-1.0).state, "booked")

    def test_the_next_fetch_does_not_book_it_again(self):
        connection, row = self.delete_one()
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual((len(self.lines()), row.state), (1, "dismissed"))

    def test_nor_when_the_bank_gives_it_another_id(self):
        connection, row = self.delete_one()
        self.bank.renumber(BANK, IBAN)
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual((len(self.lines()), row.exists().state), (1, "dismissed"))

    def test_restored_it_waits_and_booked_it_is_back(self):
        connection, row = self.delete_one()
        row.action_restore()
        self.assertEqual((row.state, row.reason), ("proposed", "deleted"))
        row.action_book()
        self.assertEqual((row.state, row.reason), ("booked", False))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualBank()

    def test_booked_at_once_it_is_back_too(self):
        _connection, row = self.delete_one()
        row.action_book()
        self.assertBooksEqualBank()

    def test_so_it_is_when_the_journal_entry_is_deleted(self):
        connection = self.connect(self.row(ago(3), "-25.00"))
        self.journal.sync_statement_period = "none"
        self.synchronize(connection)
        self.lines().move_id.with_context(force_delete=True).unlink()
        self.env.invalidate_all()
        self.assertEqual((self.inbox().state, self.inbox().reason), ("dismissed", "deleted"))
        self.assertEqual(self.synchronize(connection).created_count, 0)

    def test_whoever_may_delete_transactions_needs_no_right_to_movements(self):
        self.journal.sync_statement_period = "none"
        self.synchronize(self.connect(self.row(ago(3), "-25.00")))
        keeper = new_test_user(self.env, "keeper", "account.group_account_user", company_id=self.company.id)
        self.lines().with_user(keeper).unlink()
        self.env.invalidate_all()
        self.assertEqual(self.inbox().state, "dismissed")
