# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that is needed to call Odoo, gathered once, and the calls themselves."""

import configparser
import hashlib
import os
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .console import run
from .odoo_source import addons_folders
from .places import BYTECODE, DATA, HOME, LOG, PROJECT
from .postgres import Server


@dataclass(frozen=True, slots=True)
class Odoo:
    """An Odoo 19 beside a PostgreSQL server."""

    source: Path
    server: Server
    data: Path = DATA
    # Further options of odoo.conf.
    options: tuple[tuple[str, str], ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables of a process that runs Odoo."""
        paths = [str(self.source), str(PROJECT / "tests")]
        return {
            **os.environ,
            **self.server.environment(),
            "PYTHONPATH": os.pathsep.join(paths),
            # Compiling Odoo takes longer than starting it. It is done once, whatever is the rule for source folders.
            "PYTHONPYCACHEPREFIX": str(BYTECODE),
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def command(self, *words: str | Path, with_project: bool = True, module: str = "odoo") -> list[str]:
        """The command line of ``odoo``, or of a module that stands for it, with our configuration, plus ``words``."""
        first, *rest = map(str, words)
        configuration = ["--config", str(self.configuration(with_project))]
        if first.startswith("-"):
            return [sys.executable, "-m", module, *configuration, first, *rest]
        return [sys.executable, "-m", module, first, *configuration, *rest]

    def install(self, database: str, modules: Iterable[str], *options: str, title: str) -> None:
        """Install modules in a database that may still be empty.

        :raises Failure: with Odoo's last error
        """
        run(
            self.command(
                *("--database", database, "--init", ",".join(modules), "--no-http"), *options, "--stop-after-init"
            ),
            log=LOG,
            sentence=f"{title} did not work.",
            env=self.environment,
        )

    def execute(self, database: str, script: Path, **variables: str) -> None:
        """Run a Python script with Odoo's ``env`` in a database, as ``odoo shell`` does.

        :raises Failure: when the script raises
        """
        with script.open("rb") as stream:
            run(
                self.command("shell", "--database", database, "--no-http"),
                log=LOG,
                sentence=f"{script.name} did not work.",
                env={**self.environment, **variables},
                stdin=stream,
            )

    def configuration(self, with_project: bool = True) -> Path:
        """The file with our options, with the project's addons on the path or without."""
        folders = [*addons_folders(self.source), *([PROJECT] if with_project else [])]
        self.data.mkdir(parents=True, exist_ok=True)
        options = {
            "addons_path": ",".join(map(str, folders)),
            "data_dir": str(self.data),
            "http_interface": "127.0.0.1",
            "admin_passwd": "admin",
            "list_db": "False",
            # An accountant prints and imports meanwhile: the demo has as many connections as it wants.
            "db_maxconn": "32",
            **self.server.options(),
            **dict(self.options),
        }
        # One file per content: commands that run at the same time do not write over each other's.
        parser = configparser.ConfigParser(interpolation=None)
        parser["options"] = options
        digest = hashlib.sha256(repr(options).encode()).hexdigest()[:10]
        path = HOME / f"odoo-{digest}.conf"
        temporary = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with temporary.open("w", encoding="utf-8") as stream:
            parser.write(stream)
        temporary.replace(path)
        return path
