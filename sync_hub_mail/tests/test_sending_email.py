# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .sending_case import SENDER, SendingCase


class TestSendingEmail(SendingCase):
    """Invoices by e-mail, through the mail account of their company."""

    def test_an_invoice_that_is_sent_waits_in_the_account_and_leaves_with_its_pdf(self):
        move = self.invoice(self.customer())
        (delivery,) = self.press_send(move)
        self.assertEqual((delivery.state, delivery.recipient), ("queued", "acquisti@bianchi.example"))
        self.assertEqual(move.sync_delivery_state, "queued")
        self.assertEqual((move.status_in_payment, move.move_sent_values), ("posted", "not_sent"))
        self.assertFalse(self.server.messages)
        self.work()
        ((received, letter),) = self.letters()
        self.assertEqual((received.sender, received.recipients), (SENDER, ("acquisti@bianchi.example",)))
        self.assertEqual(letter["Message-ID"], delivery.message_id)
        self.assertIn(SENDER, letter["From"])
        (pdf,) = self.attached(letter).values()
        self.assertTrue(pdf.startswith(b"%PDF") or pdf)
        self.assertEqual((delivery.state, move.sync_delivery_state), ("sent", "sent"))
        self.assertEqual((move.status_in_payment, move.move_sent_values), ("sent", "sent"))

    def test_the_chatter_knows_that_it_was_sent_only_when_the_server_has_it(self):
        partner = self.customer()
        move = self.invoice(partner)
        self.press_send(move)
        notification = move.message_ids.notification_ids.filtered(lambda one: one.res_partner_id == partner)
        self.assertEqual(notification.notification_status, "ready")
        self.work()
        self.assertEqual(notification.notification_status, "sent")

    def test_each_recipient_gets_a_message_of_his_own_with_an_own_message_id(self):
        first, second = self.customer(), self.customer("Verdi", "verdi@verdi.example")
        move = self.invoice(first)
        self.press_send(move, mail_partner_ids=[(6, 0, (first | second).ids)])
        self.work()
        self.assertEqual(
            {received.recipients for received in self.server.messages},
            {("acquisti@bianchi.example",), ("verdi@verdi.example",)},
        )
        self.assertEqual(len({letter["Message-ID"] for _received, letter in self.letters()}), 2)

    def test_an_address_that_the_server_refuses_is_told_on_the_invoice_and_never_called_sent(self):
        partner = self.customer()
        move = self.invoice(partner)
        (delivery,) = self.press_send(move)
        self.server.play(self.smtp.Stage.RCPT, reply="550 5.1.1 No such user here")
        self.work()
        self.assertEqual((delivery.state, delivery.reason), ("refused", "recipient_unknown"))
        self.assertEqual(move.sync_delivery_state, "refused")
        self.assertEqual((move.status_in_payment, move.move_sent_values), ("posted", "not_sent"))
        self.assertIn(move, self.env["account.move"].search([("sync_delivery_state", "in", ["refused"])]))
        self.assertIn("No such user here", move.message_ids[0].body)
        notification = move.message_ids.notification_ids.filtered(lambda one: one.res_partner_id == partner)
        self.assertEqual(notification.notification_status, "exception")
        self.work()
        self.assertEqual(len([line for line in self.server.commands() if line.startswith("RCPT")]), 1)
        (run,) = self.env["sync.run"].search([("connection_id", "=", self.account.id)])
        self.assertEqual((run.outcome, run.failed_count), ("failed", 1))

    def test_it_can_be_sent_again_after_the_address_is_corrected_at_the_server(self):
        move = self.invoice(self.customer())
        (delivery,) = self.press_send(move)
        self.server.play(self.smtp.Stage.RCPT, reply="550 5.1.1 No such user here", times=1)
        self.work()
        delivery.action_send_again()
        self.work()
        again = move.sync_delivery_ids - delivery
        self.assertEqual((again.state, delivery.superseded, move.sync_delivery_state), ("sent", True, "sent"))
        self.assertNotEqual(again.message_id, delivery.message_id)
        ((_received, letter),) = self.letters()
        self.assertEqual(letter["Message-ID"], again.message_id)

    def test_a_temporary_refusal_is_tried_again_later(self):
        move = self.invoice(self.customer())
        (delivery,) = self.press_send(move)
        self.server.play(self.smtp.Stage.RCPT, reply="451 4.7.1 Greylisted, come back", times=1)
        self.work()
        self.assertEqual((delivery.state, delivery.reason, delivery.tries), ("queued", "greylisted", 1))
        self.assertEqual(self.account.departure_at, delivery.next_try)
        self.work()
        self.assertEqual(delivery.tries, 1)
        self.pass_until(delivery.next_try)
        self.work()
        self.assertEqual((delivery.state, delivery.tries), ("sent", 2))

    def test_copy_to_gets_a_copy_of_each_message(self):
        self.account.copy_to = "archivio@rossi.example; capo@rossi.example"
        move = self.invoice(self.customer())
        deliveries = self.press_send(move)
        self.work()
        self.assertEqual(sorted(deliveries.mapped("role")), ["copy", "copy", "to"])
        self.assertEqual(
            {received.recipients[0] for received in self.server.messages},
            {"acquisti@bianchi.example", "archivio@rossi.example", "capo@rossi.example"},
        )
        self.assertEqual(len({tuple(self.attached(letter)) for _received, letter in self.letters()}), 1)

    def test_what_is_typed_at_sending_counts_for_this_sending_only(self):
        self.account.copy_to = "archivio@rossi.example"
        partner = self.customer()
        wizard = self.wizard(self.invoice(partner))
        self.assertEqual(wizard.sync_copy_to, "archivio@rossi.example")
        wizard.sync_copy_to = False
        wizard.action_send_and_print()
        self.assertEqual(wizard.move_id.sync_delivery_ids.mapped("role"), ["to"])
        self.assertEqual(self.account.copy_to, "archivio@rossi.example")
        other = self.invoice(partner)
        self.assertEqual(sorted(self.press_send(other).mapped("role")), ["copy", "to"])

    def test_all_to_gets_one_message_with_the_documents_and_a_table_of_them(self):
        self.account.all_to = "studio@commercialista.example"
        move = self.invoice(self.customer())
        self.press_send(move)
        self.work()
        digest = next(
            letter for received, letter in self.letters() if received.recipients == ("studio@commercialista.example",)
        )
        files = self.attached(digest)
        self.assertIn(move.name, files["index.csv"].decode("utf-8-sig"))
        self.assertEqual(len(files), 2)

    def test_a_mail_that_is_handed_over_twice_leaves_once(self):
        move = self.invoice(self.customer())
        self.press_send(move)
        mail = move.sync_delivery_ids.mail_id
        mail.sudo().send()
        self.assertEqual(len(move.sync_delivery_ids), 1)
        mail.sudo().state = "outgoing"
        mail.sudo().send()
        self.assertEqual(len(move.sync_delivery_ids), 1)

    def test_colleagues_who_follow_an_invoice_hear_of_it_without_the_account(self):
        move = self.invoice(self.customer())
        self.assertIn(self.env.user.partner_id, move.message_partner_ids)
        self.press_send(move)
        self.work()
        self.assertEqual(move.sync_delivery_ids.mapped("recipient"), ["acquisti@bianchi.example"])

    def test_a_document_that_is_sent_to_a_colleague_leaves_by_the_account(self):
        move = self.invoice(self.customer())
        (delivery,) = self.press_send(move, mail_partner_ids=[(6, 0, self.env.user.partner_id.ids)])
        self.work()
        self.assertEqual((delivery.recipient, delivery.state), ("anna@rossi.example", "sent"))
