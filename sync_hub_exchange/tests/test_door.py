# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID
from odoo.addons.sync_hub_exchange.verification import record_digest
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FIELDS, PEER, ExchangeCase


@tagged("post_install", "-at_install")
class TestDoor(ExchangeCase, HttpCase):
    """What the door answers over ``/json/2``, with an API key and no more rights than its user has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.key_of(cls.user)
        cls.other = cls.env(user=SUPERUSER_ID)["res.company"].create({"name": "Next door"})

    @classmethod
    def key_of(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "exchange", datetime.now() + timedelta(days=1))

    def knock(self, method, key=None, **arguments):
        """Status and body of an answer."""
        headers = {"Authorization": f"bearer {key or self.key}", "Content-Type": "application/json"}
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            answer = self.url_open(
                f"/json/2/sync.exchange.door/{method}", data=json.dumps(arguments), headers=headers
            )
        return answer.status_code, answer.json()

    def rows(self, key=None, company=None, model="res.partner", wanted=("name", "ref"), domain=()):
        return self.knock(
            "rows",
            key,
            terms=self.terms.to_wire(),
            company=company or self.company.id,
            model=model,
            wanted=list(wanted),
            domain=list(domain),
            after=0,
            limit=100,
        )

    def test_whoever_has_the_key_of_a_user_for_exchanges_is_told_who_answers(self):
        status, hello = self.knock("hello")
        self.assertEqual(status, 200)
        self.assertEqual(hello["uuid"], self.env["ir.config_parameter"].sudo().get_param("database.uuid"))
        self.assertEqual([company["id"] for company in hello["companies"]], self.company.ids, "those of the user")

    def test_a_wrong_key_opens_nothing(self):
        asked = ("hello", "watch", "rows", "changes", "take", "remove", "named", "describe", "absent")
        for method in (*asked, "ahead", "digests"):
            status, _body = self.knock(method, "0" * 40)
            self.assertEqual(status, 401, method)

    def test_a_user_without_the_right_is_told_what_is_missing(self):
        clerk = new_test_user(self.env(su=True), "clerk", "base.group_partner_manager,base.group_user")
        key = self.key_of(clerk)
        terms = self.terms.to_wire()
        place = {"terms": terms, "company": self.company.id, "model": "res.partner", "wanted": ["name"]}
        for method, arguments in (
            ("hello", {}),
            ("describe", {"model_names": ["res.partner"]}),
            ("absent", {"terms": terms, "model": "res.partner", "wanted": ["name"]}),
            ("watch", {"terms": terms, "watched": {"res.partner": ""}}),
            ("rows", {**place, "domain": [], "after": 0, "limit": 9}),
            ("changes", {**place, "domain": [], "cursor": {}, "limit": 9}),
            ("named", {**place, "domain": [], "names": []}),
            ("take", {**place, "records": [], "keys": []}),
            ("remove", {**place, "records": [], "how": "delete"}),
        ):
            status, body = self.knock(method, key, **arguments)
            self.assertEqual(status, 403, method)
            self.assertIn("Record exchange", body["message"])
            self.assertIn("clerk", body["message"])

    def test_nothing_else_of_the_door_can_be_called(self):
        for method in ("_admit", "_model", "_has_field"):
            status, _body = self.knock(method)
            self.assertIn(status, (403, 404, 422), method)

    def test_a_company_in_which_the_user_does_not_work_is_refused(self):
        status, body = self.rows(company=self.other.id)
        self.assertEqual(status, 403)
        self.assertIn("company", body["message"])

    def test_records_of_another_company_are_neither_shown_nor_changed(self):
        theirs = self.env["res.partner"].sudo().create({"name": "Theirs", "ref": "T", "company_id": self.other.id})
        ours = self.partner(ref="T")
        self.env.flush_all()
        status, page = self.rows(domain=[["ref", "=", "T"]])
        self.assertEqual((status, len(page["records"])), (200, 1))
        self.assertEqual(page["records"][0]["ids"], [self.name_of(ours)])
        name = self.env["sync.exchange.identity"]._names_of(theirs, make=True)[theirs.id][0]
        place = {"terms": self.terms.to_wire(), "company": self.company.id, "model": "res.partner"}
        status, [answer] = self.knock(
            "take", **place, wanted=FIELDS, keys=[], records=[self.message(name, seen={"city": None}, city="Stolen")]
        )
        self.assertEqual((status, answer["state"]), (200, "refused"))
        self.assertIn("may not see it", answer["error"])
        status, [answer] = self.knock(
            "remove", **place, wanted=FIELDS, how="delete", records=[{"ids": [name], "seen": {}}]
        )
        self.assertEqual((status, answer["state"]), (200, "refused"))
        status, found = self.knock("named", **place, wanted=["name"], domain=[], names=[[name]])
        self.assertEqual((status, found), (200, [None]))
        theirs.invalidate_recordset()
        self.assertTrue(theirs.exists())
        self.assertFalse(theirs.city)

    def test_what_the_user_may_not_read_is_not_read(self):
        status, _body = self.rows(model="ir.config_parameter", wanted=["key", "value"])
        self.assertEqual(status, 403)
        _status, page = self.rows(model="res.users", wanted=["login", "password"])
        self.assertFalse(any(record["values"]["password"] for record in page.get("records", [])))

    def test_what_the_user_may_not_write_is_refused_record_by_record(self):
        status, [answer] = self.knock(
            "take",
            terms=self.terms.to_wire(),
            company=self.company.id,
            model="res.partner.industry",
            wanted=["name"],
            keys=[],
            records=[self.message("__b__.1", name="Shoes")],
        )
        self.assertEqual((status, answer["state"]), (200, "refused"))
        self.assertTrue(answer["error"])

    def test_a_kind_of_data_that_is_not_here_is_named(self):
        status, body = self.rows(model="shoe.size")
        self.assertEqual(status, 422)
        self.assertIn("shoe.size", body["message"])

    def test_fields_that_are_not_here_are_named(self):
        wanted = ["name", "shoe_size", {"name": "bank_ids", "fields": ["acc_number", "colour"]}]
        status, absent = self.knock("absent", terms=self.terms.to_wire(), model="res.partner", wanted=wanted)
        self.assertEqual((status, absent), (200, ["shoe_size", "bank_ids"]))

    def test_single_records_are_told_by_name(self):
        anna, bob = self.partner(ref="N"), self.partner(name="Bob")
        status, found = self.knock(
            "named",
            terms=self.terms.to_wire(),
            company=self.company.id,
            model="res.partner",
            wanted=["name"],
            domain=[["ref", "!=", False]],
            names=[[self.name_of(bob)], ["__b__.404"], ["__b__.404", self.name_of(anna)]],
        )
        self.assertEqual(status, 200)
        self.assertEqual([record and record["values"]["name"] for record in found], [None, None, "Anna"])

    def test_what_has_changed_is_told_after_a_cursor_and_an_old_cursor_says_so(self):
        terms = self.terms.to_wire()
        _status, answer = self.knock("watch", terms=terms, watched={"res.partner": ""})
        self.addCleanup(self.registry.clear_cache)
        place = {"terms": terms, "company": self.company.id, "model": "res.partner", "wanted": ["name"], "domain": []}
        status, page = self.knock("changes", **place, cursor=answer["cursor"], limit=10)
        self.assertEqual((status, page["records"], page["gone"], page["more"]), (200, [], [], False))
        old = {**answer["cursor"], "at": "2020-01-01T00:00:00+00:00"}
        status, page = self.knock("changes", **place, cursor=old, limit=10)
        self.assertEqual((status, page), (200, {"expired": True}))

    def test_how_much_is_still_to_be_read_is_told_for_each_kind_of_data(self):
        for number in range(5):
            self.partner(ref=f"ahead {number}")
        domain = [["ref", "like", "ahead"]]
        ids = self.env["res.partner"].search(domain, order="id").ids
        asked = [
            {"model": "res.partner", "domain": domain, "cursor": None},
            {"model": "res.partner", "domain": domain, "cursor": {"phase": "rows", "after": ids[1], "cursor": {}}},
            {"model": "res.partner.category", "domain": [["id", "=", 0]], "cursor": None},
        ]
        place = {"terms": self.terms.to_wire(), "feeds": asked}
        self.assertEqual(self.knock("ahead", company=self.company.id, **place), (200, [5, 3, 0]))
        status, _body = self.knock("ahead", company=self.other.id, **place)
        self.assertEqual(status, 403, "the user is of another company")

    def test_digests_are_told_of_the_records_that_are_named_and_here(self):
        anna = self.partner(ref="A", city="Roma")
        hidden = self.env(user=SUPERUSER_ID)["res.partner"].create({"name": "Next door", "company_id": self.other.id})
        names = [self.name_of(anna), self.name_of(hidden.with_env(self.env)), "__b__.404"]
        place = {"terms": self.terms.to_wire(), "company": self.company.id, "model": "res.partner"}
        status, digests = self.knock("digests", **place, wanted=["city"], names=names)
        self.assertEqual(status, 200)
        self.assertEqual(digests, {names[0]: f"{record_digest(names[0], {'city': self.token('Roma')}):032x}"})

    def test_a_record_is_taken_over_the_wire(self):
        status, [answer] = self.knock(
            "take",
            terms=self.terms.to_wire(),
            company=self.company.id,
            model="res.partner",
            wanted=FIELDS,
            keys=[],
            records=[self.message("__b__.77", name="By wire", city="Roma")],
        )
        self.assertEqual((status, answer["state"]), (200, "made"))
        made = self.env["res.partner"].search([("name", "=", "By wire")])
        self.assertEqual((made.city, made.create_uid), ("Roma", self.user))
        self.assertEqual(PEER, self.env["sync.exchange.wire"]._read_records(made, ["name"], self.terms)[made.id]["by"])
