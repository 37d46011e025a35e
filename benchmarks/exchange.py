# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two databases in step, beside a plain loop of single calls over the same interface.

    python3 -m benchmarks.exchange [--contacts 5000] [--loop 300] [--crowd 500000] [--workers 2]

Both databases are on one server of Odoo with workers, as in production; with ``--workers 0`` it answers in threads. The
exchange runs in a process of its own, as a scheduled action does. Measured are the first sending, the receiving of as
many new contacts, both once more when all have changed, and what a loop of single ``create`` and ``write`` calls takes
for each contact; then 1 000 changed contacts, and 1 000 more in a table of ``--crowd`` others. Ratios of one run can be
compared; rates of two machines, or of a busy one, cannot.
"""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

from benchmarks.bench import Bench, begin
from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.servers import Children, wait_for

# How many times faster than the loop, how much slower in a large table, and how much memory it may take (MB).
TARGET, GROWTH, MEMORY = 20, 2, 400
CHANGED = 1000
UUIDS = ("aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002")


class Two:
    """Two databases of which the first drives the exchange with the second."""

    def __init__(self, odoo, workers: int, children: Children, stack: ExitStack):
        accounting = databases.ensure_accounting_template(odoo)
        self.bench = Bench(odoo)
        self.here = stack.enter_context(databases.temporary_copy(odoo, accounting))
        odoo.install(self.here, ["sync_hub_exchange"], title="Installing Sync Hub")
        self.there = stack.enter_context(databases.temporary_copy(odoo, self.here))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        options = ("--http-port", str(port), "--workers", str(workers), "--max-cron-threads", "0")
        command = odoo.command(*options, "--log-level", "error")
        self.server = children.start("bench-odoo", command, odoo.environment)
        wait_for(f"{self.url}/web/version", self.server, "bench-odoo")
        self.job("open_door", uuid=UUIDS[0])
        self.key = self.bench.job("open_door", self.there, uuid=UUIDS[1])["key"]
        self.job("meet", url=self.url, database=self.there, key=self.key)

    def job(self, name: str, /, **arguments) -> dict:
        return self.bench.job(name, self.here, **arguments)

    def exchange(self, direction: str, rows: int, title: str) -> dict:
        result = self.job("exchange", direction=direction)
        assert not result["failed"] and not result["errors"], result
        rate = rows / result["seconds"]
        print(
            f"{title}: {rows} contacts in {result['seconds']:.1f} s, {rate:.0f} per second,"
            f" {result['created']} made, {result['updated']} changed,"
            f" peak memory {result['peak_mb']:.0f} MB here, {self.peak():.0f} MB there",
            flush=True,
        )
        return {**result, "rate": rate}

    def peak(self) -> float:
        """Peak memory so far of the process of the server that took most, in MB."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        return max(map(_peak, (str(self.server.pid), *children)))


def _peak(process: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.exchange", description=__doc__.splitlines()[0])
    parser.add_argument("--contacts", type=int, default=5000)
    parser.add_argument("--loop", type=int, default=300)
    parser.add_argument("--crowd", type=int, default=500_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", default="", help="where to write the figures")
    arguments = parser.parse_args()
    odoo = begin("benchmarks.exchange")
    with ExitStack() as stack, Children() as children:
        two = Two(odoo, arguments.workers, children, stack)
        loop = two.job(
            "plain_loop", url=two.url, database=two.there, key=two.key, number=arguments.loop, start=5_000_000
        )
        rates = {kind: loop["rows"] / loop[kind]["seconds"] for kind in ("create", "write")}
        for kind, rate in rates.items():
            print(f"loop of single {kind} calls: {rate:.1f} contacts per second", flush=True)
        number = arguments.contacts
        two.job("add_contacts", number=number)
        figures = {"loop": rates, "sent": two.exchange("send", number, "sent, new")}
        # What the loop made there comes back here.
        figures["compared"] = two.exchange("receive", number + arguments.loop, "compared, and the loop's received")
        two.bench.job("add_contacts", two.there, number=number, start=2_000_000)
        figures["received"] = two.exchange("receive", number, "received, new")
        two.job("change_contacts", number=number, turn=1)
        figures["sent changed"] = two.exchange("send", number, "sent, changed")
        two.bench.job("change_contacts", two.there, number=number, turn=2)
        figures["received changed"] = two.exchange("receive", number, "received, changed")
        seconds = []
        for turn, crowd in enumerate((0, arguments.crowd)):
            if crowd:
                for database in (two.here, two.there):
                    two.bench.job("crowd", database, number=crowd)
            elif turn:
                break
            two.job("change_contacts", number=CHANGED, turn=turn + 3)
            title = f"{CHANGED} changed of {2 * number + crowd}"
            figures[title] = two.exchange("send", CHANGED, f"sent, {title}")
            seconds.append(figures[title]["seconds"])
    for name in ("sent", "received", "sent changed", "received changed"):
        single = "write" if "changed" in name else "create"
        print(f"{name}: {figures[name]['rate'] / rates[single]:.1f} times the loop of {single} calls (aim {TARGET})")
    if arguments.crowd:
        print(f"beside {arguments.crowd} others: {seconds[1] / seconds[0]:.2f} times as long (at most {GROWTH})")
    peak = max(figure["peak_mb"] for name, figure in figures.items() if name != "loop")
    print(f"peak memory of the worker: {peak:.0f} MB (at most {MEMORY})")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
