# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub_exchange.models.sync_exchange_store import Item
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PEER, ExchangeCase


@tagged("post_install", "-at_install")
class TestStore(ExchangeCase):
    """What has travelled becomes records, in bulk, and a refused one is refused alone."""

    def store(self, *items, model="res.partner"):
        with mute_logger("odoo.sql_db", "odoo.addons.sync_hub_exchange.models.sync_exchange_store"):
            self.env["sync.exchange.store"]._store(model, list(items), PEER)
        return items

    def reference(self, record):
        return {"ids": [self.name_of(record)], "name": "whatever"}

    def test_one_record_that_is_refused_stops_itself_only(self):
        for bad in (0, 3, 7):
            with self.subTest(bad):
                items = [
                    Item([f"__b__.{bad}_{number}"], {"name": "x", "partner_latitude": "?" if number == bad else 0})
                    for number in range(8)
                ]
                self.store(*items)
                self.assertEqual([number for number, item in enumerate(items) if item.error], [bad])
                made = self.env["res.partner"].browse([item.res_id for item in items if item.res_id])
                self.assertEqual(len(made.exists()), 7)


    def test_two_that_are_refused_are_refused_alone(self):
        items = [Item([f"__b__.{n}"], {"name": "x", "partner_latitude": "?" if n in (2, 5) else 0}) for n in range(9)]
        self.store(*items)
        self.assertEqual([number for number, item in enumerate(items) if item.error], [2, 5])

    def test_a_record_that_may_not_be_written_is_refused_alone(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        ours = [self.partner() for _number in range(4)]
        theirs = self.env["res.partner"].sudo().create({"name": "Theirs", "company_id": other.id})
        items = [Item([f"__b__.{record.id}"], {"city": "Roma"}, record.id) for record in (*ours, theirs)]
        self.store(*items)
        self.assertEqual([bool(item.error) for item in items], [False] * 4 + [True])
        self.assertEqual({partner.city for partner in ours}, {"Roma"})
        self.assertFalse(theirs.city)

    def test_what_leads_nowhere_is_left_out_and_named(self):
        [item] = self.store(Item(["__b__.1"], {"name": "Bob", "parent_id": {"ids": ["__b__.2"], "name": "Firm"}}))
        partner = self.env["res.partner"].browse(item.res_id)
        self.assertEqual((partner.name, partner.parent_id.id), ("Bob", False))
        self.assertEqual(item.missing, {"parent_id": {"ids": ["__b__.2"], "name": "Firm"}})

    def test_what_needs_something_that_is_not_here_waits(self):
        owner = {"ids": ["__b__.2"], "name": "Firm"}
        [item] = self.store(Item(["__b__.1"], {"acc_number": "1", "partner_id": owner}), model="res.partner.bank")
        self.assertTrue(item.is_waiting)
        self.assertFalse(self.env["res.partner.bank"].search([("acc_number", "=", "1")]))

    def test_references_lead_to_the_record_that_has_the_name_here(self):
        firm, tag = self.partner(name="Firm"), self.env["res.partner.category"].create({"name": "Good"})
        values = {"name": "Bob", "parent_id": self.reference(firm), "category_id": [self.reference(tag)]}
        [item] = self.store(Item(["__b__.1"], values))
        partner = self.env["res.partner"].browse(item.res_id)
        self.assertEqual((partner.parent_id, partner.category_id), (firm, tag))

    def test_a_country_is_known_by_its_code(self):
        [item] = self.store(Item(["__b__.1"], {"name": "Bob", "country_id": {"ids": [], "code": {"code": "IT"}}}))
        self.assertEqual(self.env["res.partner"].browse(item.res_id).country_id, self.env.ref("base.it"))

    def test_rows_keep_their_identity_and_those_that_are_gone_there_go_here(self):
        rows = [{"ids": [f"__b__.row{number}"], "values": {"acc_number": str(number)}} for number in (1, 2, 3)]
        [item] = self.store(Item(["__b__.1"], {"name": "Bob", "bank_ids": rows}))
        partner = self.env["res.partner"].browse(item.res_id)
        ids = {row.acc_number: row.id for row in partner.bank_ids}
        self.assertEqual(set(ids), {"1", "2", "3"})
        changed = [{**rows[1], "values": {"acc_number": "22"}}, rows[2]]
        self.store(Item(["__b__.1"], {"bank_ids": changed}, partner.id))
        self.assertEqual({row.acc_number: row.id for row in partner.bank_ids}, {"22": ids["2"], "3": ids["3"]})

    def test_texts_are_stored_in_the_languages_that_are_here(self):
        self.env["res.lang"].sudo()._activate_lang("it_IT")
        texts = {"en_US": "Customer", "it_IT": "Cliente", "xx_XX": "?"}
        [item] = self.store(Item(["__b__.1"], {"name": texts}), model="res.partner.category")
        tag = self.env["res.partner.category"].browse(item.res_id)
        self.assertEqual(tag.with_context(lang="it_IT").name, "Cliente")
        self.assertEqual(tag.with_context(lang="en_US").name, "Customer")
        [item] = self.store(Item([], {"name": {"en_US": "Client", "it_IT": "Cliente"}}, tag.id), model=tag._name)
        names = [tag.with_context(lang=language).name for language in ("en_US", "it_IT")]
        self.assertEqual(names, ["Client", "Cliente"])

    def test_texts_of_rows_are_stored_in_the_languages_that_are_here(self):
        self.env["res.lang"].sudo()._activate_lang("it_IT")

        def row(number, english, italian):
            texts = {"en_US": english, "it_IT": italian, "xx_XX": "?"}
            return {"ids": [f"__b__.row{number}"], "values": {"name": texts}}

        def names(tag):
            rows = tag.child_ids.sorted("id")
            return [(child.name, child.with_context(lang="it_IT").name) for child in rows]

        rows = [row(1, "Good", "Buono"), row(2, "Best", "Best")]
        [item] = self.store(Item(["__b__.1"], {"name": "Tag", "child_ids": rows}), model="res.partner.category")
        tag = self.env["res.partner.category"].browse(item.res_id)
        self.assertEqual(names(tag), [("Good", "Buono"), ("Best", "Best")])
        rows = [row(1, "Good", "Good"), row(2, "Best", "Ottimo"), row(3, "New", "Nuovo")]
        self.store(Item(["__b__.1"], {"child_ids": rows}, tag.id), model="res.partner.category")
        self.assertEqual(names(tag), [("Good", "Good"), ("Best", "Ottimo"), ("New", "Nuovo")])

    def test_nobody_is_told_of_what_a_peer_brings(self):
        [item] = self.store(Item(["__b__.1"], {"name": "Bob"}))
        self.assertFalse(self.env["res.partner"].browse(item.res_id).message_ids)
