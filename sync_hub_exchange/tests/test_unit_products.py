# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from copy import deepcopy

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .unit_case import PEER, UnitCase

LINES = {"name": "attribute_line_ids", "fields": ["sequence"]}
VARIANTS = {
    "name": "product_variant_ids",
    "fields": ["default_code", "barcode", "standard_price", "weight", "active"],
}
WANTED = ["name", "list_price", "active", LINES, VARIANTS]
KEYS = ["product_variant_ids"]


@tagged("post_install", "-at_install")
class TestUnitProducts(UnitCase):
    """Products with their attributes and variants."""

    models = ("product.template",)
    groups = f"{UnitCase.groups},product.group_product_manager"
    named = frozenset({"product.template", "product.product", "product.attribute", "product.attribute.value"})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colour = cls._attribute("Colour of yarn", "Red", "Blue", "Green")
        cls.size = cls._attribute("Size of jumpers", "S", "M")

    @classmethod
    def _attribute(cls, name, *values, **vals):
        lines = [Command.create({"name": value, "sequence": place}) for place, value in enumerate(values)]
        return cls.env["product.attribute"].create({"name": name, "value_ids": lines, **vals})

    def _product(self, *lines, name="Jumper", **vals):
        return self.env["product.template"].create(
            {
                "name": name,
                "list_price": 40,
                "attribute_line_ids": [
                    Command.create({"attribute_id": values.attribute_id.id, "value_ids": [Command.set(values.ids)]})
                    for values in lines
                ],
                **vals,
            }
        )

    def _jumper(self):
        """Red and blue, S and M; each with its reference and barcode."""
        product = self._product(self.colour.value_ids[:2], self.size.value_ids)
        for number, variant in enumerate(product.product_variant_ids):
            variant.write({"default_code": f"J{number}", "barcode": f"2000{number}", "standard_price": 10 + number})
        return product

    def _variants(self, product) -> dict[tuple, object]:
        """Names of its values -> variant; archived ones too."""
        variants = product.with_context(active_test=False).product_variant_ids
        self.assertEqual(len(variants), len({variant.product_template_attribute_value_ids for variant in variants}))
        return {tuple(sorted(v.product_template_attribute_value_ids.mapped("name"))): v for v in variants}

    def _travelled(self, product) -> tuple[dict, dict, object]:
        """A product that was deleted here and comes from a peer: as it travelled, the answer, the product."""
        [record] = self.read_out(product, WANTED)
        product.unlink()
        answer = self.take_one("product.template", WANTED, record)
        return record, answer, self.named_by("product.template", record)

    def _row(self, record: dict, *values) -> dict:
        """The variant with these values."""
        names = {name for value in values for name in self.read_out(value, ["name"])[0]["ids"]}
        return next(
            row
            for row in record["values"]["product_variant_ids"]
            if {name for reference in row["values"]["combination"] for name in reference["ids"]} == names
        )

    def test_a_product_comes_with_its_variants_and_none_is_made_twice(self):
        jumper = self._jumper()
        jumper.product_variant_ids[3].active = False
        jumper.attribute_line_ids[0].product_template_value_ids[1].price_extra = 2.5
        record, answer, made = self._travelled(jumper)
        self.assertEqual(answer["state"], "made", answer)
        variants = self._variants(made)
        self.assertEqual(
            {names: (v.default_code, v.barcode, v.standard_price, v.active) for names, v in variants.items()},
            {
                ("Red", "S"): ("J0", "20000", 10, True),
                ("M", "Red"): ("J1", "20001", 11, True),
                ("Blue", "S"): ("J2", "20002", 12, True),
                ("Blue", "M"): ("J3", "20003", 13, False),
            },
        )
        self.assertEqual(variants["Blue", "S"].price_extra, 2.5)
        self.assertEqual(
            {name for row in record["values"]["product_variant_ids"] for name in row["ids"]},
            {
                name
                for names in self.env["sync.exchange.identity"]
                ._names_of(made.with_context(active_test=False).product_variant_ids, make=False)
                .values()
                for name in names
            },
        )
        self.assertEqual(self.take_one("product.template", WANTED, record)["state"], "same")

    def test_many_products_come_together(self):
        products = self.env["product.template"].concat(
            self._jumper(),
            self._product(name="Needle", default_code="N"),
            self._product(self.size.value_ids, name="Cap"),
        )
        records = self.read_out(products, WANTED)
        products.unlink()
        answers = self.take("product.template", WANTED, records)
        self.assertEqual([answer["state"] for answer in answers], ["made"] * 3, answers)
        made = [self.named_by("product.template", record) for record in records]
        self.assertEqual([len(product.product_variant_ids) for product in made], [4, 1, 2])
        self.assertEqual(made[1].default_code, "N")

    def test_a_product_that_both_sides_have_is_known_by_the_barcode_of_a_variant(self):
        record, _answer, product = self._travelled(self._jumper())
        foreign = deepcopy(record)
        foreign["ids"] = ["__sync_cccccccc__.product_template_7"]
        for number, row in enumerate(foreign["values"]["product_variant_ids"]):
            row["ids"] = [f"__sync_cccccccc__.product_product_{number}"]
        foreign["values"]["list_price"] = 44
        before = product.product_variant_ids
        answer = self.take_one("product.template", WANTED, foreign, KEYS)
        self.assertEqual(answer["state"], "met")
        changed = self.changed(foreign, {"tokens": self.tokens(product, WANTED)}, **foreign["values"])
        self.assertEqual(self.take_one("product.template", WANTED, changed, KEYS)["state"], "taken")
        self.assertEqual(product.list_price, 44)
        self.assertEqual(product.product_variant_ids, before)
        known = self.env["sync.exchange.identity"]._names_of(before, make=False)
        self.assertIn("__sync_cccccccc__.product_product_0", [name for own in known.values() for name in own])

    def test_a_value_that_is_added_there_makes_its_variants_once(self):
        record, answer, product = self._travelled(self._jumper())
        before = self._variants(product)
        lines = deepcopy(record["values"]["attribute_line_ids"])
        rows = deepcopy(record["values"]["product_variant_ids"])
        [green] = self.read_out(self.colour.value_ids[2], ["name"])
        line = next(line for line in lines if len(line["values"]["value_ids"]) == 2 and "Colour" in str(line))
        line["values"]["value_ids"].append({"ids": green["ids"], "name": ""})
        for size, code in zip(self.size.value_ids, ("G0", "G1"), strict=True):
            [reference] = self.read_out(size, ["name"])
            combination = [{"ids": green["ids"], "name": ""}, {"ids": reference["ids"], "name": ""}]
            rows.append(
                {
                    "ids": [f"__sync_cccccccc__.product_product_{code}"],
                    "values": {"combination": combination, "default_code": code, "active": True},
                }
            )
        change = self.changed(record, answer, attribute_line_ids=lines, product_variant_ids=rows)
        self.assertEqual(self.take_one("product.template", WANTED, change)["state"], "taken")
        after = self._variants(product)
        self.assertEqual(len(after), 6)
        self.assertEqual([after[names] for names in before], list(before.values()))
        self.assertEqual({after["Green", "S"].default_code, after["Green", "M"].default_code}, {"G0", "G1"})

    def test_a_value_that_is_gone_there_takes_its_variants_along(self):
        record, answer, product = self._travelled(self._jumper())
        lines = deepcopy(record["values"]["attribute_line_ids"])
        line = next(line for line in lines if "Colour" in str(line))
        [blue] = self.read_out(self.colour.value_ids[1], ["name"])
        line["values"]["value_ids"] = [ref for ref in line["values"]["value_ids"] if ref["ids"] != blue["ids"]]
        rows = [row for row in record["values"]["product_variant_ids"] if blue["ids"][0] not in str(row)]
        change = self.changed(record, answer, attribute_line_ids=lines, product_variant_ids=rows)
        self.assertEqual(self.take_one("product.template", WANTED, change)["state"], "taken")
        self.assertEqual(set(self._variants(product)), {("Red", "S"), ("M", "Red")})

    def test_a_variant_that_was_deleted_there_is_not_left_here(self):
        jumper = self._jumper()
        jumper.product_variant_ids[0].unlink()
        _record, _answer, made = self._travelled(jumper)
        self.assertEqual(set(self._variants(made)), {("M", "Red"), ("Blue", "S"), ("Blue", "M")})

    def test_only_what_differs_of_variants_is_written(self):
        record, answer, _product = self._travelled(self._jumper())
        rows = deepcopy(record["values"]["product_variant_ids"])
        row = self._row({"values": {"product_variant_ids": rows}}, self.colour.value_ids[0], self.size.value_ids[0])
        row["values"]["default_code"] = "NEW"
        change = self.changed(record, answer, product_variant_ids=rows)
        written = []
        plain = type(self.env["product.product"]).write
        self.patch(
            type(self.env["product.product"]),
            "write",
            lambda records, vals: (written.append(dict(vals)), plain(records, vals))[1],
        )
        self.assertEqual(self.take_one("product.template", WANTED, change)["state"], "taken")
        self.assertEqual(written, [{"default_code": "NEW"}])

    def test_a_product_without_variants_has_its_codes_on_itself(self):
        needle = self._product(name="Needle", default_code="N1", barcode="3000", standard_price=2, weight=0.5)
        record, answer, made = self._travelled(needle)
        self.assertEqual(answer["state"], "made")
        self.assertEqual(
            (made.default_code, made.barcode, made.standard_price, made.weight, len(made.product_variant_ids)),
            ("N1", "3000", 2, 0.5, 1),
        )
        rows = deepcopy(record["values"]["product_variant_ids"])
        rows[0]["values"]["barcode"] = "3001"
        change = self.changed(record, answer, product_variant_ids=rows)
        self.assertEqual(self.take_one("product.template", WANTED, change)["state"], "taken")
        self.assertEqual(made.barcode, "3001")

    def test_an_archived_product_comes_archived_and_back(self):
        jumper = self._jumper()
        jumper.action_archive()
        record, answer, made = self._travelled(jumper)
        self.assertFalse(made.active)
        self.assertFalse(made.product_variant_ids)
        rows = deepcopy(record["values"]["product_variant_ids"])
        for row in rows[:3]:
            row["values"]["active"] = True
        change = self.changed(record, answer, active=True, product_variant_ids=rows)
        answer = self.take_one("product.template", WANTED, change)
        self.assertEqual(answer["state"], "taken", answer)
        self.assertTrue(made.active)
        self.assertEqual(len(made.product_variant_ids), 3)

    def test_variants_made_on_demand_on_both_sides_are_joined(self):
        dynamic = self._attribute("Engraving", "Crown", "Anchor", create_variant="dynamic")
        ring = self._product(dynamic.value_ids, name="Ring")
        crown, anchor = ring.attribute_line_ids.product_template_value_ids
        ring._create_product_variant(crown).default_code = "CROWN"
        record, answer, made = self._travelled(ring)
        self.assertEqual(made.product_variant_ids.mapped("default_code"), ["CROWN"])
        anchor = made.attribute_line_ids.product_template_value_ids[1]
        made._create_product_variant(anchor).default_code = "ANCHOR"
        answer["tokens"] = self.tokens(made, WANTED)
        rows = deepcopy(record["values"]["product_variant_ids"])
        rows[0]["values"]["default_code"] = "CROWN-2"
        change = self.changed(record, answer, product_variant_ids=rows)
        answer = self.take_one("product.template", WANTED, change)
        self.assertEqual((answer["state"], answer["more"]), ("taken", ["product_variant_ids"]))
        self.assertEqual(sorted(made.product_variant_ids.mapped("default_code")), ["ANCHOR", "CROWN-2"])

    def test_attributes_that_never_make_variants_travel_with_the_product(self):
        never = self._attribute("Wrapping", "Paper", "Box", create_variant="no_variant")
        _record, answer, made = self._travelled(self._product(never.value_ids, self.size.value_ids))
        self.assertEqual(answer["state"], "made")
        self.assertEqual(len(made.product_variant_ids), 2)
        self.assertEqual(set(made.attribute_line_ids.mapped("attribute_id.name")), {"Wrapping", "Size of jumpers"})

    def test_an_attribute_that_makes_no_variants_here_is_a_sentence(self):
        jumper = self._jumper()
        [record] = self.read_out(jumper, WANTED)
        jumper.unlink()
        self.size.create_variant = "no_variant"
        answer = self.take_one("product.template", WANTED, record)
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Compare “Variant Creation”", answer["error"])
        self.assertFalse(self.named_by("product.template", record))

    def test_a_value_that_is_not_here_makes_the_whole_product_wait(self):
        jumper = self._jumper()
        [record] = self.read_out(jumper, WANTED)
        jumper.unlink()
        self.colour.value_ids.unlink()
        answer = self.take_one("product.template", WANTED, record)
        self.assertEqual(answer["state"], "waiting")
        self.assertIn("attribute_line_ids.value_ids", answer["missing"])
        self.assertFalse(self.env["product.template"].search([("name", "=", "Jumper")]))

    def test_values_of_attributes_are_known_by_their_attribute_and_name(self):
        [record] = self.read_out(self.colour.value_ids[0], ["name", "attribute_id"])
        record["ids"] = ["__sync_cccccccc__.product_attribute_value_9"]
        answer = self.take_one("product.attribute.value", ["name", "attribute_id"], record, ["name", "attribute_id"])
        self.assertEqual(answer["state"], "same", answer)
        self.assertEqual(self.named_by("product.attribute.value", record), self.colour.value_ids[0])
        record["values"]["attribute_id"] = {"ids": self.read_out(self.size, ["name"])[0]["ids"], "name": ""}
        record["ids"] = ["__sync_cccccccc__.product_attribute_value_10"]
        answer = self.take_one("product.attribute.value", ["name", "attribute_id"], record, ["name", "attribute_id"])
        self.assertEqual(answer["state"], "made", "another attribute may have a value of the same name")

    def test_variants_left_over_from_old_values_stay_where_they_are(self):
        jumper = self._jumper()
        pinned = jumper.product_variant_ids.filtered(lambda v: "Blue" in v.display_name)
        # What is in use is archived by Odoo when its value goes.
        self.patch(type(pinned), "_filter_to_unlink", lambda records: records.browse())
        jumper.attribute_line_ids[0].value_ids = [Command.unlink(self.colour.value_ids[1].id)]
        self.assertEqual(set(pinned.mapped("active")), {False})
        [record] = self.read_out(jumper, WANTED)
        self.assertEqual(len(record["values"]["product_variant_ids"]), 2)

    def test_a_product_is_as_new_as_its_newest_variant(self):
        jumper = self._jumper()
        self.env.flush_all()
        self.env.cr.execute("UPDATE product_template SET write_date = '2020-01-01' WHERE id = %s", jumper.ids)
        self.env.invalidate_all()
        [record] = self.read_out(jumper, WANTED)
        self.assertGreater(record["at"], "2020-01-02")

    def test_a_change_of_a_variant_is_a_change_of_its_product(self):
        jumper = self._jumper()
        mapping = self._mapping()
        self.env["sync.exchange.watch"]._watch(PEER, mapping._watched())
        changed = self.env["sync.exchange.change"]._changed()
        changed.clear()
        jumper.product_variant_ids[1].weight = 3
        self.env.flush_all()
        self.assertEqual(list(changed), [("product.template", jumper.id)])
        changed.clear()
        jumper.attribute_line_ids[0].product_template_value_ids[0].price_extra = 1
        self.env.flush_all()
        self.assertEqual(list(changed), [("product.template", jumper.id)])

    def _mapping(self, model="product.template", names=("name", "attribute_line_ids", "product_variant_ids")):
        peer = self.env["sync.exchange.peer"].create({"name": "Siena", "url": "https://erp.example.com"})
        fields = self.env["ir.model.fields"]
        return self.env["sync.exchange.mapping"].create(
            {
                "peer_id": peer.id,
                "model_id": self.env["ir.model"]._get_id(model),
                "line_ids": [Command.create({"field_id": fields._get(model, name).id}) for name in names],
            }
        )

    def test_lines_need_no_names_and_variants_do(self):
        self.assertEqual(self._mapping()._named(), {"product.template", "product.product"})

    def test_kinds_of_data_that_travel_otherwise_say_how(self):
        for model, words in (
            ("product.product", "Choose “Product” instead"),
            ("stock.quant", "Align stock"),
            ("account.move.line", "Choose “Journal Entry” instead"),
        ):
            if model in self.env:
                with self.subTest(model), self.assertRaisesRegex(ValidationError, words):
                    self._mapping(model, ())

    def test_an_average_cost_follows_from_the_moves_here(self):
        if "property_cost_method" not in self.env["product.category"]._fields:
            self.skipTest("needs stock_account")
        record, answer, product = self._travelled(self._jumper())
        product.categ_id = self.env["product.category"].create({"name": "Wool", "property_cost_method": "average"})
        answer["tokens"] = self.tokens(product, WANTED)
        rows = deepcopy(record["values"]["product_variant_ids"])
        for row in rows:
            row["values"]["standard_price"] = 99
        self.take_one("product.template", WANTED, self.changed(record, answer, product_variant_ids=rows))
        self.assertNotIn(99, product.product_variant_ids.mapped("standard_price"))
