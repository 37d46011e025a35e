# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``make run``: the product with sandboxes of all services, on this machine alone."""

import os
from pathlib import Path

from . import databases
from .console import say, step
from .machine import check_port
from .odoo_commands import Odoo
from .odoo_source import ensure_odoo
from .places import CHOSEN_ADDONS, DATA, PROJECT, SANDBOX
from .postgres import ensure_postgres
from .servers import Children, sandbox_command, sandbox_environment, services_command, wait_for, wait_until

DATABASE = os.environ.get("DB") or "sync_hub_demo"
# A second company database, with which records are exchanged.
BRANCH = f"{DATABASE}_branch"
BRANCH_KEY = SANDBOX / "branch.key"
SANDBOX_DATA = PROJECT / "bootstrap" / "demo_sandbox.py"
SERVICES_DATA = PROJECT / "bootstrap" / "demo_services.py"
BRANCH_DATA = PROJECT / "bootstrap" / "demo_branch.py"
PEER_DATA = PROJECT / "bootstrap" / "demo_peer.py"

WELCOME = """
Sync Hub is running.

  Address    http://localhost:{port}
  User       admin
  Password   admin
  The bank   http://localhost:{bank_port}/_control  (make movements, faults, expired consents)
  A branch   http://localhost:{branch_port}  (a second company database, same user and password)

Three clicks to try:
  1. Open Fatturazione: the dashboard shows the bank journal. Press "Collega la banca".
  2. Choose "Banca Sandbox Italia", sign in at the bank with the data that its page shows, confirm.
  3. Back in Odoo choose the journal and press "Sincronizza ora": the movements arrive.
"Collega" beside the name of another service leads through its own pages, with the same data.

Records in step: in Sync Hub > Scambio dati open "Filiale di Milano", press "Aggiungi dati", "Collega" and then
"Forza aggiornamento": the branch's contacts arrive.

Ctrl-C stops everything that was started here.
"""


def run_product(port: int, bank_port: int, branch_port: int) -> None:
    """Set up what is missing, start the sandboxes and Odoo, and stay until Ctrl-C.

    :raises Failure: with a sentence that says what to do
    """
    check_port(port)
    check_port(bank_port, "BANK_PORT")
    check_port(branch_port, "BRANCH_PORT")
    source = ensure_odoo()
    with Children() as children:
        odoo = Odoo(source, ensure_postgres())
        databases.mark_complete()
        _ensure_demo(odoo, DATABASE, SANDBOX_DATA, SANDBOX_STATE=str(SANDBOX))
        SANDBOX.mkdir(parents=True, exist_ok=True)
        branch_url = f"http://localhost:{branch_port}"
        if _ensure_demo(odoo, BRANCH, BRANCH_DATA, KEY_FILE=str(BRANCH_KEY)) or not _knows_branch(odoo):
            odoo.execute(DATABASE, PEER_DATA, URL=branch_url, BRANCH=BRANCH, KEY_FILE=str(BRANCH_KEY))
        sandbox = children.start(
            "sandbox-bank",
            sandbox_command(
                bank_port,
                SANDBOX,
                f"http://localhost:{port}/sync_hub_bank/return",
                *("--invoices", str(SANDBOX / "invoices.json")),
            ),
            sandbox_environment(),
        )
        addresses = SANDBOX / "services.json"
        addresses.unlink(missing_ok=True)
        services = children.start("sandbox-services", services_command(addresses), sandbox_environment())
        with step("Starting the sandboxes of the services"):
            wait_for(f"http://127.0.0.1:{bank_port}/_control", sandbox, "sandbox-bank")
            wait_until(addresses.exists, services, "sandbox-services")
            _point_at_this_machine(odoo, port, bank_port, branch_url)
            odoo.execute(DATABASE, SERVICES_DATA, ADDRESSES=str(addresses))
        server = children.start(
            "odoo",
            odoo.command(*("--database", DATABASE, "--http-port", str(port), "--max-cron-threads", "2")),
            odoo.environment,
        )
        branch = children.start(
            "odoo-branch",
            odoo.command(*("--database", BRANCH, "--http-port", str(branch_port), "--max-cron-threads", "1")),
            odoo.environment,
        )
        with step("Starting Odoo"):
            wait_for(f"http://127.0.0.1:{port}/web/login", server, "odoo")
            wait_for(f"{branch_url}/web/login", branch, "odoo-branch")
        say(WELCOME.format(port=port, bank_port=bank_port, branch_port=branch_port))
        try:
            children.wait_until_one_ends()
        except KeyboardInterrupt:
            say("\nStopping ...")


def _ensure_demo(odoo: Odoo, database: str, data: Path, **variables: str) -> bool:
    """A demo database with the addons as they are in this folder now.

    :param data: script that fills it when it is made
    :return: whether it was made now
    """
    digest = databases.addons_digest()
    stamp = DATA / f"{database}.addons"
    missing = not databases.exists(odoo, database)
    if missing:
        template = databases.ensure_demo_template(odoo)
        with step(f"Making the database {database}"), databases.under_construction(odoo, database) as unfinished:
            databases.copy(odoo, template, unfinished)
            odoo.execute(unfinished, data, **variables)
    elif not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        with step(f"Updating Sync Hub in the database {database}"):
            odoo.install(
                database,
                CHOSEN_ADDONS,
                *("--update", ",".join(CHOSEN_ADDONS), "--i18n-overwrite"),
                title=f"Updating Sync Hub in the database {database}",
            )
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")
    return missing


def _knows_branch(odoo: Odoo) -> bool:
    """Whether the demo company has met its branch."""
    return bool(
        odoo.server.execute("SELECT 1 FROM sync_exchange_peer WHERE database = %s", [BRANCH], DATABASE)
    )


def _point_at_this_machine(odoo: Odoo, port: int, bank_port: int, branch_url: str) -> None:
    """Ports may differ from the last start: the addresses kept in the databases follow them."""
    odoo.server.execute(
        "UPDATE sync_exchange_peer SET url = %s WHERE database = %s AND url LIKE 'http://localhost:%%'",
        [branch_url, BRANCH],
        DATABASE,
    )
    odoo.server.execute(
        "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'",
        [branch_url],
        BRANCH,
    )
    odoo.server.execute(
        "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'",
        [f"http://localhost:{port}"],
        DATABASE,
    )
    odoo.server.execute(
        "UPDATE sync_bank_provider SET api_url = %s WHERE api_url LIKE 'http://localhost:%%'",
        [f"http://localhost:{bank_port}"],
        DATABASE,
    )
