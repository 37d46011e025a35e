# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The real job runner of OCA's queue_job in real Odoo processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from emulators.enablebanking import Emulator
from hosts import Hosts

from bootstrap import databases
from bootstrap.odoo_commands import Odoo


@pytest.fixture(scope="session")
def with_queue(odoo: Odoo) -> Iterator[str]:
    """A database in which somebody installed queue_job beside Sync Hub: the addon between them came by itself."""
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as database:
        odoo.install(database, ["queue_job"], title="Installing the job queue")
        yield database


@pytest.fixture
def hosts(odoo: Odoo, with_queue: str, tmp_path: Path) -> Iterator[Hosts]:
    with (
        databases.temporary_copy(odoo, with_queue) as database,
        Emulator(redirect_urls=["http://*/sync_hub_bank/return"]) as bank,
    ):
        hosts = Hosts(odoo, database, bank, tmp_path / "hosts.log")
        try:
            yield hosts
        finally:
            hosts.close()
