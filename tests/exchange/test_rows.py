# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows that belong to a record: the rules of a price list, the variants of a product. Each office changes some."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from offices import Link, Office

from bootstrap import databases
from bootstrap.odoo_commands import Odoo

RULE = "applied_on,display_applied_on,product_tmpl_id,compute_price,fixed_price,percent_price,min_quantity"
VARIANT = "default_code,barcode,standard_price,weight,active"


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
    """With an operator who may do what is exchanged."""
    operator = office.call("ir.model.data", "_xmlid_to_res_id", (), "sync_hub.user_operator")
    manager = office.call("ir.model.data", "_xmlid_to_res_id", (), "product.group_product_manager")
    office.write("res.users", operator, group_ids=[[4, manager]])
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
        domain="[('name', 'like', 'Hat')]",
    )
    link.exchange("product.pricelist", "name sequence item_ids", lines={"item_ids": {"part_fields": RULE}})
    return link


@pytest.fixture
def rule(line: Link, rome: Office) -> Callable[[str], None]:
    """Sets who is right."""
    models = ["product.template", "product.pricelist"]
    mappings = rome.call("sync.exchange.mapping", "search", (), [["model", "in", models]])

    def choose(policy: str) -> None:
        rome.call("sync.exchange.mapping", "write", mappings, {"policy": policy})

    return choose


def _prices(rome: Office, line: Link, name: str, number: int = 4) -> None:
    """A price list with a rule for each hat: 10, 20, 30 … Both offices have it."""
    hats = []
    for place in range(1, number + 1):
        found = rome.call("product.template", "search", (), [["name", "=", f"Hat {place}"]])
        hats.append(found[0] if found else rome.create("product.template", name=f"Hat {place}"))
    items = [
        [0, 0, {"applied_on": "1_product", "product_tmpl_id": hat, "fixed_price": 10 * place}]
        for place, hat in enumerate(hats, 1)
    ]
    rome.create("product.pricelist", name=name, item_ids=items)
    line.both()


def _rules(office: Office, name: str) -> dict[str, dict]:
    """Rules of a price list by the name of the product."""
    names = ["product_tmpl_id", "fixed_price", "min_quantity", "compute_price", "write_date"]
    listed = [["pricelist_id.name", "=", name]]
    found = office.call("product.pricelist.item", "search_read", (), listed, names)
    rules = {row.pop("product_tmpl_id")[1]: row for row in found}
    assert len(rules) == len(found)
    return rules


def _set(office: Office, name: str, hat: str, **values: object) -> None:
    office.write("product.pricelist.item", _rules(office, name)[hat]["id"], **values)


def _remove(office: Office, name: str, hat: str) -> None:
    office.delete("product.pricelist.item", _rules(office, name)[hat]["id"])


def _add(office: Office, name: str, hat: str, price: float) -> None:
    [prices] = office.call("product.pricelist", "search", (), [["name", "=", name]])
    [product] = office.call("product.template", "search", (), [["name", "=", hat]])
    values = {"applied_on": "1_product", "product_tmpl_id": product, "fixed_price": price}
    office.write("product.pricelist", prices, item_ids=[[0, 0, values]])


def _shown(office: Office, name: str) -> dict[str, tuple]:
    return {hat: (row["fixed_price"], row["min_quantity"]) for hat, row in sorted(_rules(office, name).items())}


def _at_rest(line: Link) -> None:
    """Nothing is told any more, in neither direction."""
    for run in (line.receive(), line.send()):
        assert (run["outcome"], run["updated"]) == ("nothing_new", 0), run


@pytest.mark.parametrize("policy", ["fields", "ask"])
@pytest.mark.parametrize("first", ["receive", "send"])
def test_each_office_changes_another_price(
    rule, line: Link, rome: Office, milan: Office, policy: str, first: str
) -> None:
    rule(policy)
    name = f"Shops {policy} {first}"
    _prices(rome, line, name)
    before = {office: _rules(office, name) for office in (rome, milan)}
    _set(milan, name, "Hat 2", fixed_price=22)
    _set(rome, name, "Hat 1", fixed_price=11)
    _set(rome, name, "Hat 3", min_quantity=3)
    _set(milan, name, "Hat 3", fixed_price=33)
    getattr(line, first)()
    line.both()
    assert not line.conflicts()
    expected = {"Hat 1": (11, 0), "Hat 2": (22, 0), "Hat 3": (33, 3), "Hat 4": (40, 0)}
    assert _shown(rome, name) == _shown(milan, name) == expected
    for office, old in before.items():
        # They are the same rules still, and those that nobody has changed were not written.
        new = _rules(office, name)
        assert {hat: row["id"] for hat, row in old.items()} == {hat: row["id"] for hat, row in new.items()}
        written = {hat for hat, row in new.items() if row["write_date"] != old[hat]["write_date"]}
        assert written == {"Hat 1", "Hat 2", "Hat 3"}
    _at_rest(line)


def test_rules_that_each_office_adds_and_removes_come_together(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("ask")
    _prices(rome, line, "Club")
    for place in (5, 6):
        rome.create("product.template", name=f"Hat {place}")
    line.both()
    _remove(rome, "Club", "Hat 1")
    _add(rome, "Club", "Hat 5", 50)
    _remove(milan, "Club", "Hat 2")
    _add(milan, "Club", "Hat 6", 60)
    line.both()
    assert not line.conflicts()
    assert list(_shown(rome, "Club")) == list(_shown(milan, "Club")) == ["Hat 3", "Hat 4", "Hat 5", "Hat 6"]
    _at_rest(line)


def test_where_both_changed_the_same_price_the_newer_wins(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields")
    _prices(rome, line, "Friends")
    _set(rome, "Friends", "Hat 1", fixed_price=11)
    _set(rome, "Friends", "Hat 2", fixed_price=21)
    _set(milan, "Friends", "Hat 2", fixed_price=22)
    line.both()
    assert _shown(rome, "Friends") == _shown(milan, "Friends")
    assert [price for price, _quantity in _shown(rome, "Friends").values()] == [11, 22, 30, 40]
    _at_rest(line)


def test_a_rule_that_one_removed_and_the_other_changed_stays(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields")
    _prices(rome, line, "Staff")
    _remove(rome, "Staff", "Hat 1")
    _set(milan, "Staff", "Hat 1", fixed_price=12)
    _remove(milan, "Staff", "Hat 2")
    _set(rome, "Staff", "Hat 2", fixed_price=21)
    line.both()
    assert _shown(rome, "Staff") == _shown(milan, "Staff")
    assert [price for price, _quantity in _shown(rome, "Staff").values()] == [12, 21, 30, 40]
    _at_rest(line)


def _asked(rome: Office, line: Link) -> tuple[int, list[dict]]:
    [conflict] = line.conflicts()
    names = ["label", "here", "there"]
    lines = rome.call("sync.exchange.conflict.line", "search_read", (), [["conflict_id", "=", conflict["id"]]], names)
    return conflict["id"], sorted(lines, key=lambda asked: asked["label"])


@pytest.mark.parametrize(("choice", "price"), [("here", 11), ("there", 12)])
def test_a_person_decides_about_one_price(
    rule, line: Link, rome: Office, milan: Office, choice: str, price: int
) -> None:
    rule("ask")
    name = f"Fair {choice}"
    _prices(rome, line, name)
    _set(rome, name, "Hat 1", fixed_price=11)
    _set(milan, name, "Hat 1", fixed_price=12)
    _set(rome, name, "Hat 2", fixed_price=21)
    _set(milan, name, "Hat 3", fixed_price=32)
    line.both()
    conflict, [asked] = _asked(rome, line)
    assert asked["label"] == "Pricelist Rules, Hat 1: Fixed Price"
    assert (asked["here"], asked["there"]) == ("11.0", "12.0")
    # What nobody has to decide does not wait.
    rest = {"Hat 2": (21, 0), "Hat 3": (32, 0), "Hat 4": (40, 0)}
    assert _shown(rome, name) == {"Hat 1": (11, 0), **rest}
    assert _shown(milan, name) == {"Hat 1": (12, 0), **rest}
    _at_rest(line)
    # Meanwhile the work goes on.
    _set(milan, name, "Hat 4", fixed_price=42)
    _set(rome, name, "Hat 2", min_quantity=2)
    line.both()
    assert _shown(rome, name) == {"Hat 1": (11, 0), "Hat 2": (21, 2), "Hat 3": (32, 0), "Hat 4": (42, 0)}
    assert _shown(milan, name)["Hat 2"] == (21, 2)
    assert len(line.conflicts()) == 1
    rome.call("sync.exchange.conflict", {"here": "action_keep_here", "there": "action_take_there"}[choice], [conflict])
    line.both()
    assert not line.conflicts()
    assert _shown(rome, name) == _shown(milan, name)
    assert [price for price, _quantity in _shown(rome, name).values()] == [price, 21, 32, 42]
    _at_rest(line)


@pytest.mark.parametrize("choice", ["here", "there"])
def test_a_person_decides_about_rules_that_one_office_removed(
    rule, line: Link, rome: Office, milan: Office, choice: str
) -> None:
    rule("ask")
    name = f"Old {choice}"
    _prices(rome, line, name)
    _remove(rome, name, "Hat 1")
    _set(milan, name, "Hat 1", fixed_price=12)
    _set(rome, name, "Hat 2", fixed_price=21)
    _remove(milan, name, "Hat 2")
    line.both()
    conflict, [first, second] = _asked(rome, line)
    assert [asked["label"] for asked in (first, second)] == ["Pricelist Rules, Hat 1", "Pricelist Rules, Hat 2"]
    assert first["here"] == "deleted here" and "Fixed Price: 12.0" in first["there"]
    assert second["there"] == "deleted there" and "Fixed Price: 21.0" in second["here"]
    _set(rome, name, "Hat 4", fixed_price=41)
    line.both()
    assert _shown(rome, name) == {"Hat 2": (21, 0), "Hat 3": (30, 0), "Hat 4": (41, 0)}
    assert _shown(milan, name) == {"Hat 1": (12, 0), "Hat 3": (30, 0), "Hat 4": (41, 0)}
    rome.call("sync.exchange.conflict", {"here": "action_keep_here", "there": "action_take_there"}[choice], [conflict])
    line.both()
    assert not line.conflicts()
    kept = {"here": {"Hat 2": (21, 0)}, "there": {"Hat 1": (12, 0)}}[choice]
    rest = {"Hat 3": (30, 0), "Hat 4": (41, 0)}
    assert _shown(rome, name) == _shown(milan, name) == {**kept, **rest}
    _at_rest(line)


def test_a_conflict_about_a_price_ends_when_it_has_become_the_same(
    rule, line: Link, rome: Office, milan: Office
) -> None:
    rule("ask")
    for name, office, price in (("One", milan, 11), ("Other", rome, 12)):
        _prices(rome, line, name)
        _set(rome, name, "Hat 1", fixed_price=11)
        _set(milan, name, "Hat 1", fixed_price=12)
        _set(rome, name, "Hat 2", fixed_price=21)
        line.both()
        assert len(line.conflicts()) == 1
        _set(office, name, "Hat 1", fixed_price=price)
        line.both()
        line.both()
        assert not line.conflicts()
        assert _shown(rome, name) == _shown(milan, name)
        assert _shown(rome, name)["Hat 2"] == (21, 0)
        _at_rest(line)


def _hat(office: Office, name: str) -> None:
    """In two colours."""
    found = office.call("product.attribute", "search", (), [["name", "=", "Colour"]])
    if not found:
        values = [[0, 0, {"name": colour}] for colour in ("Red", "Blue")]
        found = [office.create("product.attribute", name="Colour", value_ids=values)]
    ids = office.call("product.attribute", "read", found, ["value_ids"])[0]["value_ids"]
    colours = [[0, 0, {"attribute_id": found[0], "value_ids": [[6, 0, ids]]}]]
    office.create("product.template", name=name, attribute_line_ids=colours)


def _variants(office: Office, name: str) -> dict[str, dict]:
    names = ["display_name", "barcode", "standard_price", "weight"]
    found = office.call("product.product", "search_read", (), [["product_tmpl_id.name", "=", name]], names)
    return {row.pop("display_name"): row for row in found}


def test_a_barcode_here_and_a_price_there_come_together(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("ask")
    _hat(rome, "Hat of felt")
    line.both()
    red, blue = "Hat of felt (Red)", "Hat of felt (Blue)"
    rome.write("product.product", _variants(rome, "Hat of felt")[red]["id"], barcode="871")
    rome.write("product.product", _variants(rome, "Hat of felt")[blue]["id"], weight=0.5)
    milan.write("product.product", _variants(milan, "Hat of felt")[blue]["id"], standard_price=7)
    line.both()
    assert not line.conflicts()
    seen = [
        {name: (row["barcode"], row["standard_price"], row["weight"]) for name, row in variants.items()}
        for variants in (_variants(rome, "Hat of felt"), _variants(milan, "Hat of felt"))
    ]
    assert seen[0] == seen[1] == {red: ("871", 0, 0), blue: (False, 7, 0.5)}
    _at_rest(line)


def test_a_person_decides_about_the_barcode_of_a_variant(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("ask")
    _hat(rome, "Hat of straw")
    line.both()
    red, blue = "Hat of straw (Red)", "Hat of straw (Blue)"
    rome.write("product.product", _variants(rome, "Hat of straw")[red]["id"], barcode="881")
    milan.write("product.product", _variants(milan, "Hat of straw")[red]["id"], barcode="882")
    milan.write("product.product", _variants(milan, "Hat of straw")[blue]["id"], barcode="883")
    line.both()
    conflict, [asked] = _asked(rome, line)
    assert asked["label"] == "Products, Hat of straw (Red): Barcode"
    assert (asked["here"], asked["there"]) == ("881", "882")
    rome.call("sync.exchange.conflict", "action_take_there", [conflict])
    line.both()
    for office in (rome, milan):
        barcodes = {name: row["barcode"] for name, row in _variants(office, "Hat of straw").items()}
        assert barcodes == {red: "882", blue: "883"}
    _at_rest(line)


def test_a_link_of_an_older_version_learns_the_rows(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields")
    _prices(rome, line, "Antique")
    [prices] = rome.call("product.pricelist", "search", (), [["name", "=", "Antique"]])
    rome.execute(
        "UPDATE sync_exchange_link SET base = jsonb_set(base, '{item_ids}', (base->'item_ids') - 2) "
        "WHERE model = 'product.pricelist' AND res_id = %s RETURNING 1",
        (prices,),
    )
    # One side alone changes it, as it was before.
    _set(milan, "Antique", "Hat 1", fixed_price=11)
    line.both()
    assert _shown(rome, "Antique")["Hat 1"] == (11, 0)
    _set(rome, "Antique", "Hat 2", fixed_price=21)
    _set(milan, "Antique", "Hat 3", fixed_price=31)
    line.both()
    assert _shown(rome, "Antique") == _shown(milan, "Antique")
    assert [price for price, _quantity in _shown(rome, "Antique").values()] == [11, 21, 31, 40]
    _at_rest(line)


def test_what_is_kept_of_a_long_price_list_is_short(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields")
    items = [[0, 0, {"applied_on": "3_global", "fixed_price": 100 + place}] for place in range(1000)]
    prices = rome.create("product.pricelist", name="Long", item_ids=items)
    line.both()
    size = rome.number(
        "SELECT length(base->>'item_ids') FROM sync_exchange_link WHERE model = 'product.pricelist' AND res_id = %s",
        (prices,),
    )
    assert 30_000 < size < 80_000


def test_rows_come_in_all_languages_of_both_offices(line: Link, rome: Office, milan: Office) -> None:
    for office in (rome, milan):
        office.call("res.lang", "_activate_lang", (), "it_IT")
    line.exchange(
        "res.partner.category",
        "name child_ids",
        lines={"child_ids": {"part_fields": "name"}},
        domain="[('parent_id', '=', False)]",
    )
    rows = [[0, 0, {"name": name}] for name in ("Hatter", "Felter")]
    rome.create("res.partner.category", name="Guild", child_ids=rows)

    def tags(office: Office) -> dict[str, int]:
        found = office.call("res.partner.category", "search_read", (), [["parent_id.name", "=", "Guild"]], ["name"])
        return {row["name"]: row["id"] for row in found}

    def italian(office: Office) -> dict[str, str]:
        here = tags(office)
        read = office.call("res.partner.category", "read", here.values(), ["name"], context={"lang": "it_IT"})
        texts = {row["id"]: row["name"] for row in read}
        return {name: texts[number] for name, number in here.items()}

    def translate(office: Office, name: str, text: str) -> None:
        numbers = [tags(office)[name]]
        office.call("res.partner.category", "write", numbers, {"name": text}, context={"lang": "it_IT"})

    translate(rome, "Hatter", "Cappellaio")
    line.both()
    assert italian(milan) == {"Hatter": "Cappellaio", "Felter": "Felter"}
    translate(milan, "Felter", "Feltraio")
    rome.write("res.partner.category", tags(rome)["Hatter"], name="Milliner")
    line.both()
    assert italian(rome) == italian(milan) == {"Milliner": "Cappellaio", "Felter": "Feltraio"}
    _at_rest(line)
