# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The world of exchange journeys: the demo company and its branch, each with a database and a server of its own."""

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from world import PATIENCE, World

from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.places import ADDONS, PROJECT
from bootstrap.product import BRANCH_DATA
from bootstrap.servers import Children, wait_for

# Files of translations by the language of the user.
CATALOGUES = {"it_IT": "it", "pt_BR": "pt_BR"}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]")


class Words:
    """What the screens say in a language: ``words("Force update")`` is the translation that was loaded."""

    def __init__(self, language: str):
        self._terms: dict[str, str] = {}
        # What the exchange calls something counts before what another addon does.
        for addon in sorted(ADDONS, key=lambda addon: (addon != "sync_hub_exchange", addon)):
            for entry in polib.pofile(str(PROJECT / addon / "i18n" / f"{CATALOGUES[language]}.po")):
                self._terms.setdefault(entry.msgid, entry.msgstr or entry.msgid)

    def __call__(self, text: str, **values: object) -> str:
        """
        :raises KeyError: if no screen says so
        """
        return self._terms[text] % values if values else self._terms[text]

    def like(self, text: str) -> re.Pattern:
        """The same, whatever is filled in."""
        return re.compile(".*".join(map(re.escape, _PLACEHOLDER.split(self._terms[text]))))


@dataclass(slots=True)
class Branch:
    """The other database: ``key`` opens it for the user by whom the head office is served."""

    odoo: Odoo
    database: str
    port: int
    key: str
    children: Children
    server: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Returns before it answers: see ``wait``."""
        words = ("--database", self.database, "--http-port", str(self.port), "--max-cron-threads", "0")
        self.server = self.children.start("journeys-branch", self.odoo.command(*words), self.odoo.environment)

    def wait(self) -> None:
        wait_for(f"{self.address}/web/login", self.server, "journeys-branch", PATIENCE)

    def stop(self) -> None:
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def call(self, model: str, method: str, **arguments: object) -> object:
        """What somebody does there."""
        request = urllib.request.Request(
            f"{self.address}/json/2/{model}/{method}",
            json.dumps(arguments).encode(),
            {
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.database,
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def withdraw_key(self) -> None:
        self._sql("UPDATE res_users_apikeys SET expiration_date = now() AT TIME ZONE 'UTC' - interval '1 minute'")

    def give_key_back(self) -> None:
        self._sql("UPDATE res_users_apikeys SET expiration_date = NULL")

    def contact(self, name: str) -> dict:
        """The one contact of this name."""
        names = ["city", "phone", "street", "property_payment_term_id"]
        [found] = self.call("res.partner", "search_read", domain=[["name", "=", name]], fields=names)
        return found

    def change(self, name: str, **values: object) -> None:
        self.call("res.partner", "write", ids=[self.contact(name)["id"]], vals=values)

    def _sql(self, statement: str) -> None:
        self.odoo.server.execute(statement, (), self.database)


@dataclass(slots=True)
class ExchangeWorld(World):
    """The head office, whose people read ``language``. ``peer``: the number under which it knows the branch."""

    language: str = "it_IT"
    words: Words | None = None
    branch: Branch | None = None
    peer: int = 0


@contextlib.contextmanager
def branch_template(odoo: Odoo) -> Iterator[tuple[str, str]]:
    """The branch of the demo: its database, to be copied, and the key that opens it."""
    with (
        databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as database,
        tempfile.TemporaryDirectory(prefix="sync-hub-branch-") as folder,
    ):
        file = Path(folder) / "key"
        odoo.execute(database, BRANCH_DATA, KEY_FILE=str(file))
        # Nobody opens it, and whoever is still there leaves: a database with guests cannot be copied.
        odoo.server.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        odoo.server.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [database],
        )
        yield database, file.read_text(encoding="utf-8")


@contextlib.contextmanager
def company_with_branch(odoo: Odoo, language: str, template: str, key: str) -> Iterator[ExchangeWorld]:
    """The demo company, which knows nothing of its branch yet.

    :param template: database of the branch, which is copied
    """
    with (
        databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as database,
        databases.temporary_copy(odoo, template) as there,
        Children() as children,
    ):
        branch = Branch(odoo, there, free_port(), key, children)
        branch.start()
        port = free_port()
        address = f"http://localhost:{port}"
        world = ExchangeWorld(odoo, database, address, language=language, words=Words(language), branch=branch)
        world.sql("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", world.address)
        world.sql("UPDATE res_partner SET lang = %s WHERE lang = 'it_IT'", language)
        # Odoo's own chores are all due in a new database. They wait for tomorrow.
        world.sql(
            "UPDATE ir_cron SET nextcall = now() + interval '1 day' WHERE ir_actions_server_id IN"
            " (SELECT action.id FROM ir_act_server AS action JOIN ir_model AS model ON model.id = action.model_id"
            " WHERE NOT starts_with(model.model, 'sync.'))"
        )
        words = ("--database", database, "--http-port", str(port), "--max-cron-threads", "2")
        head = children.start("journeys-exchange", odoo.command(*words), odoo.environment)
        wait_for(f"{address}/web/login", head, "journeys-exchange", PATIENCE)
        branch.wait()
        yield world
        world.gone = True
        # Their databases go with them: they need not end in order.
        for server in (branch.server, head):
            os.killpg(server.pid, signal.SIGKILL)
