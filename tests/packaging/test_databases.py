# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases go when their time is over: at the end, or after a set-up or a test run was killed."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from bootstrap import databases
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.postgres import ensure_postgres


@pytest.fixture(scope="module")
def odoo() -> Odoo:
    found = Odoo(ensure_odoo(), ensure_postgres())
    if not found.server.embedded:
        pytest.skip("on a server that others use nothing is cleared away")
    return found


@pytest.fixture
def left_behind(odoo: Odoo, request) -> Iterator[str]:
    """A database named after a process that has ended; and its filestore."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    name = request.param.format(ended.pid)
    odoo.server.execute(f'CREATE DATABASE "{name}"')
    folder = odoo.data / "filestore" / name
    folder.mkdir(parents=True)
    yield name
    databases.drop(odoo, name)


@pytest.mark.parametrize(
    "left_behind", ["sync_hub_demo_0123_unfinished_{}", "sync_hub_tmp_{}_0123abcd"], indirect=True
)
def test_a_database_of_a_killed_process_is_dropped_by_the_next_one(odoo: Odoo, left_behind: str) -> None:
    with databases.temporary_copy(odoo, "template1") as mine:
        assert not databases.exists(odoo, left_behind)
        assert not (odoo.data / "filestore" / left_behind).exists()
        with databases.temporary_copy(odoo, "template1"):
            assert databases.exists(odoo, mine), "of a process that lives nothing is dropped"


def test_a_copy_is_dropped_while_somebody_is_still_connected_to_it() -> None:
    odoo = Odoo(ensure_odoo(), ensure_postgres())
    with databases.temporary_copy(odoo, "template1") as name:
        somebody = odoo.server.connect(name)
        with somebody.cursor() as cursor:
            cursor.execute("SELECT 1")
    assert not databases.exists(odoo, name)
    somebody.close()
