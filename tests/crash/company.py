# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company that is connected to the sandbox bank, and the processes that work for it."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from emulators.enablebanking import Emulator

from bootstrap.odoo_commands import Odoo

SCRIPTS = Path(__file__).resolve().parent / "scripts"
PATIENCE = 900  # seconds after which what does not come is a failure; a busy machine is none


class Shells:
    """Odoo shells on a database, each a process that runs a script."""

    def __init__(self, odoo: Odoo, database: str, log: Path):
        self.odoo = odoo
        self.database = database
        self.environment = odoo.environment
        self._log = log
        self._processes: list[subprocess.Popen] = []

    def start(self, script: str, **arguments: object) -> subprocess.Popen:
        """Start a process that runs a script in an Odoo shell."""
        environment = {**self.environment, "SCRIPT_ARGUMENTS": json.dumps(arguments)}
        command = self.odoo.command("shell", "--database", self.database, "--no-http", "--log-level", "error")
        with (SCRIPTS / f"{script}.py").open("rb") as source, self._log.open("ab") as log:
            process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=log, env=environment)
        self._processes.append(process)
        return process

    def finish(self, process: subprocess.Popen) -> dict:
        """Wait for a process; returns what its script said last, as JSON."""
        output, _nothing = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, self._log.read_text(encoding="utf-8")[-3000:]
        return json.loads(output.decode().strip().splitlines()[-1])

    def run(self, script: str, **arguments: object) -> dict:
        return self.finish(self.start(script, **arguments))

    def close(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()

    def execute(self, statement: str, parameters: tuple = ()) -> list[tuple]:
        return self.odoo.server.execute(statement, parameters, self.database)

    def number(self, statement: str, parameters: tuple = ()) -> int:
        return self.execute(statement, parameters)[0][0]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "it did not come"
            time.sleep(0.02)


class Company(Shells):
    """A company whose journal is connected to the sandbox bank, in a database of its own."""

    def __init__(self, odoo: Odoo, database: str, bank: Emulator, log: Path):
        super().__init__(odoo, database, log)
        self.bank = bank
        # The bank listens on another port than on the day of the consent.
        self.execute("UPDATE sync_bank_provider SET api_url = %s", (bank.url,))
        ((self.connection, self.journal, self.account),) = self.execute(
            "SELECT connection_id, journal_id, id FROM sync_bank_account WHERE journal_id IS NOT NULL"
        )

    def booked(self) -> int:
        """How many lines the journal has, as far as they are committed."""
        return self.number("SELECT count(*) FROM account_bank_statement_line WHERE journal_id = %s", (self.journal,))

    def received(self) -> int:
        """How many rows the inbox has, as far as they are committed."""
        return self.number("SELECT count(*) FROM sync_bank_transaction WHERE account_id = %s", (self.account,))

    def assert_books_equal_bank(self, account: str = "current", journal: int | None = None) -> None:
        """Every row of the bank is booked, on its day, once; nothing else is; and the balance is the bank's."""
        journal = journal or self.journal
        at_bank = Counter((row.day, str(row.amount)) for row in self.bank.booked(None, account))
        lines = self.execute(
            "SELECT m.date, l.amount FROM account_bank_statement_line l JOIN account_move m ON m.id = l.move_id"
            " WHERE l.journal_id = %s AND m.state = 'posted'",
            (journal,),
        )
        assert Counter((day, f"{amount:.2f}") for day, amount in lines) == at_bank
        ends = self.execute(
            "SELECT balance_end_real, is_complete FROM account_bank_statement WHERE journal_id = %s"
            " ORDER BY first_line_index",
            (journal,),
        )
        assert all(complete for _end, complete in ends)
        assert f"{ends[-1][0]:.2f}" == str(self.bank.balance(None, account))
