# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: connect accounts of the sandbox bank, each with a consent of its own, to a new journal each."""

import json
import os

from emulators.customer import Customer

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
# What the demo's schedules and Odoo's own scheduled actions do would only stand in the way of a slow machine.
crons = env["ir.cron"].search([])  # noqa: F821 (Odoo's shell has it)
(crons - env.ref("sync_hub.ir_cron_queue")).active = False  # noqa: F821
accounts = given.pop("accounts")
customer = Customer(env, **given)  # noqa: F821
known = []
for number, account in enumerate(accounts):
    connection = customer.connect(account)
    connection.name = f"Account {number}"
    known.append({"connection": connection.id, "journal": connection.account_ids.journal_id.id, "name": account})
customer.env.cr.commit()
print(json.dumps(known))  # noqa: T201
