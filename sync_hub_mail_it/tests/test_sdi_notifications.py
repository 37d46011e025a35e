# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import re
from itertools import permutations

from odoo.exceptions import UserError

from .sdi_case import ASSIGNED, SdiCase


class TestSdiNotifications(SdiCase):
    """What the SdI says moves the invoice, in the words of Odoo, whatever the order in which it comes."""

    def at_sdi(self, partner=None):
        """An invoice whose file has left."""
        move = self.invoice(partner or self.customer())
        self.sent_to_sdi(move)
        return move, move.sync_sdi_file_ids

    def test_delivered(self):
        move, file = self.at_sdi()
        self.feed(self.letter("RC", file))
        self.assertEqual((move.l10n_it_edi_state, file.state), ("forwarded", "delivered"))
        self.assertIn("succesfully forwarded", self.told(move))
        (notification,) = move.sync_sdi_notification_ids
        self.assertEqual((notification.kind, notification.sdi_identifier), ("RC", file.sdi_identifier))
        self.assertEqual(move.sync_delivery_state, "sent")

    def test_the_notification_is_attached_to_the_invoice_as_it_came(self):
        move, file = self.at_sdi()
        (kept,) = self.feed(self.letter("RC", file))
        (notification,) = move.sync_sdi_notification_ids
        (attached,) = move.message_ids.attachment_ids.filtered(lambda one: one.name == notification.name)
        self.assertEqual((attached.res_model, attached.res_id), ("account.move", move.id))
        self.assertIn(b"RicevutaConsegna", attached.raw)
        self.assertEqual(base64.b64decode(notification.content), attached.raw)
        self.assertEqual((notification.incoming_id, kept.state), (kept, "done"))

    def test_rejected_with_code_and_hint_and_called_refused(self):
        move, file = self.at_sdi()
        self.feed(self.letter("NS", file, errors=(("00311", "CodiceDestinatario non valido"),)))
        self.assertEqual((move.l10n_it_edi_state, file.state), ("rejected", "rejected"))
        for words in ("00311", "CodiceDestinatario non valido", "Ask the customer for the recipient code"):
            self.assertIn(words, self.told(move))
            self.assertIn(words, move.l10n_it_edi_header)
        self.assertEqual(move.sync_sdi_notification_ids.codes, "00311")
        message = self.messages(move)
        self.assertEqual((move.sync_delivery_state, message.state), ("refused", "refused"))
        self.assertIn("rejected the file", message.explanation)
        self.assertIn(move, self.env["account.move"].search([("sync_delivery_state", "in", ["refused"])]))
        self.assertIn(message, self.env["sync.mail.message"].search(self.pec.action_open_undelivered()["domain"]))

    def test_a_receipt_of_certified_mail_that_comes_after_the_rejection_does_not_call_it_delivered(self):
        move, file = self.at_sdi()
        self.feed(self.letter("NS", file, errors=(("00404", "Fattura duplicata"),)))
        # The receipts of the message lie in the mailbox since it left.
        self.receive()
        message = self.messages(move)
        self.assertTrue(message.delivered_at)
        self.assertEqual((message.state, move.sync_delivery_state), ("refused", "refused"))
        self.assertEqual(move.l10n_it_edi_state, "rejected")

    def test_not_delivered_to_a_company_is_left_for_it_to_fetch(self):
        move, file = self.at_sdi()
        self.feed(self.letter("MC", file, description="Casella piena"))
        self.assertEqual((move.l10n_it_edi_state, file.state), ("forward_failed", "not_delivered"))
        self.assertIn("Casella piena", self.told(move))

    def test_not_delivered_to_an_administration_is_tried_again_by_the_sdi(self):
        move, file = self.at_sdi(self.administration())
        self.feed(self.letter("MC", file))
        self.assertEqual(move.l10n_it_edi_state, "forward_attempt")

    def test_the_answers_of_an_administration(self):
        for outcome, state, delivery in (
            ("EC01", "accepted_by_pa_partner", "sent"),
            ("EC02", "rejected_by_pa_partner", "refused"),
        ):
            with self.subTest(outcome=outcome):
                move, file = self.at_sdi(self.administration())
                self.feed(self.letter("NE", file, outcome=outcome, description="CIG errato"))
                self.assertEqual((move.l10n_it_edi_state, move.sync_delivery_state), (state, delivery))
                self.assertEqual(move.sync_sdi_notification_ids.outcome, outcome)
                self.assertIn("CIG errato", self.told(move))

    def test_no_answer_of_an_administration_in_its_term(self):
        move, file = self.at_sdi(self.administration())
        self.feed(self.letter("DT", file))
        self.assertEqual(move.l10n_it_edi_state, "accepted_by_pa_partner_after_expiry")

    def test_the_attestation_of_an_undeliverable_file_is_read_out_of_its_archive(self):
        move, file = self.at_sdi(self.administration())
        self.feed(self.letter("AT", file))
        self.assertEqual((move.l10n_it_edi_state, file.state), ("forward_failed", "undeliverable"))
        (notification,) = move.sync_sdi_notification_ids
        self.assertTrue(notification.name.endswith(".zip"))
        self.assertIn(notification.name, move.message_ids.attachment_ids.mapped("name"))

    def test_a_signed_notification_is_read_too(self):
        move, file = self.at_sdi()
        self.feed(self.letter("RC", file, signed=True))
        self.assertEqual(move.l10n_it_edi_state, "forwarded")

    def test_the_order_in_which_they_come_does_not_matter(self):
        for order in permutations(("MC", "RC", "NE")):
            with self.subTest(order=order):
                move, file = self.at_sdi(self.administration())
                for kind in order:
                    self.feed(self.letter(kind, file))
                self.assertEqual((move.l10n_it_edi_state, file.state), ("accepted_by_pa_partner", "accepted"))

    def test_a_delivery_that_comes_after_a_rejection_of_a_second_sending_counts(self):
        move, file = self.at_sdi()
        self.feed(self.letter("NS", file, errors=(("00002", "Nome file duplicato"),)))
        self.feed(self.letter("RC", file))
        self.assertEqual((move.l10n_it_edi_state, move.sync_delivery_state), ("forwarded", "sent"))
        self.assertFalse(move.sync_sdi_can_send_again)

    def test_the_same_notification_twice_changes_nothing(self):
        move, file = self.at_sdi()
        notification = self.exchange.notification("RC", file.name, b"<file/>", self.pec.create_date)
        first, again = self.letter_with(notification), self.letter_with(notification)
        self.feed(first)
        posted = len(move.message_ids)
        kept = self.feed(first, again)
        self.assertEqual(kept.mapped("state"), ["done", "done"])
        self.assertEqual((len(move.sync_sdi_notification_ids), len(move.message_ids)), (1, posted))

    def test_another_notification_of_the_same_name_is_set_aside(self):
        move, file = self.at_sdi()
        name, content = self.exchange.notification("RC", file.name, b"<file/>", self.pec.create_date)
        self.feed(self.letter_with((name, content)))
        (kept,) = self.feed(self.letter_with((name, content.replace(b"UFABCD", b"UFXXXX"))))
        self.assertEqual(kept.state, "quarantine")
        self.assertEqual(len(move.sync_sdi_notification_ids), 1)

    def test_one_that_cannot_be_read_is_set_aside_and_the_next_one_counts(self):
        move, file = self.at_sdi()
        name, _content = self.exchange.notification("RC", file.name, b"<file/>", self.pec.create_date)
        poison, good = self.feed(self.letter_with((name, b"<broken")), self.letter("MC", file)).sorted("id")
        self.assertEqual((poison.state, good.state), ("quarantine", "done"))
        self.assertEqual(move.l10n_it_edi_state, "forward_failed")
        self.assertIn("set aside", self.told(self.pec))
        self.assertEqual(len([body for body in self.pec.message_ids.mapped("body") if "set aside" in body]), 1)

    def test_one_that_was_changed_on_its_way_moves_nothing(self):
        move, file = self.at_sdi()
        raw = self.letter("RC", file)
        (kept,) = self.feed(raw.replace(b"Messaggio di posta", b"Messaggio di pesta").replace(b"TWVzc2Fn", b"TWVzc2Fo"))
        self.assertEqual((kept.state, move.l10n_it_edi_state), ("quarantine", "processing"))

    def test_one_for_which_no_provider_vouches_moves_nothing(self):
        move, file = self.at_sdi()
        head, mime, rest = self.letter("RC", file).partition(b"MIME-Version: 1.0\r\n")
        boundary = re.search(rb'boundary="(.+)"', rest)[1]
        # The same words, without the signature around them.
        (kept,) = self.feed(head + mime + rest.split(b"--" + boundary + b"\r\n")[1])
        self.assertEqual((kept.state, kept.signature), ("quarantine", "none"))
        self.assertEqual(move.l10n_it_edi_state, "processing")

    # -- Again, under a new name ---------------------------------------------------------------------------------------

    def rejected(self):
        move, file = self.at_sdi()
        self.feed(self.letter("NS", file, errors=(("00311", "CodiceDestinatario non valido"),)))
        return move, file

    def test_after_a_rejection_it_goes_again_under_a_new_file_name(self):
        move, file = self.rejected()
        move.partner_id.l10n_it_pa_index = "0000000"
        self.assertTrue(move.sync_sdi_can_send_again)
        move.action_sync_sdi_send_again()
        self.work()
        new = move.sync_sdi_file_ids - file
        self.assertNotEqual(new.name, file.name)
        self.assertEqual(self.submitted()[1:], [(ASSIGNED, [new.name])])
        self.assertIn(b"0000000", base64.b64decode(new.sudo().content))
        self.assertEqual((move.l10n_it_edi_state, move.sync_delivery_state), ("processing", "sent"))
        self.assertEqual(move.l10n_it_edi_attachment_name, new.name)
        # The old one stays, with what was said of it.
        self.assertEqual((file.state, file.notification_ids.kind), ("rejected", "NS"))
        self.assertTrue(file.sudo().content)
        self.feed(self.letter("RC", new))
        self.assertEqual(move.l10n_it_edi_state, "forwarded")

    def test_after_a_rejection_it_can_be_corrected_and_sent_as_any_other(self):
        move, file = self.rejected()
        self.assertTrue(move.show_reset_to_draft_button)
        move.button_draft()
        move.invoice_line_ids.price_unit = 90
        move.action_post()
        self.to_sdi(move)
        self.work()
        new = move.sync_sdi_file_ids - file
        self.assertIn(b"90.00", base64.b64decode(new.sudo().content))
        self.assertEqual(self.submitted()[1:], [(ASSIGNED, [new.name])])

    def test_what_is_said_of_the_old_file_does_not_move_the_invoice_any_more(self):
        move, file = self.rejected()
        move.action_sync_sdi_send_again()
        self.feed(self.letter("NS", file, errors=(("00002", "Nome file duplicato"),)))
        self.assertEqual(move.l10n_it_edi_state, "being_sent")
        self.assertEqual(len(file.notification_ids), 2)

    def test_only_a_rejected_one_goes_again(self):
        move, file = self.at_sdi()
        for kind in (None, "RC"):
            if kind:
                self.feed(self.letter(kind, file))
            self.assertFalse(move.sync_sdi_can_send_again)
            with self.assertRaisesRegex(UserError, "rejected"):
                move.action_sync_sdi_send_again()

    def test_the_very_file_that_was_rejected_is_not_sent_again(self):
        move, file = self.rejected()
        with self.assertRaisesRegex(UserError, "new file name"):
            self.messages(move).action_send_again()
        self.assertEqual(file.message_ids.mapped("superseded"), [False])

    def test_invoices_that_were_refused_and_those_that_wait_are_found(self):
        move, _file = self.rejected()
        waiting, _other = self.at_sdi(self.customer("Neri"))
        found = self.env["account.move"].search([("l10n_it_edi_state", "in", ("rejected", "rejected_by_pa_partner"))])
        self.assertIn(move, found)
        self.assertNotIn(waiting, found)
