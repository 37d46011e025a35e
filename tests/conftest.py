# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the suites have in common."""

import pytest

from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.postgres import ensure_postgres


@pytest.fixture(scope="session")
def odoo() -> Odoo:
    """Odoo and the database server of ``make test``."""
    return Odoo(ensure_odoo(), ensure_postgres())
