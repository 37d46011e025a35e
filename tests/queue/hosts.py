# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several Odoo processes with the real job runner on one database, and a company connected to the sandbox bank."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from balancer import Balancer
from emulators.enablebanking import Emulator

from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo

SCRIPTS = Path(__file__).resolve().parent / "scripts"
BANK = "Banca Sandbox Italia"
PATIENCE = 900  # seconds after which what does not come is a failure; a busy machine is none
CHANNEL = "root.sync_hub.bank_transactions"


class Hosts:
    """Odoo processes as on several hosts: one database, the job runner in each, a balancer before them."""

    def __init__(self, odoo: Odoo, database: str, bank: Emulator, log: Path):
        self.odoo = odoo
        self.database = database
        self.bank = bank
        self.accounts: list[dict] = []
        self.processes: list[subprocess.Popen] = []
        self._log = log
        self._balancer: Balancer | None = None

    # -- The company -----------------------------------------------------------------------------------------------

    def connect(self, rows: int, accounts: int) -> None:
        """Connect so many accounts of the bank, each with so many rows and a connection of its own."""
        # Each connection has a consent of its own, and one bank alone makes a test that is easy to follow.
        self.bank.set_older_sessions("AUTHORIZED")
        ibans = [f"IT60X05428111010000{number:08d}" for number in range(accounts)]
        for iban in ibans:
            self.bank.load_account(BANK, iban, "EUR", Decimal("1000.00"), ())
            self.bank.set_history(rows, BANK, iban)
        self.accounts = self.run(
            "connect_many",
            url=self.bank.url,
            application=self.bank.application_id,
            key=self.bank.private_key_pem,
            accounts=ibans,
        )

    def ask(self, times: int = 1) -> None:
        """Press the button on every connection."""
        self.run("ask", connections=[account["connection"] for account in self.accounts], times=times)

    # -- Processes -------------------------------------------------------------------------------------------------

    def start(self, number: int, capacity: int) -> None:
        """Start so many processes, and wait until they answer and one of them is the master of the queue.

        :param capacity: how many connections may be worked on at once
        """
        ports = [free_port() for _host in range(number)]
        self._balancer = Balancer(*ports)
        environment = {
            **self.odoo.environment,
            "ODOO_QUEUE_JOB_CHANNELS": f"root:{capacity + 2},{CHANNEL}:{capacity}",
            "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
            "ODOO_QUEUE_JOB_PORT": str(self._balancer.port),
        }
        for port in ports:
            self._start_process(port, environment, "--load", "web,queue_job")
        self.wait_until(self.has_master)

    def start_without_runner(self) -> None:
        """Start one process as Odoo starts by default."""
        self._start_process(free_port(), self.odoo.environment)

    def _start_process(self, port: int, environment: dict[str, str], *options: str) -> None:
        command = self.odoo.command(
            *("--database", self.database, "--http-port", str(port), *options),
            *("--max-cron-threads", "1", "--limit-time-real", "0"),
        )
        with self._log.open("ab") as log:
            self.processes.append(
                subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
            )

    def has_master(self) -> bool:
        return bool(
            self.number(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                " AND (classid::bigint << 32) | objid::bigint = 2293787760715711918"
            )
        )

    def kill(self, pid: int) -> None:
        """End a process as a power cut does."""
        (process,) = [process for process in self.processes if process.pid == pid]
        process.send_signal(signal.SIGKILL)
        process.wait()

    def kill_at_work(self, condition: Callable[[], bool]) -> int:
        """End the process that works, in the middle of a run, once a condition is met.

        :return: its process id
        """
        at_work: list[int] = []

        def caught() -> bool:
            # Between two slices nobody is at work; and a job names its worker for some seconds longer than that lives.
            pid = self.worker()
            alive = {process.pid for process in self.processes if process.poll() is None}
            if pid in alive and condition() and self.number("SELECT count(*) FROM sync_run WHERE state = 'running'"):
                at_work.append(pid)
            return bool(at_work)

        self.wait_until(caught)
        self.kill(at_work[0])
        return at_work[0]

    def run(self, script: str, **arguments: object) -> object:
        """Run a script in an Odoo shell; what it said last, as JSON."""
        environment = {**self.odoo.environment, "SCRIPT_ARGUMENTS": json.dumps(arguments)}
        command = self.odoo.command("shell", "--database", self.database, "--no-http", "--log-level", "error")
        with (SCRIPTS / f"{script}.py").open("rb") as source:
            done = subprocess.run(command, stdin=source, capture_output=True, env=environment, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        return json.loads(done.stdout.decode().strip().splitlines()[-1])

    def close(self) -> None:
        if self._balancer:
            self._balancer.close()
        for process in self.processes:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()

    # -- What is there ---------------------------------------------------------------------------------------------

    def execute(self, statement: str, parameters: tuple = ()) -> list[tuple]:
        return self.odoo.server.execute(statement, parameters, self.database)

    def number(self, statement: str, parameters: tuple = ()) -> int:
        return self.execute(statement, parameters)[0][0]

    def at_work(self) -> int:
        """How many jobs are being done now."""
        return self.number("SELECT count(*) FROM queue_job WHERE state = 'started'")

    def sessions(self) -> int:
        """How many sessions the database has now, but for the one that asks."""
        return self.number(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def worker(self) -> int | None:
        """The process that does a job now."""
        found = self.execute("SELECT worker_pid FROM queue_job WHERE state = 'started' ORDER BY id LIMIT 1")
        return found[0][0] if found else None

    def workers(self) -> set[int]:
        """The processes that have done jobs."""
        return {pid for (pid,) in self.execute("SELECT DISTINCT worker_pid FROM queue_job WHERE state = 'done'")}

    def most_waiting_jobs(self) -> int:
        """How many jobs wait for the connection that has the most of them."""
        return self.number(
            "SELECT coalesce(max(number), 0) FROM (SELECT count(*) AS number FROM queue_job"
            " WHERE state IN ('pending', 'enqueued') GROUP BY identity_key) AS waiting"
        )

    def booked(self) -> int:
        journals = tuple(account["journal"] for account in self.accounts)
        return self.number("SELECT count(*) FROM account_bank_statement_line WHERE journal_id IN %s", (journals,))

    def outcomes(self, connection: int) -> list[str | None]:
        """How the runs of a connection ended, the first one first."""
        runs = "SELECT outcome FROM sync_run WHERE connection_id = %s ORDER BY id"
        return [outcome for (outcome,) in self.execute(runs, (connection,))]

    def all_done(self) -> bool:
        return not self.number("SELECT count(*) FROM sync_run WHERE state <> 'finished'")

    def wait_until(self, condition: Callable[[], bool], watch: Callable[[], None] = lambda: None) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            watch()
            dead = [process.pid for process in self.processes if process.returncode is None and process.poll()]
            assert not dead and time.monotonic() < end, self._log.read_text(encoding="utf-8")[-4000:]
            time.sleep(0.05)

    def assert_books_equal_bank(self) -> None:
        """Every row of every account is booked, on its day, once; nothing else is."""
        for account in self.accounts:
            at_bank = Counter((row.day, str(row.amount)) for row in self.bank.booked(BANK, account["name"]))
            lines = self.execute(
                "SELECT m.date, l.amount FROM account_bank_statement_line l JOIN account_move m ON m.id = l.move_id"
                " WHERE l.journal_id = %s AND m.state = 'posted'",
                (account["journal"],),
            )
            assert Counter((day, f"{amount:.2f}") for day, amount in lines) == at_bank
