# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from pathlib import Path

from odoo.tests import tagged

from .common import BANK, BankCase

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


def words(text: str) -> str:
    return "".join(text.split())


@tagged("post_install", "-at_install")
class TestSampleFiles(BankCase):
    """Real statements of real banks, served by the sandbox bank, arrive in the books as the files say."""

    def setUp(self):
        super().setUp()
        if not SAMPLES.is_dir():
            self.skipTest("The sample statements are not beside the project.")

    def import_statements(self, statements):
        """Serve the statements of a file as accounts of their own and import them; returns journals by account."""
        for statement in statements:
            currencies = self.env["res.currency"].with_context(active_test=False)
            currencies.search([("name", "=", statement.currency)]).sudo().active = True
            self.bank.load_account(
                BANK, statement.account, statement.currency, statement.implied_opening, statement.rows
            )
        connection = self.consent(self.draft(), [statement.account for statement in statements])
        accounts = connection.account_ids.filtered(lambda account: not account.gone)
        self.assertEqual(len(accounts), len(statements))
        for account in accounts:
            account._link(account._create_journal())
        run = self.synchronize(connection)
        self.assertIn(run.outcome, ("done", "nothing_new"), run.line_ids.mapped("detail"))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        journals = {account.iban or account.number: account.journal_id for account in accounts}
        # Another file may hold statements of the same account.
        connection.action_disconnect()
        return journals

    def check_file(self, path, read):
        from emulators.statements import by_account

        statements = list(by_account(read(path)).values())
        journals = self.import_statements(statements)
        for statement in statements:
            with self.subTest(path.name, account=statement.account):
                journal = journals[statement.account]
                rows = [row for row in statement.rows if row.status == "BOOK"]
                lines = self.lines(journal)
                self.assertEqual(
                    Counter((line.date, round(line.amount, 2)) for line in lines),
                    Counter((row.day, round(float(row.amount), 2)) for row in rows),
                )
                labels = [words(line.payment_ref or "") for line in lines]
                for row in rows:
                    for part in row.remittance:
                        self.assertTrue(any(words(part) in text for text in labels), part)
                self.assertStatementsFollowEachOther(journal)
                if statement.closing_balance is not None and rows:
                    last = self.statements(journal)[-1]
                    self.assertAlmostEqual(last.balance_end_real, float(statement.closing_balance), 2)

    def test_mt940_files_are_imported_as_they_are(self):
        from emulators.statements import read_mt940

        for path in sorted((SAMPLES / "mt940").iterdir()):
            self.check_file(path, read_mt940)

    def test_camt_053_files_are_imported_as_they_are(self):
        from emulators.statements import read_camt053

        for path in sorted((SAMPLES / "camt").iterdir()):
            self.check_file(path, read_camt053)
