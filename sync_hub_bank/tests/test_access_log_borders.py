# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.tests.web_client import WebClient
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import IBAN, BankCase, ago

LOG = "sync.bank.audit"


class SignedInCase(BankCase, WebClient, HttpCase):
    """Somebody signs in at a browser, and there is a connection with one booked movement."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(self.row(ago(1), "-1.00", "Rent", "ID-1", counterparty="Mario Rossi"))
        self.synchronize(self.connection)


@tagged("post_install", "-at_install")
class TestAccessLogBorders(SignedInCase):
    """Who reads the access log, over the web client's own interface."""

    def test_a_manager_reads_the_log_of_the_company(self):
        self.new_user("accountant", "account.group_account_manager")
        self.log_in("accountant")
        entries = self.call(LOG, "search_read", [("scope", "=", "transactions")], ["account_number", "event"])
        self.assertEqual([(entry["account_number"], entry["event"]) for entry in entries], [(IBAN, "access")])
        self.assertTrue(self.call(LOG, "get_views", [[False, "list"], [False, "search"]])["views"])

    def test_the_accountant_of_another_company_reads_nothing_of_it(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        entry = self.env[LOG].search([], limit=1)
        self.new_user("stranger", "account.group_account_manager,base.group_allow_export", other)
        self.log_in("stranger")
        self.assertEqual(self.call(LOG, "search_read", [("company_id", "=", self.company.id)]), [])
        self.assertEqual(self.call(LOG, "search_count", []), 0)
        for method, *args in (("read", ["event"]), ("export_data", ["event"]), ("web_read", {"event": {}})):
            self.assertForbidden(LOG, method, entry.ids, *args)

    def test_who_only_writes_invoices_does_not_read_the_log(self):
        self.new_user("clerk", "account.group_account_invoice")
        self.log_in("clerk")
        for method in ("search_read", "search_count"):
            self.assertForbidden(LOG, method, [])

    def test_nobody_makes_changes_copies_or_deletes_an_entry_from_outside(self):
        entry = self.env[LOG].search([], limit=1)
        groups = "account.group_account_manager,sync_hub.group_operator,base.group_system"
        self.new_user("chief", groups)
        self.log_in("chief")
        before = self.env[LOG].search_count([])
        self.assertForbidden(LOG, "create", [{"event": "export", "company_id": self.company.id}])
        self.assertForbidden(LOG, "write", entry.ids, {"user_name": "Nobody"})
        self.assertForbidden(LOG, "web_save", entry.ids, {"user_name": "Nobody"}, {"id": {}})
        self.assertForbidden(LOG, "copy", entry.ids)
        self.assertForbidden(LOG, "unlink", entry.ids)
        quiet = mute_logger("odoo.http")
        for method in ("_record", "_delete_old_entries"):
            with self.assertRaises(JsonRpcException), quiet:
                self.call(LOG, method, entry.ids)
        self.assertEqual(self.env[LOG].search_count([]), before)

    def test_the_address_of_who_pressed_the_button_is_written_down(self):
        user = self.new_user("accountant", "account.group_account_manager")
        self.log_in("accountant")
        self.call("sync.bank.connection", "action_sync_now", self.connection.ids)
        self.work(self.connection)
        entry = self.env[LOG].search([("scope", "=", "transactions")], limit=1)
        self.assertEqual((entry.attended, entry.ip_address, entry.user_id), (True, "127.0.0.1", user))
