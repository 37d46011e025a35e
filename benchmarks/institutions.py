# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Thirty thousand banks: how long their lists take to store, and a search while somebody types.

    python3 -m benchmarks.institutions [--number 30000] [--services 3] [--rounds 15]

A database of its own gets so many banks in the lists of so many services, in four countries; what is typed finds from
three banks to nearly all. The search is timed in a process that has just started, without what the network and the
browser take.
"""

import argparse

from benchmarks.bench import Bench, begin
from bootstrap import databases
from bootstrap.places import ADDONS

# What a search may take, so that results follow the typing.
TARGET = 200


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.institutions", description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=30000)
    parser.add_argument("--services", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    odoo = begin("benchmarks.institutions")
    accounting = databases.ensure_accounting_template(odoo)
    with databases.temporary_copy(odoo, accounting) as database:
        odoo.install(database, ADDONS, title="Installing Sync Hub")
        bench = Bench(odoo)
        stored = bench.job("store_institutions", database, number=arguments.number, services=arguments.services)
        rows = stored.pop("rows")
        for title, result in stored.items():
            print(
                f"{rows} banks of {arguments.services} services stored, {title}: {result['seconds']:.1f} s"
                f" ({result['cpu']:.1f} s CPU), {result['queries']} queries, {result['peak_mb']:.0f} MB",
                flush=True,
            )
        searched = bench.job("search_institutions", database, rounds=arguments.rounds)["searches"]
    for title, (median, longest) in searched.items():
        print(f"search {title}: {median:.0f} ms, longest {longest:.0f} ms")
    slowest = max(median for median, _longest in searched.values())
    print(f"slowest search: {slowest:.0f} ms, {slowest / TARGET:.2f} of the {TARGET} ms that it may take")


if __name__ == "__main__":
    main()
