# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import BANK, IBAN, NOW, BankCase, ago


@tagged("post_install", "-at_install")
class TestBadInput(BankCase):
    """Whatever a bank answers ends in a clear error; good rows are kept, nothing is lost, nothing comes twice."""

    def setUp(self):
        super().setUp()
        self.bank.configure(BANK, page_size=3)
        self.connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 6)))

    def disturb(self, fault, call="transactions", **options):
        self.bank.fail(fault, call=call, bank=BANK, account=IBAN, **options)

    def assertEndsIn(self, kind, state="connected"):
        """The fetch under way ends in a fault of that kind, and the next one brings everything once."""
        run = self.synchronize(self.connection)
        self.assertNotIn(run.outcome, ("done", "nothing_new"))
        line = self.assertFault(self.connection, kind)
        self.assertEqual(self.connection.state, state)
        self.bank.clear_faults()
        return line

    def assertRecovers(self):
        self.connection.not_before = False
        self.synchronize(self.connection)
        self.assertFalse(self.connection.fault_message)
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()
        self.assertEqual(self.synchronize(self.connection).created_count, 0)

    # -- Answers --------------------------------------------------------------------------------------------------

    def test_a_page_of_html(self):
        self.disturb("html")
        self.assertEndsIn("bad_data")
        self.assertRecovers()

    def test_an_answer_that_is_cut_off_after_a_good_page(self):
        self.disturb("truncated", after=1)
        self.assertEndsIn("bad_data")
        self.assertEqual(len(self.inbox(state="to_book")), 3)
        self.assertRecovers()

    def test_too_many_calls_with_a_time_after_which_to_come_back(self):
        self.disturb("rate_limit", retry_after=3600)
        line = self.assertEndsIn("rate_limited")
        self.assertEqual(line.provider_code, "ASPSP_RATE_LIMIT_EXCEEDED")
        self.assertEqual(self.connection.not_before, (NOW + timedelta(hours=1)).replace(tzinfo=None))
        calls = len(self.bank.requests())
        with self.assertRaisesRegex(UserError, "no more calls"):
            self.connection.action_sync_now()
        self.scheduled(self.connection)
        self.assertEqual(len(self.bank.requests()), calls)
        with freeze_time(NOW + timedelta(hours=2)):
            self.scheduled(self.connection)
        self.assertBooksEqualBank()

    def test_too_many_calls_without_such_a_time_waits_for_the_next_day(self):
        self.disturb("rate_limit")
        self.assertEndsIn("rate_limited")
        self.assertEqual(self.connection.not_before.date(), ago(-1))

    def test_a_bank_that_does_not_answer_in_time(self):
        self.disturb("timeout", times=None)
        self.assertEqual(self.assertEndsIn("provider_down").provider_code, "ASPSP_TIMEOUT")
        self.assertRecovers()

    def test_a_service_that_fails_once_is_asked_again_at_once(self):
        self.disturb("server_error")
        self.assertEqual(self.synchronize(self.connection).outcome, "done")

    def test_a_service_that_keeps_failing(self):
        self.disturb("server_error", times=None)
        self.assertEndsIn("provider_down")
        self.assertRecovers()

    def test_a_service_that_cannot_be_reached(self):
        self.provider.api_url = "http://127.0.0.1:9"  # the discard port, where nobody answers
        self.assertEndsIn("network_unreachable")
        self.provider.api_url = self.bank.url
        self.assertRecovers()

    def test_a_slow_answer_is_an_answer(self):
        self.disturb("slow", seconds=0.3)
        self.assertEqual(self.synchronize(self.connection).outcome, "done")

    def test_another_host_to_which_the_service_points_is_not_called(self):
        self.disturb("redirect")
        self.assertEndsIn("network_untrusted")
        self.assertRecovers()

    def test_a_page_that_repeats_for_ever_under_one_key(self):
        self.disturb("endless_pages", times=None)
        self.assertIn("repeats", self.assertEndsIn("bad_data").detail)
        self.assertEqual(len(self.lines()), 3)
        self.assertFalse(self.connection.account_ids.complete_until)
        self.assertRecovers()

    def test_a_page_that_repeats_for_ever_under_ever_new_keys(self):
        self.disturb("endless_pages", times=None, keys="fresh")
        self.assertEndsIn("bad_data")
        self.assertEqual(len(self.lines()), 3)
        self.assertRecovers()

    def test_a_repeated_page_of_rows_without_ids(self):
        self.bank.configure(BANK, entry_references=False)
        self.disturb("endless_pages", times=None)
        self.assertEndsIn("bad_data")
        self.assertEqual(len(self.lines()), 3)
        self.assertRecovers()

    # -- Rows -----------------------------------------------------------------------------------------------------

    def test_rows_that_cannot_be_read_are_kept_aside_and_the_good_ones_booked(self):
        for fault in ("amount_text", "impossible_date", "no_dates", "unknown_status"):
            with self.subTest(fault):
                self.disturb(fault, rows=1)
                line = self.assertEndsIn("bad_data")
                self.assertIn("…" if not line.detail else ":", line.detail or "…")
                self.assertIn("unreadable", self.inbox(state="proposed").mapped("reason"))
        self.assertGreaterEqual(len(self.lines()), 4)
        self.assertRecovers()

    def test_a_row_that_cannot_be_read_is_shown_once_and_cannot_be_booked(self):
        self.bank.configure(BANK, page_size=100)
        self.disturb("amount_text", rows=1, times=None)
        self.assertEqual(self.synchronize(self.connection).outcome, "partly_failed")
        self.assertEqual(len(self.lines()), 4)
        self.assertEqual(self.synchronize(self.connection).outcome, "nothing_new")
        row = self.inbox(state="proposed")
        self.assertEqual((row.reason, row.detail), ("unreadable", "transaction_amount.amount: abc"))
        self.assertIn("abc", row.raw_text)
        with self.assertRaisesRegex(UserError, "could not be read"):
            row.action_book()

    def test_equal_rows_that_cannot_be_read_are_each_kept(self):
        self.bank.configure(BANK, entry_references=False, transaction_ids=False)
        self.load(*(self.row(ago(1), "-2.60", "BAR CENTRALE") for _coffee in range(2)))
        self.disturb("impossible_date", rows="all")
        self.assertEndsIn("bad_data")
        self.assertEqual(len(self.inbox(reason="unreadable")), 2)

    def test_a_row_without_any_id_and_one_with_a_second_sign(self):
        self.disturb("no_ids", rows="all", times=None)
        self.disturb("amount_sign", rows="all", times=None)
        self.assertEqual(self.synchronize(self.connection).outcome, "done")
        self.bank.clear_faults()
        self.assertRecovers()

    def test_one_id_for_two_rows(self):
        self.disturb("duplicate_reference", rows=1)
        self.assertEqual(self.synchronize(self.connection).outcome, "done")
        self.assertRecovers()

    def test_rows_in_another_currency_wait_and_do_not_stop_the_others(self):
        self.disturb("other_currency", rows=1)
        self.synchronize(self.connection)
        self.assertEqual((len(self.lines()), self.inbox(state="proposed").reason), (4, "other_currency"))

    def test_a_currency_that_odoo_does_not_know_is_one_unreadable_row(self):
        self.load(self.row(ago(2), "-2.00", currency="ZZZ"), self.row(ago(1), "-1.00"))
        line = self.assertEndsIn("bad_data")
        self.assertIn("ZZZ", line.detail)
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(1), -1.0)])

    # -- Keys and addresses ---------------------------------------------------------------------------------------

    def test_bad_keys_pause_the_connection_until_good_ones_are_entered(self):
        good = self.bank.private_key_pem
        public = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"
        for key, words in (("garbage", "not a private key"), (public, "public key")):
            self.provider.private_key = key
            self.connection.state = "connected"
            line = self.assertEndsIn("credentials_rejected", state="credentials")
            self.assertIn(words, line.detail)
        self.assertEqual(self.connection.fault_button, "action_update_credentials")
        context = self.connection.action_update_credentials()["context"]
        form = Form(self.env["sync.bank.credentials"].with_context(**context))
        form.private_key = public
        with self.assertRaises(UserError), self.env.cr.savepoint():
            form.save().action_save()
        form = Form(self.env["sync.bank.credentials"].with_context(**context))
        form.private_key = good
        form.save().action_save()
        self.work(self.connection)
        self.assertEqual(self.connection.state, "connected")
        self.assertBooksEqualBank()

    def test_an_application_that_the_service_does_not_know(self):
        self.provider.application_id = "00000000-0000-0000-0000-000000000000"
        self.assertEqual(self.assertEndsIn("credentials_rejected", "credentials").provider_code, "UNAUTHORIZED_ACCESS")

    def test_keys_that_were_never_entered(self):
        self.provider.private_key = ""
        self.assertEndsIn("credentials_missing", state="credentials")

    def test_a_wrong_redirect_address_is_named_before_anybody_goes_to_the_bank(self):
        listed = [*self.bank.redirect_urls]
        self.bank.redirect_urls[:] = ["https://elsewhere.example/return"]
        try:
            with self.assertRaisesRegex(UserError, self.provider.redirect_url):
                self.provider.action_test()
            self.connection.action_reconnect()
        finally:
            self.bank.redirect_urls[:] = listed
        line = self.assertFault(self.connection, "request_refused")
        self.assertEqual(line.provider_code, "REDIRECT_URI_NOT_ALLOWED")

    def test_a_bank_and_a_country_that_the_service_does_not_have(self):
        self.connection.country_id = self.env.ref("base.aq")
        self.connection.action_reconnect()
        line = self.assertFault(self.connection, "request_refused")
        self.assertEqual(line.provider_code, "WRONG_ASPSP_PROVIDED")
