# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError

from .sending_case import PEC_SENDER, SendingCase


class TestSendingBatch(SendingCase):
    """Many documents at once, and what is caught before they are sent."""

    def batch(self, moves, **values):
        return self.env["account.move.send.batch.wizard"].create({"move_ids": [(6, 0, moves.ids)], **values})

    def send_batch(self, moves, **values):
        self.batch(moves, **values).action_send_and_print()
        self.trigger(self.env.ref("account.ir_cron_account_move_send"))

    def test_all_to_gets_one_message_with_all_documents_of_the_batch(self):
        self.account.all_to = "studio@commercialista.example"
        moves = self.env["account.move"]
        for number in range(3):
            moves |= self.invoice(self.customer(f"C{number}", f"c{number}@example.org"))
        self.send_batch(moves)
        self.work()
        digests = [one for received, one in self.letters() if received.recipients[0].startswith("studio")]
        self.assertEqual(len(digests), 1)
        files = self.attached(digests[0])
        table = files["index.csv"].decode("utf-8-sig")
        for move in moves:
            self.assertIn(move.name, table)
        self.assertEqual(len(files), 4)
        self.assertEqual(set(moves.mapped("sync_delivery_state")), {"sent"})

    def test_what_is_typed_in_the_batch_counts_for_it_alone(self):
        self.account.write({"copy_to": "archivio@rossi.example", "all_to": "studio@commercialista.example"})
        move = self.invoice(self.customer())
        other = self.invoice(self.customer("Verdi", "verdi@example.org"))
        self.send_batch(move | other, sync_copy_to="capo@rossi.example", sync_all_to=False)
        self.work()
        to = sorted(received.recipients[0] for received, _letter in self.letters())
        self.assertEqual(
            to, ["acquisti@bianchi.example", "capo@rossi.example", "capo@rossi.example", "verdi@example.org"]
        )
        self.assertEqual(self.account.copy_to, "archivio@rossi.example")

    def test_documents_without_an_address_are_listed_and_told_on_the_invoice_and_the_others_leave(self):
        without = self.invoice(self.customer("Senza", email=False))
        good = self.invoice(self.customer())
        wizard = self.batch(without | good)
        listed = " ".join(alert["message"] for alert in wizard.alerts.values())
        self.assertIn(without.name, listed)
        self.assertIn("1 documents will not be sent", listed)
        self.assertFalse(wizard.sync_can_override)
        self.send_batch(without | good)
        self.work()
        self.assertEqual(good.sync_delivery_state, "sent")
        self.assertFalse(without.sync_delivery_ids)
        self.assertFalse(without.is_move_sent)
        self.assertIn("has no e-mail address", without.message_ids[0].body)
        # Who looks for what did not arrive finds it, until it has left.
        self.assertEqual(without.sync_delivery_state, "not_sent")
        self.assertIn("has no e-mail address", without.sync_unsent_reason)
        self.assertEqual(self.env["account.move"].search([("sync_delivery_state", "in", ["not_sent"])]), without)
        without.partner_id.email = "ora@example.org"
        # No automatic run would take it: the dialog opens.
        self.assertEqual(without.action_sync_try_again()["res_model"], "account.move.send.wizard")
        self.assertEqual(without.sync_delivery_state, "not_sent")
        self.press_send(without)
        self.work()
        self.assertEqual(without.sync_delivery_state, "sent")

    def test_ordinary_mail_to_somebody_who_accepts_pec_only_is_caught(self):
        partner = self.customer(sync_pec_only=True, sync_pec_email="bianchi@pec.bianchi.example")
        move = self.invoice(partner)
        wizard = self.wizard(move)
        (alert,) = [alert for key, alert in wizard.alerts.items() if key.startswith("sync_hub_mail")]
        self.assertEqual(alert["level"], "danger")
        self.assertIn("bianchi@pec.bianchi.example", alert["message"])
        self.assertTrue(wizard.sync_can_override)
        with self.assertRaises(UserError):
            wizard.action_send_and_print()
        wizard.sync_override = True
        wizard.action_send_and_print()
        self.assertEqual(move.sync_delivery_ids.recipient, "acquisti@bianchi.example")

    def test_pec_to_an_ordinary_mailbox_is_caught(self):
        self.new_account(PEC_SENDER, kind="pec")
        partner = self.customer(sync_pec_email="bianchi@gmail.com", invoice_sending_method="pec")
        wizard = self.wizard(self.invoice(partner))
        with self.assertRaisesRegex(UserError, "no address of certified mail"):
            wizard.action_send_and_print()
        wizard.sync_override = True
        wizard.action_send_and_print()
        self.assertEqual(wizard.move_id.sync_delivery_ids.recipient, "bianchi@gmail.com")

    def test_pec_without_an_address_says_so(self):
        self.new_account(PEC_SENDER, kind="pec")
        move = self.invoice(self.customer())
        wizard = self.wizard(move, sending_methods=["pec"])
        with self.assertRaisesRegex(UserError, "has no address of certified mail"):
            wizard.action_send_and_print()

    def test_an_address_with_a_typo_is_questioned(self):
        wizard = self.wizard(self.invoice(self.customer(email="anna@gmial.com")))
        messages = [alert["message"] for alert in wizard.alerts.values()]
        self.assertIn("anna@gmial.com: did you mean anna@gmail.com?", messages)
        # A tick would change nothing here.
        self.assertFalse(wizard.sync_can_override)

    def test_a_company_without_a_mail_account_sends_as_odoo_does(self):
        self.account.state = "closed"
        move = self.invoice(self.customer())
        wizard = self.wizard(move)
        self.assertFalse(wizard.sync_has_account)
        wizard.action_send_and_print()
        self.assertFalse(move.sync_delivery_ids)
        self.assertTrue(move.is_move_sent)
