# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from .common import BANK, IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestStatements(BankCase):
    """Movements in statements, one per period, with balances that follow from each other and end at the bank's."""

    def rows(self):
        return [
            self.row(date(2026, 4, 30), "-10.00"),
            self.row(date(2026, 5, 1), "20.00"),
            self.row(date(2026, 5, 31), "30.00"),
            self.row(date(2026, 6, 1), "-5.00"),
            self.row(date(2026, 6, 8), "7.00"),
            self.row(date(2026, 6, 28), "8.00"),
        ]

    def import_by(self, period):
        self.journal.sync_statement_period = period
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        return connection

    def days_by_statement(self):
        return [statement.line_ids.sorted("internal_index").mapped("date") for statement in self.statements()]

    def assertEndsAtTheBanksBalance(self):
        self.assertAlmostEqual(self.statements()[-1].balance_end_real, float(self.bank.balance(BANK, IBAN)))

    def test_there_is_one_statement_per_month_by_default(self):
        self.assertEqual(self.journal.sync_statement_period, "month")
        self.import_by("month")
        self.assertEqual([{day.month for day in days} for days in self.days_by_statement()], [{4}, {5}, {6}])
        self.assertStatementsFollowEachOther()
        self.assertEndsAtTheBanksBalance()

    def test_one_per_week_begins_on_monday(self):
        self.import_by("week")
        weeks = [[day.isocalendar().week for day in days] for days in self.days_by_statement()]
        self.assertEqual(weeks, [[18, 18], [22], [23], [24], [26]])
        self.assertStatementsFollowEachOther()

    def test_one_per_day(self):
        self.import_by("day")
        self.assertEqual(self.days_by_statement(), [[row.day] for row in self.rows()])
        self.assertStatementsFollowEachOther()

    def test_no_statements_where_none_are_wanted(self):
        self.import_by("none")
        self.assertFalse(self.statements())
        self.assertBooksEqualBank()

    def test_one_per_synchronization_even_with_rows_that_come_late(self):
        connection = self.import_by("fetch")
        for days_ago in (4, 7, 1):
            self.bank.add_late(BANK, IBAN, days_ago=days_ago)
            self.add(self.row(ago(0), "2.00", f"and {days_ago}"))
            self.synchronize(connection)
        self.assertEqual(sorted(len(days) for days in self.days_by_statement()), [2, 2, 2, 6])
        self.assertStatementsFollowEachOther()
        self.assertBooksEqualBank()

    def test_a_synchronization_with_nothing_new_makes_no_statement(self):
        connection = self.import_by("fetch")
        self.synchronize(connection)
        self.assertEqual(len(self.statements()), 1)

    def test_a_late_row_falls_into_the_statement_of_its_month_and_all_balances_stay_right(self):
        connection = self.import_by("month")
        with freeze_time("2026-07-03 10:00:00"):
            self.add(self.row(date(2026, 7, 2), "3.00"))
            self.synchronize(connection)
            self.add(self.row(date(2026, 6, 27), "-40.00", "late"))
            self.synchronize(connection)
        self.assertEqual([{day.month for day in days} for days in self.days_by_statement()], [{4}, {5}, {6}, {7}])
        self.assertIn(date(2026, 6, 27), self.days_by_statement()[2])
        self.assertStatementsFollowEachOther()
        self.assertEndsAtTheBanksBalance()

    def test_a_month_that_was_empty_gets_its_statement_between_the_others(self):
        self.load(self.row(date(2026, 4, 30), "-10.00"), self.row(date(2026, 6, 25), "8.00"))
        connection = self.consent(self.draft())
        connection.account_ids._link(self.journal)
        with freeze_time("2026-06-05 10:00:00"):
            self.synchronize(connection)
            self.add(self.row(date(2026, 5, 31), "4.00"))
            self.synchronize(connection)
        self.assertEqual([{day.month for day in days} for days in self.days_by_statement()], [{4}, {5}, {6}])
        self.assertStatementsFollowEachOther()

    def test_an_empty_journal_begins_with_what_the_account_held_before(self):
        connection = self.import_by("month")
        self.assertEqual(connection.account_ids.opening_balance, 1000.0)
        self.assertEqual(self.statements()[0].balance_start, 1000.0)
        self.assertEndsAtTheBanksBalance()

    def test_the_beginning_is_found_later_when_the_bank_did_not_say_its_balance_at_first(self):
        self.bank.fail("rate_limit", call="balances")
        connection = self.import_by("month")
        self.assertEqual(self.statements()[0].balance_start, 0.0)
        self.add(self.row(ago(1), "2.00"))
        connection.not_before = False
        self.synchronize(connection)
        self.assertEqual(self.statements()[0].balance_start, 1000.0)
        self.assertStatementsFollowEachOther()
        self.assertEndsAtTheBanksBalance()

    def test_a_statement_made_by_hand_keeps_the_balances_that_it_states(self):
        line = {"journal_id": self.journal.id, "date": date(2026, 4, 1), "amount": 5.0, "payment_ref": "By hand"}
        by_hand = self.env["account.bank.statement"].create(
            {"name": "Paper", "balance_start": 500.0, "balance_end_real": 505.0, "line_ids": [(0, 0, line)]}
        )
        self.import_by("month")
        self.assertEqual((by_hand.balance_start, by_hand.balance_end_real), (500.0, 505.0))
        self.assertEqual(self.statements()[1].balance_start, 505.0)
        self.assertEqual(len(by_hand.line_ids), 1)
        self.assertStatementsFollowEachOther()

    def test_a_statement_by_hand_in_the_middle_is_not_rewritten_by_a_late_row_before_it(self):
        connection = self.import_by("month")
        line = {"journal_id": self.journal.id, "date": ago(0), "amount": 5.0, "payment_ref": "By hand"}
        end = self.statements()[-1].balance_end_real
        by_hand = self.env["account.bank.statement"].create(
            {"name": "Paper", "balance_start": end, "balance_end_real": end + 5.0, "line_ids": [(0, 0, line)]}
        )
        self.bank.add_late(BANK, IBAN, days_ago=5)
        self.synchronize(connection)
        self.assertEqual((by_hand.balance_start, by_hand.balance_end_real), (end, end + 5.0))
        self.assertFalse(by_hand.is_valid)

    def test_rows_of_one_day_keep_the_banks_order(self):
        self.bank.configure(BANK, order="oldest")
        self.synchronize(self.connect(*(self.row(ago(1), f"{number}.00") for number in (3, 1, 2))))
        self.assertEqual(self.lines().mapped("amount"), [3.0, 1.0, 2.0])
