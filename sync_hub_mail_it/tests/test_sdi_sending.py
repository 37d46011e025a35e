# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError

from .sdi_case import ASSIGNED, PEC_SENDER, SdiCase


class TestSdiSending(SdiCase):
    """Invoices go to the SdI by the company's certified mail."""

    def test_send_and_print_lets_the_file_leave_by_certified_mail_and_nothing_else_with_it(self):
        self.pec.sdi_address = ASSIGNED
        move = self.invoice(self.customer())
        (message,) = self.to_sdi(move)
        self.assertEqual((message.role, message.state, message.recipient), ("sdi", "queued", ASSIGNED))
        self.assertEqual(message.session_id.move_ids, move)
        self.assertEqual((move.l10n_it_edi_state, move.sync_delivery_state), ("being_sent", "queued"))
        self.work()
        (sent,) = self.box.pec.submissions
        (part,) = sent.message.iter_attachments()
        self.assertEqual((sent.sender, sent.recipients), (PEC_SENDER, (ASSIGNED,)))
        self.assertEqual((part.get_filename(), sent.subject), (move.l10n_it_edi_attachment_name,) * 2)
        self.assertEqual(part.get_payload(decode=True), move.sync_sdi_file_ids.sudo()._draft().attachments[0].content)
        self.assertIn(b"FatturaElettronica", part.get_payload(decode=True))
        self.assertEqual(sent.message_id, message.message_id)
        self.assertEqual((move.l10n_it_edi_state, message.state), ("processing", "sent"))
        self.assertIn(move.l10n_it_edi_attachment_name, self.told(move))

    def test_odoos_own_service_is_not_asked(self):
        # It would call everything delivered at once.
        self.register_with_odoo()
        move = self.invoice(self.customer())
        self.sent_to_sdi(move)
        move.action_check_l10n_it_edi()
        self.env["account.move"].browse(move.id)._l10n_it_edi_update_send_state()
        self.assertEqual(move.l10n_it_edi_state, "processing")
        self.assertEqual(move.l10n_it_edi_button_label, "Send")
        alerts = self.wizard(self.invoice(self.customer("Neri"))).alerts or {}
        self.assertNotIn("l10n_it_edi_invite_authorize", alerts)

    def test_nobody_has_to_be_registered_with_odoos_own_service(self):
        self.assertFalse(self.company.sudo().account_edi_proxy_client_ids)
        move = self.invoice(self.customer())
        self.sent_to_sdi(move)
        self.assertEqual(move.l10n_it_edi_state, "processing")

    def test_the_invoice_cannot_be_changed_while_it_is_at_the_sdi(self):
        move = self.invoice(self.customer())
        self.sent_to_sdi(move)
        self.assertFalse(move.show_reset_to_draft_button)

    def test_the_check_of_a_sending_looks_into_the_mailbox(self):
        move = self.invoice(self.customer())
        file = self.sent_to_sdi(move)
        self.box.imap.deliver(self.letter("RC", file))
        move.action_check_l10n_it_edi()
        self.work()
        self.assertEqual(move.l10n_it_edi_state, "forwarded")

    def test_what_makes_the_xml_impossible_is_told_and_nothing_is_sent_at_all(self):
        partner = self.customer(vat=False, l10n_it_codice_fiscale=False, invoice_sending_method="email")
        move = self.invoice(partner)
        with self.assertRaisesRegex(UserError, "VAT number or Codice Fiscale"):
            self.press_send(move)
        self.env["account.move.send"]._generate_and_send_invoices(move, allow_raising=False)
        self.assertIn("VAT number or Codice Fiscale", self.told(move))
        self.assertFalse(move.sync_delivery_ids)
        self.assertFalse(move.sync_sdi_file_ids)
        self.assertFalse(move.l10n_it_edi_state)

    def test_an_invoice_that_was_printed_before_gets_its_file_too(self):
        move = self.invoice(self.customer(invoice_edi_format=False))
        self.env["account.move.send"]._generate_and_send_invoices(
            move, sending_methods=["manual"], extra_edis=set(), invoice_edi_format=False
        )
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertFalse(move.l10n_it_edi_attachment_file)
        self.assertTrue(self.to_sdi(move))
        self.assertTrue(move.l10n_it_edi_attachment_file)

    def test_several_invoices_leave_in_files_of_their_own(self):
        self.pec.sdi_address = ASSIGNED
        partner = self.customer()
        moves = [self.invoice(partner) for _number in range(3)]
        self.env["account.move.send"]._generate_and_send_invoices(self.env["account.move"].union(*moves))
        self.work()
        self.assertEqual(
            sorted(self.submitted()), sorted((ASSIGNED, [move.l10n_it_edi_attachment_name]) for move in moves)
        )

    def test_what_is_due_goes_to_the_sdi_by_itself(self):
        self.pec.sdi_address = ASSIGNED
        move = self.invoice(self.customer())
        self.pec.write({"send_due": True, "due_since": "2026-06-01", "due_journal_ids": self.journal.ids})
        self.receive()
        self.assertEqual(self.submitted(), [(ASSIGNED, [move.l10n_it_edi_attachment_name])])

    def test_an_invoice_is_not_sent_twice_while_its_file_is_on_its_way(self):
        self.pec.sdi_address = ASSIGNED
        move = self.invoice(self.customer())
        self.to_sdi(move)
        result = move._l10n_it_edi_send({move: {"name": "IT00743110157_0ZZZZ.xml", "raw": b"<other/>"}})
        self.assertIn("on its way", result["IT00743110157_0ZZZZ.xml"]["error_message"])
        self.work()
        self.assertEqual(len(self.box.pec.submissions), 1)

    def test_a_message_that_is_cancelled_gives_the_invoice_back(self):
        self.pec.sdi_address = ASSIGNED
        move = self.invoice(self.customer())
        (message,) = self.to_sdi(move)
        message.action_cancel()
        self.assertFalse(move.l10n_it_edi_state)
        self.assertTrue(move.show_reset_to_draft_button)
        name = move.l10n_it_edi_attachment_name
        # The SdI has never seen the name: the same file may leave.
        again = self.to_sdi(move) - message
        self.assertEqual((again.state, again.sdi_file_id.name, move.l10n_it_edi_state), ("queued", name, "being_sent"))
        self.assertEqual((message.superseded, move.sync_delivery_state), (True, "queued"))

    def test_a_message_that_the_provider_refuses_is_told_and_can_be_sent_again(self):
        self.box.pec.behaviours[ASSIGNED] = self.behaviour.UNKNOWN
        move = self.invoice(self.customer())
        file = self.sent_to_sdi(move)
        self.receive()
        message = self.messages(move)
        self.assertEqual((message.state, move.sync_delivery_state), ("not_delivered",) * 2)
        self.assertFalse(move.l10n_it_edi_state)
        self.assertIn("did not reach the SdI", move.l10n_it_edi_header)
        self.box.pec.behaviours.clear()
        message.action_send_again()
        self.work()
        self.assertEqual(move.sync_sdi_file_ids, file)
        self.assertEqual((move.l10n_it_edi_state, len(self.submitted())), ("processing", 2))
        with self.assertRaisesRegex(UserError, "not sent twice"):
            message.action_send_again()

    def test_a_disconnected_account_sends_nothing_and_says_so(self):
        self.pec.sudo().state = "closed"
        move = self.invoice(self.customer())
        with self.assertRaisesRegex(UserError, "disconnected"):
            self.press_send(move)

    def test_whoever_sends_for_the_public_administration_is_told_that_a_signature_is_missing(self):
        wizard = self.wizard(self.invoice(self.administration()))
        self.assertIn("signature", wizard.alerts["sync_hub_mail_it_unsigned"]["message"])
