# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import email
import hashlib
from datetime import date, timedelta

from .pec_case import RECIPIENT, PecCase
from .sending_case import PEC_SENDER


class TestPec(PecCase):
    """Certified mail: how it leaves, and what its receipts prove."""

    def test_envelope_and_headers_follow_the_rules_whatever_the_alias_domain(self):
        domain = (
            self.env["mail.alias.domain"]
            .sudo()
            .create({"name": "rossi.example", "bounce_alias": "bounce", "catchall_alias": "catchall"})
        )
        self.company.sudo().alias_domain_id = domain
        self.pec.copy_to = False
        self.account.copy_to = False
        delivery = self.send()
        (sent,) = self.box.pec.submissions
        letter = sent.message
        self.assertEqual((sent.sender, letter["From"]), (PEC_SENDER, PEC_SENDER))
        self.assertEqual((list(sent.recipients), letter["To"]), ([RECIPIENT], RECIPIENT))
        self.assertFalse(letter["Cc"] or letter["Bcc"] or letter["Return-Path"] or letter["Reply-To"])
        self.assertEqual(f"<{sent.message_id.strip('<>')}>", delivery.message_id)
        self.assertTrue(any(line.startswith("MAIL FROM:<" + PEC_SENDER) for line in self.box.pec.transcript))

    def test_an_address_that_was_typed_in_capitals_is_the_same_in_envelope_and_header(self):
        self.pec.write({"email": "Rossi@PEC.Rossi.example", "state": "connected"})
        delivery = self.send()
        (sent,) = self.box.pec.submissions
        self.assertEqual((sent.sender, sent.message["From"]), (PEC_SENDER, PEC_SENDER))
        self.assertTrue(delivery.message_id.endswith("@pec.rossi.example>"))
        self.assertEqual((delivery.state, self.pec._smtp_account().sender), ("sent", PEC_SENDER))

    def test_several_recipients_get_a_message_each_with_an_own_message_id(self):
        partner = self.customer(sync_pec_email=RECIPIENT, invoice_sending_method="pec")
        move = self.invoice(partner)
        self.press_send(move, sync_pec_to=f"{RECIPIENT}; verdi@pec.verdi.example")
        self.work()
        self.assertEqual(
            sorted(one for sent in self.box.pec.submissions for one in sent.recipients),
            [RECIPIENT, "verdi@pec.verdi.example"],
        )
        self.assertEqual(len({sent.message_id for sent in self.box.pec.submissions}), 2)

    def test_the_receipts_take_the_invoice_from_sent_to_delivered(self):
        delivery = self.send()
        self.assertEqual(delivery.state, "sent")
        run = self.receive()
        self.assertEqual((delivery.state, delivery.certified), ("delivered", "yes"))
        self.assertTrue(delivery.accepted_at and delivery.delivered_at)
        self.assertEqual(set(delivery.receipt_ids.mapped("kind")), {"accettazione", "avvenuta-consegna"})
        self.assertEqual(self.env["account.move"].browse(delivery.res_id).sync_delivery_state, "delivered")
        self.assertEqual(run.fetched_count, 2)

    def test_a_receipt_is_kept_byte_by_byte_and_flagged_after_it_was_kept(self):
        delivery = self.send()
        self.receive()
        stored = {hashlib.sha256(one.content).hexdigest(): one for one in self.box.imap.stored()}
        for receipt in delivery.receipt_ids:
            raw = base64.b64decode(receipt.content)
            self.assertEqual(raw, stored[receipt.sha256].content)
            self.assertIn("seen", {str(flag).strip("\\").lower() for flag in stored[receipt.sha256].flags})
            self.assertTrue(receipt.flagged)

    def test_the_same_receipt_twice_changes_nothing(self):
        delivery = self.send()
        self.receive()
        before = (
            delivery.state,
            delivery.delivered_at,
            len(delivery.receipt_ids),
            len(delivery._document().message_ids),
        )
        self.box.imap.deliver(base64.b64decode(delivery.receipt_ids[0].content))
        self.receive()
        after = (
            delivery.state,
            delivery.delivered_at,
            len(delivery.receipt_ids),
            len(delivery._document().message_ids),
        )
        self.assertEqual(after, before)

    def test_a_mailbox_that_was_set_up_anew_is_read_again_and_nothing_is_doubled(self):
        delivery = self.send()
        self.receive()
        self.box.imap.renumber()
        self.receive()
        self.assertEqual(len(delivery.receipt_ids), 2)
        self.assertEqual(set(delivery.receipt_ids.mapped("flagged")), {True})

    def test_receipts_of_a_message_whose_end_nobody_knew_prove_that_it_left(self):
        delivery = self.send()
        # What a killed worker would have left.
        delivery.sudo().write({"state": "unknown", "reason": "interrupted", "date_sent": False})
        self.receive()
        self.assertEqual((delivery.state, delivery.reason), ("delivered", False))

    def test_a_mailbox_that_does_not_exist_is_told_on_the_invoice(self):
        self.behave("UNKNOWN")
        delivery = self.send()
        self.receive()
        move = delivery._document()
        self.assertEqual((delivery.state, move.sync_delivery_state), ("not_delivered", "not_delivered"))
        self.assertEqual(delivery.reason, "pec_unknown_recipient")
        self.assertIn("does not exist", move.message_ids[0].body)

    def test_accepted_and_nothing_heard_for_a_day_asks_somebody_to_look(self):
        self.behave("SILENT")
        delivery = self.send()
        self.receive()
        self.assertEqual(delivery.state, "accepted")
        move = delivery._document()
        self.assertFalse(move.activity_ids)
        # Neither the warning nor the failure gets through: the provider has a bad day.
        self.pass_until(delivery.accepted_at + timedelta(hours=24))
        self.receive()
        self.assertTrue(delivery.overdue)
        (activity,) = move.activity_ids
        self.assertIn(RECIPIENT, activity.note)
        self.receive()
        self.assertEqual(len(move.activity_ids), 1)

    def test_of_what_left_by_itself_the_responsible_user_is_asked(self):
        journals = [(6, 0, self.journal.ids)]
        self.pec.write({"send_due": True, "due_since": date(2026, 6, 1), "due_journal_ids": journals})
        self.pec.user_id = self.env.user
        self.behave("SILENT")
        move = self.invoice(self.partner)
        self.receive()
        self.receive()
        delivery = move.sync_delivery_ids
        self.assertEqual((delivery.state, delivery.session_id.automatic), ("accepted", True))
        self.assertNotEqual(delivery.session_id.user_id, self.env.user)
        self.pass_until(delivery.accepted_at + timedelta(hours=24))
        self.receive()
        self.assertEqual(move.activity_ids.user_id, self.env.user)

    def test_a_provider_that_stays_silent_ends_as_not_delivered(self):
        self.behave("SILENT")
        delivery = self.send()
        self.receive()
        self.pass_time(hours=13)
        self.receive()
        self.assertTrue(delivery.warned_at)
        self.assertEqual(delivery.state, "accepted")
        self.pass_time(hours=12)
        self.receive()
        self.assertEqual(delivery.state, "not_delivered")

    def test_an_address_outside_certified_mail_is_remembered(self):
        self.behave("OUTSIDE")
        delivery = self.send()
        self.receive()
        self.assertEqual((delivery.state, delivery.certified), ("accepted", "no"))
        self.assertIs(self.env["res.partner"]._is_certified_address(RECIPIENT), False)

    def test_unrelated_mail_is_neither_kept_nor_flagged(self):
        self.receive()
        letter = email.message.EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "anna@example.org", PEC_SENDER, "ACCETTAZIONE: your order"
        letter.set_content("Private.")
        self.box.imap.deliver(letter.as_bytes(policy=email.policy.SMTP))
        other = email.message_from_bytes(letter.as_bytes(), policy=email.policy.SMTP)
        other["X-Ricevuta"] = "accettazione"
        other["X-Riferimento-Message-ID"] = "<somebody.elses@pec.rossi.example>"
        self.box.imap.deliver(other.as_bytes())
        count = self.env["sync.mail.incoming"].search_count([])
        self.receive()
        self.assertEqual(self.env["sync.mail.incoming"].search_count([]), count)
        self.assertFalse([one.flags for one in self.box.imap.stored()[-2:] if one.flags])

    def test_a_receipt_that_cannot_be_read_is_set_aside_with_one_notice_and_the_others_go_on(self):
        delivery = self.send()
        poison = (
            f"From: posta-certificata@pec.rossi.example\r\nTo: {PEC_SENDER}\r\nSubject: poison\r\n"
            f"X-Ricevuta: nonsense\r\nX-Riferimento-Message-ID: {delivery.message_id}\r\n\r\nx\r\n"
        )
        self.box.imap.deliver(poison.encode())
        notices = len(self.pec.message_ids)
        self.receive()
        self.assertEqual(delivery.state, "delivered")
        (bad,) = self.env["sync.mail.incoming"].search([("state", "=", "quarantine")])
        self.assertFalse(self.box.imap.stored()[-1].flags)
        self.assertEqual(base64.b64decode(bad.content), poison.encode())
        self.assertTrue(bad.reason)
        told = len(self.pec.message_ids)
        self.assertEqual(told, notices + 1)
        self.receive()
        self.assertEqual(len(self.pec.message_ids), told)
        self.assertEqual(self.pec.state, "connected")

    def test_a_worker_that_was_killed_after_it_kept_a_receipt_leaves_it_to_the_next(self):
        delivery = self.send()
        self.receive()
        receipts = delivery.receipt_ids.sudo()
        # As if it had been killed right after the messages were kept.
        receipts.write({"state": "new", "delivery_id": False, "flagged": False})
        delivery.sudo().write({"state": "sent", "accepted_at": False, "delivered_at": False})
        self.receive()
        self.assertEqual((delivery.state, len(delivery.receipt_ids)), ("delivered", 2))
        self.assertEqual(set(receipts.mapped("flagged")), {True})

    def test_a_mailbox_that_cannot_be_read_does_not_stop_what_waits(self):
        self.box.imap.interrupt()
        self.addCleanup(self.box.imap.start)
        delivery = self.send()
        run = self.receive()
        self.assertEqual(delivery.state, "sent")
        self.assertEqual(run.outcome, "failed")

    def test_certified_mail_is_never_used_for_ordinary_mail(self):
        self.account.sudo().unlink()
        partner = self.customer("Verdi", "verdi@example.org")
        move = self.invoice(partner)
        wizard = self.wizard(move)
        self.assertFalse(wizard.sync_account_id)
        wizard.action_send_and_print()
        self.work()
        self.assertFalse(self.box.pec.submissions)
