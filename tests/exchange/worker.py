# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A process of Odoo that does what it is told, line by line: a worker of the queue, and a person at an Odoo shell.

Each line of the input is JSON: ``database``, ``do`` (the name of a function below) and its arguments. Each line of the
output is what came of it.
"""

import json
import sys
import time
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

_ADMIN = 2


def call(env, model, method, ids=(), arguments=(), context=None, **keywords):
    """Call a method as the administrator."""
    records = env(user=_ADMIN)[model].with_context(**{"active_test": False, **(context or {})}).browse(ids)
    result = getattr(records, method)(*arguments, **keywords)
    return result.ids if hasattr(result, "ids") else result


def run(env, model, connection, rounds=40):
    """Ask for a run of a connection and work on it as the queue's worker does, until it has ended.

    :return: outcome, counters, and the log as pairs of kind and text
    """
    Run = env["sync.run"]
    Run._resume_killed()
    env.cr.commit()
    asked = Run._queue(env[model].browse(connection), "manual")
    env.cr.commit()
    for _round in range(rounds):
        asked._work(time.monotonic() + 60)
        env.cr.commit()
        env.invalidate_all()
        if asked.state == "finished":
            break
    counters = ("fetched", "created", "updated", "skipped", "failed")
    return {
        "outcome": asked.outcome,
        **{name: asked[f"{name}_count"] for name in counters},
        "log": [[line.kind, line.message or "", line.detail or ""] for line in asked.line_ids],
    }


def key(env, user):
    """An API key of somebody."""
    return env["res.users.apikeys"].with_user(user)._generate("rpc", "exchange", datetime.now() + timedelta(days=1))


def slices(env, model, connection, seconds):
    """The same in slices that are far too short.

    :return: outcome, how many slices were needed, and after each how many rows were done, of how many
    """
    progress = []
    asked = env["sync.run"]._queue(env[model].browse(connection), "manual")
    env.cr.commit()
    for number in range(1, 200):
        asked._work(time.monotonic() + seconds)
        env.cr.commit()
        env.invalidate_all()
        progress.append((asked.progress_done, asked.progress_total))
        if asked.state == "finished":
            return {"outcome": asked.outcome, "slices": number, "progress": progress}
    return {"outcome": "endless"}


def tasks(env):
    """Work on snapshots, restores and verifications: as Odoo's scheduler has it done."""
    job = env.ref("sync_hub_exchange.ir_cron_tasks")
    number, scheduler = job.id, type(job)
    # No transaction of ours is open meanwhile.
    env.cr.rollback()
    with env.registry.cursor() as cr:
        # In these databases nothing happens by itself: no action is ever ready.
        scheduler._process_job(cr, scheduler._acquire_one_job(cr, number, include_not_ready=True))


def one_slice(env, model, number, seconds=0.01, page=0):
    """Work on one of them for one slice, which is far too short.

    :param page: records that are read at a time, where it shall be fewer than usual
    :return: its state, and its checkpoint
    """
    if page:
        models = "odoo.addons.sync_hub_exchange.models."
        sys.modules[f"{models}sync_exchange_reckoning"]._AT_ONCE = page
        sys.modules[f"{models}sync_exchange_snapshot_kind_writing"]._AT_ONCE = page
        # A round with fewer changes is the last but one.
        sys.modules[f"{models}sync_exchange_snapshot_writing"]._FEW = 3
    task = env[model].browse(number)
    task._work(time.monotonic() + seconds)
    env.invalidate_all()
    return {"state": task.state, "note": task.note, "checkpoint": task.checkpoint or {}}


def short_slices(env, model, number):
    """Work on one of them until it has ended, in slices that are far too short; for whoever wants to kill this."""
    while env[model].browse(number).state == "working":
        env[model].browse(number)._work(time.monotonic() + 0.01)
        env.invalidate_all()


def main() -> None:
    config.parse_config(["--config", sys.argv[1], "--no-http", "--log-level", "warn"])
    # What Odoo prints would stand between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    print("{}", file=answers, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        registry = Registry(order.pop("database")).check_signaling()
        do = globals()[order.pop("do")]
        with registry.cursor() as cr:
            try:
                answer = {"result": do(api.Environment(cr, SUPERUSER_ID, {}), **order)}
                cr.commit()
            except Exception as error:
                cr.rollback()
                answer = {"error": f"{type(error).__name__}: {error}"}
        registry.signal_changes()
        print(json.dumps(answer, default=str), file=answers, flush=True)


if __name__ == "__main__":
    main()
