# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged

from .common import BANK, IBAN, TODAY, ago
from .test_recognition import RecognitionCase

# The same account, reached in another way: other ids, other words.
OTHER_WAY = "Banca Novanta Giorni"


@tagged("post_install", "-at_install")
class TestAccountChange(RecognitionCase):
    """The account of a journal is reached through another service from some day on."""

    def through_a(self, *rows):
        """A journal that the first service has fed until today; returns its connection."""
        connection = self.connect(*rows)
        self.synchronize(connection)
        self.assertBooksEqualBank()
        return connection

    def through_b(self, *rows):
        """A connection to the same account through the other service, not linked yet."""
        self.bank.load_account(OTHER_WAY, IBAN, "EUR", Decimal("1000.00"), rows)
        return self.consent(self.draft(OTHER_WAY))

    def link(self, connection):
        """Confirm what the dialog proposes, and let the first fetch come; returns its run."""
        dialog = self.env["sync.bank.link"].browse(connection._action_link()["res_id"])
        self.assertEqual(dialog.line_ids.journal_id, self.journal)
        dialog.action_confirm()
        return self.work(connection)

    def assertBooksEqualOtherWay(self):
        since = ago(10)
        in_books = sorted((line.date, line.amount) for line in self.lines() if line.date >= since)
        booked = self.bank.booked(OTHER_WAY, IBAN)
        at_bank = sorted((row.day, float(row.amount)) for row in booked if row.day >= since)
        self.assertEqual(in_books, at_bank)

    def at_a(self):
        return (
            self.row(ago(40), "-9.00", "Canone di maggio", "A-0"),
            self.row(ago(8), "-12.00", "Canone di giugno", "A-1"),
            self.row(ago(5), "120.00", "Saldo fattura 12", "A-2"),
            self.row(ago(5), "-2.60", "BAR CENTRALE", "A-3"),
            self.row(ago(5), "-2.60", "BAR CENTRALE", "A-4"),
            self.row(ago(1), "-7.10", "Bollo", "A-5"),
        )

    def at_b(self, shift=0, **more):
        """The same rows under other ids and with other words, dates so many days later."""
        words = iter(range(100))
        return tuple(
            self.row(row.day + timedelta(days=shift), str(row.amount), f"MOV. {next(words)}", f"B-{index}", **more)
            for index, row in enumerate(self.at_a())
        )

    def test_overlapping_history_with_other_ids_and_words_brings_no_line_twice(self):
        self.through_a(*self.at_a())
        lines = self.lines()
        connection = self.through_b(*self.at_b(counterparty="AZURE INTERIOR S.R.L."))
        run = self.link(connection)
        self.assertEqual((run.created_count, run.skipped_count), (0, 0))
        self.assertEqual(self.lines(), lines)
        overlap = lines.filtered(lambda line: line.date >= ago(10))
        self.assertEqual(overlap.sync_transaction_id.connection_id, connection)
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualOtherWay()
        self.assertStatementsFollowEachOther()

    def test_the_account_goes_on_ten_days_before_the_last_fetch_of_the_first_service(self):
        self.through_a(*self.at_a())
        connection = self.through_b(*self.at_b())
        self.link(connection)
        self.assertEqual(connection.account_ids.date_from, ago(10))
        self.assertEqual(connection.last_run_id.fetched_count, 5)

    def test_late_and_new_rows_still_arrive(self):
        self.through_a(*self.at_a())
        late, new = self.row(ago(6), "-37.45", "Registrato in ritardo", "B-90"), self.row(TODAY, "5.00", "Oggi", "B-91")
        connection = self.through_b(*self.at_b(), late, new)
        self.assertEqual(self.link(connection).created_count, 2)
        self.assertBooksEqualOtherWay()
        self.bank.add_late(OTHER_WAY, IBAN, days_ago=5)
        self.assertEqual(self.synchronize(connection).created_count, 1)
        self.assertBooksEqualOtherWay()
        self.assertStatementsFollowEachOther()

    def test_one_coffee_more_is_booked_and_the_others_are_not(self):
        self.through_a(*self.at_a())
        connection = self.through_b(*self.at_b(), self.row(ago(5), "-2.60", "MOV. 99", "B-99"))
        run = self.link(connection)
        self.assertEqual(run.created_count, 1)
        self.assertBooksEqualOtherWay()

    def test_dates_off_by_a_day_and_nothing_else_alike_are_left_to_a_person_and_book_nothing_twice(self):
        self.through_a(*self.at_a())
        lines = self.lines()
        connection = self.through_b(*self.at_b(shift=1, counterparty=None))
        run = self.link(connection)
        self.assertEqual((run.created_count, self.lines()), (0, lines))
        waiting = self.inbox(state="proposed")
        self.assertEqual(len(waiting.suggested_line_id), 5)
        waiting.action_link_suggested()
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual(self.lines(), lines)

    def test_the_same_ids_recognize_rows_whose_dates_are_off_by_a_day(self):
        self.through_a(self.row(ago(5), "120.00", "Saldo fattura 12", "2026-0012"))
        lines = self.lines()
        run = self.link(self.through_b(self.row(ago(4), "120.00", "MOV. 1", "2026-0012", counterparty=None)))
        self.assertEqual((run.created_count, run.skipped_count), (0, 0))
        self.assertRecognized(lines)

    def test_the_journal_is_proposed_and_the_first_connection_says_where_its_account_went(self):
        first = self.through_a(*self.at_a())
        connection = self.through_b(*self.at_b())
        self.link(connection)
        self.assertFalse(first.account_ids.journal_id)
        self.assertIn("is synchronized through", "".join(first.message_ids.mapped("body")))

    def test_and_back_to_the_first_service(self):
        first = self.through_a(*self.at_a())
        self.link(self.through_b(*self.at_b(), self.row(TODAY, "5.00", "Oggi", "B-91")))
        self.add(self.row(TODAY, "5.00", "Incasso di oggi", "A-91"))
        run = self.link(first)
        self.assertEqual(run.created_count, 0)
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()

    def test_the_opening_balance_of_a_young_journal_stays(self):
        self.journal.sync_statement_period = "month"
        self.through_a(*self.at_a()[1:])
        connection = self.through_b(*self.at_b()[1:], self.row(TODAY, "5.00", "Oggi", "B-91"))
        self.link(connection)
        self.assertEqual(self.statements()[0].balance_start, 1000.0)
        self.synchronize(connection)
        self.assertEqual(self.statements()[0].balance_start, 1000.0)
        self.assertEqual(self.statements()[-1].balance_end_real, float(self.bank.balance(OTHER_WAY, IBAN)))

    def test_a_movement_knows_under_which_it_came_again(self):
        self.through_a(*self.at_a())
        connection = self.through_b(*self.at_b())
        self.link(connection)
        row = self.lines()[-1].sync_transaction_id
        former = self.env["sync.bank.transaction"].search([("replaced_by_id", "=", row.id)])
        self.assertEqual((former.reference, former.state, row.reference), ("A-5", "booked", "B-5"))

    def test_a_journal_that_was_kept_otherwise_meanwhile_begins_after_its_last_line(self):
        self.through_a(*self.at_a())
        self.line(TODAY + timedelta(days=3), -1.0)
        connection = self.through_b(*self.at_b())
        connection.account_ids._link(self.journal)
        self.assertEqual(connection.account_ids.date_from, TODAY + timedelta(days=4))

    def test_disconnected_and_linked_again_the_account_goes_on_where_it_stopped(self):
        connection = self.through_a(*self.at_a())
        connection.account_ids.journal_id = False
        self.add(self.row(ago(2), "-3.30", "Late", "A-20"), self.row(TODAY, "4.00", "Today", "A-21"))
        self.assertEqual(self.link(connection).created_count, 2)
        self.assertBooksEqualBank(IBAN, BANK)
        self.assertFalse(connection.account_ids.date_from)

    def test_what_was_dismissed_or_deleted_does_not_come_back_through_the_other_service(self):
        self.journal.sync_statement_period = "none"
        self.through_a(*self.at_a())
        self.lines()[1].unlink()
        self.lines()[-1].unlink()
        lines = self.lines()
        connection = self.through_b(*self.at_b())
        run = self.link(connection)
        self.assertEqual((run.created_count, self.lines()), (0, lines))
        dismissed = self.inbox(state="dismissed", connection_id=connection.id)
        self.assertEqual(dismissed.mapped("amount"), [-12.0, -7.1])
        self.assertIn("its transaction deleted", dismissed[0].detail)
        self.assertEqual(self.synchronize(connection).created_count, 0)
        dismissed.action_restore()
        dismissed.action_book()
        self.assertBooksEqualOtherWay()
