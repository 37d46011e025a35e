# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: somebody chooses invoices and presses "Send"; with ``make``, Odoo makes them ready to leave."""

import json
import os

from emulators.mailer import Mailer

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
mailer = Mailer(env)  # noqa: F821 (Odoo's shell has it)
invoices = mailer.env["account.move"].browse(given["invoices"])
mailer.press_send(invoices)
env.cr.commit()  # noqa: F821
while given["make"] and any(invoices.mapped("sending_data")):
    failure = env.ref("account.ir_cron_account_move_send").method_direct_trigger()  # noqa: F821
    assert failure is True, failure
    # A transaction sees the database as it was when it began.
    env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821
print("{}")  # noqa: T201
