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


def tasks(env, seconds=0):
    """Work on snapshots, restores and verifications as their scheduled action does.

    :param seconds: of a slice, where it shall not be the usual one
    """
    module = sys.modules["odoo.addons.sync_hub_exchange.models.sync_exchange_task_working"]
    usual = module._SLICE
    module._SLICE = seconds or usual
    try:
        env["sync.exchange.task"]._work_off()
    finally:
        module._SLICE = usual


def one_slice(env, model, number, seconds=0.01):
    """Work on one of them for one slice, which is far too short.

    :return: its state, and its checkpoint
    """
    task = env[model].browse(number)
    task._work(time.monotonic() + seconds)
    env.invalidate_all()
    return {"state": task.state, "note": task.note, "checkpoint": task.checkpoint or {}}


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
