# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``make run``: the demo company reaches banks through every service."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import databases
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
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
