# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The little world in which the journeys happen: a database of its own, an Odoo server and a sandbox bank."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from emulators.enablebanking import RemoteControl

from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.product import SANDBOX_DATA
from bootstrap.servers import Children, sandbox_command, sandbox_environment, wait_for

# The first page of a database compiles all of Odoo's assets.
PATIENCE = 240


@dataclass(slots=True)
class World:
    """An Odoo server on a database of its own; ``bank`` holds the switches of the sandbox."""

    odoo: Odoo
    database: str
    address: str
    bank: RemoteControl | None = None
    state: Path | None = None
    connected: bool = False
    # What it was made of is not there any more.
    gone: bool = False
    # Where people begin: the page, and what is seen on it once it is there.
    home: tuple[str, str] = ("accounting", ".o_account_kanban")

    @property
    def application_key(self) -> str:
        """The private key that the sandbox knows."""
        return (self.state / "private_key.pem").read_text(encoding="utf-8")

    def sql(self, query: str, *parameters: object) -> list[tuple]:
        """Look into the database, or prepare what no screen can."""
        return self.odoo.server.execute(query, parameters, self.database)

    def count(self, table: str, condition: str = "true") -> int:
        return self.sql(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0]


@contextlib.contextmanager
def accounting_without_addons(odoo: Odoo) -> Iterator[World]:
    """Odoo with Italian accounting whose administrator has never heard of us, and speaks Italian."""
    template = databases.ensure_accounting_template(odoo)
    with databases.temporary_copy(odoo, template) as database, Children() as children:
        port = free_port()
        world = World(odoo, database, f"http://localhost:{port}")
        world.sql(
            "UPDATE res_partner SET lang = 'it_IT' WHERE id = (SELECT partner_id FROM res_users WHERE login = 'admin')"
        )
        start_odoo(children, odoo, database, port, "journeys-install", crons=0)
        yield world
        world.gone = True


@contextlib.contextmanager
def demo_company(odoo: Odoo) -> Iterator[World]:
    """The demo company with our addons, and the sandbox bank with its invoices, not connected yet."""
    template = databases.ensure_demo_template(odoo)
    with (
        databases.temporary_copy(odoo, template) as database,
        tempfile.TemporaryDirectory(prefix="sync-hub-bank-") as folder,
        Children() as children,
    ):
        state = Path(folder)
        port, bank_port = free_port(), free_port()
        odoo.execute(database, SANDBOX_DATA, SANDBOX_STATE=str(state))
        bank_address = f"http://localhost:{bank_port}"
        world = World(odoo, database, f"http://localhost:{port}", RemoteControl(f"http://127.0.0.1:{bank_port}"), state)
        world.sql("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", world.address)
        world.sql("UPDATE sync_bank_provider SET api_url = %s", bank_address)
        bank = children.start(
            "journeys-bank",
            sandbox_command(
                bank_port,
                state,
                f"{world.address}/sync_hub_bank/return",
                *("--invoices", str(state / "invoices.json")),
            ),
            sandbox_environment(),
        )
        wait_for(f"http://127.0.0.1:{bank_port}/_control", bank, "journeys-bank")
        start_odoo(children, odoo, database, port, "journeys-odoo", crons=2)
        yield world
        world.gone = True


def start_odoo(children: Children, odoo: Odoo, database: str, port: int, name: str, crons: int) -> None:
    """Returns when it answers."""
    begin_odoo(children, odoo, database, port, name, crons)()


def begin_odoo(
    children: Children, odoo: Odoo, database: str, port: int, name: str, crons: int
) -> Callable[[], None]:
    """Returns at once, with what waits until it answers."""
    server = children.start(
        name,
        odoo.command(*("--database", database, "--http-port", str(port), "--max-cron-threads", str(crons))),
        odoo.environment,
    )
    return lambda: wait_for(f"http://127.0.0.1:{port}/web/login", server, name, PATIENCE)
