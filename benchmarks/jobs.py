# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many connections at once: Odoo's scheduled actions, and the job queue with one process and with two.

    python3 -m benchmarks.jobs [--connections 8] [--rows 100] [--wait 0.5]

Each connection is an account of the sandbox bank with so many rows; the bank waits that many seconds before each page,
as banks do. Measured is the time from the button to the end of the last run, in a database of its own each time.
Figures of one run can be compared with each other; seconds of two machines, or of a busy one, cannot.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench import begin
from bootstrap import databases
from bootstrap.odoo_commands import Odoo
from bootstrap.places import PROJECT


def measure(odoo: Odoo, template: str, hosts: int, arguments: argparse.Namespace) -> None:
    """Synchronize all connections with so many processes; none stands for scheduled actions without a job runner."""
    from emulators.enablebanking import Emulator
    from hosts import Hosts

    with (
        databases.temporary_copy(odoo, template) as database,
        Emulator(redirect_urls=["http://*/sync_hub_bank/return"]) as bank,
        tempfile.TemporaryDirectory() as folder,
    ):
        bench = Hosts(odoo, database, bank, Path(folder) / "hosts.log")
        try:
            bench.connect(rows=arguments.rows, accounts=arguments.connections)
            bank.fail("slow", call="transactions", times=None, seconds=arguments.wait)
            if hosts:
                bench.start(hosts, capacity=2 * hosts)
            else:
                bench.start_without_runner()
            bench.ask()
            most = 0
            while not bench.all_done():
                most = max(most, bench.sessions())
                time.sleep(0.1)
            # Without the time that the process which presses the button takes to start.
            seconds = float(bench.number("SELECT extract(epoch FROM max(date_end) - min(create_date)) FROM sync_run"))
            bench.assert_books_equal_bank()
        finally:
            bench.close()
    rows = arguments.rows * arguments.connections
    title = f"job queue, {hosts} process{'es' if hosts > 1 else ''}" if hosts else "scheduled actions, 1 process"
    print(
        f"{title}: {seconds:.0f} s, {rows / seconds:.1f} rows/s, at most {most} database sessions",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--wait", type=float, default=0.5)
    arguments = parser.parse_args()
    odoo = begin("benchmarks.jobs")
    # Where the tests keep what starts the processes.
    sys.path.insert(0, str(PROJECT / "tests" / "queue"))
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as template:
        odoo.install(template, ["queue_job"], title="Installing the job queue")
        for hosts in (0, 1, 2):
            measure(odoo, template, hosts, arguments)


if __name__ == "__main__":
    main()
