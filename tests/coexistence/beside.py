# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo with the test addon of this folder, and what its log says."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import addons_folders
from bootstrap.places import PROJECT

ADDON = "sync_hub_coexistence"
ADDONS = Path(__file__).resolve().parent / "addons"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one test class: how many of its tests ran, and the names of those that failed."""

    ran: int
    failed: tuple[str, ...]
    log: str


class Beside:
    """A database with Sync Hub, into which the test addon brings OCA's addons at the first use."""

    def __init__(self, odoo: Odoo, database: str, log: Path):
        self._odoo = odoo
        self._database = database
        self._log = log
        self._outcomes: dict[str, Outcome] = {}

    def outcome(self, test_class: str) -> Outcome:
        """What came of a class of Odoo tests. All classes run in one process, the first time that one is asked for."""
        if not self._outcomes:
            text = self._run()
            for name in set(re.findall(r"Starting (\w+)\.test_", text)):
                ran = len(re.findall(rf"Starting {name}\.test_", text))
                failed = tuple(re.findall(rf"(?:FAIL|ERROR): {name}\.(test_\w+)", text))
                self._outcomes[name] = Outcome(ran, failed, text)
            assert self._outcomes, text[-4000:]
        return self._outcomes[test_class]

    def installed(self) -> set[str]:
        rows = self._odoo.server.execute(
            "SELECT name FROM ir_module_module WHERE state = 'installed'", (), self._database
        )
        return {name for (name,) in rows}

    def _run(self) -> str:
        folders = [*addons_folders(self._odoo.source), PROJECT, ADDONS]
        command = self._odoo.command(
            *("--database", self._database, "--addons-path", ",".join(map(str, folders))),
            *("--init", ADDON, "--test-tags", f"/{ADDON}", "--http-port", str(free_port())),
            *("--max-cron-threads", "0", "--stop-after-init"),
            module="bootstrap.odoo_tests",
        )
        with self._log.open("wb") as stream:
            # The status says no more than the log: a test failed, or an error was logged.
            subprocess.run(
                command, cwd=PROJECT, stdout=stream, stderr=stream, env=self._odoo.environment, check=False
            )
        return self._log.read_text(encoding="utf-8", errors="replace")
