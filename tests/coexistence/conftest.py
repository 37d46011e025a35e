# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A database in which OCA's bank addons are installed beside Sync Hub."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from beside import Beside  # noqa: E402

from bootstrap import databases  # noqa: E402
from bootstrap.odoo_commands import Odoo  # noqa: E402
from bootstrap.odoo_source import ensure_odoo  # noqa: E402
from bootstrap.postgres import ensure_postgres  # noqa: E402

# Odoo collects the tests of its addons.
collect_ignore = ["addons"]


@pytest.fixture(scope="session")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    odoo = Odoo(ensure_odoo(), ensure_postgres())
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as database:
        yield Beside(odoo, database, tmp_path_factory.mktemp("log") / "odoo.log")
