# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from datetime import timedelta

from odoo import fields, sql_db
from odoo.tests import tagged

from ..fetching import FetchAhead
from ..models import sync_bank_booking
from .common import BANK, BankCase, ago


@tagged("post_install", "-at_install")
class TestRunOfBank(BankCase):
    """What a run of a bank leaves when it is cancelled, killed, or grown old."""

    def test_accounts_that_are_read_ahead_and_bring_nothing_new_cost_one_commit_each(self):
        """Odoo forgets all it knows at each commit, and reads it again."""
        connection = self.connect(self.row(ago(2), "-1.00"))
        self.second_account(connection, self.row(ago(2), "-3.00"))
        self.synchronize(connection)
        take = FetchAhead.take

        def take_what_is_here(ahead, key):
            reading = take(ahead, key)
            while not reading.balances_are_here():
                time.sleep(0.01)
            return reading

        self.patch(FetchAhead, "take", take_what_is_here)
        # Each service that is installed looks for its own tries; here only that of banks counts.
        services = self.env["sync.service"].search([("connection_model", "=", connection._name)])
        self.patch(type(services), "_with_connections", lambda _services: services)
        before = sql_db.sql_counter
        run = self.synchronize(connection)
        self.assertEqual(run.outcome, "nothing_new")
        self.assertLess(sql_db.sql_counter - before, 200)

    def test_cancelling_between_two_chunks_keeps_what_is_booked_and_the_rest_is_booked_later(self):
        self.patch(sync_bank_booking, "FIRST_CHUNK", 2)
        self.patch(sync_bank_booking, "CHUNK", 2)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 7)))
        connection.action_sync_now()
        booking = type(self.env["sync.bank.booking"])
        book_rows = booking._book_rows

        def book_and_somebody_cancels(model, account, rows, fetch):
            result = book_rows(model, account, rows, fetch)
            fetch.run_id.action_cancel()
            return result

        self.patch(booking, "_book_rows", book_and_somebody_cancels)
        run = self.work(connection)
        self.assertEqual((run.outcome, run.created_count, len(self.lines())), ("cancelled", 2, 2))
        self.assertEqual(len(self.inbox(state="to_book")), 4, "What was received waits.")
        self.patch(booking, "_book_rows", book_rows)
        self.assertEqual(self.synchronize(connection).outcome, "done")
        self.assertBooksEqualBank()

    def test_cancelling_while_pages_arrive_moves_no_cursor(self):
        self.bank.configure(BANK, page_size=1)
        connection = self.connect(self.row(ago(3), "-1.00"), self.row(ago(2), "-2.00"), self.row(ago(1), "-3.00"))
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        connection.action_cancel_run()
        self.assertEqual((run.outcome, len(self.inbox())), ("cancelled", 1))
        self.assertFalse(connection.account_ids.complete_until)
        self.synchronize(connection)
        self.assertBooksEqualBank()

    def test_the_bar_counts_the_rows_that_are_booked(self):
        self.patch(sync_bank_booking, "FIRST_CHUNK", 2)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 5)))
        connection.action_sync_now()
        seen = []
        while (run := connection.current_run_id) and len(seen) < 10:
            self.work_slice(connection, -1)
            seen.append((run.live_progress["done"], run.live_progress["total"]))
            self.env.invalidate_all()
        self.assertEqual(seen, [(2, 4), (4, 4)])

    def test_an_account_that_failed_before_a_kill_is_tried_again_by_the_run_that_takes_over(self):
        """Its fault stands in the run that was killed: the new one must not call itself done without it."""
        connection = self.connect(self.row(ago(2), "-1.00"))
        account = connection.account_ids
        run = self.env["sync.run"].sudo()._queue(connection, "manual")
        run._begin()
        run.checkpoint = {"finished": [], "failed": account.ids, "succeeded": 0}
        again = self.work(connection)
        self.assertEqual((run.outcome, again.outcome, again.created_count), ("interrupted", "done", 1))
        self.assertBooksEqualBank()

    def test_an_account_that_fails_again_before_the_next_kill_is_no_step_forward(self):
        """The third run would begin where the second one began."""
        connection = self.connect(self.row(ago(2), "-1.00"))
        run = self.env["sync.run"].sudo()._queue(connection, "manual")
        for _kill in range(2):
            run._begin()
            run.checkpoint = {"finished": [], "failed": connection.account_ids.ids, "succeeded": 0}
            run._close_killed(connection)
            last, run = run, run.successor_ids
        self.assertTrue(last.interrupted_id)
        self.assertFalse(run)

    def test_an_account_that_was_finished_before_a_kill_is_not_fetched_again(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        account = self.second_account(connection, self.row(ago(2), "-3.00"))
        first = connection.account_ids - account
        run = self.env["sync.run"].sudo()._queue(connection, "manual")
        run._begin()
        run.checkpoint = {"finished": first.ids, "failed": [], "succeeded": 1}
        again = self.work(connection)
        self.assertEqual((again.outcome, again.created_count), ("done", 1))
        self.assertEqual((len(self.lines()), self.lines(account.journal_id).mapped("amount")), (0, [-3.0]))

    def test_movements_outlive_the_run_that_brought_them(self):
        """Only the link to its log goes."""
        connection = self.connect(self.row(ago(2), "-1.00"))
        old = self.synchronize(connection)
        row = self.inbox()
        self.assertEqual(row.run_id, old)
        self.synchronize(connection)
        old.sudo().date_end = fields.Datetime.now() - timedelta(days=365)
        self.env["sync.run"].sudo()._delete_old_runs()
        self.assertFalse(old.exists())
        self.assertEqual((len(self.inbox()), row.run_id.id, row.state), (1, False, "booked"))
        self.assertEqual(len(self.lines()), 1)
        self.assertEqual(self.synchronize(connection).outcome, "nothing_new")
