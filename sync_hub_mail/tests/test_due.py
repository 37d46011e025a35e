# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tools import mute_logger

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

    def test_peppol_is_left_to_people_where_the_company_has_not_joined(self):
        if "account_peppol_proxy_state" not in self.company._fields:
            self.skipTest("Peppol is not installed")
        self.company.sudo().account_peppol_proxy_state = "not_registered"
        self.env["ir.config_parameter"].sudo().set_param("account_peppol.edi.mode", "demo")
        italian = {
            "country_id": self.env.ref("base.it").id,
            "vat": "IT00743110157",
            "street": "Via Roma 1",
            "city": "Milano",
            "invoice_edi_format": "ubl_bis3",
        }
        tax = self.env["account.tax"].search(
            [("company_id", "=", self.company.id), ("type_tax_use", "=", "sale"), ("amount", ">", 0)], limit=1
        )
        found = self.invoice(self.customer(invoice_sending_method="email", **italian), taxes=tax)
        only = self.invoice(self.customer("Solo Peppol", invoice_sending_method="peppol", **italian), taxes=tax)
        # Odoo's own choice, which a person who sends would see.
        self.assertEqual(self.env["account.move.send"]._get_default_sending_methods(found), {"email", "peppol"})
        self.synchronize()
        self.assertEqual((found.sync_delivery_state, only.sync_delivery_state), ("sent", "not_sent"))
        self.assertIn("by Peppol", only.sync_unsent_reason)
        self.assertFalse(only.is_move_sent)

    def test_a_document_that_another_addon_breaks_does_not_hold_up_the_others(self):
        broken = self.invoice(self.customer("Guasta", "guasta@example.org"))
        good = self.invoice(self.customer())
        # A report whose template fails, as one that was changed by hand.
        view = self.env.ref("account.report_invoice_document").sudo()
        self.env["ir.ui.view"].sudo().create(
            {
                "name": "broken",
                "type": "qweb",
                "mode": "extension",
                "inherit_id": view.id,
                "arch": f'<xpath expr="//t[@t-call]" position="before"><t t-if="o.id == {broken.id}" '
                't-out="1 // 0"/></xpath>',
            }
        )
        with mute_logger("odoo.addons.sync_hub_mail.models.sync_mail_due"):
            run = self.synchronize()
        self.assertEqual((good.sync_delivery_state, broken.sync_delivery_state), ("sent", "not_sent"))
        self.assertIn("Odoo could not make it", broken.sync_unsent_reason)
        self.assertEqual(run.outcome, "partly_failed")
