# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real worker processes, a real database with real commits, and the sandbox bank over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from company import Company, Shells
from emulators.enablebanking import Emulator

from bootstrap import databases
from bootstrap.odoo_commands import Odoo


def emulator(state: Path) -> Emulator:
    return Emulator(redirect_urls=["http://*/sync_hub_bank/return"], state_dir=state)


@pytest.fixture(scope="session")
def connected(odoo: Odoo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A database in which the company has just been connected, and the state of the bank, for copies of both."""
    state = tmp_path_factory.mktemp("bank")
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as database:
        with emulator(state) as bank:
            Shells(odoo, database, state.with_suffix(".log")).run(
                "connect", url=bank.url, application=bank.application_id, key=bank.private_key_pem
            )
        yield database, state


@pytest.fixture
def company(odoo: Odoo, connected: tuple[str, Path], tmp_path: Path) -> Iterator[Company]:
    template, state = connected
    shutil.copytree(state, tmp_path / "bank")
    with (
        databases.temporary_copy(odoo, template) as database,
        emulator(tmp_path / "bank") as bank,
    ):
        company = Company(odoo, database, bank, tmp_path / "workers.log")
        try:
            yield company
        finally:
            company.close()
