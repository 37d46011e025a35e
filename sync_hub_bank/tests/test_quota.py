# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged

from .common import NOW, OTHER_IBAN, BankCase, ago

PRESENT = {"ip_address": "203.0.113.7"}


@tagged("post_install", "-at_install")
class TestQuota(BankCase):
    """Banks answer four times a day while the user is not there; who is there may ask as often as wanted."""

    def setUp(self):
        super().setUp()
        self.provider.calls_per_day = 4
        self.connection = self.connect(self.row(ago(2), "-1.00"))

    def asked(self):
        """How often the bank was asked for movements."""
        return sum(request["call"] == "transactions" for request in self.bank.requests())

    def asked_for_balances(self):
        return sum(request["call"] == "balances" for request in self.bank.requests())

    def use_up_balances(self, account):
        """The bank was asked four times for the balance of an account alone."""
        for _call in range(4):
            self.env["sync.bank.audit"]._record_access(account, "balances")

    def automatic(self, hours):
        """An automatic run, so many hours after the tests' now; returns the run."""
        with freeze_time(NOW + timedelta(hours=hours)):
            self.env["sync.run"].sudo()._queue(self.connection, "scheduled", schedule=self.connection.schedule_id)
            return self.work(self.connection)

    def test_the_fifth_automatic_call_of_a_day_is_not_made_and_the_log_says_when_the_next_is(self):
        for hour in range(4):
            self.automatic(hour)
        before = self.asked()
        run = self.automatic(4)
        self.assertEqual(self.asked(), before)
        note = run.line_ids.filtered(lambda line: line.kind == "bank_quota")
        self.assertEqual(note.severity, "warning")
        self.assertEqual(
            fields.Datetime.to_datetime(self.connection.account_ids._next_unattended_call()),
            NOW.replace(tzinfo=None) + timedelta(hours=24),
        )

    def test_no_automatic_run_is_due_until_then(self):
        for hour in range(4):
            self.automatic(hour)
        with freeze_time(NOW + timedelta(hours=5)):
            self.assertFalse(self.connection._is_due())
        with freeze_time(NOW + timedelta(hours=24, minutes=1)):
            self.assertTrue(self.connection._is_due())
            before = self.asked()
        self.automatic(24.1)
        self.assertEqual(self.asked(), before + 1)

    def test_who_is_present_may_ask_and_is_not_counted(self):
        for hour in range(4):
            self.automatic(hour)
        before = self.asked()
        self.env["sync.run"].sudo()._queue(self.connection, "manual", user=self.env.user, attended=PRESENT)
        self.work(self.connection)
        self.assertEqual(self.asked(), before + 1)
        self.assertEqual(self.bank.requests()[-2]["user_present"], True)

    def test_each_account_is_counted_by_itself(self):
        for hour in range(4):
            self.automatic(hour)
        other = self.second_account(self.connection, self.row(ago(1), "-3.00"))
        run = self.automatic(5)
        self.assertFalse(other._next_unattended_call())
        self.assertEqual(self.lines(other.journal_id).mapped("amount"), [-3.0])
        quota = run.line_ids.filtered(lambda line: line.kind == "bank_quota")
        self.assertEqual(len(quota), 1)
        self.assertNotIn(OTHER_IBAN, quota.message)

    def test_accounts_that_are_read_ahead_are_imported_all_four_times(self):
        other = self.second_account(self.connection, self.row(ago(5), "-3.00"))
        for hour in range(4):
            self.add(self.row(ago(1), f"-1{hour}.00", f"Row {hour}"), iban=OTHER_IBAN)
            self.automatic(hour)
        self.assertEqual(
            sorted(self.lines(other.journal_id).mapped("amount")), [-13.0, -12.0, -11.0, -10.0, -3.0]
        )

    def test_a_balance_whose_calls_are_used_up_is_not_asked_for_and_the_movements_come(self):
        self.use_up_balances(self.connection.account_ids)
        run = self.automatic(1)
        self.assertEqual((self.asked(), self.asked_for_balances()), (1, 0))
        self.assertEqual((run.outcome, self.lines().mapped("amount")), ("done", [-1.0]))
        self.assertEqual(self.connection.account_ids.bank_balance_date, False)
        note = run.line_ids.filtered(lambda line: line.kind == "bank_quota_balance")
        self.assertEqual(note.severity, "info")
        self.assertIn("its balance was asked for 4 times", note.message)
        self.automatic(25)
        self.assertEqual((self.asked(), self.asked_for_balances()), (2, 1))

    def test_so_it_is_where_several_accounts_are_read_at_the_same_time(self):
        other = self.second_account(self.connection, self.row(ago(1), "-3.00"))
        self.use_up_balances(other)
        run = self.automatic(1)
        self.assertEqual((self.asked(), self.asked_for_balances()), (2, 1))
        self.assertEqual(self.lines(other.journal_id).mapped("amount"), [-3.0])
        self.assertIn(OTHER_IBAN, run.line_ids.filtered(lambda line: line.kind == "bank_quota_balance").message)

    def test_who_is_present_gets_the_balance_too(self):
        self.use_up_balances(self.connection.account_ids)
        self.env["sync.run"].sudo()._queue(self.connection, "manual", user=self.env.user, attended=PRESENT)
        self.work(self.connection)
        self.assertEqual(self.asked_for_balances(), 1)

    def test_four_are_what_banks_in_europe_allow(self):
        services = self.env["sync.bank.provider"]
        limits = {code: services.new({"code": code}).calls_per_day for code in ("enablebanking", "plaid", "yodlee")}
        self.assertEqual(limits, {"enablebanking": 4, "plaid": 0, "yodlee": 0})

    def test_a_service_that_asks_the_banks_itself_has_no_limit(self):
        self.provider.calls_per_day = 0
        for hour in range(6):
            self.automatic(hour)
        self.assertEqual(self.asked(), 6)

    def test_an_account_that_feeds_no_journal_is_never_asked(self):
        self.second_account(self.connection, self.row(ago(1), "-3.00")).journal_id = False
        self.bank.clear_faults()
        self.automatic(0)
        self.assertEqual(self.asked(), 1)
