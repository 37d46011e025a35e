# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: connect the sandbox bank's current account to a new journal of the Italian company."""

import json
import os

from emulators.customer import Customer

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
# The schedules of the demo would work beside the test's own workers.
env["ir.cron"].search([]).active = False  # noqa: F821 (Odoo's shell has it)
Customer(env, **given).connect()  # noqa: F821
print("{}")  # noqa: T201
