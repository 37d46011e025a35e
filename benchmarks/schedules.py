# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A thousand schedules: how long their list takes to open, and their next runs to be computed.

    python3 -m benchmarks.schedules [--number 1000] [--services 4]

A database of its own gets so many schedules, with rules of every kind, over so many services and as many companies as
that takes. What is timed runs in a process that has just started, with nothing in its caches.
"""

import argparse

from benchmarks.bench import Bench, begin
from bootstrap import databases
from bootstrap.places import ADDONS

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
    odoo = begin("benchmarks.schedules")
    with databases.temporary_copy(odoo, databases.ensure_accounting_template(odoo)) as database:
        odoo.install(database, ADDONS, title="Installing Sync Hub")
        bench = Bench(odoo)
        bench.job("make_schedules", database, number=arguments.number, services=arguments.services)
        report("next run of each", bench.job("compute_next_runs", database))
        report(f"opening the list, {PAGE} of each group", bench.job("open_list", database, limit=PAGE))
        report("opening the list, all of each group", bench.job("open_list", database, limit=arguments.number))


if __name__ == "__main__":
    main()
