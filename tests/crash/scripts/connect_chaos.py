# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: connect accounts of the sandbox bank with one consent; says which journal each feeds."""

import json
import os
from types import SimpleNamespace

from emulators.customer import Customer

given = SimpleNamespace(**json.loads(os.environ["SCRIPT_ARGUMENTS"]))
customer = Customer(env, given.url, given.application, given.key)  # noqa: F821 (Odoo's shell has it)
# The schedules of the demo would work beside the test's own workers.
env["ir.cron"].search([]).active = False  # noqa: F821
connection = customer.connect(*given.accounts)
journals = {account.iban: account.journal_id.id for account in connection.account_ids}
print(json.dumps({"connection": connection.id, "journals": journals}))  # noqa: T201
