# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``make run``: the product with sandboxes of all services, on this machine alone."""

import os

from . import databases
from .console import say, step
from .machine import check_port
from .odoo_commands import Odoo
from .odoo_source import ensure_odoo
from .places import CHOSEN_ADDONS, DATA, PROJECT, SANDBOX
from .postgres import ensure_postgres
from .servers import Children, sandbox_command, sandbox_environment, services_command, wait_for, wait_until

DATABASE = os.environ.get("DB") or "sync_hub_demo"
SANDBOX_DATA = PROJECT / "bootstrap" / "demo_sandbox.py"
SERVICES_DATA = PROJECT / "bootstrap" / "demo_services.py"

WELCOME = """
Sync Hub is running.

  Address    http://localhost:{port}
  User       admin
  Password   admin
  The bank   http://localhost:{bank_port}/_control  (make movements, faults, expired consents)

Three clicks to try:
  1. Open Fatturazione: the dashboard shows the bank journal. Press "Collega la banca".
  2. Choose "Banca Sandbox Italia", sign in at the bank with the data that its page shows, confirm.
  3. Back in Odoo choose the journal and press "Sincronizza ora": the movements arrive.
"Collega" beside the name of another service leads through its own pages, with the same data.

Ctrl-C stops everything that was started here.
"""


def run_product(port: int, bank_port: int) -> None:
    """Set up what is missing, start the sandboxes and Odoo, and stay until Ctrl-C.

    :raises Failure: with a sentence that says what to do
    """
    check_port(port)
    check_port(bank_port, "BANK_PORT")
    source = ensure_odoo()
    with Children() as children:
        odoo = Odoo(source, ensure_postgres())
        databases.mark_complete()
        _ensure_demo(odoo)
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
            _point_at_this_machine(odoo, port, bank_port)
            odoo.execute(DATABASE, SERVICES_DATA, ADDRESSES=str(addresses))
        server = children.start(
            "odoo",
            odoo.command(*("--database", DATABASE, "--http-port", str(port), "--max-cron-threads", "2")),
            odoo.environment,
        )
        with step("Starting Odoo"):
            wait_for(f"http://127.0.0.1:{port}/web/login", server, "odoo")
        say(WELCOME.format(port=port, bank_port=bank_port))
        try:
            children.wait_until_one_ends()
        except KeyboardInterrupt:
            say("\nStopping ...")


def _ensure_demo(odoo: Odoo) -> None:
    """The demo database with the addons as they are in this folder now."""
    digest = databases.addons_digest()
    stamp = DATA / f"{DATABASE}.addons"
    if not databases.exists(odoo, DATABASE):
        template = databases.ensure_demo_template(odoo)
        with step("Making the demo database"), databases.under_construction(odoo, DATABASE) as unfinished:
            databases.copy(odoo, template, unfinished)
            odoo.execute(unfinished, SANDBOX_DATA, SANDBOX_STATE=str(SANDBOX))
    elif not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        with step("Updating Sync Hub in the demo database"):
            odoo.install(
                DATABASE,
                CHOSEN_ADDONS,
                *("--update", ",".join(CHOSEN_ADDONS), "--i18n-overwrite"),
                title="Updating Sync Hub in the demo database",
            )
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")


def _point_at_this_machine(odoo: Odoo, port: int, bank_port: int) -> None:
    """Ports may differ from the last start: the addresses kept in the database follow them."""
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
