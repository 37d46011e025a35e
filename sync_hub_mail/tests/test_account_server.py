# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import smtplib
import ssl
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import ADDRESS, PASSWORD, PEC_ADDRESS, PEC_PASSWORD, PEC_USER, MailCase, options


@tagged("post_install", "-at_install")
class TestAccountServer(MailCase):
    """The rest of Odoo knows an account as an outgoing mail server, which holds no password."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.servers = cls.env["ir.mail_server"]
        cls.servers.search([]).active = False
        domains = cls.env["mail.alias.domain"].sudo()
        # What Odoo sends for the company leaves from office@rossi.example.
        cls.domain = domains.create({"name": "rossi.example", "default_from": "office"})
        cls.company.sudo().alias_domain_id = cls.domain

    def found(self, sender):
        return self.servers.sudo()._find_mail_server(sender)[0] or self.servers

    def in_columns(self, server):
        """User and password as they stand in the table."""
        self.env.flush_all()
        self.env.cr.execute("SELECT smtp_user, smtp_pass FROM ir_mail_server WHERE id = %s", (server.id,))
        return self.env.cr.fetchone()

    # -- What it is ----------------------------------------------------------------------------------------------------

    def test_an_account_comes_with_a_server_without_password_that_follows_it(self):
        server = self.account.server_id
        self.assertEqual(self.in_columns(server), (ADDRESS, None))
        self.assertEqual(server.from_filter, ADDRESS)
        self.connect()
        self.pec.write({"login": "OTHER", "encryption": "starttls_strict", "port": 2587})
        server = self.pec.server_id
        self.assertEqual(self.in_columns(server), ("OTHER", None))
        self.assertEqual((server.smtp_encryption, server.smtp_port), ("starttls_strict", 2587))

    def test_it_is_there_for_mail_only_while_the_account_is(self):
        server = self.account.server_id
        self.assertFalse(server.active)
        self.connect(self.account)
        self.assertTrue(server.active)
        self.account.port = 1465
        self.assertTrue(server.active, "What Odoo sends meanwhile waits.")
        self.account._disconnect()
        self.assertFalse(server.active)

    def test_nobody_changes_it_by_hand(self):
        server = self.account.server_id
        for values in (
            {"smtp_host": "evil.example"},
            {"smtp_pass": "x"},
            {"from_filter": ""},
            {"sync_account_id": False},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "belongs to the mail account"):
                server.write(values)
        for deed in (server.unlink, lambda: server.write({"active": True})):
            with self.assertRaisesRegex(UserError, "belongs to the mail account"):
                deed()

    def test_an_account_takes_no_foreign_server(self):
        """It would be changed with more rights than the user has."""
        foreign = self.servers.create({"name": "Foreign", "smtp_host": "mail.example"})
        with self.assertRaises(AccessError):
            self.account.server_id = foreign
        with self.assertRaises(AccessError):
            self.new_account(email="other@rossi.example", server_id=foreign.id)

    def test_it_goes_with_the_account(self):
        server = self.account.server_id
        self.account.unlink()
        self.assertFalse(server.exists())

    def test_an_account_that_has_sent_something_is_kept(self):
        self.queue(self.account, state="sent")
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.account.unlink()

    def test_when_the_addon_goes_its_servers_are_left_switched_off_to_whoever_has_the_password(self):
        self.connect()
        servers = self.account.server_id | self.pec.server_id
        uninstall_hook(self.env)
        self.assertEqual(servers.mapped("active"), [False, False])
        servers.write({"smtp_pass": PASSWORD, "active": True})

    def test_attachments_never_become_links(self):
        self.assertEqual(self.account.server_id._get_max_email_size(), float("inf"))
        self.assertLess(self.servers.create({"name": "Plain"})._get_max_email_size(), 100)

    # -- Which mail leaves by it ---------------------------------------------------------------------------------------

    def test_an_account_sends_for_its_own_address_and_for_no_other(self):
        self.connect()
        self.assertEqual(self.found(f"Rossi <{ADDRESS}>"), self.account.server_id)
        self.assertFalse(self.found("anna@rossi.example"), "Neither for the same domain nor as the last resort.")
        plain = self.servers.create({"name": "Plain", "smtp_host": "mail.example", "sequence": 99999})
        self.assertEqual(self.found("anna@rossi.example"), plain)
        self.assertEqual(self.found(ADDRESS), self.account.server_id)

    def test_the_default_sender_of_the_company_does_not_make_an_account_the_last_resort(self):
        self.domain.default_from = "invoices"
        self.assertEqual(self.company.default_from_email, ADDRESS)
        self.connect()
        self.assertFalse(self.found("anna@elsewhere.example"))

    def test_certified_mail_is_never_chosen_for_ordinary_mail(self):
        """Not even for its own address, and not where the caller names all servers."""
        self.connect()
        certified = self.pec.server_id
        self.assertFalse(self.found(PEC_ADDRESS))
        self.assertFalse(self.servers.sudo()._find_mail_server(PEC_ADDRESS, certified)[0])
        self.assertNotIn(certified, self.servers.search(self.servers._find_mail_server_allowed_domain()))
        plain = self.servers.create({"name": "Plain", "smtp_host": "mail.example"})
        self.assertEqual(self.found(PEC_ADDRESS), plain)
        self.assertTrue(certified._is_certified())
        self.assertFalse(self.account.server_id._is_certified())

    def test_notices_leave_by_an_account_only_from_its_own_address(self):
        self.connect()
        notices = self.servers.sudo()._outcome_mail_servers
        self.assertFalse(notices())
        self.domain.default_from = "invoices"
        self.assertEqual(notices(), self.account.server_id)

    def test_the_engine_moves_the_state_of_an_account_without_rights_on_mail_servers(self):
        self.connect(self.account)
        operator = self.env.ref("sync_hub.user_operator")
        self.account.with_user(operator).with_company(self.company).state = "credentials"
        self.assertTrue(self.account.server_id.active)

    # -- Connections of Odoo's own -------------------------------------------------------------------------------------

    def open(self, **how):
        """A connection as Odoo opens it, which it does not while it tests, unless told to."""
        with patch.object(IrMail_Server, "_disable_send", return_value=False):
            connection = self.servers._connect__(**how)
        self.addCleanup(connection.close)
        return connection

    def test_odoo_logs_in_with_the_password_of_the_vault_and_verifies_the_certificate(self):
        self.connect()
        connection = self.open(mail_server_id=self.pec.server_id.id, smtp_from=PEC_ADDRESS)
        self.assertEqual(connection.mail(PEC_ADDRESS)[0], 250)
        self.assertEqual(connection.from_filter, PEC_ADDRESS)
        self.assertEqual(self.open(smtp_from=ADDRESS).mail(ADDRESS)[0], 250)
        with options(sync_hub_mail_ca_file=""), self.assertRaises(ssl.SSLCertVerificationError):
            self.open(mail_server_id=self.account.server_id.id)

    def test_odoo_speaks_starttls_with_it(self):
        server = self.start_server(encryption="starttls")
        self.account.write({"port": server.port, "encryption": "starttls_strict"})
        with options(sync_hub_mail_ca_file=server.authority_file):
            self.connect(self.account)
            self.assertEqual(self.open(mail_server_id=self.account.server_id.id).mail(ADDRESS)[0], 250)

    def test_a_wrong_password_is_refused_to_odoo_too(self):
        self.connect(self.account)
        self.account.password = "wrong"
        with self.assertRaises(smtplib.SMTPAuthenticationError):
            self.open(mail_server_id=self.account.server_id.id)

    def test_other_servers_are_as_they_were(self):
        server = self.start_server(encryption="none", login_required=False, users={})
        plain = self.servers.create({"name": "Plain", "smtp_host": "127.0.0.1", "smtp_port": server.port})
        self.assertEqual(self.open(mail_server_id=plain.id).mail("anna@rossi.example")[0], 250)
        self.assertEqual(self.open(smtp_from="anna@rossi.example").mail("anna@rossi.example")[0], 250)

    def test_its_own_button_opens_the_check_of_the_account(self):
        for autodetect in (False, True):
            check = self.dialog(self.account.server_id.test_smtp_connection(autodetect))
            self.assertEqual((check.account_id, check.succeeded), (self.account, True))

    # -- In use --------------------------------------------------------------------------------------------------------

    def put_to_use(self):
        self.connect(self.account)
        self.queue(self.account)
        self.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "mail_server_id": self.account.server_id.id,
            }
        )
        journal = self.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", self.company.id)])[:1]
        self.account.write({"send_due": True, "due_journal_ids": journal.ids})
        return ("1 messages wait", "Reminder", journal.display_name)

    def test_an_account_or_server_in_use_is_not_archived_and_all_places_are_listed(self):
        places = self.put_to_use()
        for deed in (
            self.account.action_archive,
            self.account.unlink,
            lambda: self.account.server_id.write({"active": False}),
        ):
            with self.assertRaises(UserError) as caught:
                deed()
            for place in places:
                self.assertIn(place, str(caught.exception))
        self.assertTrue(self.account.active and self.account.server_id.active)

    def test_the_server_of_an_account_that_is_connected_is_in_use_by_it(self):
        self.connect(self.account)
        with self.assertRaisesRegex(UserError, r"invoices@rossi.example \(Mail Account\)"):
            self.account.server_id.active = False

    def test_an_account_that_nothing_uses_is_archived_with_its_server_and_comes_back(self):
        self.connect(self.account)
        self.account.action_archive()
        self.assertFalse(self.account.server_id.active)
        self.account.action_unarchive()
        self.assertTrue(self.account.server_id.active)

    def test_disconnecting_forgets_the_password_and_says_before_what_is_in_use(self):
        places = self.put_to_use()
        dialog = self.dialog(self.account.action_disconnect())
        self.assertEqual(self.account.state, "connected")
        for place in places:
            self.assertIn(place, dialog.usages)
        dialog.action_disconnect()
        self.assertEqual((self.account.state, self.account._secret("password")), ("closed", ""))
        self.assertFalse(self.account.server_id.active)
        self.assertEqual(self.account.delivery_ids.state, "queued")

    def test_an_account_that_nothing_uses_is_disconnected_at_once_and_connected_again_with_its_password(self):
        self.connect(self.pec)
        self.assertTrue(self.pec.action_disconnect())
        self.assertEqual(self.pec.state, "closed")
        self.assertEqual(self.dialog(self.pec.action_connect()).step_ids[4].finding, "password_missing")
        self.pec.password = PEC_PASSWORD
        self.assertEqual((self.pec.state, self.pec.login), ("closed", PEC_USER))
        self.connect(self.pec)

    # -- Take over -----------------------------------------------------------------------------------------------------

    def old_server(self, **values):
        return self.servers.create(
            {
                "name": "Old",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.server.port,
                "smtp_encryption": "ssl",
                "smtp_user": "old@rossi.example",
                "smtp_pass": PASSWORD,
                "from_filter": "rossi.example",
                **values,
            }
        )

    def test_a_server_with_a_clear_password_becomes_an_account_on_request(self):
        server = self.old_server()
        template = self.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "mail_server_id": server.id,
            }
        )
        self.assertEqual(self.in_columns(server)[1], PASSWORD)
        account = self.dialog(server.action_use_as_mail_account())
        self.assertEqual(self.in_columns(server), ("old@rossi.example", None))
        self.assertEqual(account._secret("password"), PASSWORD)
        self.assertEqual((account.server_id, template.mail_server_id), (server, server))
        self.assertEqual((account.email, account.encryption), ("old@rossi.example", "ssl_strict"))
        self.assertEqual(account.state, "draft")
        self.assertEqual(account.company_id, self.company)
        self.assertTrue(server.active, "It goes on being the server of its templates.")
        with self.assertRaisesRegex(UserError, "already"):
            server.action_use_as_mail_account()

    def test_a_server_of_certified_mail_becomes_a_certified_account(self):
        account = self.dialog(self.old_server(smtp_host="smtps.pec.aruba.it").action_use_as_mail_account())
        self.assertEqual(account.kind, "pec")

    def test_a_server_that_cannot_become_an_account_stays_as_it_is(self):
        for values, sentence in (
            ({"smtp_user": "code"}, "exactly one address"),
            ({"smtp_user": False, "from_filter": "a@rossi.example, b@rossi.example"}, "exactly one address"),
            ({"smtp_authentication": "cli"}, "Only a server with user and password"),
            ({"owner_user_id": self.env.user.id}, "one user alone"),
        ):
            server = self.old_server(**values)
            with self.subTest(values), self.assertRaisesRegex(UserError, sentence):
                server.action_use_as_mail_account()
            self.assertEqual(self.in_columns(server)[1], PASSWORD)
