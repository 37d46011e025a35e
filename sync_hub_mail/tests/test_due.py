# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from .sending_case import SendingCase


class TestDue(SendingCase):
    """Invoices that are due leave by themselves, at the times of the schedule."""

    def setUp(self):
        super().setUp()
        self.account.write(
            {"send_due": True, "due_since": date(2026, 6, 1), "due_journal_ids": [(6, 0, self.journal.ids)]}
        )

    def synchronize(self):
        self.account.action_sync_now()
        self.work()
        return self.account.last_run_id

    def test_posted_invoices_of_the_journals_leave_once(self):
        due = self.invoice(self.customer())
        draft = self.invoice(self.customer("Draft", "draft@example.org"), post=False)
        old = self.invoice(self.customer("Old", "old@example.org"), day=date(2026, 5, 31))
        run = self.synchronize()
        self.assertEqual(due.sync_delivery_state, "sent")
        self.assertFalse((draft | old).sync_delivery_ids)
        self.assertEqual((run.outcome, run.created_count), ("done", 1))
        self.synchronize()
        self.assertEqual(len(self.server.messages), 1)

    def test_one_that_was_sent_by_hand_does_not_leave_again(self):
        move = self.invoice(self.customer())
        self.press_send(move)
        self.synchronize()
        self.assertEqual(len(self.server.messages), 1)

    def test_one_that_cannot_be_sent_says_why_once_and_the_others_leave(self):
        bad = self.invoice(self.customer("Senza", email=False))
        good = self.invoice(self.customer())
        run = self.synchronize()
        self.assertEqual((good.sync_delivery_state, bad.sync_delivery_state), ("sent", "not_sent"))
        self.assertIn("has no e-mail address", bad.sync_unsent_reason)
        self.assertEqual(run.outcome, "partly_failed")
        posted = len(bad.message_ids)
        self.synchronize()
        self.assertEqual(len(bad.message_ids), posted)
        self.assertIn(bad, self.env["account.move"].search([("sync_delivery_state", "in", ["not_sent"])]))
        bad.partner_id.email = "ora@example.org"
        bad.action_sync_try_again()
        self.synchronize()
        self.assertEqual(bad.sync_delivery_state, "sent")

    def test_all_documents_of_a_run_go_to_the_accountant_in_one_message(self):
        self.account.all_to = "studio@commercialista.example"
        for number in range(3):
            self.invoice(self.customer(f"C{number}", f"c{number}@example.org"))
        self.synchronize()
        digests = [one for received, one in self.letters() if received.recipients[0].startswith("studio")]
        self.assertEqual(len(digests), 1)
        self.assertEqual(len(self.attached(digests[0])), 4)

    def test_a_run_for_what_waits_makes_nothing_that_is_due(self):
        due = self.invoice(self.customer())
        other = self.invoice(self.customer("Verdi", "verdi@example.org"))
        self.press_send(other)
        self.work()
        self.assertEqual(other.sync_delivery_state, "sent")
        self.assertFalse(due.sync_delivery_ids)

    def test_an_xml_that_cannot_be_made_keeps_the_document_back_with_the_reason(self):
        # Factur-X and the like name seller and buyer by their country.
        partner = self.customer(invoice_edi_format="facturx", country_id=False)
        move = self.invoice(partner)
        self.synchronize()
        self.assertFalse(self.server.messages)
        self.assertEqual(move.sync_delivery_state, "not_sent")
        self.assertTrue(move.sync_unsent_reason)
        self.assertFalse(move.is_move_sent)
