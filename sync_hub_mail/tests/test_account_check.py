# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import socket
import tempfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ADDRESS, PASSWORD, PEC_ADDRESS, PEC_PASSWORD, MailCase, options

STEPS = ["resolve", "connect", "tls", "greeting", "login", "sender", "recipient", "size"]


@tagged("post_install", "-at_install")
class TestAccountCheck(MailCase):
    """“Connect” and “Test connection” tell step by step whether messages could leave, and send none."""

    def failed(self, account=None):
        """The step that failed, after a press of “Connect”."""
        account = account or self.account
        check = self.dialog(account.action_connect())
        failed = check.step_ids.filtered(lambda step: step.state == "failed")
        self.assertEqual(len(failed), 1)
        self.assertFalse(check.succeeded)
        self.assertEqual(account.state, "draft")
        self.assertTrue(failed.message and failed.remedy)
        return failed

    def elsewhere(self, **more):
        """An account at a server of another kind."""
        server = self.start_server(**more)
        encryption = {"ssl": "ssl_strict", "starttls": "starttls_strict", "none": "none"}[more.get("encryption", "ssl")]
        self.account.write({"host": "127.0.0.1", "port": server.port, "encryption": encryption})
        return server

    def trusting(self, server):
        self.enterContext(options(sync_hub_mail_ca_file=server.authority_file))

    def test_a_server_that_agrees_connects_the_account_and_every_step_is_told(self):
        check = self.dialog(self.account.action_connect())
        self.assertEqual(check.step_ids.mapped("step"), STEPS)
        self.assertEqual(set(check.step_ids.mapped("state")), {"ok"})
        self.assertTrue(all(check.step_ids.mapped("title")) and all(check.step_ids.mapped("message")))
        self.assertTrue(check.succeeded)
        self.assertEqual((self.account.state, self.account.announced_size), ("connected", 30_000_000))
        self.assertTrue(self.account.checked_at)
        self.assertEqual(self.step(check, "size").message, "The server takes messages of up to 28.61 Mb.")
        self.assertIn(ADDRESS, self.step(check, "sender").message)

    def test_nothing_is_sent(self):
        self.account.action_connect()
        self.check()
        said = self.server.commands()
        self.assertEqual(said.count(f"MAIL FROM:<{ADDRESS}>"), 2)
        self.assertFalse([line for line in said if line.upper().startswith("DATA")])
        self.assertFalse(self.server.messages)

    def test_the_user_may_be_a_code_instead_of_the_address(self):
        self.connect(self.pec)
        self.assertIn(f"MAIL FROM:<{PEC_ADDRESS}>", self.server.commands())

    def test_a_wrong_password_is_told_apart(self):
        self.account.password = "wrong"
        step = self.failed()
        self.assertEqual((step.step, step.fault), ("login", "credentials_rejected"))
        self.assertEqual(step.message, "The server did not accept user and password.")
        self.assertIn("535", step.said)

    def test_a_missing_password_is_asked_for(self):
        self.account.password = ""
        step = self.failed()
        self.assertEqual((step.step, step.finding), ("login", "password_missing"))

    def test_certificates_that_cannot_be_trusted_are_told_apart_and_get_no_password(self):
        from emulators.smtp import Shown

        for shown, sentence in (
            ("expired", "has expired on"),
            ("self_signed", "signed its certificate itself"),
            ("wrong_host", "is for mail.elsewhere.example, not for 127.0.0.1"),
            ("foreign_authority", "by somebody unknown to this machine"),
            ("not_yet_valid", "is valid from"),
        ):
            with self.subTest(shown):
                server = self.elsewhere(shown=Shown(shown))
                with options(sync_hub_mail_ca_file=server.authority_file):
                    step = self.failed()
                finding = "untrusted_issuer" if shown == "foreign_authority" else shown
                self.assertEqual((step.step, step.finding), ("tls", finding))
                self.assertIn(sentence, step.message)
                self.assertFalse([line for line in server.commands() if line.startswith("AUTH")])

    def test_without_the_file_of_authorities_those_of_the_system_are_trusted_only(self):
        with options(sync_hub_mail_ca_file=""):
            self.assertEqual(self.failed().finding, "untrusted_issuer")

    def test_a_certificate_that_ends_soon_is_a_note_only(self):
        from emulators.smtp import Shown

        self.trusting(self.elsewhere(shown=Shown.ENDS_SOON))
        check = self.dialog(self.account.action_connect())
        self.assertEqual(self.step(check, "tls").state, "warning")
        self.assertIn("ends on", self.step(check, "tls").message)
        self.assertEqual(self.account.state, "connected")

    def test_a_server_that_hangs_is_given_up(self):
        from emulators.smtp import Act, Stage

        self.server.play(Stage.GREETING, Act.HANG)
        with options(sync_hub_mail_timeout="0.5"):
            step = self.failed()
        self.assertEqual((step.step, step.finding), ("greeting", "timed_out"))
        self.assertIn("did not answer in time", step.message)

    def test_a_server_without_starttls_gets_no_password(self):
        server = self.elsewhere(encryption="none", auth_in_clear=True)
        self.account.encryption = "starttls_strict"
        step = self.failed()
        self.assertEqual((step.step, step.finding), ("tls", "tls_not_offered"))
        self.assertFalse([line for line in server.commands() if line.startswith("AUTH")])

    def test_starttls_works(self):
        server = self.elsewhere(encryption="starttls")
        self.trusting(server)
        self.connect(self.account)
        self.assertIn("STARTTLS", server.commands())

    def test_a_password_without_encryption_is_noted(self):
        self.elsewhere(encryption="none", auth_in_clear=True)
        self.assertIn("anybody on the way can read the password", self.account.settings_warning)
        check = self.dialog(self.account.action_connect())
        self.assertEqual((self.step(check, "tls").state, check.succeeded), ("warning", True))

    def test_a_sender_that_is_refused_is_told_with_the_words_of_the_server(self):
        from emulators.smtp import Stage

        self.server.play(Stage.MAIL, reply="553 5.7.1 Sender address rejected: not owned by user")
        step = self.failed()
        self.assertEqual((step.step, step.fault), ("sender", "sender_refused"))
        self.assertIn("not owned by user", step.said)
        self.assertIn("mailbox", step.remedy)

    def test_what_a_server_cannot_do_now_is_not_blamed_on_the_settings(self):
        from emulators.smtp import Stage

        self.server.play(Stage.MAIL, reply="451 4.3.0 Try again later")
        step = self.failed()
        self.assertEqual((step.fault, step.remedy), ("provider_down", "Nothing to do but to try again later."))

    def test_a_name_that_is_not_found_and_a_port_that_refuses(self):
        self.account.write({"host": "smtp.invalid", "password": PASSWORD})
        step = self.failed()
        self.assertEqual((step.step, step.finding), ("resolve", "name_not_found"))
        self.assertIn("smtp.invalid", step.message)
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            self.account.write({"host": "127.0.0.1", "password": PASSWORD, "port": closed.getsockname()[1]})
            step = self.failed()
        self.assertEqual((step.step, step.finding), ("connect", "connection_refused"))
        self.assertEqual(step.check_id.step_ids[2:].mapped("state"), ["not_reached"] * 6)

    def test_an_account_without_a_server_says_what_is_missing(self):
        self.account.host = False
        with self.assertRaisesRegex(UserError, "Enter the server"):
            self.account.action_connect()

    def test_settings_that_change_are_checked_again_before_anything_leaves(self):
        for values in ({"login": "other"}, {"port": 1465}, {"encryption": "starttls_strict"}, {"password": "new"}):
            with self.subTest(values):
                self.account.write({"login": ADDRESS, "port": self.server.port, "encryption": "ssl_strict"})
                self.account.password = PASSWORD
                self.connect(self.account)
                self.account.write(values)
                self.assertEqual(self.account.state, "draft")

    def test_other_settings_do_not_interrupt(self):
        self.connect(self.account)
        self.account.write({"copy_to": "office@rossi.example", "per_minute": 20, "name": "Invoices"})
        self.assertEqual(self.account.state, "connected")

    def test_a_password_is_not_carried_to_another_server(self):
        """Whoever names the server could read it there."""
        self.connect(self.account)
        self.account.host = "localhost"
        self.assertEqual((self.account._secret("password"), self.account.state), ("", "draft"))
        self.account.write({"host": "127.0.0.1", "password": PASSWORD})
        self.assertEqual(self.account._secret("password"), PASSWORD)
        self.account.imap_host = "127.0.0.1"
        self.assertEqual(self.account._secret("password"), "")

    def test_a_test_that_is_refused_asks_for_credentials_and_one_that_succeeds_ends_that(self):
        from emulators.smtp import Stage

        self.connect(self.account)
        self.server.play(Stage.AUTH, reply="535 5.7.8 Error: authentication failed", times=1)
        check = self.check()
        self.assertEqual((self.account.state, check.refused), ("credentials", True))
        self.check()
        self.assertEqual(self.account.state, "connected")

    def test_a_test_that_fails_for_other_reasons_leaves_the_account_connected(self):
        from emulators.smtp import Stage

        self.connect(self.account)
        self.server.play(Stage.GREETING, reply="421 4.3.2 Shutting down")
        self.assertFalse(self.check().succeeded)
        self.assertEqual(self.account.state, "connected")


@tagged("post_install", "-at_install")
class TestAccountCheckIncoming(MailCase):
    """Of a certified account it is told as well whether its receipts can be fetched."""

    def mailbox(self, *script):
        from emulators.imap import ScriptedServer

        server = self.enterContext(ScriptedServer(*script))
        with open(server.authority_file) as theirs, open(self.server.authority_file) as ours:
            both = self.enterContext(tempfile.NamedTemporaryFile("w", suffix=".pem"))
            both.write(ours.read() + theirs.read())
            both.flush()
        self.enterContext(options(sync_hub_mail_ca_file=both.name))
        self.pec.write({"imap_host": "127.0.0.1", "imap_port": server.port, "password": PEC_PASSWORD})
        return server

    def test_the_steps_of_receiving_follow_those_of_sending(self):
        server = self.mailbox()
        check = self.dialog(self.pec.action_connect())
        incoming = check.step_ids.filtered("incoming")
        self.assertEqual(check.step_ids[:8].mapped("step"), STEPS)
        self.assertEqual(incoming.mapped("step"), ["resolve", "connect", "tls", "greeting", "login", "folder"])
        self.assertEqual((set(incoming.mapped("state")), self.pec.state), ({"ok"}, "connected"))
        self.assertEqual(incoming[-1].title, "Receiving: Folder")
        self.assertIn("INBOX", incoming[-1].message)
        self.assertFalse([line for line in server.commands if "STORE" in line or "FETCH" in line])

    def test_an_account_whose_receipts_cannot_be_fetched_is_not_connected(self):
        self.mailbox(("AUTHENTICATE|LOGIN", b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"))
        check = self.dialog(self.pec.action_connect())
        failed = check._failed()
        self.assertEqual((failed.step, failed.incoming, check.refused), ("login", True, True))
        self.assertEqual(self.pec.state, "draft")
        self.assertTrue(failed.message and failed.remedy)

    def test_a_mailbox_that_its_provider_has_closed_is_not_mistaken_for_a_recipient(self):
        self.mailbox(("AUTHENTICATE|LOGIN", b"{tag} NO [CONTACTADMIN] Ask us\r\n"))
        failed = self.dialog(self.pec.action_connect())._failed()
        self.assertIn("has closed this mailbox", failed.message)
        self.assertIn("Ask us", failed.said)

    def test_an_ordinary_account_is_asked_for_no_mailbox(self):
        self.account.write({"imap_host": "imap.invalid", "password": PASSWORD})
        check = self.dialog(self.account.action_connect())
        self.assertFalse(check.step_ids.filtered("incoming"))
        self.assertEqual(self.account.state, "connected")
