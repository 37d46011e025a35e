# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the benchmarks have in common: where they run, and a process of its own for each measurement."""

import json
import platform
import subprocess
import sys
from pathlib import Path

from bootstrap.environment import ensure_environment, enter
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.places import PROJECT
from bootstrap.postgres import ensure_postgres


class Bench:
    """Databases of an Odoo, and the processes that measure in them."""

    def __init__(self, odoo: Odoo):
        self.odoo = odoo

    def job(self, name: str, database: str, /, **arguments) -> dict:
        """Run a job of ``benchmarks.worker`` in a process of its own and return its result."""
        configuration = str(self.odoo.configuration())
        finished = subprocess.run(
            [sys.executable, "-m", "benchmarks.worker", name, database, configuration, json.dumps(arguments)],
            env={**self.odoo.environment, "PYTHONPATH": f"{self.odoo.environment['PYTHONPATH']}:{PROJECT}"},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise SystemExit(f"{name} failed:\n{finished.stderr[-3000:]}")
        return json.loads(finished.stdout.splitlines()[-1])


def begin(module: str) -> Odoo:
    """The Odoo to measure with; says on which machine it runs.

    :param module: the benchmark, which goes on in the virtual environment
    """
    enter(ensure_environment(), module)
    # The sandbox bank is one of the tests' things.
    sys.path.insert(0, str(PROJECT / "tests"))
    server = ensure_postgres()
    odoo = Odoo(ensure_odoo(), server)
    version = server.execute("SHOW server_version")[0][0]
    print(f"{machine()}, PostgreSQL {version}", flush=True)
    return odoo


def machine() -> str:
    """The machine in one line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), platform.machine())
    cores = len([line for line in lines if line.startswith("processor")])
    return f"{cores} x {model}, Python {platform.python_version()}"
