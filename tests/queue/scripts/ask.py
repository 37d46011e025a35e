# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: press "Synchronize now" on connections, so many times."""

import json
import os

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
connections = env["sync.bank.connection"].browse(given["connections"])  # noqa: F821 (Odoo's shell has it)
for _press in range(given["times"]):
    connections.action_sync_now()
    env.cr.commit()  # noqa: F821
print(json.dumps({"runs": len(connections.current_run_id)}))  # noqa: T201
