# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The books of a company whose accountants use a site in another database. Run by ``odoo shell``, with ``env``.

``KEY_FILE`` takes the API key by which the site reaches them. Two invoices of one customer are posted: one of the first
day of the year with PDF, e-invoice and two receipts of certified mail, and one of today with a PDF.
"""

import os
import uuid
from datetime import date
from pathlib import Path

env["ir.config_parameter"].set_param("database.uuid", str(uuid.uuid4()))  # noqa: F821
company = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821
company.partner_id.write({"vat": "IT12345670017", "email": "info@aurora.example"})
everywhere = {"company_ids": [(6, 0, company.ids)], "company_id": company.id, "tz": "Europe/Rome"}
env = env(context={**env.context, "allowed_company_ids": company.ids, "no_reset_password": True})  # noqa: F821
# Odoo's own demo invoices are older than what the accountant is shown.
env.cr.execute("UPDATE account_move SET date = '2019-12-31' WHERE company_id = %s", [company.id])

rights = env.ref("base.user_admin").group_ids | env.ref("sync_hub.group_manager")
for login, lang in (("titolare", "it_IT"), ("dono", "pt_BR")):
    person = {"name": login.title(), "login": login, "password": login, "lang": lang, **everywhere}
    env["res.users"].create({**person, "email": f"{login}@aurora.example", "group_ids": [(6, 0, rights.ids)]})
site = env["res.users"].create(
    {
        "name": "Sito del commercialista",
        "login": "sito",
        **everywhere,
        "group_ids": [(6, 0, env.ref("sync_hub_portal.group_site").ids)],
    }
)
Path(os.environ["KEY_FILE"]).write_text(env["res.users.apikeys"].with_user(site).sudo()._generate("rpc", "Sito", None))

for name, address in (("Anna Verdi", "anna@verdi.example"), ("Ana Contas", "ana@contas.example")):
    env["res.partner"].create({"name": name, "email": address})
italy, milan = env.ref("base.it"), env.ref("base.state_it_mi")
customer = env["res.partner"].create(
    {
        "name": "Bianchi S.p.A.",
        "is_company": True,
        "email": "acquisti@bianchi.example",
        "vat": "IT00743110157",
        "street": "Via Roma 1",
        "zip": "20100",
        "city": "Milano",
        "country_id": italy.id,
        "state_id": milan.id,
    }
)


def invoice(day, amount):
    line = {"name": "Manutenzione", "quantity": 1, "price_unit": amount}
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": day,
            "invoice_line_ids": [(0, 0, line)],
        }
    )
    move.action_post()
    attach(move, f"{move.name.replace('/', '_')}.pdf", b"%PDF-1.7 " + move.name.encode(), "invoice_pdf_report_file")
    return move


def attach(move, name, content, field=False):
    values = {"name": name, "raw": content, "res_model": "account.move", "res_id": move.id, "res_field": field}
    env["ir.attachment"].create(values)


early = invoice(date.today().replace(month=1, day=1), 1250.0)
invoice(date.today(), 480.0)
attach(early, f"{early.name.replace('/', '_')}.xml", b"<?xml version='1.0'?><FatturaElettronica/>")
account = env["sync.mail.account"].create(
    {"email": "aurora@pec.aurora.example", "host": "localhost", "kind": "pec", "company_id": company.id}
)
delivery = env["sync.mail.message"].create(
    {
        "account_id": account.id,
        "recipient": "bianchi@pec.example",
        "message_id": "<1@pec.aurora.example>",
        "res_model": "account.move",
        "res_id": early.id,
    }
)
for kind in ("accettazione", "avvenuta-consegna"):
    env["sync.mail.incoming"]._keep(account, f"X-Ricevuta: {kind}".encode(), delivery_id=delivery.id, kind=kind)
env.cr.commit()
