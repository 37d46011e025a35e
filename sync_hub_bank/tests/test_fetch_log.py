# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import BANK, IBAN, NOW, TODAY, BankCase, ago


@tagged("post_install", "-at_install")
class TestFetchLog(BankCase):
    """Each fetch of an account leaves what was asked, what came and what became of it."""

    def fetches(self, account=None):
        """Fetches of the company, or of an account, oldest first."""
        domain = [("account_id", "=", account.id)] if account else [("company_id", "=", self.company.id)]
        return self.env["sync.bank.fetch"].search(domain, order="id")

    def test_a_fetch_tells_begin_end_calls_and_what_came(self):
        self.bank.configure(BANK, page_size=2)
        connection = self.connect(
            self.row(ago(3), "-1.00"), self.row(ago(2), "-2.00"), self.row(ago(1), "2.00", currency="CHF")
        )
        run = self.synchronize(connection)
        fetch = self.fetches()
        self.assertEqual((fetch.state, fetch.run_id, fetch.account_id), ("complete", run, connection.account_ids))
        self.assertEqual((fetch.began, fetch.ended), (NOW.replace(tzinfo=None),) * 2)
        self.assertEqual((fetch.page_count, fetch.call_count), (2, 3))
        self.assertEqual((fetch.received_count, fetch.new_count, fetch.booked_count), (3, 3, 2))
        self.assertEqual((fetch.set_aside_count, fetch.set_aside), (1, {"other_currency": 1}))
        self.assertIn("Another currency", fetch.set_aside_text)
        self.assertEqual(fetch.transaction_ids, self.inbox())
        self.assertEqual(run.bank_fetch_ids, fetch)

    def test_the_next_one_tells_from_where_it_set_out(self):
        connection = self.connect(self.row(ago(3), "-1.00"))
        self.synchronize(connection)
        self.synchronize(connection)
        first, second = self.fetches()
        self.assertFalse(first.complete_until_before or first.asked_from)
        self.assertEqual((second.complete_until_before, second.asked_from), (TODAY, ago(10)))
        self.assertEqual((second.received_count, second.new_count, second.booked_count), (1, 0, 0))

    def test_a_fetch_that_failed_does_not_look_like_one_that_found_nothing(self):
        connection = self.connect(self.row(ago(3), "-1.00"))
        self.synchronize(connection)
        self.bank.fail("timeout", call="transactions", times=3)
        run = self.synchronize(connection)
        fetch = self.fetches()[-1]
        self.assertEqual((fetch.state, fetch.run_id, fetch.received_count), ("failed", run, 0))
        self.assertEqual(fetch.fault_line_id, connection.fault_line_id)
        self.assertEqual(fetch.fault_message, connection.fault_message)
        self.assertTrue(fetch.ended)

    def test_nor_does_one_whose_pages_have_no_end(self):
        self.bank.configure(BANK, page_size=2)
        connection = self.connect(*(self.row(ago(day), "-1.00") for day in range(1, 5)))
        self.bank.fail("endless_pages", times=None, bank=BANK, account=IBAN)
        self.synchronize(connection)
        fetch = self.fetches()
        self.assertEqual(fetch.state, "failed")
        self.assertEqual(fetch.fault_line_id.kind, "bad_data")

    def test_one_account_that_fails_leaves_the_other_complete(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        account = self.second_account(connection, self.row(ago(2), "-3.00"))
        self.bank.fail("error", call="transactions", code="ASPSP_ACCOUNT_NOT_ACCESSIBLE", bank=BANK, account=IBAN)
        self.synchronize(connection)
        first = connection.account_ids - account
        self.assertEqual((self.fetches(first).state, self.fetches(account).state), ("failed", "complete"))

    def test_all_slices_of_a_run_are_one_fetch(self):
        self.bank.configure(BANK, page_size=1)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 4)))
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        self.assertEqual(self.fetches().state, "running")
        while run.state == "queued":
            self.work_slice(connection, -1)
        fetch = self.fetches()
        self.assertEqual((len(fetch), fetch.state), (1, "complete"))
        self.assertEqual((fetch.page_count, fetch.received_count, fetch.booked_count), (3, 3, 3))
        self.assertFalse(fetch.complete_until_before)

    def test_a_run_that_is_cancelled_leaves_a_fetch_that_failed(self):
        self.bank.configure(BANK, page_size=1)
        connection = self.connect(self.row(ago(2), "-1.00"), self.row(ago(1), "-2.00"))
        connection.action_sync_now()
        self.work_slice(connection, -1)
        connection.action_cancel_run()
        self.assertEqual(self.fetches().state, "failed")

    def test_a_pending_row_that_the_bank_has_booked_counts_as_updated(self):
        self.bank.configure(BANK, entry_references=False)
        connection = self.connect(self.row(ago(3), "-1.00"))
        self.bank.add_pending(BANK, IBAN, Decimal("-84.30"), day=ago(1))
        self.synchronize(connection)
        self.bank.book_pending(BANK, IBAN, amount=Decimal("-84.30"), day=ago(1))
        self.synchronize(connection)
        fetch = self.fetches()[-1]
        self.assertEqual((fetch.updated_count, fetch.booked_count), (1, 1))

    def test_a_run_fetches_an_account_once(self):
        self.synchronize(self.connect(self.row(ago(3), "-1.00")))
        fetch = self.fetches().sudo()  # what a worker without the lock would try
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            fetch.copy({"run_id": fetch.run_id.id})

    def test_fetches_outlive_the_run(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        old = self.synchronize(connection)
        self.synchronize(connection)
        old.sudo().date_end = fields.Datetime.now() - timedelta(days=365)
        self.env["sync.run"].sudo()._delete_old_runs()
        self.assertEqual(self.fetches().mapped("booked_count"), [1, 0])

    def test_what_a_fetch_brought_and_the_fetches_of_an_account_open(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        self.synchronize(connection)
        action = self.fetches().action_open_movements()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.inbox())
        action = connection.account_ids.action_open_fetches()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.fetches())
