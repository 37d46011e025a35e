# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import FAULT_TEXTS
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.mail_fault_texts import MAIL_FAULT_TEXTS
from ..models.mail_texts import FINDING_TEXTS, MEANING_TEXTS, STEP_TEXTS, STEP_TITLES, meaning_text, step_text
from ..smtp import Finding, Meaning, StepName
from .common import MailCase

# What a mail account meets.
KINDS = (
    FaultKind.CREDENTIALS_REJECTED,
    FaultKind.CREDENTIALS_MISSING,
    FaultKind.CONSENT_EXPIRED,
    FaultKind.RATE_LIMITED,
    FaultKind.PROVIDER_DOWN,
    FaultKind.NETWORK_UNREACHABLE,
    FaultKind.NETWORK_UNTRUSTED,
    FaultKind.BAD_DATA,
    FaultKind.REQUEST_REFUSED,
    FaultKind.SENDER_REFUSED,
    FaultKind.RECIPIENT_REFUSED,
    FaultKind.MAILBOX_FULL,
    FaultKind.MESSAGE_TOO_LARGE,
    FaultKind.CONTENT_REFUSED,
    FaultKind.VAULT_KEY_MISSING,
    FaultKind.UNEXPECTED,
)


@tagged("post_install", "-at_install")
class TestAccountFaults(MailCase):
    """What goes wrong with a mail account is told in words of mail, wherever it is told."""

    def report(self, kind, **more):
        """A run of the account met a fault; its reader is the accountant."""
        return self.account._report_fault(Fault(kind, **more))

    def an_hour_ago(self):
        """Let the last run have ended an hour ago."""
        self.account.last_run_id.sudo().date_end -= timedelta(hours=1)

    def test_no_sentence_speaks_of_banks_and_keys(self):
        self.assertEqual(set(MAIL_FAULT_TEXTS), set(FAULT_TEXTS))
        for kind in KINDS:
            sentence, remedy = (text._source for text in MAIL_FAULT_TEXTS[kind])
            with self.subTest(kind):
                self.assertNotRegex(f"{sentence} {remedy}", r"(?i)\bbank|access key|movement")
                self.assertRegex(sentence, r"^[A-Z].{10,}\.$")
                self.assertRegex(remedy, r"^[A-Z“].{10,}\.$")

    def test_the_account_its_chatter_its_log_and_the_dialog_say_the_same(self):
        self.connect(self.account)
        notice = self.report(FaultKind.CREDENTIALS_REJECTED, detail="535 5.7.8 no")
        sentence = "The mail server did not accept user and password."
        self.assertEqual(self.account.state, "credentials")
        self.assertEqual(notice["params"]["title"], sentence)
        self.assertEqual(self.account.fault_message, sentence)
        self.assertIn("Update credentials", self.account.fault_remedy)
        self.assertIn(sentence, self.account.message_ids[0].body)
        self.assertEqual(self.account.last_run_id.line_ids[-1:].message, sentence)
        self.assertIn(sentence, self.account.activity_ids.note)
        with self.assertRaisesRegex(UserError, sentence):
            self.account.action_sync_now()

    def test_a_pause_that_the_server_wants_is_not_blamed_on_a_bank(self):
        self.connect(self.account)
        self.account.not_before = datetime.now() + timedelta(hours=1)
        with self.assertRaisesRegex(UserError, r"The mail server takes no more messages for now\. Synchronize again"):
            self.account.action_sync_now()

    def test_a_check_that_succeeds_takes_the_fault_from_the_screen(self):
        self.connect(self.account)
        self.report(FaultKind.NETWORK_UNREACHABLE)
        self.assertTrue(self.account.fault_message)
        self.an_hour_ago()
        self.check()
        self.assertFalse(self.account.fault_message or self.account.fault_reference)

    def test_a_check_does_not_cure_what_it_has_not_looked_at(self):
        self.connect(self.account)
        self.report(FaultKind.UNEXPECTED)
        self.an_hour_ago()
        self.check()
        self.assertTrue(self.account.fault_message)

    def test_every_step_finding_and_meaning_has_a_sentence(self):
        self.assertEqual((set(STEP_TITLES), set(STEP_TEXTS)), (set(StepName), set(StepName)))
        # Of its own no a server gives the meaning.
        self.assertEqual(set(FINDING_TEXTS), set(Finding) - {Finding.SAID_NO})
        self.assertEqual(set(MEANING_TEXTS), set(Meaning))
        values = {"host": "mail.example", "port": "465", "addresses": "192.0.2.1", "mechanisms": "X", "names": "Y"}
        values |= {
            "until": "2026-01-31",
            "since": "2026-01-01",
            "protocol": "TLSv1.3",
            "issuer": "CN=Z",
            "folder": "INBOX",
        }
        values["folders"] = "INBOX, Sent"
        for finding in FINDING_TEXTS:
            with self.subTest(finding):
                sentence = step_text(self.env, "tls", finding, values).sentence
                self.assertRegex(sentence, r"^.{15,}\.$")
                self.assertNotIn("…", sentence)
        for meaning in Meaning:
            with self.subTest(meaning):
                for text in meaning_text(self.env, meaning):
                    self.assertRegex(text, r"^[A-Z].{15,}\.$")
        said_no = step_text(self.env, "sender", Finding.SAID_NO, {"meaning": "a word of tomorrow"})
        self.assertEqual(said_no, meaning_text(self.env, Meaning.REFUSED))
