# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases: templates that are made once, copies that are made in a second.

A template is named after what it is made of, so a changed one gets another name. It is made under a temporary name
and renamed when complete: what was interrupted is never mistaken for a template.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from .console import Failure, step
from .odoo_commands import Odoo
from .places import ADDONS, CHOSEN_ADDONS, HOME, PROJECT

ACCOUNTING = ("account", "l10n_it")
# The first one is the default.
LANGUAGES = "it_IT,en_US,pl_PL,pt_BR"
EXCHANGE_LANGUAGES = "it_IT,en_US,pt_BR"
DEMO_DATA = PROJECT / "bootstrap" / "demo_data.py"
EXCHANGE_DATA = PROJECT / "bootstrap" / "exchange_data.py"
# The addons' own tests bring their own data; these do not change what is installed.
_NOT_INSTALLED = {"tests", "__pycache__"}


def exists(odoo: Odoo, name: str) -> bool:
    return bool(odoo.server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]))


def drop(odoo: Odoo, name: str) -> None:
    """Drop a database with its filestore, whoever is connected to it."""
    # Not WITH (FORCE): that is refused while PostgreSQL's own vacuum is in the database, which a plain DROP ends.
    odoo.server.execute(
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        [name],
    )
    odoo.server.execute(f'DROP DATABASE IF EXISTS "{name}"')
    shutil.rmtree(_filestore(odoo, name), ignore_errors=True)


def copy(odoo: Odoo, template: str, name: str) -> None:
    """Copy a database with its filestore, under which assets and images lie."""
    odoo.server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    if _filestore(odoo, template).is_dir():
        shutil.copytree(_filestore(odoo, template), _filestore(odoo, name), dirs_exist_ok=True)


@contextlib.contextmanager
def temporary_copy(odoo: Odoo, template: str) -> Iterator[str]:
    """A copy that is dropped in the end; yields its name."""
    _drop_abandoned(odoo)
    name = f"sync_hub_tmp_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    try:
        copy(odoo, template, name)
        yield name
    finally:
        drop(odoo, name)


def ensure_accounting_template(odoo: Odoo) -> str:
    """A database with Italian accounting and demo data, without our addons; returns its name."""
    release = (odoo.source / "odoo" / "release.py").read_bytes()
    name = f"sync_hub_accounting_{_digest(release, LANGUAGES.encode())}"
    with one_at_a_time():
        if exists(odoo, name):
            return name
        with step("Making the first database: Italian chart of accounts and demo data (about a minute)"):
            with under_construction(odoo, name) as unfinished:
                _create_empty(odoo, unfinished)
                odoo.install(
                    unfinished,
                    ACCOUNTING,
                    "--with-demo",
                    f"--load-language={LANGUAGES}",
                    title="Making the first database",
                )
    return name


def ensure_demo_template(odoo: Odoo) -> str:
    """A database with Italian accounting and our addons, ready to connect the sandbox bank; returns its name."""
    accounting = ensure_accounting_template(odoo)
    made_of = accounting.encode(), DEMO_DATA.read_bytes(), addons_digest().encode(), _age_of_assets().encode()
    name = f"sync_hub_demo_{_digest(*made_of)}"
    with one_at_a_time():
        if exists(odoo, name):
            return name
        _drop_outdated(odoo, "sync_hub_demo_", keep=5)
        with step("Installing Sync Hub"), under_construction(odoo, name) as unfinished:
            copy(odoo, accounting, unfinished)
            odoo.install(unfinished, CHOSEN_ADDONS, title="Installing Sync Hub")
            odoo.execute(unfinished, DEMO_DATA)
    return name


def ensure_exchange_template(odoo: Odoo, *further: str) -> str:
    """A small database with the record exchange and nothing else, for companies that exchange; returns its name.

    :param further: addons of Odoo that these companies use too
    An administrator may come with an API key, which stands in the parameter ``exchange_tests.key``.
    """
    release = (odoo.source / "odoo" / "release.py").read_bytes()
    made_of = (addons_digest(), EXCHANGE_LANGUAGES, *further)
    parts = (release, EXCHANGE_DATA.read_bytes(), *(part.encode() for part in made_of))
    name = f"sync_hub_exchange_{_digest(*parts)}"
    with one_at_a_time():
        if exists(odoo, name):
            return name
        _drop_outdated(odoo, "sync_hub_exchange_", keep=6)
        with step("Installing the record exchange"), under_construction(odoo, name) as unfinished:
            _create_empty(odoo, unfinished)
            odoo.install(
                unfinished,
                ["sync_hub_exchange", *further],
                f"--load-language={EXCHANGE_LANGUAGES}",
                title="Installing the record exchange",
            )
            odoo.execute(unfinished, EXCHANGE_DATA)
    return name


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of several processes that want the same template, one makes it and the others wait for it."""
    with (HOME / "templates.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # the system lets go of it when this process ends, however it ends
        yield


def addons_digest() -> str:
    """A fingerprint of all that an installation of our addons reads."""
    digest = hashlib.sha256()
    for addon in ADDONS:
        for path in sorted((PROJECT / addon).rglob("*")):
            if path.is_file() and not _NOT_INSTALLED & set(path.parts):
                digest.update(str(path.relative_to(PROJECT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _age_of_assets() -> str:
    """When the files of scripts and styles were written: Odoo compiles them anew when that is another time."""
    files = sorted(path for addon in ADDONS for path in (PROJECT / addon / "static").rglob("*") if path.is_file())
    return " ".join(str(path.stat().st_mtime) for path in files)


def mark_complete() -> None:
    """From now on a full disk is a matter of the databases, not of the set-up."""
    (HOME / "complete").touch()


def _create_empty(odoo: Odoo, name: str) -> None:
    odoo.server.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")


@contextlib.contextmanager
def under_construction(odoo: Odoo, name: str) -> Iterator[str]:
    """Yields the name under which to make a database that is called ``name`` once it is complete."""
    # Of two processes that want the same database, each makes one of its own; the first to finish gives the name.
    _drop_abandoned(odoo)
    unfinished = f"{name}_unfinished_{os.getpid()}"
    drop(odoo, unfinished)
    try:
        yield unfinished
        if exists(odoo, name):
            return
        try:
            odoo.server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
        except Exception as error:
            raise Failure(f"The new database could not be renamed: {error}".strip()) from error
        if _filestore(odoo, unfinished).is_dir():
            shutil.rmtree(_filestore(odoo, name), ignore_errors=True)
            _filestore(odoo, unfinished).rename(_filestore(odoo, name))
    finally:
        drop(odoo, unfinished)


def _drop_abandoned(odoo: Odoo) -> None:
    """Drop what killed processes were making or using. On a server that others use, their numbers tell nothing."""
    if not odoo.server.embedded:
        return
    for (name,) in odoo.server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, 'sync_hub_')"):
        found = re.search(r"_(?:unfinished|tmp)_(\d+)(?:_|$)", name)
        if found and not Path("/proc", found[1]).exists():
            with contextlib.suppress(Exception):  # another process drops it at the same moment
                drop(odoo, name)


def _drop_outdated(odoo: Odoo, prefix: str, keep: int) -> None:
    """Drop older templates of the same kind, so that a long day of development does not fill the disk."""
    rows = odoo.server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", [prefix]
    )
    for (name,) in rows[keep:]:
        with contextlib.suppress(Exception):  # in use by another checkout: it stays
            odoo.server.execute(f'DROP DATABASE "{name}"')
            shutil.rmtree(_filestore(odoo, name), ignore_errors=True)


def _filestore(odoo: Odoo, name: str) -> Path:
    return odoo.data / "filestore" / name


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:10]
