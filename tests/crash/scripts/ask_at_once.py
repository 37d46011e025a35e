# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: a person presses the button, and somebody else asks who does not see that yet; says what runs."""

import json
import os

from odoo.service.model import retrying

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
connection = env["sync.bank.connection"].browse(given["connection"])  # noqa: F821 (Odoo's shell has it)
runs = env["sync.run"].search([])  # noqa: F821


def ask(method):
    """Ask in a transaction that began before somebody else asked; the runs that this makes, sums included."""
    before = runs.search([])
    with env.registry.cursor() as cr:  # noqa: F821
        late = connection.with_env(env(cr=cr))  # noqa: F821
        # From its first question on, a transaction sees the database as it was then.
        late.schedule_id.ensure_one()
        connection.action_sync_now()
        env.cr.commit()  # noqa: F821
        method(late)
        cr.commit()
    env.cr.rollback()  # noqa: F821
    made = runs.search([]) - before
    made._cancel()
    env.cr.commit()  # noqa: F821
    return len(made)


press = ask(lambda late: retrying(late.action_sync_now, late.env))
schedule = ask(lambda late: late.schedule_id._queue_scheduled())
print(json.dumps({"press": press, "schedule": schedule}))  # noqa: T201
