# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger
from psycopg2.errors import UniqueViolation

from .common import BANK, IBAN, OTHER_IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestIdentity(BankCase):
    """Nothing is booked twice and nothing is taken for another movement."""

    def coffee(self, reference=None):
        return self.row(ago(2), "-2.60", "BAR CENTRALE", reference)

    def twice(self, connection):
        """The first fetch, and a second one of the same; returns the run of the second."""
        self.synchronize(connection)
        return self.synchronize(connection)

    def test_the_same_fetch_twice_brings_nothing_the_second_time(self):
        run = self.twice(self.connect(self.row(ago(3), "-1.00"), self.row(ago(2), "5.00")))
        self.assertEqual((run.outcome, run.fetched_count, run.created_count), ("nothing_new", 2, 0))
        self.assertBooksEqualBank()

    def test_two_equal_coffees_of_one_day_are_two_lines_and_stay_two(self):
        self.twice(self.connect(self.coffee(), self.coffee()))
        self.assertEqual(len(self.lines()), 2)

    def test_so_they_are_at_a_bank_that_gives_no_ids_at_all(self):
        connection = self.connect_bank("Banca Senza Numero", date_from=ago(20))
        run = self.twice(connection)
        self.assertEqual(run.created_count, 0)
        self.assertBooksEqualBank("current", "Banca Senza Numero", since=ago(20))
        self.assertEqual(self.dates_and_amounts(self.lines()).count((ago(3), -2.6)), 2)
        self.assertFalse(any(self.inbox().mapped("reference")))

    def test_two_different_rows_to_which_the_bank_gave_one_id_are_both_booked(self):
        rows = (self.row(ago(2), "-1.00", "rent", "ID-1"), self.row(ago(2), "5.00", "sale", "ID-1"))
        run = self.twice(self.connect(*rows))
        self.assertEqual(run.created_count, 0)
        self.assertBooksEqualBank()

    def test_an_id_used_again_after_months_does_not_hide_the_new_row(self):
        connection = self.connect(self.row(ago(90), "-1.00", "rent", "ID-1"))
        self.synchronize(connection)
        self.add(self.row(ago(1), "5.00", "sale", "ID-1"))
        run = self.twice(connection)
        self.assertEqual(run.created_count, 0)
        self.assertBooksEqualBank()

    def test_with_the_same_amount_too_a_person_decides(self):
        connection = self.connect(self.row(ago(90), "-5.00", "fee", "ID-1"))
        self.synchronize(connection)
        self.add(self.row(ago(1), "-5.00", "fee", "ID-1"))
        self.twice(connection)
        waiting = self.inbox(state="proposed")
        self.assertIn(format_date(self.env, ago(90), lang_code="en_US"), waiting.detail)
        waiting.action_book()
        self.assertBooksEqualBank()

    def test_a_bank_that_numbers_all_rows_anew_brings_no_new_line_and_old_ids_are_remembered(self):
        connection = self.connect(self.row(ago(3), "-1.00", reference="OLD"), self.coffee(), self.coffee())
        self.synchronize(connection)
        self.bank.renumber(BANK, IBAN)
        run = self.synchronize(connection)
        self.assertEqual(run.created_count, 0)
        self.assertBooksEqualBank()
        row = self.inbox(amount=-1.0)
        self.assertEqual(row.former_references, ["OLD"])
        self.assertTrue(row.reference.startswith("N1"))
        self.assertEqual(self.synchronize(connection).created_count, 0)

    def test_nor_when_the_fetch_breaks_off_in_the_middle(self):
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 5)))
        self.synchronize(connection)
        self.bank.renumber(BANK, IBAN)
        self.bank.configure(BANK, page_size=2)
        self.bank.fail("timeout", call="transactions", times=3, after=1)
        self.assertEqual(self.synchronize(connection).outcome, "failed")
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualBank()

    def test_the_same_id_at_two_accounts_of_a_bank_is_two_movements(self):
        connection = self.connect(self.row(ago(2), "-1.00", reference="ID-1"))
        account = self.second_account(connection, self.row(ago(2), "-1.00", reference="ID-1"))
        self.twice(connection)
        self.assertBooksEqualBank()
        self.assertBooksEqualBank(OTHER_IBAN, journal=account.journal_id)

    def test_a_line_typed_by_hand_is_not_doubled_but_the_row_can_be_booked_with_a_button(self):
        connection = self.connect(self.row(ago(2), "-25.00"))
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": ago(2), "amount": -25.0, "payment_ref": "By hand"}
        )
        run = self.synchronize(connection)
        self.assertEqual((len(self.lines()), run.created_count), (1, 0))
        waiting = self.inbox(state="proposed")
        self.assertEqual(waiting.reason, "in_journal")
        waiting.action_book()
        self.assertEqual((waiting.state, len(self.lines())), ("booked", 2))
        self.assertEqual(self.synchronize(connection).created_count, 0)

    def test_one_line_by_hand_stands_for_one_row_only(self):
        connection = self.connect(self.coffee(), self.coffee())
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": ago(2), "amount": -2.60, "payment_ref": "By hand"}
        )
        self.synchronize(connection)
        self.assertEqual((len(self.lines()), len(self.inbox(state="proposed"))), (2, 1))

    def test_a_line_that_a_person_deleted_does_not_come_back(self):
        self.journal.sync_statement_period = "none"
        connection = self.connect(self.row(ago(2), "-25.00"))
        self.synchronize(connection)
        self.lines().unlink()
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertFalse(self.lines())

    def test_a_change_of_a_booked_row_at_the_bank_is_told_and_the_line_stays(self):
        self.bank.configure(BANK, order="oldest")
        connection = self.connect(self.row(ago(2), "-25.00", "Rent", "ID-1"))
        self.synchronize(connection)
        self.load(self.row(ago(2), "-26.00", "Rent", "ID-1"))
        run = self.synchronize(connection)
        self.assertEqual(self.lines().amount, -25.0)
        self.assertIn("bank_changed", run.line_ids.filtered(lambda line: line.severity == "warning").mapped("kind"))
        self.assertFalse(self.synchronize(connection).line_ids.filtered(lambda line: line.severity == "warning"))

    def test_the_database_itself_refuses_a_row_twice(self):
        self.synchronize(self.connect(self.coffee("ID-1")))
        row = self.inbox().sudo()  # what a worker without the lock would try
        values = {name: row[name] for name in ("state", "fingerprint", "booking_date", "amount")}
        values |= {name: row[name].id for name in ("account_id", "connection_id", "company_id", "currency_id")}
        for clash in ({"occurrence": 1}, {"occurrence": 2, "reference": "ID-1"}):
            with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                row.create({**values, **clash})
        line = self.lines()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            copied = line.copy()
            copied.sync_transaction_id = row
            self.env.flush_all()

    def test_a_journal_is_fed_by_one_account_only(self):
        connection = self.connect(self.coffee())
        account = self.second_account(connection)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            account.journal_id = self.journal
            self.env.flush_all()

    def test_what_is_in_another_currency_is_not_booked_as_if_it_were_the_journals(self):
        connection = self.connect(self.row(ago(2), "-25.00", currency="CHF"), self.row(ago(1), "3.00"))
        self.synchronize(connection)
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(1), 3.0)])
        waiting = self.inbox(state="proposed")
        self.assertEqual((waiting.reason, waiting.currency_id.name), ("other_currency", "CHF"))
        with self.assertRaisesRegex(UserError, "CHF.*EUR"):
            waiting.action_book()
