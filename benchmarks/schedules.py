# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A thousand schedules: how long their list takes to open, and their next runs to be computed.

    python3 -m benchmarks.schedules [--number 1000] [--services 4]

A database of its own gets so many schedules, with rules of every kind, over so many services and as many companies as
that takes. What is timed runs in a process that has just started, with nothing in its caches.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.import_transactions import Bench, machine
from bootstrap import databases
from bootstrap.environment import ensure_environment, enter
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.places import ADDONS, PROJECT
from bootstrap.postgres import ensure_postgres

# What the web client shows of an open group.
PAGE = 80


def report(title: str, result: dict) -> None:
    print(
        f"{title}: {result['seconds']:.3f} s ({result['cpu']:.3f} s CPU), {result['queries']} queries,"
        f" {result['schedules']} schedules",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.schedules", description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--services", type=int, default=4)
    arguments = parser.parse_args()
    enter(ensure_environment(), "benchmarks.schedules")
    sys.path.insert(0, str(PROJECT / "tests"))
    server = ensure_postgres()
    odoo = Odoo(ensure_odoo(), server)
    accounting = databases.ensure_accounting_template(odoo)
    version = server.execute("SHOW server_version")[0][0]
    print(f"{machine()}, PostgreSQL {version}")
    with tempfile.TemporaryDirectory() as folder, databases.temporary_copy(odoo, accounting) as database:
        odoo.install(database, ADDONS, title="Installing Sync Hub")
        bench = Bench(odoo, Path(folder), "")
        bench.job("make_schedules", database, number=arguments.number, services=arguments.services)
        report("next run of each", bench.job("compute_next_runs", database))
        report(f"opening the list, {PAGE} of each group", bench.job("open_list", database, limit=PAGE))
        report("opening the list, all of each group", bench.job("open_list", database, limit=arguments.number))


if __name__ == "__main__":
    main()
