# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import email
import email.policy

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..smtp import Session, Verdict
from .common import ADDRESS, PASSWORD, PEC_ADDRESS, MailCase


@tagged("post_install", "-at_install")
class TestAccountMessage(MailCase):
    """“Send a test” writes to oneself, and “Update credentials” tries before it saves."""

    def travels(self, account):
        """Hand the test to the server as it stands in the queue; what arrived."""
        message = account._queue_test()
        content = base64.b64decode(message.content)
        self.assertEqual((message.state, message.role, message.size), ("queued", "test", len(content)))
        self.assertEqual(message.recipient, account.email)
        with Session(account._smtp_account()) as session:
            delivery = session.send(account.email, (account.email,), content)
        self.assertEqual(delivery.verdict, Verdict.ACCEPTED)
        (received,) = self.server.messages
        self.assertEqual((received.sender, received.recipients), (account.email, (account.email,)))
        arrived = email.message_from_bytes(received.content, policy=email.policy.default)
        self.assertEqual(arrived["Message-ID"], message.message_id)
        return arrived

    def test_a_test_of_an_ordinary_account_has_its_signature(self):
        self.connect(self.account)
        self.account.signature = "<p>Rossi S.r.l., Via Roma 1</p>"
        arrived = self.travels(self.account)
        self.assertIn(ADDRESS, arrived["From"])
        self.assertIn("Via Roma 1", arrived.get_body(("plain",)).get_content())

    def test_a_test_of_certified_mail_follows_its_rules(self):
        self.connect(self.pec)
        arrived = self.travels(self.pec)
        self.assertEqual((arrived["From"], arrived["To"]), (PEC_ADDRESS, PEC_ADDRESS))
        self.assertFalse(arrived["Bcc"] or arrived["Cc"])

    def test_the_button_wakes_who_sends_and_says_so(self):
        self.connect(self.account)
        notice = self.account.action_send_test()
        self.assertEqual(notice["params"]["message"], "A test is on its way; its state appears here.")
        self.assertEqual(self.account.delivery_ids.mapped("role"), ["test"])
        self.assertEqual(self.account.waiting_count, 1)

    def test_an_account_that_is_not_connected_sends_no_test(self):
        with self.assertRaisesRegex(UserError, "Press “Connect” first"):
            self.account.action_send_test()
        self.assertFalse(self.account.delivery_ids)

    def credentials(self, **values):
        action = self.account.action_update_credentials()
        dialogs = self.env[action["res_model"]].with_context(**action["context"])
        return dialogs.create(values)

    def test_credentials_that_are_refused_are_not_saved(self):
        self.connect(self.account)
        dialog = self.credentials(password="wrong")
        self.assertEqual(dialog.login, ADDRESS)
        with self.assertRaisesRegex(UserError, "did not accept user and password"), self.env.cr.savepoint():
            dialog.action_save()
        self.env.invalidate_all()
        self.assertEqual(self.account._secret("password"), PASSWORD)
        self.assertEqual(self.account.state, "connected")

    def test_credentials_that_are_accepted_connect_the_account(self):
        self.account.write({"login": "old", "password": "old"})
        self.account.state = "credentials"
        dialog = self.credentials(login=ADDRESS, password=PASSWORD)
        dialog.action_save()
        self.assertEqual((self.account.state, self.account.login), ("connected", ADDRESS))
        self.assertEqual((self.account._secret("password"), dialog._secret("password")), (PASSWORD, ""))

    def test_credentials_are_saved_where_the_server_fails_for_another_reason(self):
        from emulators.smtp import Stage

        self.server.play(Stage.GREETING, reply="421 4.3.2 Shutting down")
        check = self.dialog(self.credentials(password="later").action_save())
        self.assertFalse(check.succeeded)
        self.assertEqual((self.account._secret("password"), self.account.state), ("later", "draft"))
