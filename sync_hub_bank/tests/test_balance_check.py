# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta

from freezegun import freeze_time
from odoo.tests import tagged
from odoo.tools import format_date

from .common import BANK, IBAN, NOW, TODAY, BankCase, ago

NOTES = {"bank_difference", "bank_difference_since", "bank_difference_after", "bank_difference_gone"}


@tagged("post_install", "-at_install")
class TestBalanceCheck(BankCase):
    """What the bank says an account holds is compared with the books at each fetch."""

    def fetch(self):
        """The last fetch."""
        return self.env["sync.bank.fetch"].search([("company_id", "=", self.company.id)], limit=1)

    def notes(self, run):
        return run.line_ids.filtered(lambda line: line.kind in NOTES)

    def by_hand(self, day, amount):
        return self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": day, "amount": amount, "payment_ref": "By hand"}
        )

    def delete(self, line):
        """As a person does: a statement that is complete lets nothing go."""
        line.statement_id = False
        line.unlink()

    def card(self):
        self.env.invalidate_all()
        return json.loads(self.journal.kanban_dashboard)["sync"]

    def test_books_that_agree_show_the_same_balance_and_no_warning(self):
        run = self.synchronize(self.connect(self.row(ago(3), "-1.00"), self.row(ago(2), "5.00")))
        fetch = self.fetch()
        self.assertEqual((fetch.bank_balance, fetch.books_balance, fetch.difference), (1004.0, 1004.0, 0.0))
        self.assertEqual(fetch.bank_balance_date, ago(1))
        self.assertFalse(fetch.first_difference or self.notes(run))
        self.assertEqual((self.card()["difference"], self.card()["opening"]), ("", ""))

    def test_what_is_booked_after_the_banks_day_does_not_count(self):
        self.synchronize(self.connect(self.row(ago(2), "5.00"), self.row(ago(0), "-7.00")))
        fetch = self.fetch()
        self.assertEqual((len(self.lines()), fetch.books_balance, fetch.difference), (2, 1005.0, 0.0))

    def test_a_line_that_the_bank_does_not_know_is_a_difference_since_its_day(self):
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(2), "5.00"))
        self.synchronize(connection)
        self.by_hand(ago(4), 20.0)
        run = self.synchronize(connection)
        fetch = self.fetch()
        self.assertEqual((fetch.bank_balance, fetch.books_balance, fetch.difference), (1004.0, 1024.0, -20.0))
        self.assertEqual((fetch.first_difference_date, fetch.first_difference_exact), (ago(4), True))
        note = self.notes(run)
        self.assertEqual((note.kind, note.severity), ("bank_difference_since", "warning"))
        self.assertIn(format_date(self.env, ago(4), lang_code="en_US"), note.message)

    def test_it_is_told_once_and_once_more_when_it_is_gone(self):
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(2), "5.00"))
        self.synchronize(connection)
        typed = self.by_hand(ago(4), 20.0)
        told = [len(self.notes(self.synchronize(connection))) for _fetch in range(3)]
        self.assertEqual(told, [1, 0, 0])
        self.delete(typed)
        run = self.synchronize(connection)
        self.assertEqual(self.notes(run).mapped("kind"), ["bank_difference_gone"])
        self.assertFalse(self.notes(self.synchronize(connection)))

    def test_what_waits_in_the_inbox_explains_the_difference(self):
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(3), "-13.13"))
        self.env.cr.execute("ALTER TABLE account_bank_statement_line ADD CONSTRAINT no_13 CHECK (amount <> -13.13)")
        self.synchronize(connection)
        fetch = self.fetch()
        self.assertEqual((fetch.difference, fetch.waiting_amount, fetch.dismissed_amount), (-13.13, -13.13, 0.0))
        self.assertEqual((fetch.first_difference_date, fetch.first_difference_exact), (ago(3), True))
        self.assertFalse(connection.account_ids.opening_proposal)

    def test_what_was_dismissed_explains_it_too(self):
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(3), "-4.00"))
        self.synchronize(connection)
        self.delete(self.lines()[-1])
        self.synchronize(connection)
        fetch = self.fetch()
        self.assertEqual((fetch.difference, fetch.waiting_amount, fetch.dismissed_amount), (-4.0, 0.0, -4.0))

    def test_a_row_that_stands_for_a_line_by_hand_explains_nothing(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        self.by_hand(ago(3), -25.0)
        self.add(self.row(ago(3), "-25.00"))
        self.synchronize(connection)
        self.assertEqual(self.inbox(state="proposed").reason, "in_journal")
        self.assertEqual(self.fetch().difference, 0.0)

    def test_a_late_row_is_no_difference(self):
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(2), "5.00"))
        self.synchronize(connection)
        self.bank.add_late(BANK, IBAN, days_ago=5)
        self.synchronize(connection)
        self.assertEqual(self.fetch().difference, 0.0)
        self.by_hand(ago(1), 3.0)
        self.synchronize(connection)
        self.assertEqual(self.fetch().first_difference_date, ago(1))

    def test_where_the_bank_hides_a_row_the_last_day_that_agreed_is_told(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        with freeze_time(NOW + timedelta(days=5)):
            self.load(self.row(ago(9), "-1.00"), opening="1100.00")
            run = self.synchronize(connection)
        fetch = self.fetch()
        self.assertEqual((fetch.difference, fetch.first_difference_date), (100.0, ago(1)))
        self.assertFalse(fetch.first_difference_exact)
        self.assertEqual(self.notes(run).kind, "bank_difference_after")
        self.assertIn("after", fetch.first_difference)

    def test_without_a_day_that_agreed_it_says_so(self):
        self.by_hand(ago(30), 50.0)
        self.synchronize(self.connect(self.row(ago(9), "-1.00")))
        fetch = self.fetch()
        self.assertEqual((fetch.difference, fetch.first_difference), (950.0, "not known since when"))

    def test_balances_that_the_bank_gives_with_its_rows_tell_the_day(self):
        self.bank.configure(BANK, balance_after=True)
        self.by_hand(ago(30), 1000.0)
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(6), "2.00"), self.row(ago(2), "5.00"))
        self.by_hand(ago(4), 20.0)
        self.journal.sync_statement_period = "none"
        connection.account_ids.date_from = ago(20)
        self.synchronize(connection)
        fetch = self.fetch()
        self.assertEqual((fetch.difference, fetch.first_difference_date), (-20.0, ago(4)))

    def test_the_card_and_the_account_show_it_as_it_is_now(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        typed = self.by_hand(ago(4), 20.0)
        self.synchronize(connection)
        self.assertEqual(self.card()["difference"], self.company.currency_id.format(-20.0))
        self.assertEqual(self.card()["difference_since"], self.fetch().first_difference)
        account = connection.account_ids
        self.assertEqual((account.books_balance, account.balance_difference), (1019.0, -20.0))
        self.assertEqual(self.journal.action_open_sync_account()["res_id"], account.id)
        typed.amount = 7.0
        self.assertEqual(self.card()["difference"], self.company.currency_id.format(-7.0))
        self.assertEqual(self.card()["difference_since"], "")

    def test_the_days_that_differ_open_on_both_sides(self):
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(2), "5.00"), self.row(ago(0), "6.00"))
        self.synchronize(connection)
        typed = self.by_hand(ago(4), 20.0)
        self.synchronize(connection)
        for source in (self.fetch(), connection.account_ids):
            action = source.action_open_difference_movements()
            self.assertEqual(self.env[action["res_model"]].search(action["domain"]).mapped("amount"), [5.0])
            action = source.action_open_difference_lines()
            lines = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(lines, typed | self.lines().filtered(lambda line: line.amount == 5.0))

    def test_the_chart_has_one_balance_of_each_side_a_day(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        self.by_hand(ago(4), 20.0)
        self.synchronize(connection)
        with freeze_time(NOW + timedelta(days=1)):
            self.synchronize(connection)
        for action in (
            connection.account_ids.action_open_balances(),
            connection.action_open_balances(),
            self.journal.action_open_sync_balances(),
        ):
            points = self.env[action["res_model"]].search(action["domain"], order="date, side")
            self.assertEqual(
                [(point.date, point.side, point.balance) for point in points],
                [
                    (ago(1), "bank", 999.0),
                    (ago(1), "books", 1019.0),
                    (TODAY, "bank", 999.0),
                    (TODAY, "books", 1019.0),
                ],
            )
