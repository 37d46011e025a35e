# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BANK, IBAN, BankCase, ago

PARTNER_IBAN = "IT02L1234512345123456789012"


class RecognitionCase(BankCase):
    """A journal that has lines already when the bank sends them."""

    def line(self, day, amount, text="By hand", journal=None, **values):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": (journal or self.journal).id,
                "date": day,
                "amount": amount,
                "payment_ref": text,
                **values,
            }
        )

    def from_file(self, *rows, statement=True):
        """The lines that a file with these rows of the bank makes, in a statement of its own."""
        lines = self.env["account.bank.statement.line"]
        for row in rows:
            lines |= self.line(row.day, float(row.amount), " ".join(row.remittance), partner_name=row.counterparty)
        if statement:
            self.env["account.bank.statement"].create(
                {"name": "From a file", "line_ids": [(6, 0, lines.ids)], "balance_start": 1000.0}
            )
        return lines

    def reconcile(self, line):
        """Match a line with an account, as an accountant does with a fee."""
        suspense = self.journal.suspense_account_id
        line.move_id.line_ids.filtered(lambda item: item.account_id == suspense).account_id = suspense.copy()
        self.assertTrue(line.is_reconciled)

    def assertRecognized(self, lines):
        """Each line stands for one movement of the bank, and no other line was made."""
        self.assertEqual(self.lines(), lines.sorted("internal_index"))
        self.assertEqual(len(lines.sync_transaction_id), len(lines))
        self.assertEqual(set(lines.sync_transaction_id.mapped("state")), {"booked"})
        self.assertTrue(all(lines.sync_transaction_id.mapped("linked")))


@tagged("post_install", "-at_install")
class TestRecognition(RecognitionCase):
    """What the journal has from files or by hand is not booked again."""

    def rows(self):
        return (
            self.row(ago(6), "-12.00", "Canone di giugno", "ID-1"),
            self.row(ago(4), "120.00", "Saldo fattura FT/2026/00012", "ID-2"),
            self.row(ago(4), "-2.60", "BAR CENTRALE", "ID-3"),
            self.row(ago(4), "-2.60", "BAR CENTRALE", "ID-4"),
        )

    def test_a_period_that_was_imported_from_a_file_brings_no_second_line(self):
        connection = self.connect(*self.rows())
        lines = self.from_file(*self.rows())
        run = self.synchronize(connection)
        self.assertEqual((run.outcome, run.created_count, run.skipped_count), ("nothing_new", 0, 0))
        self.assertRecognized(lines)
        self.assertBooksEqualBank()
        self.assertIn("4 were in the journal already", "".join(run.line_ids.mapped("message")))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualBank()

    def test_a_sheet_that_odoo_itself_has_imported_brings_no_second_line(self):
        """CSV as banks in Italy offer it, through *Import records* of Odoo."""
        connection = self.connect(*self.rows())
        rows = (f"{row.day:%d/%m/%Y};{str(row.amount).replace('.', ',')};{row.remittance[0]}" for row in self.rows())
        sheet = "\n".join(("Data;Importo;Causale", *rows))
        importer = self.env["base_import.import"].with_context(default_journal_id=self.journal.id).create(
            {
                "res_model": "account.bank.statement.line",
                "file": sheet.encode(),
                "file_name": "june.csv",
                "file_type": "text/csv",
            }
        )
        options = {
            "has_headers": True,
            "encoding": "utf-8",
            "separator": ";",
            "quoting": '"',
            "date_format": "%d/%m/%Y",
            "float_thousand_separator": ".",
            "float_decimal_separator": ",",
        }
        result = importer.execute_import(["date", "amount", "payment_ref"], ["Data", "Importo", "Causale"], options)
        self.assertFalse(result["messages"])
        lines = self.lines()
        self.assertEqual(len(lines), len(self.rows()))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertRecognized(lines)
        self.assertBooksEqualBank()

    def test_what_the_file_lacks_is_booked_beside_it(self):
        connection = self.connect(*self.rows(), self.row(ago(3), "7.00", "Later"))
        lines = self.from_file(*self.rows()[:3])
        run = self.synchronize(connection)
        self.assertEqual(run.created_count, 2)
        self.assertEqual(lines.mapped("sync_transaction_id.linked"), [True] * 3)
        self.assertBooksEqualBank()

    def test_a_file_that_has_other_words_and_no_names_is_recognized_by_its_days(self):
        connection = self.connect(*self.rows())
        lines = self.env["account.bank.statement.line"]
        for row in self.rows():
            lines |= self.line(row.day, float(row.amount), "MOVIMENTO")
        self.synchronize(connection)
        self.assertRecognized(lines)

    def test_a_file_with_value_dates_is_recognized_too(self):
        rows = (
            self.row(ago(6), "-12.00", "Canone di giugno", value_date=ago(8)),
            self.row(ago(3), "9.00", "Interessi attivi", value_date=ago(1)),
        )
        connection = self.connect(*rows)
        lines = self.line(ago(8), -12.0, "Canone di giugno") | self.line(ago(1), 9.0, "INTERESSI ATTIVI")
        self.synchronize(connection)
        self.assertRecognized(lines)

    def test_an_end_to_end_id_in_the_reference_is_enough_whatever_the_label_says(self):
        row = self.row(ago(4), "-50.00", "Rent", "ID-77/2026", counterparty_account=PARTNER_IBAN)
        connection = self.connect(row)
        lines = self.line(ago(2), -50.0, "SEPA", ref="Ref id-77/2026")
        self.synchronize(connection)
        self.assertRecognized(lines)

    def test_lines_of_no_statement_get_into_the_one_of_their_month(self):
        connection = self.connect(*self.rows(), self.row(ago(1), "7.00", "Later"))
        self.from_file(*self.rows(), statement=False)
        self.synchronize(connection)
        self.assertEqual(self.statements().line_ids, self.lines())
        self.assertStatementsFollowEachOther()

    def test_a_statement_of_a_file_keeps_its_lines_and_ours_follows_it(self):
        connection = self.connect(*self.rows(), self.row(ago(1), "7.00", "Later"))
        lines = self.from_file(*self.rows())
        self.synchronize(connection)
        self.assertEqual(lines.statement_id.mapped("name"), ["From a file"])
        self.assertEqual(self.statements()[-1].balance_end_real, float(self.bank.balance(BANK, IBAN)))
        self.assertStatementsFollowEachOther()

    def test_a_reconciled_line_stays_reconciled(self):
        connection = self.connect(*self.rows()[:1])
        line = self.from_file(*self.rows()[:1])
        self.reconcile(line)
        self.synchronize(connection)
        self.assertRecognized(line)
        self.assertTrue(line.is_reconciled)

    def test_a_line_of_a_period_that_was_locked_since_is_recognized(self):
        connection = self.connect(*self.rows())
        self.bank.configure(BANK, page_size=1, order="oldest")
        line = self.from_file(*self.rows()[:1], statement=False)
        # Odoo locks no period with transactions that are not matched.
        self.reconcile(line)
        connection.action_sync_now()
        self.work_slice(connection, -1)
        self.journal.sync_statement_period = "none"
        self.company.sudo().fiscalyear_lock_date = ago(5)
        self.work(connection)
        self.assertEqual(line.sync_transaction_id.state, "booked")

    # -- Perhaps the same ------------------------------------------------------------------------------------------

    def suggested(self, *lines):
        """A row that looks like a line typed by hand; returns connection and row."""
        connection = self.connect(self.row(ago(2), "-25.00", "Cartoleria"))
        for day in lines or (ago(2),):
            self.line(day, -25.0)
        self.synchronize(connection)
        return connection, self.inbox(state="proposed")

    def test_a_line_by_hand_is_suggested_and_makes_no_second_one_by_itself(self):
        connection, row = self.suggested()
        self.assertEqual((row.reason, row.suggested_line_id), ("in_journal", self.lines()))
        self.assertEqual(connection.last_run_id.skipped_count, 1)
        self.assertEqual((row.suggested_date, row.suggested_label), (ago(2), "By hand"))

    def test_so_is_one_that_somebody_typed_under_another_day(self):
        self.assertEqual(self.suggested(ago(4))[1].suggested_line_id, self.lines())

    def test_one_four_days_off_is_another_movement(self):
        self.assertFalse(self.suggested(ago(6))[1])
        self.assertEqual(len(self.lines()), 2)

    def test_link_to_this_line_makes_them_one_for_ever(self):
        connection, row = self.suggested()
        row.action_link_suggested()
        self.assertRecognized(self.lines())
        self.assertEqual((row.reason, row.suggested_line_id.id), (False, False))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualBank()

    def test_book_anyway_makes_a_second_line(self):
        connection, row = self.suggested()
        row.action_book()
        self.assertEqual((row.state, row.linked, len(self.lines())), ("booked", False, 2))
        self.assertFalse(row.suggested_line_id)
        self.assertEqual(self.synchronize(connection).created_count, 0)

    def test_dismissed_the_line_still_stands_for_that_row_alone(self):
        connection, row = self.suggested()
        row.action_dismiss()
        self.add(self.row(ago(1), "-25.00", "Another one"))
        self.assertEqual(self.synchronize(connection).created_count, 1)
        row.action_restore()
        self.assertEqual((row.state, row.suggested_line_id.payment_ref), ("proposed", "By hand"))

    def test_a_line_is_suggested_for_one_row_only_also_by_later_fetches(self):
        connection, row = self.suggested()
        self.add(self.row(ago(2), "-25.00", "Cartoleria di nuovo"))
        self.assertEqual(self.synchronize(connection).created_count, 1)
        self.assertEqual(self.inbox(state="proposed"), row)

    def test_two_lines_and_three_equal_rows_make_one_new_line(self):
        rows = [self.row(ago(4), "-2.60", "BAR CENTRALE") for _number in range(3)]
        connection = self.connect(*rows)
        lines = self.from_file(*rows[:2])
        run = self.synchronize(connection)
        self.assertEqual((run.created_count, len(lines.sync_transaction_id)), (1, 2))
        self.assertBooksEqualBank()

    def test_the_same_amount_from_another_account_is_a_matter_of_a_person(self):
        connection = self.connect(self.row(ago(2), "500.00", "Saldo di giugno", counterparty_account=PARTNER_IBAN))
        self.line(ago(2), 500.0, "Saldo di giugno", account_number="IT40S0542811101000000999999")
        self.synchronize(connection)
        self.assertTrue(self.inbox(state="proposed").suggested_line_id)

    def test_a_journal_without_other_lines_is_not_looked_through(self):
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        self.assertFalse(any(self.inbox().mapped("linked")))

    # -- Link to an existing line ----------------------------------------------------------------------------------

    def choose(self, row):
        return self.env["sync.bank.choose.line"].browse(row.action_choose_line()["res_id"])

    def held_back(self):
        """A dismissed row that looks like no line."""
        connection, row = self.suggested()
        row.action_book()
        self.add(self.row(ago(3), "-80.00", "Assicurazione"))
        self.line(ago(3), -80.0, "RC auto")
        self.synchronize(connection)
        return self.inbox(state="proposed")

    def test_the_dialog_offers_the_same_amount_first_and_then_what_is_near(self):
        row = self.held_back()
        far = self.line(ago(40), -80.0, "Last year's")
        near = self.line(ago(2), -81.0, "Typing error")
        self.line(ago(30), -7.0, "Neither")
        options = self.choose(row).option_ids
        self.assertEqual(options.mapped("payment_ref")[:2], ["RC auto", "Last year's"])
        self.assertIn(near, options.line_id)
        self.assertEqual(options.filtered(lambda option: option.line_id == far).same_amount, True)
        self.assertNotIn("Neither", options.mapped("payment_ref"))
        self.assertNotIn("Cartoleria", options.mapped("payment_ref"), "it is another movement's")

    def test_the_chosen_line_is_the_movement_from_then_on(self):
        row = self.held_back()
        option = self.choose(row).option_ids[:1]
        option.action_link()
        self.assertEqual((option.line_id.sync_transaction_id, row.state, row.linked), (row, "booked", True))

    def test_a_dismissed_movement_can_be_linked_and_a_booked_one_cannot(self):
        row = self.held_back()
        row.action_dismiss()
        options = self.choose(row).option_ids
        options[:1].action_link()
        with self.assertRaisesRegex(UserError, "Only a movement that waits"):
            options[:1].action_link()

    def test_a_line_that_another_movement_of_the_account_is_cannot_be_taken(self):
        row = self.held_back()
        taken = self.lines().filtered("sync_transaction_id")[:1]
        with self.assertRaisesRegex(UserError, "belongs to another movement"):
            row._check_can_be_linked(taken)

    def test_a_line_of_another_journal_cannot_be_taken(self):
        row = self.held_back()
        other = self.journal.copy({"code": "BNK8", "bank_account_id": False})
        with self.assertRaisesRegex(UserError, "feeds another journal"):
            row._check_can_be_linked(self.line(ago(3), -80.0, journal=other))
