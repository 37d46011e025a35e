# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The virtual environment with the Python packages of Odoo, of the addons, and of the tests."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .console import Failure, run, step
from .places import HOME, LOG, PROJECT

REQUIREMENTS = (
    PROJECT / "bootstrap" / "requirements-odoo.txt",
    PROJECT / "requirements.txt",
    PROJECT / "requirements-dev.txt",
)
# Addons of others, beside which ours do more. They lie in the environment as ``odoo.addons.<name>``, where Odoo finds
# them by itself.
ADDON_REQUIREMENTS = PROJECT / "requirements-addons.txt"


def ensure_environment() -> Path:
    """The Python interpreter of the virtual environment.

    There is one environment per set of requirements and Python version; an incomplete one is made anew.

    :raises Failure: when a package cannot be installed
    """
    digest = hashlib.sha256(sys.version.encode())
    for path in (*REQUIREMENTS, ADDON_REQUIREMENTS):
        digest.update(path.read_bytes())
    home = HOME / f"venv-{digest.hexdigest()[:12]}"
    python = home / "bin" / "python"
    if (home / "complete").exists():
        return python
    shutil.rmtree(home, ignore_errors=True)
    with step("Making a virtual environment"):
        run(
            [sys.executable, "-m", "venv", home],
            log=LOG,
            sentence="Python cannot make a virtual environment: on Debian, apt-get install python3-venv",
        )
    with step("Installing the Python packages of Odoo and Sync Hub"):
        words = [word for path in REQUIREMENTS for word in ("--requirement", path)]
        for packages in (words, ["--no-deps", "--requirement", ADDON_REQUIREMENTS]):
            run(
                [python, "-m", "pip", "install", "--quiet", "--no-input", *packages],
                log=LOG,
                sentence="A Python package could not be installed. Check the network and run the command again "
                "(what was downloaded is kept).",
            )
    (home / "complete").touch()
    return python


def enter(python: Path, module: str = "bootstrap") -> None:
    """Go on in the virtual environment with that module: replaces this process unless it runs there already."""
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        os.execv(python, [str(python), "-m", module, *sys.argv[1:]])


def check_python() -> None:
    """:raises Failure: when this Python is not one that Odoo 19 runs on"""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        version = ".".join(map(str, sys.version_info[:3]))
        raise Failure(
            f"This is Python {version}; Odoo 19 with Sync Hub runs on Python 3.11, 3.12 or 3.13. "
            "Install one and name it: make run PYTHON=python3.11"
        )
    probe = subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    if probe.returncode:
        raise Failure("Python cannot make virtual environments here: on Debian, apt-get install python3-venv")
