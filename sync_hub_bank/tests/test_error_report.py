# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo.addons.sync_hub.tests.leak_watch import leaks
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BANK, IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestErrorReport(BankCase):
    """“Copy error report” tells support all it needs, and nothing that leaves the company by it need not."""

    def report(self, connection):
        """What the dialog of the button shows."""
        action = connection.action_error_report()
        return self.env[action["res_model"]].with_context(**action["context"]).create({}).text

    def failed(self, **fault):
        """A connection whose bank refuses one account."""
        connection = self.connect(self.row(ago(1), "-1.00", counterparty="Luigi Verdi"))
        connection.account_ids.write({"holder": "Mario Rossi", "name": "Conto Rossi"})
        connection.user_id = self.env.user
        fault = fault or {"kind": "error", "code": "ASPSP_ACCOUNT_NOT_ACCESSIBLE"}
        self.bank.fail(fault.pop("kind"), call="transactions", bank=BANK, account=IBAN, **fault)
        self.synchronize(connection)
        return connection

    def test_it_has_what_happened_what_to_do_the_reference_and_the_code(self):
        connection = self.failed()
        report = self.report(connection)
        line = connection.fault_line_id
        for part in (connection.fault_reference, line.remedy, line.kind, line.provider_code, "2026-06-30"):
            self.assertIn(part, report)

    def test_it_has_the_service_the_bank_and_the_versions(self):
        report = self.report(self.failed())
        for part in ("enablebanking", BANK, "IT", "Odoo 19", "sync_hub 19.0", "sync_hub_bank 19.0"):
            self.assertIn(part, report)

    def test_it_has_the_last_calls_with_path_status_and_duration(self):
        report = self.report(self.failed())
        calls = [line for line in report.splitlines() if " GET " in line]
        self.assertTrue(calls)
        self.assertRegex(calls[-1], r"^2026-\S+Z GET /accounts/\*\*\*/transactions\S* 4\d\d \d+ ms")

    def test_it_names_nobody_and_shows_no_account_and_no_secret(self):
        connection = self.failed()
        report = self.report(connection)
        account = connection.account_ids
        hidden = [IBAN, account.uid, "Mario", "Rossi", "Conto Rossi", self.env.user.login, self.bank.application_id]
        self.assertEqual([text for text in hidden if text.casefold() in report.casefold()], [])
        sessions = [session["session_id"] for session in self.bank.sessions()]
        self.assertEqual(leaks(report, [*sessions, self.bank.private_key_pem]), [])
        self.assertIn(f"{IBAN[:4]}***{IBAN[-4:]}", report, "Which account it was can still be told.")
        self.assertIsNone(re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", report))

    def test_a_consent_that_could_not_be_asked_for_is_reported_with_its_calls(self):
        connection = self.draft()
        self.bank.fail("error", call="auth", status=503, times=None)
        connection.action_authorize()
        report = self.report(connection)
        self.assertIn(connection.fault_reference, report)
        self.assertRegex(report, r"POST /auth 50\d \d+ ms")

    def test_calls_of_several_slices_are_kept_and_the_oldest_go(self):
        self.bank.configure(BANK, page_size=1)
        connection = self.connect(*(self.row(ago(day % 28 + 1), f"-{day}.00") for day in range(1, 56)))
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        while run.state == "queued":
            self.work_slice(connection, -1)
        calls = run.sudo().request_log
        self.assertEqual(len(calls), 50)
        self.assertIn("/balances", calls[-1]["path"])

    def test_the_report_of_a_run_is_for_whoever_may_see_the_run(self):
        run = self.failed().last_run_id
        self.assertIn(run.reference, self.env["sync.error.report"].create({"run_id": run.id}).text)

    def test_a_connection_that_never_synchronized_has_nothing_to_report(self):
        with self.assertRaises(UserError):
            self.draft().action_error_report()
