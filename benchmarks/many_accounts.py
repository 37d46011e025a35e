# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many accounts at banks that take their time, in one worker: read ahead, and one after the other.

    python3 -m benchmarks.many_accounts [--accounts 200] [--connections 10] [--rows 4] [--latency 0.3]

The sandbox bank answers every call so many seconds late; an account takes two calls of the interface and, for rows on
a second page, a third one. Both ways begin with a copy of the same database, so their ratio can be compared: the first
synchronization, which books all rows, and the next one, which finds nothing new.
"""

import argparse
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks.bench import Bench, begin
from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.places import CHOSEN_ADDONS
from bootstrap.servers import Children, sandbox_command, sandbox_environment, wait_for

# What 200 accounts with three calls of 300 ms each may take.
TARGET = 30


def fill(bank, accounts: int, rows: int) -> list[str]:
    """Give the bank so many accounts; returns their numbers."""
    from emulators.enablebanking import Movement

    # Two pages for each account: with the balance, three calls.
    bank.configure(None, page_size=max(rows // 2, 1))
    today = datetime.now(UTC).date()
    numbers = [f"IT60X05428111010000{number:08d}" for number in range(accounts)]
    for number in numbers:
        movements = [
            Movement(
                booking_date=today - timedelta(days=row % 9),
                value_date=today,
                amount=Decimal(row + 1),
                counterparty="Azure Interior",
                remittance=(f"Invoice {row}",),
            )
            for row in range(rows)
        ]
        bank.load_account(None, number, "EUR", Decimal("0.00"), movements)
    return numbers


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.many_accounts", description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--connections", type=int, default=10)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--latency", type=float, default=0.3)
    arguments = parser.parse_args()
    odoo = begin("benchmarks.many_accounts")
    from emulators.enablebanking import RemoteControl

    accounting = databases.ensure_accounting_template(odoo)
    with tempfile.TemporaryDirectory() as folder, Children() as children:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = sandbox_command(port, Path(folder), "http://localhost:8069/sync_hub_bank/return")
        child = children.start("bench-bank", command, sandbox_environment())
        wait_for(f"{url}/_control", child, "bench-bank")
        bank = RemoteControl(url)
        # Each connection stands for another customer.
        bank.set_older_sessions("AUTHORIZED")
        numbers = fill(bank, arguments.accounts, arguments.rows)
        each = -(-arguments.accounts // arguments.connections)
        groups = [numbers[start : start + each] for start in range(0, len(numbers), each)]
        bench = Bench(odoo)
        with databases.temporary_copy(odoo, accounting) as template:
            odoo.install(template, CHOSEN_ADDONS, title="Installing Sync Hub")
            key = (Path(folder) / "private_key.pem").read_text()
            application = (Path(folder) / "application_id").read_text().strip()
            access = {"url": url, "application": application, "key": key}
            connections = bench.job("connect_accounts", template, ibans=groups, **access)["connections"]
            bank.latency(arguments.latency)
            seconds = {}
            for way, ahead in (("read ahead", True), ("one after the other", False)):
                with databases.temporary_copy(odoo, template) as database:
                    for title in ("first", "nothing new"):
                        result = bench.job("synchronize_accounts", database, connections=connections, ahead=ahead)
                        seconds[title, ahead] = result["seconds"]
                        print(
                            f"{arguments.accounts} accounts in {len(groups)} connections, {title}, {way}:"
                            f" {result['seconds']:.1f} s ({result['cpu']:.1f} s CPU), {result['created']} rows,"
                            f" {set(result['outcomes'])}, peak memory {result['peak_mb']:.0f} MB",
                            flush=True,
                        )
    for title in ("first", "nothing new"):
        ahead, alone = seconds[title, True], seconds[title, False]
        print(f"{title}: ratio {ahead / alone:.2f}; {ahead / TARGET:.2f} of the {TARGET} s that 200 accounts may take")


if __name__ == "__main__":
    main()
