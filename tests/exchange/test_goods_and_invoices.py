# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two databases that exchange products with their variants, price lists and invoices."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from offices import Link, Office, Refused

from bootstrap import databases
from bootstrap.odoo_commands import Odoo

VARIANT = "default_code,barcode,standard_price,weight,active"
RULE = "applied_on,display_applied_on,product_tmpl_id,product_id,compute_price,fixed_price,base,base_pricelist_id"
INVOICE = "move_type name ref partner_id journal_id date invoice_date currency_id invoice_line_ids state"
INVOICE_LINE = "display_type,sequence,name,product_id,quantity,price_unit,discount,account_id,tax_ids"


@pytest.fixture(scope="session")
def template(odoo: Odoo) -> str:
    return databases.ensure_exchange_template(odoo, "account")


@pytest.fixture(scope="module")
def rome(new_office: Callable[[str], Office]) -> Office:
    return _opened(new_office("a"))


@pytest.fixture(scope="module")
def milan(new_office: Callable[[str], Office]) -> Office:
    return _opened(new_office("b"))


def _opened(office: Office) -> Office:
    """With a chart of accounts, and an operator who may do what is exchanged."""
    office.call("account.chart.template", "try_loading", (), "generic_coa", 1, install_demo=False)
    groups = [
        office.call("ir.model.data", "_xmlid_to_res_id", (), name)
        for name in ("product.group_product_manager", "account.group_account_manager", "base.group_partner_manager")
    ]
    operator = office.call("ir.model.data", "_xmlid_to_res_id", (), "sync_hub.user_operator")
    office.write("res.users", operator, group_ids=[[4, group] for group in groups])
    return office


@pytest.fixture(scope="module")
def line(rome: Office, milan: Office) -> Link:
    link = rome.connect(milan)
    key = {"is_key": True}
    link.exchange("product.attribute", "name create_variant", lines={"name": key})
    link.exchange("product.attribute.value", "name attribute_id", lines={"name": key, "attribute_id": key})
    link.exchange(
        "product.template",
        "name list_price active attribute_line_ids product_variant_ids",
        lines={
            "attribute_line_ids": {"part_fields": "attribute_id,value_ids,sequence"},
            "product_variant_ids": {"part_fields": VARIANT, **key},
        },
        # Two products of the addons are made anew with each database.
        domain="[('name', 'like', 'Jumper')]",
    )
    link.exchange("product.pricelist", "name item_ids", lines={"item_ids": {"part_fields": RULE}})
    link.exchange()
    link.exchange(
        "account.move",
        INVOICE,
        lines={"invoice_line_ids": {"part_fields": INVOICE_LINE}},
        domain="[('state', '!=', 'draft')]",
        policy="ask",
        deletion="keep",
    )
    return link


def _attribute(office: Office, name: str, *values: str) -> tuple[int, list[int]]:
    lines = [[0, 0, {"name": value}] for value in values]
    attribute = office.create("product.attribute", name=name, value_ids=lines)
    return attribute, office.call("product.attribute", "read", [attribute], ["value_ids"])[0]["value_ids"]


def _jumper(office: Office, name: str, prefix: str) -> int:
    """In two colours and two sizes, each with its reference."""
    lines = []
    for attribute, values in (("Colour", ("Red", "Blue")), ("Size", ("S", "M"))):
        found = office.call("product.attribute", "search", (), [["name", "=", attribute]])
        if found:
            number, ids = found[0], office.call("product.attribute", "read", found, ["value_ids"])[0]["value_ids"]
        else:
            number, ids = _attribute(office, attribute, *values)
        lines.append([0, 0, {"attribute_id": number, "value_ids": [[6, 0, ids[:2]]]}])
    product = office.create("product.template", name=name, list_price=40, attribute_line_ids=lines)
    for place, variant in enumerate(_variants(office, product)):
        office.write("product.product", variant["id"], default_code=f"{prefix}{place}", barcode=f"99{prefix}{place}")
    return product


def _product(office: Office, name: str) -> int:
    [product] = office.call("product.template", "search", (), [["name", "=", name]])
    return product


def _variants(office: Office, product: int) -> list[dict]:
    names = ["display_name", "default_code", "barcode", "active"]
    found = office.call("product.product", "search_read", (), [["product_tmpl_id", "=", product]], names, order="id")
    return [{**variant, "display_name": variant["display_name"].partition("] ")[2]} for variant in found]


def _shown(office: Office, name: str) -> list[tuple]:
    """Of each variant: its values, what stands in it, whether it is in use."""
    rows = _variants(office, _product(office, name))
    return sorted((row["display_name"], row["default_code"], row["barcode"], row["active"]) for row in rows)


def test_products_come_with_their_variants_in_both_directions(line: Link, rome: Office, milan: Office) -> None:
    _jumper(rome, "Jumper of Rome", "R")
    line.both()
    _jumper(milan, "Jumper of Milan", "M")
    line.both()
    for name in ("Jumper of Rome", "Jumper of Milan"):
        assert len(_shown(rome, name)) == 4
        assert _shown(rome, name) == _shown(milan, name)
    assert [office.number("SELECT count(*) FROM product_attribute") for office in (rome, milan)] == [2, 2]
    for run in (line.receive(), line.send()):
        assert (run["outcome"], run["created"], run["updated"]) == ("nothing_new", 0, 0), run


def test_a_variant_that_changes_is_a_change_of_its_product(line: Link, rome: Office, milan: Office) -> None:
    variant = _variants(milan, _product(milan, "Jumper of Rome"))[1]
    milan.write("product.product", variant["id"], default_code="R1-new", active=False)
    assert line.receive()["updated"] == 1
    assert _shown(rome, "Jumper of Rome") == _shown(milan, "Jumper of Rome")
    assert [row[3] for row in _shown(rome, "Jumper of Rome")].count(False) == 1


def test_a_new_colour_makes_its_variants_once_on_each_side(line: Link, rome: Office, milan: Office) -> None:
    product = _product(rome, "Jumper of Milan")
    [colour] = rome.call("product.attribute", "search", (), [["name", "=", "Colour"]])
    green = rome.create("product.attribute.value", name="Green", attribute_id=colour)
    domain = [["product_tmpl_id", "=", product], ["attribute_id", "=", colour]]
    [attribute_line] = rome.call("product.template.attribute.line", "search", (), domain)
    rome.write("product.template.attribute.line", attribute_line, value_ids=[[4, green]])
    line.send()
    assert len(_shown(milan, "Jumper of Milan")) == 6
    assert _shown(rome, "Jumper of Milan") == _shown(milan, "Jumper of Milan")
    line.both()
    assert line.receive()["outcome"] == "nothing_new"


def test_price_lists_find_products_variants_and_each_other(line: Link, rome: Office, milan: Office) -> None:
    product = _product(milan, "Jumper of Milan")
    variant = _variants(milan, product)[0]["id"]
    friends = milan.create("product.pricelist", name="Friends")
    shops = milan.create(
        "product.pricelist",
        name="Shops",
        item_ids=[
            [0, 0, {"applied_on": "1_product", "product_tmpl_id": product, "fixed_price": 31}],
            [0, 0, {"applied_on": "0_product_variant", "product_id": variant, "fixed_price": 30}],
        ],
    )
    rule = {"applied_on": "3_global", "compute_price": "formula", "base": "pricelist", "base_pricelist_id": shops}
    milan.write("product.pricelist", friends, item_ids=[[0, 0, rule]])
    line.receive()
    line.receive()
    names = ["pricelist_id", "applied_on", "product_tmpl_id", "product_id", "base_pricelist_id", "fixed_price"]
    listed = [["pricelist_id.name", "in", ["Friends", "Shops"]]]
    rules = [
        sorted(
            tuple(value[1] if isinstance(value, list) else value for value in (row[name] for name in names))
            for row in office.call("product.pricelist.item", "search_read", (), listed, names)
        )
        for office in (rome, milan)
    ]
    assert rules[0] == rules[1]
    assert len(rules[0]) == 3
    assert not line.waiting()


def _invoice(office: Office, ref: str, price: float) -> int:
    partner = office.partner("C1") or {"id": office.add("C1")}
    product = _variants(office, _product(office, "Jumper of Rome"))[0]["id"]
    number = office.create(
        "account.move",
        move_type="out_invoice",
        partner_id=partner["id"],
        ref=ref,
        invoice_date="2026-05-04",
        invoice_line_ids=[[0, 0, {"product_id": product, "quantity": 3, "price_unit": price}]],
    )
    office.call("account.move", "action_post", [number])
    return number


def _seen(office: Office, ref: str) -> dict | None:
    names = ["name", "state", "amount_untaxed", "amount_tax", "amount_total", "payment_state"]
    found = office.call("account.move", "search_read", (), [["ref", "=", ref]], names)
    assert len(found) < 2
    return {name: found[0][name] for name in names} if found else None


def test_a_posted_invoice_is_posted_there_with_its_number(line: Link, rome: Office, milan: Office) -> None:
    _invoice(milan, "A-1", 33.33)
    line.both()
    assert _seen(rome, "A-1") == _seen(milan, "A-1")
    assert _seen(rome, "A-1")["state"] == "posted"
    assert line.receive()["outcome"] == "nothing_new"


def test_an_invoice_corrected_there_does_not_overwrite_the_books_here(line: Link, rome: Office, milan: Office) -> None:
    number = _invoice(milan, "A-2", 10)
    line.both()
    before = _seen(rome, "A-2")
    milan.call("account.move", "button_draft", [number])
    [row] = milan.call("account.move", "read", [number], ["invoice_line_ids"])
    milan.write("account.move", number, invoice_line_ids=[[1, row["invoice_line_ids"][0], {"price_unit": 11}]])
    milan.call("account.move", "action_post", [number])
    line.receive()
    assert _seen(rome, "A-2") == before
    [waiting] = line.waiting()
    assert "is posted here and is not overwritten" in waiting["message"]
    # Whoever keeps the books here lets the correction in.
    rome.call("account.move", "button_draft", [waiting["res_id"]])
    rome.call("sync.exchange.waiting", "action_try_again", [waiting["id"]])
    line.receive()
    assert not line.waiting()
    assert _seen(rome, "A-2")["amount_total"] == _seen(milan, "A-2")["amount_total"]


def test_an_invoice_that_is_cancelled_there_is_cancelled_here(line: Link, rome: Office, milan: Office) -> None:
    number = _invoice(rome, "A-3", 5)
    line.send()
    assert _seen(milan, "A-3")["state"] == "posted"
    rome.call("account.move", "button_cancel", [number])
    line.send()
    assert _seen(milan, "A-3")["state"] == "cancel"


def test_whoever_solves_a_conflict_books_no_other_amounts_than_the_other_side(
    line: Link, rome: Office, milan: Office
) -> None:
    number = _invoice(rome, "A-5", 10)
    line.both()
    rome.call("account.move", "button_cancel", [number])
    line.both()
    [there] = milan.call("account.move", "search", (), [["ref", "=", "A-5"]])
    assert _seen(milan, "A-5")["state"] == "cancel"

    def set_price(price: float) -> None:
        [row] = rome.call("account.move", "read", [number], ["invoice_line_ids"])
        rome.write("account.move", number, invoice_line_ids=[[1, row["invoice_line_ids"][0], {"price_unit": price}]])

    # Rome goes on working on it; Milan posts it again as it was.
    rome.call("account.move", "button_draft", [number])
    set_price(11)
    milan.call("account.move", "button_draft", [there])
    milan.call("account.move", "action_post", [there])
    line.receive()
    [conflict] = line.conflicts()
    with pytest.raises(Refused, match="does not come to the same amounts"):
        rome.call("sync.exchange.conflict", "action_take_there", [conflict["id"]])
    assert _seen(rome, "A-5")["state"] == "draft"
    set_price(10)
    rome.call("sync.exchange.conflict", "action_take_there", [conflict["id"]])
    assert _seen(rome, "A-5") == _seen(milan, "A-5")
    assert _seen(rome, "A-5")["state"] == "posted"
