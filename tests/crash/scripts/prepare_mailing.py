# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: a company with a mail account and posted invoices, the last few of them not printed yet."""

import json
import os

from emulators.mailer import Mailer

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
mailer = Mailer(env)  # noqa: F821 (Odoo's shell has it)
account = mailer.account(port=465)
invoices = mailer.invoices(given["invoices"])
# Printing takes a second each.
mailer.print_before(invoices[: -given["to_print"]])
# What is due by the clock would work beside the test; what somebody asks for is done.
asked_for = env.ref("sync_hub.ir_cron_queue") | env.ref("account.ir_cron_account_move_send")  # noqa: F821
(env["ir.cron"].search([]) - asked_for).active = False  # noqa: F821
asked_for.nextcall = "2099-01-01 00:00:00"
env.cr.commit()  # noqa: F821
print(json.dumps({"invoices": invoices.ids}))  # noqa: T201
