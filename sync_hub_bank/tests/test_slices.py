# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..models import sync_bank_booking
from .common import BANK, IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestSlices(BankCase):
    """Whatever time a worker has, the next one goes on where it stopped, and all rows arrive once."""

    def in_slices(self, connection):
        """Work with no time at all, one step per slice; returns the run and the number of slices."""
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        slices = 1
        while run.state == "queued":
            self.work_slice(connection, -1)
            slices += 1
            self.assertLess(slices, 50)
        return run, slices

    def test_a_run_with_hardly_any_time_ends_with_all_rows(self):
        self.patch(sync_bank_booking, "CHUNK", 3)
        self.patch(sync_bank_booking, "FIRST_CHUNK", 3)
        self.bank.configure(BANK, page_size=2)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 9)))
        run, slices = self.in_slices(connection)
        self.assertEqual((run.outcome, run.fetched_count, run.created_count, slices), ("done", 8, 8, 6))
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()

    def test_equal_rows_without_ids_in_different_slices_are_all_kept(self):
        self.bank.configure(BANK, page_size=1, entry_references=False)
        connection = self.connect(*(self.row(ago(2), "-2.60", "BAR CENTRALE") for _coffee in range(3)))
        self.in_slices(connection)
        self.assertEqual(len(self.lines()), 3)
        run, _slices = self.in_slices(connection)
        self.assertEqual((run.outcome, len(self.lines())), ("nothing_new", 3))

    def read_while_the_bank_books(self, connection, *between):
        """Let something happen at the bank after the first page of two movements; returns the run."""
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        for happens in between:
            happens()
        while run.state == "queued":
            self.work_slice(connection, -1)
        return run

    def test_a_row_that_the_bank_shows_on_two_pages_is_one_although_it_has_no_id(self):
        self.bank.configure(BANK, page_size=2, entry_references=False)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 6)))
        run = self.read_while_the_bank_books(connection, lambda: self.add(self.row(ago(0), "-9.00")))
        self.assertEqual((run.outcome, run.created_count, run.fetched_count), ("done", 6, 6))
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()

    def test_nor_is_it_two_when_the_bank_numbers_all_rows_anew_meanwhile(self):
        self.bank.configure(BANK, page_size=2)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00", reference=f"ID-{day}") for day in range(1, 6)))
        self.synchronize(connection)
        self.read_while_the_bank_books(
            connection, lambda: self.add(self.row(ago(0), "-9.00")), lambda: self.bank.renumber(BANK, IBAN)
        )
        self.assertBooksEqualBank()
        self.assertEqual(self.synchronize(connection).outcome, "nothing_new")

    def test_what_moves_in_every_reading_is_left_to_the_next_synchronization(self):
        self.bank.configure(BANK, page_size=4, entry_references=False)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 7)))
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        pages = 1
        while run.state == "queued":
            self.add(self.row(ago(0), f"-{pages}.50"))
            self.work_slice(connection, -1)
            pages += 1
        account = connection.account_ids
        (said,) = run.line_ids.filtered(lambda line: line.kind == "bank_moved")
        left = int(said.values["count"])
        self.assertIn("three times", said.message)
        self.assertEqual((said.severity, left > 0, account.complete_until), ("warning", True, False))
        booked = self.lines().mapped("amount")
        self.assertEqual(len(booked), len(set(booked)), "No movement of this bank is like another one.")
        self.assertEqual(run.fetched_count - left, len(booked))
        self.synchronize(connection)
        self.assertTrue(account.complete_until)
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()

    def test_a_row_shown_twice_is_one_although_the_worker_is_killed_before_the_second_reading(self):
        self.bank.configure(BANK, page_size=2, entry_references=False)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 6)))
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        checkpoint = run.checkpoint
        self.add(self.row(ago(0), "-9.00"))
        self.work_slice(connection, -1)
        self.assertEqual(self.inbox(doubtful=True).mapped("amount"), [-2.0])
        # What was committed after the checkpoint stays when the worker is killed.
        run.checkpoint = checkpoint
        self.work(connection)
        self.assertFalse(self.inbox(doubtful=True))
        self.assertBooksEqualBank()

    def test_equal_rows_on_two_pages_are_read_twice_and_believed(self):
        self.bank.configure(BANK, page_size=1, entry_references=False)
        connection = self.connect(*(self.row(ago(2), "-2.60", "BAR CENTRALE") for _coffee in range(2)))
        run = self.synchronize(connection)
        pages = sum(request["call"] == "transactions" for request in self.bank.requests())
        self.assertEqual((run.fetched_count, run.created_count, pages), (2, 2, 4))
        self.assertEqual(self.synchronize(connection).outcome, "nothing_new")
        again = sum(request["call"] == "transactions" for request in self.bank.requests())
        self.assertEqual(again - pages, 2)

    def test_each_account_has_its_turn(self):
        self.bank.configure(BANK, page_size=1)
        connection = self.connect(self.row(ago(2), "-1.00"), self.row(ago(1), "-2.00"))
        account = self.second_account(connection, self.row(ago(2), "-3.00"), self.row(ago(1), "-4.00"))
        run, _slices = self.in_slices(connection)
        self.assertEqual((run.outcome, run.created_count), ("done", 4))
        self.assertEqual(self.lines(account.journal_id).mapped("amount"), [-3.0, -4.0])

    def test_no_account_is_begun_when_the_time_is_over(self):
        """Its bank may take long to answer, and so would the one after it."""
        connection = self.connect(self.row(ago(2), "-1.00"))
        self.second_account(connection, self.row(ago(2), "-3.00"))
        connection.action_sync_now()
        begun = []
        for _slice in range(2):
            run = self.work_slice(connection, -1)
            begun.append(sum(request["call"] == "transactions" for request in self.bank.requests()))
        self.assertEqual((begun, run.outcome), ([1, 2], "done"))

    def test_a_run_that_is_stopped_between_slices_costs_a_second_fetch_and_no_row(self):
        self.bank.configure(BANK, page_size=1)
        connection = self.connect(self.row(ago(2), "-1.00"), self.row(ago(1), "-2.00"))
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        run.checkpoint = False
        self.work(connection)
        self.assertEqual(run.created_count, 2)
        self.assertBooksEqualBank()

    def test_a_page_that_repeats_for_ever_ends_across_slices_too(self):
        self.bank.configure(BANK, page_size=2, entry_references=False)
        connection = self.connect(self.row(ago(3), "-1.00"), self.row(ago(2), "-2.00"), self.row(ago(1), "-3.00"))
        self.bank.fail("endless_pages", times=None, keys="fresh", bank=BANK, account=IBAN)
        run, _slices = self.in_slices(connection)
        self.assertNotIn(run.outcome, ("done", "nothing_new"))
        self.bank.clear_faults()
        self.synchronize(connection)
        self.assertBooksEqualBank()
