# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from copy import deepcopy

from odoo import Command
from odoo.tests import tagged

from .unit_case import NEW, UnitCase

_RULES = (
    "applied_on display_applied_on product_tmpl_id product_id categ_id base base_pricelist_id compute_price "
    "fixed_price percent_price price_discount price_surcharge min_quantity"
)
PRICES = ["name", {"name": "item_ids", "fields": _RULES.split()}]
CATEGORY = ["name", "parent_id"]
UNIT = ["name", "relative_factor", "relative_uom_id"]


@tagged("post_install", "-at_install")
class TestUnitPrices(UnitCase):
    """Price lists, product categories and units of measure."""

    models = ("product.pricelist",)
    groups = f"{UnitCase.groups},product.group_product_manager"
    further_groups = (*UnitCase.further_groups, "sales_team.group_sale_manager", "uom.group_uom")
    named = frozenset(
        {
            *("product.pricelist", "product.pricelist.item", "product.category", "uom.uom"),
            *("product.template", "product.product"),
        }
    )

    def _prices(self):
        wool = self.env["product.category"].create({"name": "Wool of sheep"})
        jumper = self.env["product.template"].create({"name": "Jumper", "categ_id": wool.id})
        variant = jumper.product_variant_id
        shops = self.env["product.pricelist"].create(
            {
                "name": "Shops of Siena",
                "item_ids": [
                    Command.create({"applied_on": "1_product", "product_tmpl_id": jumper.id, "fixed_price": 31}),
                    Command.create(
                        {"applied_on": "0_product_variant", "product_id": variant.id, "fixed_price": 30}
                    ),
                    Command.create(
                        {
                            "applied_on": "2_product_category",
                            "categ_id": wool.id,
                            "compute_price": "percentage",
                            "percent_price": 12.5,
                        }
                    ),
                ],
            }
        )
        return shops, jumper, wool

    def _rules(self, prices) -> set[tuple]:
        return {
            tuple(rule[name] for name in ("applied_on", "product_tmpl_id", "product_id", "categ_id", "fixed_price"))
            for rule in prices.item_ids
        }

    def test_a_price_list_comes_with_all_its_rules(self):
        shops, jumper, wool = self._prices()
        rules = self._rules(shops)
        [record] = self.read_out(shops, PRICES)
        shops.unlink()
        self.assertEqual(self.take_one("product.pricelist", PRICES, record)["state"], "made")
        made = self.named_by("product.pricelist", record)
        self.assertEqual(self._rules(made), rules)
        self.assertEqual((len(rules), jumper.categ_id), (3, wool))
        self.assertEqual(self.take_one("product.pricelist", PRICES, record)["state"], "same")

    def test_a_rule_that_changes_stays_the_same_rule(self):
        shops, _jumper, _wool = self._prices()
        rules = shops.item_ids
        [record] = self.read_out(shops, PRICES)
        rows = deepcopy(record["values"]["item_ids"])
        dear = next(row for row in rows if row["values"]["fixed_price"] == 31)
        dear["values"]["fixed_price"] = 33
        change = {**record, "values": {"item_ids": rows}, "seen": self.tokens(shops, PRICES)}
        self.assertEqual(self.take_one("product.pricelist", PRICES, change)["state"], "taken")
        self.assertEqual(shops.item_ids, rules)
        self.assertIn(33, rules.mapped("fixed_price"))

    def test_a_peer_hears_what_rules_are_called_here(self):
        shops, _jumper, _wool = self._prices()
        [record] = self.read_out(shops, PRICES)
        rows = record["values"]["item_ids"]
        # The peer knows them by further names, and sends those only.
        for number, (row, rule) in enumerate(zip(rows, shops.item_ids, strict=True)):
            row["ids"] = [f"__sync_00000000__.rule_{number}"]
            self.env["sync.exchange.identity"]._give(rule._name, [(row["ids"][0], rule.id)])
        same = self.take_one("product.pricelist", PRICES, record)
        self.assertEqual((same["state"], same.get("rows")), ("same", None))
        for row in rows:
            row["ids"] = [name for name in self._names(row) if name not in row["ids"]]
        same = self.take_one("product.pricelist", PRICES, record)
        self.assertEqual(same["state"], "same")
        self.assertEqual({len(row["ids"]) for row in same["rows"]["item_ids"]}, {2})
        rows[0]["values"]["fixed_price"] = 5
        taken = self.take_one("product.pricelist", PRICES, self.changed(record, same, item_ids=rows))
        self.assertEqual(taken["state"], "taken")
        self.assertEqual({len(row["ids"]) for row in taken["rows"]["item_ids"]}, {2})

    def _names(self, row: dict) -> list[str]:
        rule = self.named_by("product.pricelist.item", row)
        return self.env["sync.exchange.identity"]._names_of(rule, make=False)[rule.id]

    def test_a_price_list_that_follows_another_one_of_the_same_page_finds_it(self):
        shops, _jumper, _wool = self._prices()
        friends = self.env["product.pricelist"].create(
            {
                "name": "Friends",
                "item_ids": [
                    Command.create(
                        {"compute_price": "formula", "base": "pricelist", "base_pricelist_id": shops.id}
                    )
                ],
            }
        )
        first, second = self.read_out(friends + shops, PRICES)
        (friends + shops).unlink()
        answers = self.take("product.pricelist", PRICES, [first, second])
        self.assertEqual([answer["state"] for answer in answers], ["made", "made"])
        made = self.named_by("product.pricelist", first)
        self.assertEqual(made.item_ids.base_pricelist_id, self.named_by("product.pricelist", second))

    def test_a_rule_for_a_product_that_is_not_here_holds_for_no_other(self):
        shops, jumper, _wool = self._prices()
        [record] = self.read_out(shops, PRICES)
        shops.unlink()
        jumper.unlink()
        answer = self.take_one("product.pricelist", PRICES, record)
        self.assertEqual(answer["state"], "waiting")
        self.assertFalse(self.env["product.pricelist"].search([("name", "=", "Shops of Siena")]))

    def test_rules_that_lack_something_leave_those_that_are_here(self):
        shops, _jumper, _wool = self._prices()
        rules = shops.item_ids
        [record] = self.read_out(shops, PRICES)
        rows = deepcopy(record["values"]["item_ids"])[:1]
        rows[0]["values"]["product_tmpl_id"] = {"ids": ["__sync_cccccccc__.product_template_1"], "name": "Hat"}
        change = {**record, "values": {"item_ids": rows, "name": "Shops"}, "seen": self.tokens(shops, PRICES)}
        answer = self.take_one("product.pricelist", PRICES, change)
        self.assertEqual((answer["state"], list(answer["missing"])), ("taken", ["item_ids.product_tmpl_id"]))
        self.assertEqual((shops.name, shops.item_ids), ("Shops", rules))

    def test_a_tree_of_categories_comes_in_any_order(self):
        Category = self.env["product.category"]
        root = Category.create({"name": "Yarns"})
        branch = Category.create({"name": "Animal", "parent_id": root.id})
        leaf = Category.create({"name": "Alpaca", "parent_id": branch.id})
        records = self.read_out(leaf + branch + root, CATEGORY)
        leaf.unlink()
        branch.unlink()
        root.unlink()
        answers = self.take("product.category", CATEGORY, records)
        self.assertEqual([answer["state"] for answer in answers], ["made"] * 3)
        self.assertEqual(self.named_by("product.category", records[0]).complete_name, "Yarns / Animal / Alpaca")

    def test_categories_that_need_each_other_do_not_stop_the_others(self):
        names = ["__sync_cccccccc__.product_category_1", "__sync_cccccccc__.product_category_2"]
        records = [
            {"ids": [own], **NEW, "values": {"name": own[-1], "parent_id": {"ids": [other], "name": ""}}}
            for own, other in zip(names, reversed(names), strict=True)
        ]
        records.append({"ids": ["__sync_cccccccc__.product_category_3"], **NEW, "values": {"name": "Good"}})
        answers = self.take("product.category", CATEGORY, records)
        self.assertEqual([answer["state"] for answer in answers], ["made"] * 3)
        self.assertEqual([bool(answer.get("missing")) for answer in answers], [True, True, False])

    def test_a_category_is_known_by_its_name_and_its_place(self):
        root = self.env["product.category"].create({"name": "Yarns"})
        leaf = self.env["product.category"].create({"name": "Alpaca", "parent_id": root.id})
        [record] = self.read_out(leaf, CATEGORY)
        record["ids"] = ["__sync_cccccccc__.product_category_5"]
        self.assertEqual(self.take_one("product.category", CATEGORY, record, CATEGORY)["state"], "same")
        record.update(ids=["__sync_cccccccc__.product_category_6"], values={"name": "Alpaca", "parent_id": None})
        self.assertEqual(self.take_one("product.category", CATEGORY, record, CATEGORY)["state"], "made")

    def test_a_unit_comes_with_the_unit_of_which_it_is_made(self):
        dozen = self.env["uom.uom"].create(
            {"name": "Box of 24", "relative_factor": 24, "relative_uom_id": self.env.ref("uom.product_uom_unit").id}
        )
        pallet = self.env["uom.uom"].create(
            {"name": "Pallet of 10", "relative_factor": 10, "relative_uom_id": dozen.id}
        )
        records = self.read_out(pallet + dozen, UNIT)
        (pallet + dozen).unlink()
        answers = self.take("uom.uom", UNIT, records, ["name"])
        self.assertEqual([answer["state"] for answer in answers], ["made", "made"], answers)
        self.assertEqual(self.named_by("uom.uom", records[0]).factor, 240)
