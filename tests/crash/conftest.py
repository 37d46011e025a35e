# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real worker processes, a real database with real commits, and the sandbox bank over HTTP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from company import Company  # noqa: E402
from emulators.enablebanking import Emulator  # noqa: E402

from bootstrap import databases  # noqa: E402
from bootstrap.odoo_commands import Odoo  # noqa: E402
from bootstrap.odoo_source import ensure_odoo  # noqa: E402
from bootstrap.postgres import ensure_postgres  # noqa: E402


@pytest.fixture(scope="session")
def odoo() -> Odoo:
    return Odoo(ensure_odoo(), ensure_postgres())


@pytest.fixture(scope="session")
def template(odoo: Odoo) -> str:
    return databases.ensure_demo_template(odoo)


@pytest.fixture
def company(odoo: Odoo, template: str, tmp_path: Path) -> Iterator[Company]:
    with (
        databases.temporary_copy(odoo, template) as database,
        Emulator(redirect_urls=["http://*/sync_hub_bank/return"]) as bank,
    ):
        company = Company(odoo, database, bank, tmp_path / "workers.log")
        try:
            yield company
        finally:
            company.close()
