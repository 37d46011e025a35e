# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bank transactions from the bank's answer to the journal, beside Odoo's own ``create`` of the same lines.

    python3 -m benchmarks.import_transactions [--rows 1000 10000] [--late-on 20000] [--journal 0] [--partners 0]
                                              [--pairs 1 | --no-floor | --receive-only | --by-turns]

For every size a database of its own is made, the sandbox bank serves the rows over HTTP, and they are synchronized as
a worker does it. Then the same lines are made by ``account.bank.statement.line.create`` in chunks of 500, each
committed, in a copy of the database from before the synchronization: the floor. Then every row is fetched again,
with nothing new among them; and on ``--late-on`` rows 50 new ones arrive. Ratios of one run can be compared;
seconds of two machines, or of a busy one, cannot. With ``--receive-only`` the rows stay in the inbox: nearly all the
time of many rows is Odoo's, which books them in chunks. With ``--by-turns`` they are received, and then booked in
chunks by turns with ``create`` of the same lines, in one process: a drift of the machine meets both.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from benchmarks.bench import Bench, begin
from benchmarks.booking_jobs import TURN
from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.places import CHOSEN_ADDONS
from bootstrap.servers import Children, sandbox_command, sandbox_environment, wait_for

BANK = "Banca Sandbox Italia"
PAGE_SIZE = 500


class BankBench(Bench):
    """A sandbox bank and databases that have our addons."""

    def __init__(self, odoo: Odoo, folder: Path, bank_url: str):
        super().__init__(odoo)
        self.folder = folder
        self.bank_url = bank_url

    def connect(self, database: str, rows: int) -> dict:
        """Let the bank have so many rows, and connect its account to a new journal."""
        from emulators.enablebanking import RemoteControl

        bank = RemoteControl(self.bank_url)
        bank.reset()
        bank.configure(BANK, page_size=PAGE_SIZE)
        bank.set_history(rows, BANK, "current", days=365)
        return self.job(
            "connect",
            database,
            bank_url=self.bank_url,
            application_id=(self.folder / "application_id").read_text().strip(),
            private_key=(self.folder / "private_key.pem").read_text(),
            bank=BANK,
        )


def measure(
    bench: BankBench,
    template: str,
    rows: int,
    late: bool,
    journal_rows: int = 0,
    partners: int = 0,
    with_floor: bool = True,
    pairs: int = 1,
    booking: bool = True,
) -> None:
    """First synchronization, floor, everything again, and 50 late rows, at one size."""
    title = f"{rows} rows" + (f", journal of {journal_rows}" if journal_rows else "")
    title += f", {partners} partners" if partners else ""
    with databases.temporary_copy(bench.odoo, template) as database:
        made = bench.connect(database, rows)
        if partners:
            bench.job("add_partners", database, number=partners)
        if journal_rows:
            bench.job("fill_journal", database, journal=made["journal"], number=journal_rows)
        untouched = f"{database}_untouched"
        if with_floor:
            databases.copy(bench.odoo, database, untouched)
        try:
            first = bench.job("synchronize", database, connection=made["connection"], booking=booking)
            report(f"first synchronization, {title}", first, first["created"] if booking else first["received"])
            if with_floor:
                compare(bench, database, untouched, made, first, pairs)
        finally:
            databases.drop(bench.odoo, untouched)
        again = bench.job("fetch_all_again", database, connection=made["connection"], booking=booking)
        report("  everything again, nothing new", again, again["received"])
        print(
            f"    without the provider's part: {again['received'] / again['importer_seconds']:.0f} rows/s by the clock,"
            f" {again['received'] / again['importer_cpu']:.0f} by CPU time"
        )
        if late:
            from emulators.enablebanking import RemoteControl

            RemoteControl(bench.bank_url).add_movements(50, BANK, "current")
            new = bench.job("synchronize", database, connection=made["connection"])
            report(f"  50 new rows on {rows}", new, new["created"])


def measure_by_turns(bench: BankBench, template: str, rows: int) -> None:
    """Receiving, and booking by turns with the floor, at one size."""
    with databases.temporary_copy(bench.odoo, template) as database:
        connection = bench.connect(database, rows)["connection"]
        received = bench.job("synchronize", database, connection=connection, booking=False)
        report(f"{rows} rows received and not booked", received, received["received"])
        taken = bench.job("book_by_turns", database, connection=connection)
    counted = rows - TURN
    for figure, title in (("seconds", "by the clock"), ("cpu", "by CPU time")):
        floor, ours = taken["create"][figure] / counted, taken["booking"][figure] / counted
        whole = ours + received[figure] / rows
        print(
            f"  booking {1000 * ours:.2f} ms per row, create() {1000 * floor:.2f} {title}: ratio {ours / floor:.2f},"
            f" with receiving {whole / floor:.2f}",
            flush=True,
        )


def compare(bench: BankBench, database: str, untouched: str, made: dict, first: dict, pairs: int) -> None:
    """The same lines by plain ``create``; with more pairs, both by turns, so that a drift of the machine meets both."""
    path = str(bench.folder / "lines.json")
    bench.job("dump", database, journal=made["journal"], path=path)

    def in_a_copy(job: str, **arguments) -> dict:
        with databases.temporary_copy(bench.odoo, untouched) as copy:
            return bench.job(job, copy, **arguments)

    clock, cpu = [], []
    for pair in range(pairs):
        floor = in_a_copy("floor", journal=made["journal"], path=path)
        ours = in_a_copy("synchronize", connection=made["connection"]) if pair else first
        if not pair:
            report("  the same lines by create()", floor, floor["created"])
        clock.append(ours["seconds"] / floor["seconds"])
        cpu.append(ours["cpu"] / floor["cpu"])
    print(f"  ratio: {spread(clock)} by the clock, {spread(cpu)} by CPU time", flush=True)


def spread(ratios: list[float]) -> str:
    """The median; of several ratios also their number, the smallest and the largest."""
    middle = f"{statistics.median(ratios):.2f}"
    return f"{middle} ({len(ratios)} pairs, {min(ratios):.2f}-{max(ratios):.2f})" if len(ratios) > 1 else middle


def report(title: str, result: dict, rows: int) -> None:
    print(
        f"{title}: {rows / result['seconds']:.0f} rows/s, {1000 * result['seconds'] / rows:.2f} ms per row"
        f" ({1000 * result['cpu'] / rows:.2f} ms CPU), {result['queries'] / rows:.2f} queries per row"
        f" ({result['queries']}), peak memory {result['peak_mb']:.0f} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.import_transactions", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--late-on", type=int, default=0, help="also: 50 new rows on so many")
    parser.add_argument("--journal", type=int, default=0, help="lines that the journal holds before")
    parser.add_argument("--partners", type=int, default=0, help="partners with bank accounts to match against")
    parser.add_argument("--pairs", type=int, default=1, help="how often the comparison with plain create() is made")
    parser.add_argument("--no-floor", action="store_true", help="leave out the comparison with plain create()")
    parser.add_argument("--receive-only", action="store_true", help="leave the rows in the inbox, unbooked")
    parser.add_argument("--by-turns", action="store_true", help="book in one process, by turns with plain create()")
    arguments = parser.parse_args()
    odoo = begin("benchmarks.import_transactions")
    accounting = databases.ensure_accounting_template(odoo)
    with tempfile.TemporaryDirectory() as folder, Children() as children:
        port = free_port()
        command = sandbox_command(port, Path(folder), "http://localhost:8069/sync_hub_bank/return")
        child = children.start("bench-bank", command, sandbox_environment())
        wait_for(f"http://127.0.0.1:{port}/_control", child, "bench-bank")
        bench = BankBench(odoo, Path(folder), f"http://127.0.0.1:{port}")
        with databases.temporary_copy(odoo, accounting) as template:
            odoo.install(template, CHOSEN_ADDONS, title="Installing Sync Hub")
            sizes = [(rows, False) for rows in arguments.rows]
            sizes += [(arguments.late_on, True)] if arguments.late_on else []
            for rows, late in sizes:
                if arguments.by_turns:
                    measure_by_turns(bench, template, rows)
                    continue
                measure(
                    bench,
                    template,
                    rows,
                    late,
                    journal_rows=arguments.journal,
                    partners=arguments.partners,
                    with_floor=not (arguments.no_floor or arguments.receive_only),
                    pairs=arguments.pairs,
                    booking=not arguments.receive_only,
                )


if __name__ == "__main__":
    main()
