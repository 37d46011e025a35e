# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Introduce the demo company and the sandbox bank to each other. Run by ``odoo shell``, with ``env``.

The bank's application key goes into the company's service; the company's open invoices go to the bank, whose
customers pay them. ``SANDBOX_STATE`` names the bank's folder.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from emulators.enablebanking.application import load_application
from emulators.enablebanking.banks import catalogue

state = Path(os.environ["SANDBOX_STATE"])
state.mkdir(parents=True, exist_ok=True)
application = load_application(state)

admin = env.ref("base.user_admin")  # noqa: F821
company = admin.company_id
env["sync.bank.provider"].create(  # noqa: F821
    {
        "name": "Enable Banking (sandbox)",
        "code": "enablebanking",
        "company_id": company.id,
        "api_url": "http://localhost:8070",
        "application_id": application.application_id,
        "private_key": application.private_key_pem,
    }
)

# The company's journal belongs to its account there, so that it is proposed by its IBAN.
main_account = next(iter(catalogue().values())).accounts[0]
journal = env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")], limit=1)  # noqa: F821
journal.set_bank_account(main_account.iban)

# In a new database all of Odoo's own chores are due at once. They wait for tomorrow: the first synchronization does not
# stand in line behind them.
chores = env["ir.cron"].search([]).filtered(lambda cron: not cron.model_id.model.startswith("sync."))  # noqa: F821
env["ir.cron.trigger"].search([("cron_id", "in", chores.ids)]).unlink()  # noqa: F821
chores.write({"nextcall": datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)})

invoices = env["account.move"].search(  # noqa: F821
    [
        ("company_id", "=", company.id),
        ("move_type", "in", ("out_invoice", "in_invoice")),
        ("state", "=", "posted"),
        ("payment_state", "=", "not_paid"),
    ],
    order="invoice_date, id",
)
listed = [
    {
        "number": invoice.name,
        "partner": invoice.partner_id.name,
        "iban": invoice.partner_id.bank_ids[:1].sanitized_acc_number or None,
        "amount": f"{invoice.amount_total:.2f}",
        "currency": invoice.currency_id.name,
        "date": invoice.invoice_date.isoformat(),
        "due_date": (invoice.invoice_date_due or invoice.invoice_date).isoformat(),
        "kind": "out" if invoice.move_type == "out_invoice" else "in",
    }
    for invoice in invoices
]
(state / "invoices.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")
env.cr.commit()  # noqa: F821
