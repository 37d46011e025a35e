# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``make run``: the demo company reaches banks through every service, and its branch, which has a server of its own."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.places import DATA, PROJECT
from bootstrap.postgres import ensure_postgres
from bootstrap.product import SERVICES_DATA
from bootstrap.servers import Children, sandbox_environment, services_command, wait_until

SERVICES = ["plaid", "ponto", "ponto_connect", "saltedge", "yodlee"]
# Run with Odoo's ``env``: fails unless every service accepts the keys and lists Italian banks.
LOOK = """
for provider in env["sync.bank.provider"].search([("code", "!=", "enablebanking")]):
    provider._check_keys()
    with provider._open() as adapter:
        assert [bank for bank in adapter.institutions("IT")], provider.code
"""
# ``make run`` on three ports, with a folder of its own for what the sandboxes keep.
RUN = """
import sys
from pathlib import Path
from bootstrap import product
product.SANDBOX = Path(sys.argv[1])
product.BRANCH_KEY = product.SANDBOX / "branch.key"
product.run_product(*map(int, sys.argv[2:]))
"""
PATIENCE = 300


@dataclass(slots=True)
class Person:
    """The administrator of a database, at a browser."""

    address: str
    http: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, database: str) -> None:
        params = {"db": database, "login": "admin", "password": "admin"}
        answer = self.http.post(f"{self.address}/web/session/authenticate", json={"params": params}, timeout=60).json()
        assert answer.get("result", {}).get("uid"), answer

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> object:
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        address = f"{self.address}/web/dataset/call_kw/{model}/{method}"
        answer = self.http.post(address, json={"params": params}, timeout=120).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]


@pytest.fixture(scope="module")
def odoo() -> Odoo:
    return Odoo(ensure_odoo(), ensure_postgres())


@pytest.fixture(scope="module")
def database(odoo: Odoo) -> Iterator[str]:
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as name:
        yield name


def services(odoo: Odoo, database: str) -> list[tuple[str, str]]:
    asked = "SELECT code, api_url FROM sync_bank_provider WHERE api_url LIKE 'http://127.0.0.1:%%' ORDER BY code"
    return odoo.server.execute(asked, (), database)


@pytest.mark.parametrize("start", ["first", "second"])
def test_at_every_start_the_demo_company_has_the_keys_of_all_sandboxes(
    odoo: Odoo, database: str, tmp_path: Path, start: str
) -> None:
    addresses = tmp_path / "services.json"
    with Children() as children:
        child = children.start("test-services", services_command(addresses), sandbox_environment())
        wait_until(addresses.exists, child, "test-services")
        odoo.execute(database, SERVICES_DATA, ADDRESSES=str(addresses))
        (tmp_path / "look.py").write_text(LOOK, encoding="utf-8")
        odoo.execute(database, tmp_path / "look.py")
    known = services(odoo, database)
    assert [code for code, _url in known] == SERVICES, start
    here = json.loads(addresses.read_text(encoding="utf-8"))
    assert {url for code, url in known if code != "ponto_connect"} == {
        here[code] + {"saltedge": "/api/v6", "yodlee": "/ysl"}.get(code, "") for code in here
    }
    assert child.poll() is not None, "the sandboxes end with the product"


@pytest.fixture
def product(odoo: Odoo, tmp_path: Path) -> Iterator[tuple[str, Person, Person]]:
    """The running product: the name of the head office's database, and a person in each of the two."""
    name = f"sync_hub_tmp_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    ports = [free_port() for _server in range(3)]
    head, branch = (Person(f"http://localhost:{port}") for port in (ports[0], ports[2]))
    output = tmp_path / "output.log"
    with output.open("wb") as stream:
        running = subprocess.Popen(
            [sys.executable, "-c", RUN, str(tmp_path / "sandbox"), *map(str, ports)],
            cwd=PROJECT,
            env={**os.environ, "DB": name, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    try:
        limit = time.monotonic() + PATIENCE
        while "Ctrl-C stops everything" not in output.read_text(encoding="utf-8"):
            assert running.poll() is None and time.monotonic() < limit, output.read_text(encoding="utf-8")
            time.sleep(0.3)
        yield name, head, branch
    finally:
        running.terminate()
        running.wait(60)
        for database in (name, f"{name}_branch"):
            databases.drop(odoo, database)
            (DATA / f"{database}.addons").unlink(missing_ok=True)


def test_the_demo_company_has_a_branch_whose_records_arrive(product: tuple[str, Person, Person]) -> None:
    """What the welcome says: add data, connect, force the update."""
    name, head, branch = product
    head.sign_in(name)
    branch.sign_in(f"{name}_branch")
    studio = [["name", "=", "Studio Lambrate"]]
    assert branch.call("res.partner", "search_count", studio) == 1
    assert head.call("res.partner", "search_count", studio) == 0

    [peer] = head.call("sync.exchange.peer", "search_read", [], ["url", "database", "state", "automatic"])
    assert (peer["url"], peer["database"]) == (branch.address, f"{name}_branch")
    assert (peer["state"], peer["automatic"]) == ("draft", False)
    here = {"default_peer_id": peer["id"]}
    [dialog] = head.call("sync.exchange.add.data", "create", [{"peer_id": peer["id"]}], context=here)
    head.call("sync.exchange.add.data", "action_add", [dialog])
    check = head.call("sync.exchange.peer", "action_connect", [peer["id"]])
    findings = head.call(check["res_model"], "read", [check["res_id"]], ["succeeded", "line_ids"])[0]
    told = head.call("sync.exchange.check.line", "read", findings["line_ids"], ["title", "message", "severity"])
    assert findings["succeeded"], told
    assert not [line for line in told if line["severity"] == "failed"]

    head.call("sync.exchange.peer", "action_sync_now", [peer["id"]])
    limit = time.monotonic() + PATIENCE
    while not (outcome := head.call("sync.exchange.peer", "read", [peer["id"]], ["last_outcome"])[0]["last_outcome"]):
        assert time.monotonic() < limit
        time.sleep(0.5)
    assert outcome == "done"
    assert head.call("res.partner", "search_count", studio) == 1
