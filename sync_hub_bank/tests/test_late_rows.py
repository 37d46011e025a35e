# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BANK, IBAN, TODAY, BankCase, ago


@tagged("post_install", "-at_install")
class TestLateRows(BankCase):
    """Rows that the bank books later, with an older date."""

    def test_a_row_that_appears_five_days_late_is_imported_by_the_next_fetch(self):
        connection = self.connect(self.row(ago(30), "-1.00"), self.row(ago(1), "4.00"))
        self.synchronize(connection)
        self.bank.add_late(BANK, IBAN, days_ago=5)
        run = self.synchronize(connection)
        self.assertEqual(run.created_count, 1)
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()

    def test_later_fetches_ask_for_ten_days_before_the_last_complete_one(self):
        connection = self.connect(self.row(ago(60), "-1.00"), self.row(ago(11), "2.00"), self.row(ago(10), "3.00"))
        self.synchronize(connection)
        self.assertEqual(connection.account_ids.complete_until, TODAY)
        self.assertEqual(self.synchronize(connection).fetched_count, 1)

    def locked_late_row(self):
        """A late row of a day that was locked after the fetch before; returns connection and run."""
        connection = self.connect(self.row(ago(1), "4.00"))
        self.synchronize(connection)
        self.company.sudo().fiscalyear_lock_date = ago(4)
        self.bank.add_late(BANK, IBAN, days_ago=5)
        self.add(self.row(ago(3), "7.00"))
        return connection, self.synchronize(connection)

    def test_a_late_row_in_a_locked_period_is_proposed_and_neither_booked_nor_moved(self):
        _connection, run = self.locked_late_row()
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(3), 7.0), (ago(1), 4.0)])
        late = self.inbox(state="proposed")
        self.assertEqual((late.booking_date, late.reason), (ago(5), "locked_period"))
        self.assertEqual(run.skipped_count, 1)
        self.assertIn("1 set aside", "".join(run.line_ids.mapped("message")))

    def test_it_is_not_booked_by_later_synchronizations_either(self):
        connection, _run = self.locked_late_row()
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.company.sudo().fiscalyear_lock_date = False
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual(self.inbox(state="proposed").booking_date, ago(5))

    def test_it_is_booked_on_its_own_day_once_the_period_is_open(self):
        self.locked_late_row()
        with self.assertRaisesRegex(UserError, "locked period"):
            self.inbox(state="proposed").action_book()
        self.company.sudo().fiscalyear_lock_date = False
        self.inbox(state="proposed").action_book()
        self.assertEqual(self.dates_and_amounts(self.lines())[0], (ago(5), -37.45))
        self.assertStatementsFollowEachOther()
        self.assertBooksEqualBank()

    def test_a_proposed_row_can_be_dismissed_and_restored(self):
        connection, _run = self.locked_late_row()
        late = self.inbox(state="proposed")
        late.action_dismiss()
        self.synchronize(connection)
        self.assertEqual(late.state, "dismissed")
        late.action_restore()
        self.assertEqual((late.state, late.reason), ("proposed", "locked_period"))
