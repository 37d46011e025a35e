# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import json
import zipfile

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BANK, IBAN, ago
from .test_access_log_borders import LOG, SignedInCase


@tagged("post_install", "-at_install")
class TestDataExport(SignedInCase):
    """What is kept of a connection is handed out to managers of its company, whole, and to nobody else."""

    def test_an_export_has_all_that_is_kept_and_no_key(self):
        user = self.new_user("accountant", "account.group_account_manager")
        self.log_in("accountant")
        url = self.call("sync.bank.connection", "action_export_data", self.connection.ids)["url"]
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            files = {name: json.loads(archive.read(name)) for name in archive.namelist()}
        self.assertEqual({*files}, {"connection.json", "accounts.json", "movements.json", "access_log.json"})
        (about,) = files["connection.json"]
        self.assertEqual((about["name"], about["exported_by"]), (BANK, user.name))
        self.assertEqual(files["accounts.json"][0]["iban"], IBAN)
        movement = files["movements.json"][0]
        self.assertEqual((movement["counterparty"], movement["booking_date"]), ("Mario Rossi", str(ago(1))))
        self.assertEqual(movement["raw"]["entry_reference"], "ID-1")
        self.assertEqual(movement["statement_line_ids"], self.lines().ids)
        entry = self.env[LOG].search([("event", "=", "export")])
        self.assertEqual((entry.user_id, entry.movements, entry.ip_address), (user, 1, "127.0.0.1"))
        self.assertIn("consent_given", [line["event"] for line in files["access_log.json"]])
        everything = str(files)
        for session in self.bank.sessions():
            self.assertNotIn(session["session_id"], everything)
        self.assertNotIn("PRIVATE KEY", everything)

    def test_nobody_else_gets_the_archive_by_its_address(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        url = f"/sync_hub_bank/export/{self.connection.id}"
        for login, groups, company in (
            ("clerk", "account.group_account_invoice", self.company),
            ("operator", "sync_hub.group_operator", self.company),
            ("stranger", "account.group_account_manager", other),
        ):
            self.new_user(login, groups, company)
            self.log_in(login)
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
                answer = self.url_open(url)
            self.assertIn(answer.status_code, (403, 404), login)
            self.assertNotIn(b"Mario Rossi", answer.content)
        self.assertFalse(self.env[LOG].search([("event", "=", "export")]))

    def test_who_only_writes_invoices_neither_exports_nor_erases(self):
        self.new_user("clerk", "account.group_account_invoice")
        self.log_in("clerk")
        for method in ("action_export_data", "action_erase_data"):
            self.assertForbidden("sync.bank.connection", method, self.connection.ids)
