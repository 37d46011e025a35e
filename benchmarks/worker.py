# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One measurement in a process of its own, so that its peak memory is its own. Called by the benchmarks.

Usage: ``python -m benchmarks.worker JOB DATABASE CONFIG JSON``; the last line of its output is the result as JSON.
"""

import json
import os
import resource
import sys
import time
from functools import partial

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from benchmarks import account_jobs, booking_jobs, exchange_jobs, institution_jobs, mail_jobs, schedule_jobs

CHUNK = 500


def main() -> None:
    job, database, configuration, arguments = sys.argv[1:]
    config.parse_config(["--config", configuration, "--database", database, "--log-level", "error"])
    registry = Registry(database)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        result = JOBS[job](env, **json.loads(arguments))
        cr.commit()
    print(json.dumps(result))


class Meter:
    """Wall and CPU seconds, and SQL queries, of a block; peak memory of the process since its start.

    CPU seconds of programs that it called and waited for, such as wkhtmltopdf, are counted apart.
    """

    def __enter__(self):
        self._wall, self._cpu, self._children = time.perf_counter(), time.process_time(), _children_cpu()
        self._queries = odoo.sql_db.sql_counter
        return self

    def __exit__(self, *_exception):
        self.result = {
            "seconds": time.perf_counter() - self._wall,
            "cpu": time.process_time() - self._cpu,
            "children_cpu": _children_cpu() - self._children,
            "queries": odoo.sql_db.sql_counter - self._queries,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def _children_cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def connect(env, bank_url: str, application_id: str, private_key: str, bank: str) -> dict:
    """Connect the bank's current account to a new journal of the Italian company."""
    from emulators.customer import Customer

    connection = Customer(env, bank_url, application_id, private_key, bank).connect()
    return {"connection": connection.id, "journal": connection.account_ids.journal_id.id}


def synchronize(env, connection: int, booking: bool = True) -> dict:
    """Synchronize as a worker does, without a time limit.

    :param booking: False leaves what is received in the inbox
    """
    if not booking:
        type(env["sync.bank.booking"])._book_waiting = lambda self, account, run, deadline, fetch: True
    record = env["sync.bank.connection"].browse(connection)
    run = env["sync.run"]._queue(record, "manual")
    env.cr.commit()
    with Meter() as meter:
        run._work(float("inf"))
    run.invalidate_recordset()
    counts = {"received": run.fetched_count, "created": run.created_count, "outcome": run.outcome}
    return {**meter.result, **counts}


def fetch_all_again(env, connection: int, booking: bool = True) -> dict:
    """Synchronize as if the bank had never been asked: every row comes and none is new."""
    # Not before the addons' path is known.
    from odoo.addons.sync_hub_bank.providers.registry import get_provider

    record = env["sync.bank.connection"].browse(connection)
    record.account_ids.complete_until = False
    adapter = get_provider(record.provider_id.code)
    # What the bank takes to answer, and the adapter to read it, is measured apart.
    elsewhere = {"seconds": 0.0, "cpu": 0.0}
    pages = adapter.transactions

    def measured(*arguments):
        with Meter() as meter:
            page = pages(*arguments)
        for name in elsewhere:
            elsewhere[name] += meter.result[name]
        return page

    adapter.transactions = measured
    result = synchronize(env, connection, booking)
    return {
        **result,
        "importer_seconds": result["seconds"] - elsewhere["seconds"],
        "importer_cpu": result["cpu"] - elsewhere["cpu"],
    }


def dump(env, journal: int, path: str) -> dict:
    """Write the values of the lines that were synchronized into a journal to a file, for the floor."""
    lines = env["account.bank.statement.line"].search(
        [("journal_id", "=", journal), ("sync_transaction_id", "!=", False)], order="id"
    )
    names = ("date", "payment_ref", "amount", "partner_name", "account_number", "transaction_type")
    rows = [{**{name: line[name] for name in names}, "partner_id": line.partner_id.id} for line in lines]
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(rows, stream, default=str)
    return {"rows": len(rows)}


def floor(env, journal: int, path: str) -> dict:
    """The plain ORM: ``create`` of the same lines in chunks, each committed."""
    company = env["account.journal"].browse(journal).company_id
    operator = env.ref("sync_hub.user_operator")
    env = env(user=operator.id, context={"allowed_company_ids": company.ids})
    with open(path, encoding="utf-8") as stream:
        rows = json.load(stream)
    lines = booking_jobs.plain_lines(env)
    with Meter() as meter:
        for start in range(0, len(rows), CHUNK):
            lines.create([{"journal_id": journal, **row} for row in rows[start : start + CHUNK]])
            env.cr.commit()
            env.invalidate_all()
    return {**meter.result, "created": len(rows)}


def add_partners(env, number: int) -> dict:
    """Partners with bank accounts, to be matched against."""
    silent = env["res.partner"].with_context(tracking_disable=True)
    partners = silent.create([{"name": f"Cliente {index}"} for index in range(number)])
    env["res.partner.bank"].create(
        [
            {"acc_number": f"IT60X05428111010{index:011d}", "partner_id": partner.id}
            for index, partner in enumerate(partners)
        ]
    )
    return {"partners": number}


def fill_journal(env, journal: int, number: int) -> dict:
    """Give a journal lines of earlier years, quickly: copies of one line, by SQL."""
    record = env["account.journal"].browse(journal)
    line = env["account.bank.statement.line"].create(
        {"journal_id": journal, "date": "2019-01-01", "payment_ref": "earlier", "amount": 1.0}
    )
    env.flush_all()
    copy_rows(env.cr, record, line, number)
    env.invalidate_all()
    return {"lines": env["account.bank.statement.line"].search_count([("journal_id", "=", journal)])}


def copy_rows(cr, journal, line, number: int) -> None:
    """Copy a statement line with its move and journal items ``number`` times, each with its own number and index."""

    def columns(table: str, without: set[str]) -> str:
        cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return ", ".join(f'"{name}"' for (name,) in cr.fetchall() if name not in without)

    moves = columns("account_move", {"id", "name", "sequence_number", "statement_line_id"})
    cr.execute(
        f"""
        INSERT INTO account_move ({moves}, name, sequence_number)
             SELECT {moves}, %s || '/2019/' || lpad((1 + n)::text, 6, '0'), 1 + n
               FROM account_move, generate_series(1, %s) AS n WHERE id = %s
          RETURNING id
        """,
        [journal.code, number, line.move_id.id],
    )
    move_ids = [move_id for (move_id,) in cr.fetchall()]
    lines = columns("account_bank_statement_line", {"id", "move_id", "internal_index"})
    cr.execute(
        f"""
        INSERT INTO account_bank_statement_line ({lines}, move_id, internal_index)
             SELECT {lines}, m, '20190101' || lpad((2147483647 - sequence)::text, 10, '0') || lpad(m::text, 10, '0')
               FROM account_bank_statement_line, unnest(%s) AS m WHERE id = %s
          RETURNING id, move_id
        """,
        [move_ids, line.id],
    )
    pairs = cr.fetchall()
    items = columns("account_move_line", {"id", "move_id", "statement_line_id", "move_name"})
    cr.execute(
        f"""
        INSERT INTO account_move_line ({items}, move_id, statement_line_id)
             SELECT {items}, p.m, p.l
               FROM account_move_line, unnest(%s, %s) AS p(l, m) WHERE move_id = %s
        """,
        [[pair[0] for pair in pairs], [pair[1] for pair in pairs], line.move_id.id],
    )
    cr.execute("UPDATE account_move SET statement_line_id = l FROM unnest(%s, %s) AS p(l, m) WHERE id = m",
               [[pair[0] for pair in pairs], [pair[1] for pair in pairs]])
    cr.execute("ANALYZE account_move, account_move_line, account_bank_statement_line")


JOBS = {job.__name__: job for job in (connect, synchronize, fetch_all_again, dump, floor, add_partners, fill_journal)}
JOBS |= {job.__name__: job for job in (schedule_jobs.make_schedules,)}
JOBS |= {job.__name__: partial(job, meter=Meter) for job in (schedule_jobs.compute_next_runs, schedule_jobs.open_list)}
JOBS |= {
    "book_by_turns": partial(booking_jobs.book_by_turns, meter=Meter),
    "connect_accounts": account_jobs.connect_accounts,
    "synchronize_accounts": partial(account_jobs.synchronize_accounts, meter=Meter),
}
JOBS |= {
    job.__name__: partial(job, meter=Meter)
    for job in (institution_jobs.store_institutions, institution_jobs.search_institutions)
}
JOBS |= {
    "prepare_mailing": mail_jobs.prepare_mailing,
    "send_by_turns": partial(mail_jobs.send_by_turns, meter=Meter),
}
JOBS |= {
    job.__name__: job
    for job in (
        *(exchange_jobs.open_door, exchange_jobs.meet, exchange_jobs.add_contacts),
        *(exchange_jobs.change_contacts, exchange_jobs.crowd),
    )
}
JOBS |= {
    job.__name__: partial(job, meter=Meter) for job in (exchange_jobs.exchange, exchange_jobs.plain_loop)
}

if __name__ == "__main__":
    main()
