# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pure core can be used, tested and learnt from without Odoo: it imports nothing of it."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PURE_PACKAGES = {
    "sync_hub": ("faults", "files", "outcome", "progress", "status", "transport", "vault", "schedule"),
    "sync_hub_bank": ("consent", "directory", "fetching", "guard", "importer", "providers"),
    "sync_hub_exchange": ("planning", "preflight", "records", "remote", "series", "snapshot", "verification"),
    "sync_hub_mail": ("domain_hints", "evidence", "imap", "pec", "reaching", "sdi", "sending", "smtp"),
    "sync_hub_portal": ("access", "archive", "wire"),
    "sync_hub_stock": ("aligning",),
}
LIBRARIES = {"requests", "urllib3", "cryptography", "dns", "idna", "imapclient", "openpyxl"}
PURE_NAMES = tuple(
    f"odoo.addons.{addon}.{package}" for addon, names in PURE_PACKAGES.items() for package in names
)
FILES = sorted(
    path
    for addon, names in PURE_PACKAGES.items()
    for package in names
    for path in (ROOT / addon / package).rglob("*.py")
)


def _imported(tree: ast.AST, package: str) -> list[tuple[str, tuple[str, ...]]]:
    """Absolute name of each imported module, with the names taken from it."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.extend((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")
                anchor = parents[: len(parents) - node.level + 1]
                base = ".".join([*anchor, base] if base else anchor)
            found.append((base, tuple(alias.name for alias in node.names)))
    return found


def _is_pure(name: str) -> bool:
    return any(name == pure or name.startswith(pure + ".") for pure in PURE_NAMES)


def foreign_imports(source: str, package: str) -> list[str]:
    """What ``source``, a module of ``package``, imports that a pure module must not import."""
    foreign = []
    for name, children in _imported(ast.parse(source), package):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in LIBRARIES or _is_pure(name):
            continue
        if children and all(_is_pure(f"{name}.{child}") for child in children):
            continue
        foreign.append(name)
    return foreign


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_a_pure_module_imports_only_the_standard_library_and_pure_packages(path: Path) -> None:
    package = ".".join(("odoo", "addons", *path.parent.relative_to(ROOT).parts))
    assert foreign_imports(path.read_text(encoding="utf-8"), package) == []


@pytest.mark.parametrize(
    ("source", "foreign"),
    [
        ("from odoo import models", ["odoo"]),
        ("def late():\n    import odoo.tools", ["odoo.tools"]),
        ("import lxml.etree", ["lxml.etree"]),
        ("from odoo.addons.sync_hub.models import run", ["odoo.addons.sync_hub.models"]),
        ("from ..models import run", ["odoo.addons.sync_hub.models"]),
        ("from .. import models", ["odoo.addons.sync_hub"]),
        ("from ..faults import Fault\nfrom .. import faults\nfrom . import retry", []),
        ("import json\nfrom requests.adapters import HTTPAdapter", []),
    ],
)
def test_the_check_sees_every_way_to_import(source: str, foreign: list[str]) -> None:
    assert foreign_imports(source, "odoo.addons.sync_hub.transport") == foreign


def test_there_is_something_to_check() -> None:
    assert {path.relative_to(ROOT).parts[1] for path in FILES} >= {
        "faults",
        "transport",
        "providers",
    }
