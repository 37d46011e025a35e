# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Before the first record moves, two real databases are looked at: version, kinds of data, fields, rights and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from offices import Link, Office
from proxy import Proxy

from bootstrap import databases
from bootstrap.odoo_commands import Odoo

ROWS = {"invoice_line_ids": {"part_fields": "name,product_id,quantity,price_unit,account_id,tax_ids,product_uom_id"}}


@pytest.fixture(scope="session")
def template(odoo: Odoo) -> str:
    return databases.ensure_exchange_template(odoo, "account")


@pytest.fixture(scope="module")
def rome(new_office: Callable[[str], Office]) -> Office:
    return _with_books(new_office("a"))


@pytest.fixture(scope="module")
def milan(new_office: Callable[[str], Office]) -> Office:
    return _with_books(new_office("b"))


@pytest.fixture(scope="module")
def genoa(odoo: Odoo, rome: Office) -> Iterator[Office]:
    """An office whose database has no accounting."""
    with databases.temporary_copy(odoo, databases.ensure_exchange_template(odoo)) as database:
        yield Office(odoo, database, rome.worker, rome.server, "c")


@pytest.fixture(scope="module")
def front(rome: Office) -> Iterator[Proxy]:
    """A server in front of Milan's, which can tell another version."""
    front = Proxy(rome.server.port)
    yield front
    front.close()


@pytest.fixture(scope="module")
def line(rome: Office, milan: Office, front: Proxy) -> Link:
    link = rome.connect(milan, url=front.url)
    rome.write("sync.exchange.peer", link.peer, state="draft", remote_company_id=False)
    link.exchange("product.template", "name uom_id taxes_id", domain="[('name', 'like', 'Nail')]", direction="send")
    link.exchange(
        "account.move",
        "name move_type partner_id journal_id invoice_date invoice_line_ids state",
        lines=ROWS,
        domain="[('state', '=', 'posted')]",
        direction="send",
        deletion="keep",
    )
    link.exchange()
    return link


def _with_books(office: Office) -> Office:
    """With a chart of accounts, and an operator who may do what is exchanged."""
    office.call("account.chart.template", "try_loading", (), "generic_coa", 1, install_demo=False)
    groups = [
        office.call("ir.model.data", "_xmlid_to_res_id", (), name)
        for name in ("product.group_product_manager", "account.group_account_manager", "base.group_partner_manager")
    ]
    operator = office.call("ir.model.data", "_xmlid_to_res_id", (), "sync_hub.user_operator")
    office.write("res.users", operator, group_ids=[[4, group] for group in groups])
    return office


def _check(link: Link, action: str = "action_check") -> dict[str, list[dict]]:
    """Press a button that checks: kind -> what was found."""
    check = link.office.call("sync.exchange.peer", action, [link.peer])["res_id"]
    names = ["kind", "title", "message", "remedy", "severity", "model", "name"]
    found: dict[str, list[dict]] = {}
    for row in link.office.call("sync.exchange.check.line", "search_read", (), [["check_id", "=", check]], names):
        found.setdefault(row["kind"], []).append(row)
    return found


def _sold(office: Office, tax_name: str, unit_name: str, suffix: str) -> dict[str, int]:
    """What an invoice needs, by names of this office."""
    [group] = office.call("account.tax", "search_read", (), [], ["tax_group_id"], limit=1)
    tax = office.create(
        "account.tax", name=tax_name, amount=22, type_tax_use="sale", tax_group_id=group["tax_group_id"][0]
    )
    account = office.create("account.account", code=f"4000{suffix}", name=f"Sales {suffix}", account_type="income")
    journal = office.create("account.journal", name="Shop", code=f"SH{suffix}", type="sale")
    unit = office.create("uom.uom", name=unit_name, relative_factor=1.0)
    return {"account.tax": tax, "account.account": account, "account.journal": journal, "uom.uom": unit}


def test_a_peer_of_another_version_is_told_and_nothing_is_asked_of_it(line: Link, front: Proxy, rome: Office) -> None:
    front.swapped = (b'"version": "19.0', b'"version": "18.0')
    found = _check(line, "action_connect")
    [finding] = found["version_other"]
    assert finding["message"] == "There it is Odoo 18.0, here it is 19.0: their data differ."
    assert "Upgrade the older one" in finding["remedy"]
    assert set(found) == {"reached", "version_other"}
    assert rome.call("sync.exchange.peer", "read", [line.peer], ["state"])[0]["state"] == "draft"
    front.swapped = None


def test_version_user_and_company_of_the_other_database_are_listed(line: Link, milan: Office) -> None:
    found = _check(line)
    assert [row["message"] for row in found["version"]] == ["Both are Odoo 19.0."]
    assert [row["message"] for row in found["let_in"]] == ["The key works, as the user admin there."]
    assert found["company"][0]["severity"] == "ok"


def test_a_user_there_without_the_right_is_told_with_the_remedy(line: Link, milan: Office) -> None:
    group = milan.call("ir.model.data", "_xmlid_to_res_id", (), "sync_hub_exchange.group_exchange")
    milan.write("res.users", 2, group_ids=[[3, group]])
    [finding] = _check(line)["refused"]
    assert "The user of the key may not exchange records" in finding["message"]
    assert "The user admin may not exchange records with other databases" in finding["message"]
    assert "Give this user the right “Record exchange” there" in finding["remedy"]
    milan.write("res.users", 2, group_ids=[[4, group]])
    assert "refused" not in _check(line)


def test_kinds_of_data_whose_addon_is_not_installed_there_are_listed(rome: Office, genoa: Office) -> None:
    link = rome.connect(genoa)
    link.exchange("account.tax", "name amount")
    link.exchange()
    found = _check(link)
    [finding] = found["model_missing"]
    assert (finding["title"], finding["severity"]) == ("Tax", "failed")
    assert "does not have this kind of data (account.tax)" in finding["message"]
    assert "Have the addon installed there that brings it" in finding["remedy"]
    assert [row["title"] for row in found["data"]] == ["Contact"]


def test_fields_that_are_missing_there_are_listed(line: Link, rome: Office, milan: Office) -> None:
    field = _new_field(rome, "res.partner", "x_shoe", "Size of the shoe")
    domain = [["model", "=", "res.partner"], ["peer_id", "=", line.peer]]
    [mapping] = rome.call("sync.exchange.mapping", "search", (), domain)
    rome.write("sync.exchange.mapping", mapping, line_ids=[[0, 0, {"field_id": field}]])
    [finding] = _check(line)["field_missing"]
    assert (finding["title"], finding["name"], finding["severity"]) == ("Contact", "x_shoe", "failed")
    assert finding["message"] == "“Size of the shoe” (x_shoe) does not exist there."
    rome.call("ir.model.fields", "unlink", [field])
    assert "field_missing" not in _check(line)


def test_taxes_accounts_journals_and_units_are_listed_and_then_what_they_are_mapped_to(
    line: Link, rome: Office, milan: Office
) -> None:
    here, _there = _sold(rome, "IVA 22", "Barrel", "01"), _sold(milan, "VAT 22", "Cask", "02")
    product = rome.create(
        "product.template", name="Nails", uom_id=here["uom.uom"], taxes_id=[[6, 0, [here["account.tax"]]]]
    )
    [variant] = rome.call("product.product", "search", (), [["product_tmpl_id", "=", product]])
    row = {"name": "Nails", "product_id": variant, "quantity": 1, "price_unit": 10}
    row |= {"account_id": here["account.account"], "tax_ids": [[6, 0, [here["account.tax"]]]]}
    invoice = rome.create(
        "account.move",
        move_type="out_invoice",
        partner_id=rome.add("buyer"),
        journal_id=here["account.journal"],
        invoice_date="2026-05-04",
        invoice_line_ids=[[0, 0, row]],
    )
    rome.call("account.move", "action_post", [invoice])
    found = {row["model"]: row for row in _check(line)["codes_here"]}
    assert set(here) <= set(found)
    for model, name in (("account.tax", "IVA 22"), ("account.account", "Sales 01"), ("uom.uom", "Barrel")):
        assert name in found[model]["message"], found[model]
        assert "Press “Map”" in found[model]["remedy"]
    assert found["account.journal"]["severity"] == "warning"
    # Somebody says what each of them is there; the check has brought the list to choose from.
    for model, number in here.items():
        domain = [["peer_id", "=", line.peer], ["model", "=", model], ["res_id", "=", number]]
        [code] = rome.call("sync.exchange.code", "search", (), domain)
        known = {"account.tax": "VAT 22", "account.account": "Sales 02", "account.journal": "Shop", "uom.uom": "Cask"}
        domain = [["peer_id", "=", line.peer], ["model", "=", model], ["name", "like", known[model]]]
        [counterpart] = rome.call("sync.exchange.counterpart", "search", (), domain)
        rome.write("sync.exchange.code", code, there_id=counterpart)
    found_now = _check(line)
    still_open = {row["model"] for row in found_now.get("codes_here", [])}
    assert still_open.isdisjoint(here), found_now["codes_here"]
    mapped = {row["model"]: row["message"] for row in found_now["codes_mapped"]}
    assert "IVA 22" in mapped["account.tax"] and "↔ VAT 22" in mapped["account.tax"]
    assert mapped["uom.uom"] == "Mapped (1): Barrel ↔ Cask."
    assert set(mapped) == set(here)


def test_nothing_has_moved_until_then_and_what_is_connected_uses_the_mapped_codes(
    line: Link, rome: Office, milan: Office
) -> None:
    assert milan.number("SELECT count(*) FROM product_template WHERE name->>'en_US' = 'Nails'") == 0
    assert milan.partner("buyer") is None
    _check(line, "action_connect")
    assert rome.call("sync.exchange.peer", "read", [line.peer], ["state"])[0]["state"] == "connected"
    line.send()
    [product] = milan.call("product.template", "search_read", (), [["name", "=", "Nails"]], ["uom_id", "taxes_id"])
    assert product["uom_id"][1] == "Cask"
    [tax] = milan.call("account.tax", "read", product["taxes_id"], ["name"])
    assert tax["name"] == "VAT 22"


# -- Data that is added later ------------------------------------------------------------------------------------------


def test_data_that_is_added_later_is_looked_at_before_its_first_run(line: Link, rome: Office, milan: Office) -> None:
    field = _new_field(rome, "res.bank", "x_rating", "Rating")
    rome.create("res.bank", name="Banca Rossi", x_rating="AA")
    mapping = line.exchange("res.bank", "name x_rating", domain="[('name', 'like', 'Rossi')]")
    rome.add("later")
    run = line.send()
    # It is held back with its sentence; the others go on.
    assert ("exchange_unfit", run["created"]) == (next(kind for kind, _text, _detail in run["log"]), 1)
    [text] = [text for kind, text, _detail in run["log"] if kind == "exchange_unfit"]
    assert "“Rating” (x_rating) does not exist there" in text and "Press “Check”" in text
    assert milan.partner("later")
    assert milan.number("SELECT count(*) FROM res_bank WHERE name = 'Banca Rossi'") == 0
    # Without the field it goes.
    lines = rome.call(
        "sync.exchange.mapping.field", "search", (), [["mapping_id", "=", mapping], ["name", "=", "x_rating"]]
    )
    rome.call("sync.exchange.mapping.field", "unlink", lines)
    assert line.send()["created"] == 1
    assert milan.number("SELECT count(*) FROM res_bank WHERE name = 'Banca Rossi'") == 1
    rome.call("ir.model.fields", "unlink", [field])


def test_codes_of_data_that_is_added_later_are_listed_before_its_first_record_moves(
    line: Link, rome: Office, milan: Office
) -> None:
    tag = rome.create("res.partner.category", name="Only in Rome")
    partner = rome.create("res.partner", name="Tagged", category_id=[[6, 0, [tag]]], ref="tagged")
    mapping = line.exchange("res.partner.bank", "acc_number partner_id bank_id currency_id")
    pound = rome.call("res.currency", "search", (), [["name", "=", "GBP"]])[0]
    bank = rome.create("res.bank", name="Unknown there")
    rome.create("res.partner.bank", acc_number="77", partner_id=partner, bank_id=bank, currency_id=pound)
    # Banks are not exchanged any more, so that they are codes.
    [banks] = rome.call("sync.exchange.mapping", "search", (), [["model", "=", "res.bank"]])
    rome.write("sync.exchange.mapping", banks, active=False)
    run = line.send()
    [text] = [text for kind, text, _detail in run["log"] if kind == "exchange_codes"]
    assert "Unknown there" in text and "Map them under “Codes”" in text
    domain = [["peer_id", "=", line.peer], ["model", "=", "res.bank"], ["res_id", "=", bank]]
    assert len(rome.call("sync.exchange.code", "search", (), domain)) == 1
    # Once, not in each run.
    assert not [kind for kind, _text, _detail in line.send()["log"] if kind == "exchange_codes"]
    assert rome.call("sync.exchange.mapping", "read", [mapping], ["checked_at"])[0]["checked_at"]


def test_a_peer_that_has_become_another_version_gets_nothing_any_more(
    line: Link, front: Proxy, rome: Office, milan: Office
) -> None:
    rome.add("upgraded")
    front.swapped = (b'"version": "19.0', b'"version": "20.0')
    run = line.send()
    assert run["outcome"] == "failed"
    [[kind, _text, detail]] = run["log"]
    assert kind == "request_refused"
    assert "There it is Odoo 20.0, here it is 19.0" in detail and "Upgrade the older one" in detail
    assert milan.partner("upgraded") is None
    front.swapped = None
    line.reconnect()
    line.send()
    assert milan.partner("upgraded")


def _new_field(office: Office, model: str, name: str, label: str) -> int:
    return office.create(
        "ir.model.fields",
        name=name,
        field_description=label,
        ttype="char",
        model_id=office.call("ir.model", "search", (), [["model", "=", model]])[0],
    )
