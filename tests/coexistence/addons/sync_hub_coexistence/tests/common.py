# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

from odoo.addons.sync_hub_bank.tests.common import IBAN, NOW, ago
from odoo.addons.sync_hub_bank.tests.test_recognition import RecognitionCase


class OcaCase(RecognitionCase):
    """A company whose journal OCA's importer has fed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # OCA shows its importer to users of "full accounting features" only.
        cls.env.user.sudo().group_ids += cls.env.ref("account.group_account_user")
        cls.journal.bank_acc_number = IBAN
        cls.oca = cls.env["online.bank.statement.provider"]

    def rows(self):
        return (
            self.row(ago(40), "-9.00", "Canone di maggio", "2026-0001"),
            self.row(ago(8), "-12.00", "Canone di giugno", "2026-0002"),
            self.row(ago(5), "120.00", "Saldo fattura 12", "2026-0003"),
            self.row(ago(5), "-2.60", "BAR CENTRALE", "2026-0004"),
            self.row(ago(5), "-2.60", "BAR CENTRALE", "2026-0005"),
            self.row(ago(1), "-7.10", "Bollo", "2026-0006"),
        )

    def oca_provider(self, **values):
        """A record of OCA's importer that has fed the journal until yesterday."""
        return self.oca.create(
            {
                "journal_id": self.journal.id,
                "service": "dummy",
                "statement_creation_mode": "weekly",
                "last_successful_run": datetime.combine(ago(1), time(20)),
                "tz": "Europe/Rome",
                **values,
            }
        )

    def pull(self, provider, *rows, words="{}"):
        """Let OCA's importer bring these rows, as its service would give them; returns the journal's lines."""
        data = [
            {
                "date": datetime.combine(row.day, time(10)),
                "amount": float(row.amount),
                "payment_ref": words.format(*row.remittance),
                "ref": "/",
                "unique_import_id": row.entry_reference,
            }
            for row in rows
        ]
        since = datetime.combine(ago(60), time())
        until = NOW.replace(tzinfo=None) + timedelta(days=1)
        provider.with_context(rows_of_the_bank=data)._pull(since, until)
        return self.lines()

    def take_over(self, **values):
        """Confirm what the dialog proposes; returns its line."""
        action = self.env["sync.bank.takeover"]._action_open()
        takeover = self.env["sync.bank.takeover"].browse(action["res_id"])
        takeover.line_ids.write(values)
        self.answer = takeover.action_take_over()
        return takeover.line_ids
