# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: synchronize a connection again and again, whatever its bank answers, until this process ends."""

import json
import os

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
Run = env["sync.run"]  # noqa: F821 (Odoo's shell has it)
connection = env["sync.bank.connection"].browse(given["connection"])  # noqa: F821
for _round in range(given.get("rounds", 1_000_000)):
    # A bank that wants no call for an hour would end the test.
    connection.not_before = False
    Run._queue(connection, "manual")
    env.cr.commit()  # noqa: F821
    Run._resume_killed()
    env.cr.commit()  # noqa: F821
    mine = [("connection_id", "=", connection.id), ("state", "=", "queued")]
    while waiting := Run.search(mine, limit=1):
        waiting._work(float("inf"))
        env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821
print("{}")  # noqa: T201
