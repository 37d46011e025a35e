# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An Italian company that mails invoices, in Odoo's own words: what its people do before they press a button."""

from __future__ import annotations

from typing import Any

SENDER = "fatture@aurora.example"
PASSWORD = "correct horse"
HOST = "127.0.0.1"


def address(number: int) -> str:
    """Where the customer with this number, from 1, gets invoices."""
    return f"c{number:04d}@clienti.example"


def vat(number: int) -> str:
    """An Italian VAT number with its check digit (Luhn)."""
    digits = f"{number:07d}001"
    doubled = (divmod(2 * int(digit), 10) for digit in digits[1::2])
    total = sum(map(int, digits[::2])) + sum(map(sum, doubled))
    return f"IT{digits}{-total % 10}"


class Mailer:
    """``Mailer(env)`` is the administrator of the demo's Italian company; ``env`` is theirs."""

    def __init__(self, env: Any):
        self.company = env["res.company"].search([("chart_template", "=", "it")], limit=1)
        admin = env.ref("base.user_admin")
        admin.write({"company_ids": [(4, self.company.id)], "email": "anna@aurora.example"})
        self.company.email = SENDER
        self._tax = env["account.tax"].search(
            [("company_id", "=", self.company.id), ("type_tax_use", "=", "sale"), ("amount", "=", 22)], limit=1
        )
        self.env = env(user=admin.id, su=False, context={"allowed_company_ids": self.company.ids, "lang": "it_IT"})

    def account(self, port: int, **values: Any) -> Any:
        """A mail account that is connected, to a server on loopback that ``SENDER`` logs in to; without limits."""
        account = self.env["sync.mail.account"].create(
            {
                "name": SENDER,
                "company_id": self.company.id,
                "email": SENDER,
                "login": SENDER,
                "password": PASSWORD,
                "host": HOST,
                "port": port,
                "encryption": "ssl_strict",
                **values,
            }
        )
        account.state = "connected"
        return account

    def invoices(self, number: int, first: int = 1) -> Any:
        """So many posted invoices, each to a customer of its own, who gets it at ``address``."""
        customers = self.env["res.partner"].create(
            [
                {
                    "name": f"Cliente {place}",
                    "email": address(place),
                    "is_company": True,
                    "street": f"Via Garibaldi {place}",
                    "zip": "20121",
                    "city": "Milano",
                    "country_id": self.env.ref("base.it").id,
                    "vat": vat(place),
                    "lang": "it_IT",
                    "invoice_sending_method": "email",
                }
                for place in range(first, first + number)
            ]
        )
        lines = [(0, 0, {"name": "Consulenza", "quantity": 1, "price_unit": 100.0, "tax_ids": [(6, 0, self._tax.ids)]})]
        invoices = self.env["account.move"].create(
            [
                {"move_type": "out_invoice", "partner_id": customer.id, "invoice_line_ids": lines}
                for customer in customers
            ]
        )
        invoices.action_post()
        return invoices

    def print_before(self, invoices: Any) -> None:
        """Let invoices have been printed, and gone to the tax agency: Odoo makes no files of theirs any more."""
        kinds = (
            ("invoice_pdf_report_file", "pdf", "application/pdf", "%PDF-1.4"),
            ("l10n_it_edi_attachment_file", "xml", "application/xml", "<FatturaElettronica/>"),
        )
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": f"{invoice.name.replace('/', '_')}.{extension}",
                    "raw": content.encode(),
                    "mimetype": media_type,
                    "res_model": invoice._name,
                    "res_id": invoice.id,
                    "res_field": field,
                }
                for invoice in invoices
                for field, extension, media_type, content in kinds
            ]
        )
        invoices.l10n_it_edi_state = "forwarded"

    def press_send(self, invoices: Any) -> None:
        """Choose invoices in the list and press "Send"; Odoo's scheduled action does the rest."""
        self.env["account.move.send.batch.wizard"].create({"move_ids": [(6, 0, invoices.ids)]}).action_send_and_print()
