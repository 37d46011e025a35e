# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json
import tempfile
from datetime import datetime, timedelta
from unittest.mock import patch

from lxml import etree
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.sync_hub.tests.leak_watch import LeakWatch, leaks
from odoo.addons.sync_hub.tests.web_client import WebClient
from odoo.addons.sync_hub.vault import new_key
from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import ADDRESS, PASSWORD, MailCase, options

FORMS = [PASSWORD, *(base64.b64encode(text.encode()).decode() for text in (PASSWORD, f"\0{ADDRESS}\0{PASSWORD}"))]


@tagged("post_install", "-at_install")
class TestAccountSecret(MailCase):
    """The password of a mailbox is in the vault and nowhere else."""

    def test_no_table_but_the_vault_holds_it_and_the_vault_holds_it_sealed(self):
        self.connect()
        self.env.flush_all()
        for table in ("sync_mail_account", "ir_mail_server", "sync_secret", "mail_tracking_value", "mail_message"):
            self.env.cr.execute(f"SELECT * FROM {table}")
            self.assertEqual(leaks(str(self.env.cr.fetchall()), FORMS), [], table)
        self.env.cr.execute("SELECT count(*) FROM ir_mail_server WHERE smtp_pass IS NOT NULL AND sync_account_id > 0")
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_logs_chatter_dialogs_and_exports_are_without_it(self):
        with LeakWatch() as watch:
            account = self.new_account(email="more@rossi.example", login=ADDRESS)
            account.action_connect()
            account.password = f"{PASSWORD}!"
            check = self.dialog(account.action_connect())
        self.assertIn("sync_mail_account", watch.text)
        shown = str(check.step_ids.read()) + str(account.message_ids.mapped("body")) + str(account.read())
        shown += str(account.message_ids.sudo().tracking_value_ids.read())
        shown += str(account.export_data(["email", "login"])) + str(account.copy_data())
        self.assertEqual(leaks(watch.text + shown, FORMS), [])
        self.assertIn("•", account.password)

    def test_nobody_reads_it_over_a_shoulder(self):
        for model in ("sync.mail.account", "sync.mail.credentials"):
            form = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            (field,) = form.xpath("//field[@name='password']")
            # What is longer than a line has no hidden form in Odoo.
            self.assertEqual((field.get("password"), self.env[model]._fields["password"].type), ("True", "char"), model)

    def test_a_server_that_repeats_it_is_shown_without_it(self):
        from emulators.smtp import Stage

        self.server.play(Stage.AUTH, reply=f"535 5.7.8 {PASSWORD} is not the password")
        check = self.dialog(self.account.action_connect())
        self.assertIn("is not the password", self.step(check, "login").said)
        self.assertEqual(leaks(str(check.step_ids.read()), FORMS), [])

    def without_the_key(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        return options(data_dir=folder, sync_hub_vault_keys=new_key())

    def test_a_copy_of_the_database_without_the_key_says_so_and_asks_no_server(self):
        with self.without_the_key():
            for deed in (self.account.action_connect, self.account.action_test_connection):
                with self.assertRaisesRegex(UserError, "The key that opens the stored password is not here"):
                    deed()
            with (
                patch.object(IrMail_Server, "_disable_send", return_value=False),
                self.assertRaisesRegex(UserError, "enter the password again"),
            ):
                self.env["ir.mail_server"]._connect__(mail_server_id=self.account.server_id.id, allow_archived=True)
            self.assertEqual(self.server.connections, 0)
            self.account.password = PASSWORD
            self.connect(self.account)

    def test_a_neutralized_copy_writes_to_nobody(self):
        self.connect()
        waiting = self.queue(self.account)
        self.pec._disconnect()
        self.env.flush_all()
        for query in get_neutralization_queries(["base", "mail", "sync_hub", "sync_hub_mail"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual((self.account.state, self.pec.state), ("draft", "closed"))
        self.assertEqual((self.account._secret("password"), self.account.automatic), ("", False))
        self.assertEqual(waiting.state, "cancelled", "The original sends it.")
        self.assertFalse(self.account.server_id.active)
        check = self.dialog(self.account.action_connect())
        self.assertEqual(self.step(check, "login").finding, "password_missing")


@tagged("post_install", "-at_install")
class TestAccountRights(MailCase, WebClient, HttpCase):
    """Managers change accounts, users see them, and the password is read by nobody; over the client's interface."""

    def test_a_manager_changes_accounts_and_reads_dots(self):
        self.new_user("manager", "account.group_account_manager,base.group_allow_export")
        self.log_in("manager")
        self.call("sync.mail.account", "write", self.account.ids, {"name": "Invoices"})
        read = self.call("sync.mail.account", "read", self.account.ids, ["password"])[0]["password"]
        self.assertIn("•", read)
        told = str(self.call("sync.mail.account", "export_data", self.account.ids, ["email", "password"]))
        self.assertEqual(leaks(read + told, FORMS), [])
        check = self.call("sync.mail.account", "action_connect", self.account.ids)
        steps = self.call("sync.mail.check", "read", [check["res_id"]], ["step_ids"])[0]["step_ids"]
        self.assertEqual(len(self.call("sync.mail.check.step", "read", steps, ["message"])), 8)
        for method in ("_secret", "_smtp_account", "_keep_secret"):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.call("sync.mail.account", method, self.account.ids)

    def test_a_user_sees_accounts_and_changes_none(self):
        self.new_user("clerk", "account.group_account_invoice")
        self.log_in("clerk")
        self.assertEqual(self.call("sync.mail.account", "read", self.account.ids, ["email"])[0]["email"], ADDRESS)
        self.assertForbidden("sync.mail.account", "read", self.account.ids, ["password"])
        self.assertForbidden("sync.mail.account", "write", self.account.ids, {"host": "evil.example"})
        self.assertForbidden("sync.mail.account", "create", {"email": "clerk@rossi.example"})
        for method in ("connect", "test_connection", "send_test", "disconnect"):
            self.assertForbidden("sync.mail.account", f"action_{method}", self.account.ids)
        self.assertForbidden("sync.mail.credentials", "create", {"account_id": self.account.id})
        views = [[False, "list"], [False, "form"], [False, "search"]]
        self.assertTrue(self.call("sync.mail.account", "get_views", views)["views"])

    def test_the_interface_for_programs_gives_no_password_either(self):
        manager = self.new_user("manager", "account.group_account_manager")
        key = (
            manager.with_user(manager)
            .env["res.users.apikeys"]
            ._generate(scope="rpc", name="test", expiration_date=datetime.now() + timedelta(hours=1))
        )
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        params = {"ids": self.account.ids, "fields": ["email", "password"]}
        answer = self.url_open("/json/2/sync.mail.account/read", data=json.dumps(params), headers=headers)
        self.assertEqual(answer.json()[0]["email"], ADDRESS)
        self.assertEqual(leaks(answer.text, FORMS), [])

    def test_nothing_of_another_company_is_seen(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        self.connect(self.account)
        self.new_user("stranger", "account.group_account_manager,sync_hub.group_operator", other)
        self.log_in("stranger")
        for model, records in (("sync.mail.account", self.account), ("sync.mail.hint", self.account.hint_ids)):
            self.assertTrue(records)
            self.assertEqual(self.call(model, "search", [("id", "in", records.ids)]), [])
            self.assertForbidden(model, "read", records.ids, ["create_date"])
        self.assertForbidden("sync.mail.account", "write", self.account.ids, {"host": "evil.example"})
        self.assertForbidden("sync.mail.account", "action_connect", self.account.ids)
        dialog = self.call("sync.mail.credentials", "create", {"account_id": self.account.id, "password": "x"})
        self.assertForbidden("sync.mail.credentials", "action_save", [dialog])
        dialog = self.call("sync.mail.disconnect", "create", {"account_id": self.account.id})
        self.assertForbidden("sync.mail.disconnect", "action_disconnect", [dialog])
        self.assertEqual(self.account.state, "connected")

    def test_a_manager_without_rights_on_mail_servers_works_all_the_same(self):
        manager = self.new_user("manager", "account.group_account_manager")
        account = self.account.with_user(manager)
        with self.assertRaises(AccessError):
            account.server_id.read(["name"])
        account.write({"name": "Invoices"})
        account.action_connect()
        self.assertEqual((account.state, self.account.server_id.name), ("connected", "Invoices"))
        account.action_disconnect()
        self.assertEqual(account.state, "closed")
