# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: what a worker of the queue does, until nothing is left; says how each run ended."""

import json
import os
import time

from odoo.exceptions import ConcurrencyError

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
Run = env["sync.run"]  # noqa: F821 (Odoo's shell has it)
connection = env["sync.bank.connection"].browse(given["connection"])  # noqa: F821


def wait_for_the_others():
    while given.get("wait_for") and not os.path.exists(given["wait_for"]):
        time.sleep(0.001)


def ask():
    Run._queue(connection, "manual")
    env.cr.commit()  # noqa: F821


def work_with_lock():
    try:
        ask()
    except ConcurrencyError:
        # The other worker asked at the same moment: Odoo repeats a request that ends so.
        env.cr.rollback()  # noqa: F821
        ask()
    wait_for_the_others()
    Run._resume_killed()
    env.cr.commit()  # noqa: F821
    end = time.monotonic() + 800
    mine = [("connection_id", "=", connection.id), ("state", "=", "queued")]
    while time.monotonic() < end and (waiting := Run.search(mine, limit=1)):
        if not waiting._work(float("inf")):
            time.sleep(0.05)
        env.cr.commit()  # noqa: F821


def work_without_lock():
    service = connection._sync_service()
    run = Run.create(
        {
            "service_id": service.id,
            "company_id": connection.company_id.id,
            "connection_id": connection.id,
            "trigger": "manual",
        }
    )._as_operator()
    run._begin()
    env.cr.commit()  # noqa: F821
    wait_for_the_others()
    try:
        run._work_on(run._connection(), float("inf"))
    except Exception:
        # What another worker did at the same time is refused by the database.
        env.cr.rollback()  # noqa: F821


if given.get("without_lock"):
    work_without_lock()
else:
    work_with_lock()
runs = Run.search([("connection_id", "=", connection.id)], order="id")
print(json.dumps({"runs": [[run.outcome, run.created_count] for run in runs]}))  # noqa: T201
