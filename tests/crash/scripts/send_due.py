# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: these invoices alone are due, and somebody lets the mail account send what is due."""

import json
import os

from emulators.mailer import Mailer

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
mailer = Mailer(env)  # noqa: F821 (Odoo's shell has it)
invoices = mailer.env["account.move"].browse(given["invoices"])
mine = [("company_id", "=", mailer.company.id), ("move_type", "in", ("out_invoice", "out_refund"))]
(invoices.search([*mine, ("state", "=", "posted")]) - invoices).is_move_sent = True
account = mailer.env["sync.mail.account"].search([])
account.write(
    {
        "send_due": True,
        "due_since": min(invoices.mapped("invoice_date")),
        "due_journal_ids": [(6, 0, invoices.journal_id.ids)],
    }
)
account.action_sync_now()
env.cr.commit()  # noqa: F821
print("{}")  # noqa: T201
