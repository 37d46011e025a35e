# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestIdentity(ExchangeCase):
    """Both sides know a record by the same names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.identity = cls.env["sync.exchange.identity"]
        cls.anna = cls.env["res.partner"].create({"name": "Anna"})

    def test_a_record_without_a_name_gets_one_that_no_other_database_gives(self):
        [name] = self.identity._names_of(self.anna, make=True)[self.anna.id]
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        self.assertEqual(name, f"__sync_{uuid[:8]}__.res_partner_{self.anna.id}")
        self.assertEqual(self.identity._names_of(self.anna, make=True)[self.anna.id], [name], "and keeps it")
        self.assertEqual(self.identity._named("res.partner", [name, "no.such"]), {name: self.anna.id})

    def test_who_only_looks_gives_no_name(self):
        self.assertEqual(self.identity._names_of(self.anna, make=False), {self.anna.id: []})

    def test_a_record_may_have_many_names(self):
        self.identity._give("res.partner", [("__b__.1", self.anna.id), ("__c__.1", self.anna.id)])
        self.assertEqual(self.identity._names_of(self.anna, make=True)[self.anna.id], ["__b__.1", "__c__.1"])

    def test_a_name_is_not_taken_away_from_the_record_that_has_it(self):
        bob = self.partner(name="Bob")
        self.identity._give("res.partner", [("__b__.1", self.anna.id)])
        self.identity._give("res.partner", [("__b__.1", bob.id)])
        self.assertEqual(self.identity._named("res.partner", ["__b__.1"]), {"__b__.1": self.anna.id})

    def test_a_name_whose_record_postgresql_has_deleted_leads_nowhere_and_may_be_given_again(self):
        bob = self.partner(name="Bob")
        self.identity._give("res.partner", [("__b__.1", bob.id)])
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [bob.id])
        self.env.invalidate_all()
        self.assertEqual(self.identity._named("res.partner", ["__b__.1"]), {})
        self.identity._give("res.partner", [("__b__.1", self.anna.id)])
        self.assertEqual(self.identity._named("res.partner", ["__b__.1"]), {"__b__.1": self.anna.id})

    def test_names_of_another_model_are_other_names(self):
        self.assertEqual(self.identity._named("res.partner", ["base.it"]), {})

    def test_what_belongs_to_a_company_is_called_without_the_number_of_the_company(self):
        own, other = self.company.root_id.id, self.company.root_id.id + 1000
        self.assertEqual(self.identity._outward(f"account.{own}_a10"), "account.@_a10")
        self.assertEqual(self.identity._inward("account.@_a10"), f"account.{own}_a10")
        self.assertEqual(self.identity._outward(f"account.{other}_a10"), "", "that is another company's")
