# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Packages every addon of this folder as ``odoo.addons.<name>``, for an Odoo that is installed already.

An addon is a folder ``sync_hub*`` with a manifest: a new one is packaged without a change here. Odoo itself is no
requirement: it is not on the package index, and whoever installs addons has it. Neither ``odoo`` nor ``odoo.addons``
gets an ``__init__.py``: both are namespaces that Odoo shares with addons.
"""

import ast
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).resolve().parent
# What tools leave beside the sources.
LEFTOVERS = {".pyc", ".pyo", ".orig", ".rej"}


def manifest(addon: str) -> dict:
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text(encoding="utf-8"))


def files(addon: str) -> list[Path]:
    """Files of an addon, relative to its folder."""
    found = (path.relative_to(ROOT / addon) for path in sorted((ROOT / addon).rglob("*")) if path.is_file())
    return [
        path
        for path in found
        if path.suffix not in LEFTOVERS and not any(part == "__pycache__" or part[0] == "." for part in path.parts)
    ]


def requirements() -> list[str]:
    lines = (line.strip() for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


ADDONS = sorted(path.parent.name for path in ROOT.glob("sync_hub*/__manifest__.py"))

package_dir: dict[str, str] = {}
package_data: dict[str, list[str]] = {}
for name in ADDONS:
    # A folder with Python files is a package; all other files belong to the addon's own package.
    for folder in {path.parent for path in files(name) if path.suffix == ".py"}:
        package_dir[".".join(("odoo.addons", name, *folder.parts))] = (Path(name) / folder).as_posix()
    package_data[f"odoo.addons.{name}"] = [path.as_posix() for path in files(name) if path.suffix != ".py"]

setup(
    name="sync-hub-odoo",
    version=manifest("sync_hub")["version"],
    description="Bank accounts that import themselves, and other synchronizations, for Odoo 19 Community",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author=manifest("sync_hub")["author"],
    url=manifest("sync_hub")["website"],
    license="LGPL-3.0-or-later",
    license_files=["LICENSE"],
    classifiers=[
        "Environment :: Web Environment",
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Intended Audience :: Financial and Insurance Industry",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3",
        "Topic :: Office/Business :: Financial :: Accounting",
    ],
    python_requires=">=3.11",
    install_requires=requirements(),
    packages=sorted(package_dir),
    package_dir=package_dir,
    package_data=package_data,
    zip_safe=False,
)
