# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import zipfile

from odoo.exceptions import UserError

from .sending_case import SendingCase

STUDIO = "studio@commercialista.example"


class TestAccountant(SendingCase):
    """Documents for the accountant: PDF and e-invoice together, whatever the customer gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.accountant_to = STUDIO
        # An e-invoice that Odoo makes for everybody: UBL.
        cls.partner = cls.customer(
            vat="IT00743110157",
            country_id=cls.env.ref("base.it").id,
            street="Via Roma 1",
            city="Milano",
            zip="20100",
            invoice_edi_format="ubl_bis3",
            invoice_sending_method="accountant",
        )
        cls.company.sudo().write({"street": "Via Po 2", "city": "Torino", "zip": "10100"})
        cls.tax = cls.env["account.tax"].search(
            [("company_id", "=", cls.company.id), ("type_tax_use", "=", "sale"), ("amount", ">", 0)], limit=1
        )

    def test_pdf_and_xml_leave_together(self):
        move = self.invoice(self.partner, taxes=self.tax)
        (delivery,) = self.press_send(move)
        self.assertEqual((delivery.role, delivery.recipient), ("accountant", STUDIO))
        self.work()
        ((_received, letter),) = self.letters()
        types = sorted(part.get_content_type() for part in letter.iter_attachments())
        self.assertEqual(len(types), 2)
        self.assertTrue(any("xml" in name for name in self.attached(letter)))
        self.assertEqual(move.sync_delivery_state, "sent")

    def test_if_the_xml_cannot_be_made_nothing_is_sent_and_the_invoice_says_why(self):
        # What the rules of UBL do not allow.
        move = self.invoice(self.partner)
        with self.assertRaisesRegex(UserError, "should have at least one tax"), self.env.cr.savepoint():
            self.press_send(move)
        self.env["account.move.send.batch.wizard"].create({"move_ids": [(6, 0, move.ids)]}).action_send_and_print()
        self.trigger(self.env.ref("account.ir_cron_account_move_send"))
        self.assertFalse(move.sync_delivery_ids)
        self.assertFalse(move.is_move_sent)
        told = " ".join(move.message_ids.mapped("body"))
        self.assertIn("UBL BIS Billing", told)
        self.work()
        self.assertFalse(self.server.messages)

    def test_without_an_address_of_the_accountant_it_says_so(self):
        self.account.accountant_to = False
        with self.assertRaisesRegex(UserError, "No address of the accountant is known"):
            self.press_send(self.invoice(self.partner, taxes=self.tax))

    def test_the_address_can_be_typed_for_one_sending(self):
        self.account.accountant_to = False
        wizard = self.wizard(self.invoice(self.partner, taxes=self.tax))
        wizard.sync_accountant_to = "altro@studio.example"
        wizard.action_send_and_print()
        delivery = wizard.move_id.sync_delivery_ids
        self.assertEqual(delivery.recipient, "altro@studio.example")
        self.assertFalse(self.account.accountant_to)

    def test_e_mail_and_accountant_in_one_sending_are_two_messages(self):
        move = self.invoice(self.partner, taxes=self.tax)
        self.press_send(move, sending_methods=["email", "accountant"])
        self.work()
        self.assertEqual(sorted(move.sync_delivery_ids.mapped("role")), ["accountant", "to"])
        self.assertEqual(len(self.server.messages), 2)

    def test_attachments_are_never_replaced_by_links(self):
        move = self.invoice(self.partner, taxes=self.tax)
        big = self.env["ir.attachment"].create(
            {"name": "big.bin", "raw": b"x" * 12_000_000, "res_model": "account.move", "res_id": move.id}
        )
        wizard = self.wizard(move, sending_methods=["email"])
        extra = {"id": big.id, "name": big.name, "mimetype": "application/octet-stream", "manual": True}
        wizard.mail_attachments_widget = [*wizard.mail_attachments_widget, extra]
        wizard.action_send_and_print()
        self.work()
        ((_received, letter),) = self.letters()
        self.assertEqual(len(self.attached(letter)["big.bin"]), 12_000_000)

    def test_what_is_sent_anew_takes_the_place_of_what_did_not_arrive(self):
        move = self.invoice(self.partner, taxes=self.tax)
        self.server.play(self.smtp.Stage.RCPT, reply="550 5.1.1 No such user here", times=1)
        (bad,) = self.press_send(move)
        self.work()
        self.assertEqual(move.sync_delivery_state, "refused")
        self.press_send(move, sync_accountant_to="giusto@studio.example")
        self.assertTrue(bad.superseded)
        self.work()
        self.assertEqual(move.sync_delivery_state, "sent")

    def test_the_dashboard_counts_what_did_not_arrive(self):
        move = self.invoice(self.partner, taxes=self.tax)
        self.server.play(self.smtp.Stage.RCPT, reply="550 5.1.1 No such user here", times=1)
        self.press_send(move)
        self.work()
        self.assertEqual(self.journal._get_journal_dashboard_data_batched()[self.journal.id]["sync_undelivered"], 1)

    def test_evidence_holds_document_message_and_hashes(self):
        move = self.invoice(self.partner, taxes=self.tax)
        self.press_send(move)
        self.work()
        self.assertIn(f"/account.move/{move.id}", move.action_sync_evidence()["url"])
        archive = zipfile.ZipFile(io.BytesIO(move.sync_delivery_ids._evidence(move)))
        names = archive.namelist()
        self.assertTrue({"index.html", "hashes.csv", "manifest.json"} <= set(names))
        self.assertTrue(any(name.endswith(".eml") for name in names))
        sent = next(archive.read(name) for name in names if name.endswith(".eml"))
        self.assertEqual(sent, self.server.messages[0].content)

    def test_accountants_choose_the_method_of_a_customer_without_developer_mode(self):
        form = self.env["res.partner"].get_view(self.env.ref("base.view_partner_form").id, "form")["arch"]
        for name in ("invoice_sending_method", "sync_pec_email", "sync_pec_only"):
            self.assertIn(f'name="{name}"', form)
