# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: somebody presses a button on each message of which nobody knows whether it left.

Says how far their invoices have got with their recipients, before and after.
"""

import json
import os

from emulators.mailer import Mailer

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
mailer = Mailer(env)  # noqa: F821 (Odoo's shell has it)
messages = mailer.env["sync.mail.message"].search([("state", "=", "unknown"), ("superseded", "=", False)])
invoices = mailer.env["account.move"].browse(messages.mapped("res_id"))
before = invoices.mapped("sync_delivery_state")
getattr(messages, given["button"])()
env.cr.commit()  # noqa: F821
print(json.dumps({"before": before, "after": invoices.mapped("sync_delivery_state")}))  # noqa: T201
