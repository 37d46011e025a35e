# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: the administrator presses *Synchronize now*; whoever works is another process."""

import json
import os

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
queue = env.ref("sync_hub.ir_cron_queue")  # noqa: F821 (Odoo's shell has it)
if not queue.active:  # what is being worked on cannot be written
    queue.active = True
connection = env["sync.bank.connection"].browse(given["connection"])  # noqa: F821
admin = env.ref("base.user_admin")  # noqa: F821
connection.with_user(admin).with_context(allowed_company_ids=connection.company_id.ids).action_sync_now()
env.cr.commit()  # noqa: F821
print("{}")  # noqa: T201
