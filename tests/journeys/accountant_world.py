# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The world of accountants: a company's books, and the site of its accountants on a server of its own."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from letterbox import Mailbox, mail_server
from world import World, start_odoo

from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.servers import Children

ADDRESS = "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'"
DATA = Path(__file__).resolve().parent / "data"


@dataclass(slots=True)
class AccountantWorld(World):
    """The site; ``books``: the company's own Odoo. ``mailbox`` has what the site sends."""

    books: World | None = None
    mailbox: Mailbox | None = None


@contextlib.contextmanager
def accountant_site(odoo: Odoo) -> Iterator[AccountantWorld]:
    """A company whose documents nobody else sees yet, and a site that knows where its books are."""
    template = databases.ensure_demo_template(odoo)
    with (
        databases.temporary_copy(odoo, template) as books_database,
        databases.temporary_copy(odoo, template) as database,
        tempfile.TemporaryDirectory(prefix="sync-hub-site-") as folder,
        mail_server() as mailbox,
        Children() as children,
    ):
        key = Path(folder) / "key"
        port, books_port = free_port(), free_port()
        books = World(odoo, books_database, f"http://localhost:{books_port}")
        world = AccountantWorld(odoo, database, f"http://localhost:{port}", books=books, mailbox=mailbox)
        odoo.execute(books_database, DATA / "accountant_books.py", KEY_FILE=str(key))
        told = {"URL": books.address, "BOOKS": books_database, "KEY_FILE": str(key), "SMTP": str(mailbox.port)}
        books.sql(ADDRESS, books.address)
        start_odoo(children, odoo, books_database, books_port, "journeys-books", crons=0)
        odoo.execute(database, DATA / "accountant_site.py", **told)
        world.sql(ADDRESS, world.address)
        start_odoo(children, odoo, database, port, "journeys-site", crons=2)
        yield world
        books.gone = world.gone = True
