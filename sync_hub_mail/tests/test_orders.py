# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .sending_case import SENDER, SendingCase


class TestOrders(SendingCase):
    """Quotations and orders leave by the mail account of their company too, where sales are installed."""

    def setUp(self):
        super().setUp()
        if "sale.order" not in self.env:
            self.skipTest("Sales are not installed.")

    def quotation(self):
        # Who sells is not who keeps the books.
        product = self.env["product.product"].sudo().create({"name": "Consulting", "list_price": 100.0})
        return (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer().id,
                    "company_id": self.company.id,
                    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1})],
                }
            )
        )

    def send(self, order):
        """Press "Send" on an order, and again in the dialog."""
        action = order.action_quotation_send()
        composer = self.env[action["res_model"]].sudo().with_context(**action["context"]).create({})
        composer.action_send_mail()
        return self.env["sync.mail.message"].search([("res_model", "=", order._name), ("res_id", "=", order.id)])

    def test_a_quotation_leaves_with_its_pdf_and_a_copy_of_it(self):
        self.account.write({"copy_to": "archivio@rossi.example", "all_to": "studio@commercialista.example"})
        order = self.quotation()
        deliveries = self.send(order)
        self.work()
        self.assertEqual(order.state, "sent")
        self.assertEqual(sorted(deliveries.mapped("role")), ["copy", "digest", "to"])
        self.assertEqual(set(deliveries.mapped("state")), {"sent"})
        for received, letter in self.letters():
            self.assertEqual(received.sender, SENDER)
            self.assertTrue(any(name.endswith((".pdf", ".html")) for name in self.attached(letter)))

    def test_what_is_merely_written_on_an_order_does_not_use_the_account(self):
        order = self.quotation()
        order.message_post(body="Shall we?", partner_ids=order.partner_id.ids, subtype_xmlid="mail.mt_comment")
        self.assertFalse(self.env["sync.mail.message"].search([("res_model", "=", "sale.order")]))
