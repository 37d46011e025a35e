# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo.addons.sync_hub_bank.tests.common import BANK, IBAN, ago
from odoo.tests import tagged

from .camt import camt053
from .common import OcaCase


@tagged("post_install", "-at_install")
class TestFilesOfOca(OcaCase):
    """A period was imported from files with OCA's addons, and then comes online."""

    def import_file(self, content: str, name: str):
        wizard = self.env["account.statement.import"].with_context(journal_id=self.journal.id)
        wizard.create(
            {"statement_file": base64.b64encode(content.encode()), "statement_filename": name}
        ).import_file_button()
        return self.lines()

    def camt(self) -> str:
        """The statement of the sandbox bank as CAMT.053, as its customers download it."""
        rows = self.bank.booked(BANK, IBAN)
        return camt053(rows, IBAN, self.bank.opening_balance(BANK, IBAN))

    def test_a_camt_file_and_the_same_period_online_are_one(self):
        connection = self.connect(*self.rows())
        lines = self.import_file(self.camt(), "june.xml")
        self.assertEqual(len(lines), 6)
        run = self.synchronize(connection)
        self.assertEqual((run.created_count, run.skipped_count), (0, 0))
        self.assertRecognized(lines)
        self.assertBooksEqualBank()

    def test_a_file_that_ends_earlier_is_continued(self):
        connection = self.connect(*self.rows())
        lines = self.import_file(self.camt(), "june.xml")
        self.add(self.row(ago(1), "-1.10", "Commissione", "2026-0099"))
        self.assertEqual(self.synchronize(connection).created_count, 1)
        self.assertEqual(len(lines.sync_transaction_id), 6)
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()

    def test_an_ofx_file_keeps_ids_that_recognize_its_rows(self):
        """Lines as an OFX import makes them: FITID in the import id and in the reference, name and memo as label."""
        connection = self.connect(*self.rows())
        for row in self.rows():
            self.line(
                row.day,
                float(row.amount),
                f"{row.counterparty} {row.remittance[0]}"[:12],
                ref=row.entry_reference,
                unique_import_id=f"{IBAN}-{self.journal.id}-{row.entry_reference}",
            )
        lines = self.lines()
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertRecognized(lines)
        self.assertBooksEqualBank()

    def test_a_sheet_whose_rows_have_a_day_an_amount_and_a_text_is_recognized(self):
        connection = self.connect(*self.rows())
        for row in self.rows():
            self.line(row.day, float(row.amount), f"{row.counterparty} - {' '.join(row.remittance)}".upper())
        lines = self.lines()
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertRecognized(lines)
