# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases that exchange records: one server that answers for all of them, and a worker that works for all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from offices import Link, Office, Server, Worker

from bootstrap import databases
from bootstrap.odoo_commands import Odoo


@pytest.fixture(scope="session")
def template(odoo: Odoo) -> Iterator[str]:
    # A copy of our own: another checkout may make newer templates, and drop this one meanwhile.
    with databases.temporary_copy(odoo, databases.ensure_exchange_template(odoo)) as database:
        # Nobody opens it: a database with guests cannot be copied.
        odoo.server.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        yield database


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exchange")


@pytest.fixture(scope="session")
def server(odoo: Odoo, folder: Path) -> Iterator[Server]:
    server = Server(odoo, folder / "server.log")
    yield server
    server.close()


@pytest.fixture(scope="session")
def worker(odoo: Odoo, folder: Path) -> Iterator[Worker]:
    worker = Worker(odoo, folder / "worker.log")
    yield worker
    worker.kill()


@pytest.fixture(scope="module")
def new_office(odoo: Odoo, template: str, server: Server, worker: Worker) -> Iterator[Callable[[str], Office]]:
    """Opens further offices."""
    with contextlib.ExitStack() as stack:

        def open_office(letter: str) -> Office:
            database = stack.enter_context(databases.temporary_copy(odoo, template))
            return Office(odoo, database, worker, server, letter)

        yield open_office


@pytest.fixture(scope="module")
def rome(new_office: Callable[[str], Office]) -> Office:
    """The office whose database drives the exchange."""
    return new_office("a")


@pytest.fixture(scope="module")
def milan(new_office: Callable[[str], Office]) -> Office:
    """The office whose database answers."""
    return new_office("b")


@pytest.fixture(scope="module")
def line(rome: Office, milan: Office) -> Link:
    """Rome exchanges contacts and their tags with Milan, both ways."""
    link = rome.connect(milan)
    link.exchange("res.partner.category", "name parent_id color")
    link.exchange()
    return link
