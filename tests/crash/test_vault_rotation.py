# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``odoo sync_hub_rotate``: whatever happens in the middle of it, every secret opens afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from company import PATIENCE, SCRIPTS

from bootstrap import databases
from bootstrap.odoo_commands import Odoo
from bootstrap.places import PROJECT

SECRETS = 1500


class Vault:
    """A database whose vault holds many secrets, with a key file of its own."""

    def __init__(self, odoo: Odoo, database: str, log: Path):
        self._odoo = odoo
        self._database = database
        self._log = log
        self.keys = odoo.data / "sync_hub" / "vault.keys"

    def run(self, script: str, **arguments: object) -> dict:
        """Run a script in an Odoo shell; what it said last, as JSON."""
        command = self._odoo.command("shell", "--database", self._database, "--no-http", "--log-level", "error")
        environment = {**self._odoo.environment, "SCRIPT_ARGUMENTS": json.dumps(arguments)}
        with (SCRIPTS / f"{script}.py").open("rb") as source:
            done = subprocess.run(command, stdin=source, capture_output=True, env=environment, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        lines = done.stdout.decode().split()
        return json.loads(done.stdout.decode().strip().splitlines()[-1]) if lines else {}

    def rotate(self, *options: str) -> subprocess.Popen:
        """Start the command as an administrator does; the addon is found on the path that comes first."""
        odoo, command, *rest = self._odoo.command("sync_hub_rotate", "--database", self._database, *options)[2:]
        python = self._odoo.command("shell")[0]
        words = [python, "-m", odoo, f"--addons-path={self._addons_path()}", command, *rest]
        with self._log.open("ab") as log:
            return subprocess.Popen(words, stdout=log, stderr=log, env=self._odoo.environment)

    def _addons_path(self) -> str:
        return f"{self._odoo.source / 'odoo' / 'addons'},{PROJECT}"

    def finish(self, process: subprocess.Popen) -> int:
        return process.wait(timeout=PATIENCE)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def keys_in_use(self) -> dict[str, int]:
        """How many secrets each key seals, by the public id of the key."""
        counts = "SELECT key_reference, count(*) FROM sync_secret GROUP BY key_reference"
        return dict(self._odoo.server.execute(counts, (), self._database))

    def assert_all_open(self) -> None:
        assert self.run("open_vault") == {"wrong": [], "secrets": SECRETS}


@pytest.fixture
def vault(odoo: Odoo, tmp_path: Path) -> Iterator[Vault]:
    apart = replace(odoo, data=tmp_path / "data")
    with databases.temporary_copy(apart, databases.ensure_demo_template(odoo)) as database:
        vault = Vault(apart, database, tmp_path / "rotate.log")
        vault.run("fill_vault", secrets=SECRETS)
        yield vault


def test_a_rotation_that_is_killed_twice_is_finished_by_the_next_ones(vault: Vault) -> None:
    """Killed in the middle, and taken up by two at once."""
    ((old, number),) = vault.keys_in_use().items()
    assert number == SECRETS
    for options in (["--new-key"], []):
        before = vault.keys_in_use()[old]
        process = vault.rotate(*options)
        end = time.monotonic() + PATIENCE
        while vault.keys_in_use().get(old, 0) >= before and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert 0 < vault.keys_in_use()[old] < before, vault.log()
    vault.assert_all_open()
    (new,) = vault.keys_in_use().keys() - {old}
    both = [vault.rotate(), vault.rotate()]
    assert [vault.finish(process) for process in both] == [0, 0], vault.log()
    assert vault.keys_in_use() == {new: SECRETS}
    vault.assert_all_open()
    assert vault.finish(vault.rotate("--remove-unused")) == 0, vault.log()
    assert len(vault.keys.read_text(encoding="utf-8").split()) == 1
    vault.assert_all_open()


def test_a_key_that_is_needed_is_not_removed_and_a_missing_one_ends_the_command_with_a_status(vault: Vault) -> None:
    """No key of what cannot be sealed anew is taken away, and a lost one changes nothing in the database."""
    ((old, _number),) = vault.keys_in_use().items()
    lost = vault.keys.rename(vault.keys.with_suffix(".away"))
    assert vault.finish(vault.rotate("--new-key")) == 1
    assert vault.keys_in_use() == {old: SECRETS}
    with vault.keys.open("a", encoding="utf-8") as keys:
        keys.write(lost.read_text(encoding="utf-8"))
    vault.assert_all_open()
    assert vault.finish(vault.rotate("--remove-unused")) == 0, vault.log()
    assert old not in vault.keys_in_use()
    vault.assert_all_open()
