# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from odoo.tests import tagged

from .common import BANK, IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestFirstSynchronization(BankCase):
    """From which day the first synchronization books, and what lock dates do."""

    def line(self, day, amount=5.0):
        return self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": day, "amount": amount, "payment_ref": "By hand"}
        )

    def lock(self, name, day):
        self.company.sudo().write({name: day})

    def assertBookedFrom(self, first, connection):
        self.synchronize(connection)
        self.assertEqual(connection.account_ids.date_from, first)
        self.assertEqual(self.dates_and_amounts(self.lines()), [(first, -3.0), (ago(1), 4.0)])

    def test_it_starts_on_the_day_after_the_journals_last_transaction(self):
        self.line(ago(20))
        connection = self.connect(
            self.row(ago(21), "-1.00"), self.row(ago(20), "-2.00"), self.row(ago(19), "-3.00"), self.row(ago(1), "4.00")
        )
        run = self.synchronize(connection)
        self.assertEqual(connection.account_ids.date_from, ago(19))
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(20), 5.0), (ago(19), -3.0), (ago(1), 4.0)])
        self.assertEqual((run.outcome, run.fetched_count, run.created_count), ("done", 2, 2))

    def test_an_empty_journal_fetches_as_far_back_as_the_bank_allows(self):
        connection = self.connect(self.row(date(2019, 1, 2), "-1.00"), self.row(ago(1), "4.00"))
        self.synchronize(connection)
        self.assertFalse(connection.account_ids.date_from)
        self.assertEqual(self.dates_and_amounts(self.lines()), [(date(2019, 1, 2), -1.0), (ago(1), 4.0)])

    def test_a_bank_with_a_short_history_gives_what_it_has_and_the_log_says_from_when(self):
        self.bank.set_history(40, "Banca Novanta Giorni", "current", days=200)
        connection = self.connect_bank("Banca Novanta Giorni", date_from=ago(200))
        run = self.synchronize(connection)
        self.assertEqual(connection.account_ids.history_from, ago(90))
        self.assertTrue(run.line_ids.filtered(lambda line: line.kind == "bank_history"))
        self.assertEqual(run.created_count, len(self.lines()))
        self.assertGreaterEqual(min(self.lines().mapped("date")), ago(90))

    def test_it_never_starts_before_the_day_that_the_user_chose(self):
        connection = self.connect(
            self.row(ago(6), "-2.00"), self.row(ago(5), "-3.00"), self.row(ago(1), "4.00"), date_from=ago(5)
        )
        self.assertBookedFrom(ago(5), connection)
        self.bank.add_late(BANK, IBAN, days_ago=6)
        self.assertEqual(self.synchronize(connection).created_count, 0)

    def test_the_users_day_does_not_go_behind_the_journals_last_transaction(self):
        self.line(ago(20))
        connection = self.connect(self.row(ago(20), "-2.00"), date_from=ago(100))
        self.assertEqual(connection.account_ids.date_from, ago(19))

    def test_it_starts_after_the_lock_date_of_the_fiscal_year(self):
        self.lock("fiscalyear_lock_date", ago(15))
        self.assertBookedFrom(
            ago(14), self.connect(self.row(ago(15), "-2.00"), self.row(ago(14), "-3.00"), self.row(ago(1), "4.00"))
        )

    def test_it_starts_after_the_hard_lock_date(self):
        self.lock("hard_lock_date", ago(15))
        self.assertBookedFrom(
            ago(14), self.connect(self.row(ago(15), "-2.00"), self.row(ago(14), "-3.00"), self.row(ago(1), "4.00"))
        )

    def test_locks_of_sales_purchases_and_tax_returns_do_not_concern_bank_entries(self):
        for name in ("sale_lock_date", "purchase_lock_date", "tax_lock_date"):
            self.lock(name, ago(1))
        self.synchronize(self.connect(self.row(ago(30), "-2.00")))
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(30), -2.0)])

    def test_a_lock_date_of_the_parent_company_counts_for_its_branch(self):
        self.lock("fiscalyear_lock_date", ago(15))
        branch = self.env["res.company"].sudo().create({"name": "Branch", "parent_id": self.company.id})
        journal = (
            self.env["account.journal"]
            .sudo()
            .create({"name": "Bank of the Branch", "type": "bank", "code": "BRA", "company_id": branch.id})
        )
        self.assertEqual(self.env["sync.bank.account"]._first_day(journal), ago(14))

    def test_who_is_excepted_from_a_lock_date_books_what_an_automatic_run_must_leave(self):
        self.lock("fiscalyear_lock_date", ago(15))
        self.env["account.lock_exception"].sudo().create(
            {
                "company_id": self.company.id,
                "user_id": self.env.uid,
                "fiscalyear_lock_date": False,
                # Compared with the database's clock, which does not stand still.
                "end_datetime": datetime(2100, 1, 1),
            }
        )
        self.synchronize(self.connect(self.row(ago(20), "-2.00")))
        waiting = self.inbox(state="proposed")
        self.assertEqual(waiting.reason, "locked_period")
        self.assertFalse(self.lines())
        waiting.action_book()
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(20), -2.0)])

    def test_what_was_received_and_then_locked_is_not_booked(self):
        connection = self.connect(self.row(ago(20), "-2.00"), self.row(ago(1), "4.00"))
        self.bank.configure(BANK, page_size=1, order="oldest")
        connection.action_sync_now()
        self.work_slice(connection, -1)
        self.assertEqual(self.inbox().mapped("state"), ["to_book"])
        self.lock("fiscalyear_lock_date", ago(15))
        self.work(connection)
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(1), 4.0)])
        self.assertEqual(self.inbox(state="proposed").reason, "locked_period")
