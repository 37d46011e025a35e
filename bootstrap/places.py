# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where things are kept. ``SYNC_HUB_HOME`` moves everything that is not source code."""

import ast
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ADDONS = sorted(path.parent.name for path in PROJECT.glob("sync_hub*/__manifest__.py"))
# Those that people install; the others come by themselves beside an addon of somebody else.
CHOSEN_ADDONS = [
    name
    for name in ADDONS
    if not ast.literal_eval((PROJECT / name / "__manifest__.py").read_text(encoding="utf-8")).get("auto_install")
]


def _home() -> Path:
    if chosen := os.environ.get("SYNC_HUB_HOME"):
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root and gets a user of its own, which may not enter root's home folder.
        return Path("/var/cache/sync-hub")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "sync-hub"


HOME = _home()
LOG = HOME / "log" / "setup.log"
DOWNLOADS = HOME / "downloads"
POSTGRES = HOME / "postgres"
BYTECODE = HOME / "bytecode"
# Odoo's data folder: filestore, sessions, and the vault's key file of the demo.
DATA = HOME / "data"
SANDBOX = HOME / "sandbox-bank"
