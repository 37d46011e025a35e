# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub_exchange.models.sync_exchange_wire import Terms
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FIELDS, PEER, ExchangeCase


@tagged("post_install", "-at_install")
class TestTaking(ExchangeCase):
    """The door takes of what is sent only what the sender has seen before; it decides nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.env["res.partner"].create({"name": "Anna", "city": "Roma"})
        cls.name = cls.env["sync.exchange.identity"]._names_of(cls.anna, make=True)[cls.anna.id][0]

    def test_a_record_that_is_not_here_is_made_and_known_by_all_its_names(self):
        [answer] = self.take(self.message(["__b__.1", "__c__.1"], name="Bob", city="Milano"))
        self.assertEqual(answer["state"], "made")
        found = self.env["sync.exchange.identity"]._named("res.partner", ["__b__.1", "__c__.1"])
        bob = self.env["res.partner"].browse(found["__b__.1"])
        self.assertEqual((len(set(found.values())), bob.city), (1, "Milano"))
        self.assertEqual(answer["tokens"]["city"], self.token("Milano"))

    def test_the_same_message_twice_changes_nothing(self):
        message = self.message("__b__.1", name="Bob", city="Milano")
        self.take(message)
        moment = self.env["res.partner"].search([("name", "=", "Bob")]).write_date
        [answer] = self.take(message)
        self.assertEqual(answer["state"], "same")
        bob = self.env["res.partner"].search([("name", "=", "Bob")])
        self.assertEqual((len(bob), bob.write_date), (1, moment))

    def test_a_change_is_taken_if_the_sender_has_seen_what_is_here(self):
        [answer] = self.take(self.message(self.name, seen={"city": "Roma"}, city="Milano"))
        self.assertEqual((answer["state"], self.anna.city), ("taken", "Milano"))

    def test_a_change_is_not_taken_if_it_has_changed_here_meanwhile(self):
        [answer] = self.take(self.message(self.name, seen={"city": "Napoli"}, city="Milano"))
        self.assertEqual((answer["state"], self.anna.city), ("stale", "Roma"))
        self.assertEqual(answer["record"]["values"]["city"], "Roma")

    def test_one_field_that_has_changed_meanwhile_holds_up_the_record(self):
        [answer] = self.take(self.message(self.name, seen={"city": "Roma", "phone": "1"}, city="Milano", phone="2"))
        self.assertEqual((answer["state"], self.anna.city, self.anna.phone), ("stale", "Roma", False))

    def test_what_is_here_already_need_not_have_been_seen(self):
        [answer] = self.take(self.message(self.name, seen={"city": "Napoli"}, city="Roma"))
        self.assertEqual(answer["state"], "same")

    def test_of_a_record_that_is_met_for_the_first_time_the_sender_is_told(self):
        [answer] = self.take(self.message(self.name, city="Milano"))
        self.assertEqual((answer["state"], answer["record"]["values"]["city"]), ("met", "Roma"))

    def test_a_record_is_recognized_by_its_key(self):
        self.anna.ref = "A1"
        [answer] = self.take(self.message("__b__.9", name="Anna there", ref="A1"), keys=["ref"])
        self.assertEqual(answer["state"], "met")
        self.assertIn("__b__.9", self.env["sync.exchange.identity"]._names_of(self.anna, make=False)[self.anna.id])

    def test_of_several_with_the_same_key_none_is_guessed(self):
        for _time in range(2):
            self.partner(ref="A2")
        [answer] = self.take(self.message("__b__.9", name="Anna there", ref="A2"), keys=["ref"])
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Reference", answer["error"])
        self.assertEqual(self.env["res.partner"].search_count([("ref", "=", "A2")]), 2)

    def test_of_several_that_come_with_the_same_key_none_is_guessed(self):
        self.anna.ref = "A3"
        answers = self.take(
            self.message("__b__.8", name="One", ref="A3"), self.message("__b__.9", name="Two", ref="A3"), keys=["ref"]
        )
        self.assertEqual([answer["state"] for answer in answers], ["refused", "refused"])
        self.assertEqual(self.env["res.partner"].search_count([("ref", "=", "A3")]), 1)

    def test_one_that_was_joined_there_and_is_two_here_is_not_guessed(self):
        bob = self.partner(name="Bob")
        [answer] = self.take(self.message([self.name, self.name_of(bob)], seen={"city": "Roma"}, city="x"))
        self.assertEqual(answer["state"], "refused")

    def test_what_was_deleted_here_does_not_come_back_unless_somebody_says_so(self):
        self.watch(res_partner="")
        self.addCleanup(self.registry.clear_cache)
        self.anna.unlink()
        self.env.cr.flush()
        [answer] = self.take(self.message(self.name, name="Anna"))
        self.assertEqual(answer["state"], "deleted")
        [answer] = self.take({**self.message(self.name, name="Anna"), "again": True})
        self.assertEqual(answer["state"], "made")

    def test_data_of_an_addon_is_led_to_and_never_changed(self):
        italy = self.env.ref("base.it")
        [answer] = self.take(
            self.message("base.it", seen={"name": "Italy"}, name="Elsewhere"), model="res.country", wanted=["name"]
        )
        self.assertEqual((answer["state"], italy.with_context(lang="en_US").name), ("same", "Italy"))

    def test_what_waits_is_named(self):
        owner = {"ids": ["__b__.5"], "name": "Firm"}
        [answer] = self.take(
            self.message("__b__.1", acc_number="1", partner_id=owner),
            model="res.partner.bank",
            wanted=["acc_number", "partner_id"],
        )
        self.assertEqual((answer["state"], answer["missing"]), ("waiting", {"partner_id": owner}))

    def test_one_that_is_refused_is_refused_alone(self):
        with mute_logger("odoo.addons.sync_hub_exchange.models.sync_exchange_store"):
            answers = self.take(
                self.message("__b__.1", name="One"),
                self.message("__b__.2", name="Two", partner_latitude="?"),
                self.message("__b__.3", name="Three"),
                wanted=[*FIELDS, "partner_latitude"],
            )
        self.assertEqual([answer["state"] for answer in answers], ["made", "refused", "made"])
        self.assertTrue(answers[1]["error"])

    def test_the_sender_hears_what_has_become_of_it_if_that_is_something_else(self):
        wanted = [*FIELDS, "vat"]
        firm = self.partner(name="Firm", is_company=True, vat="IT06363391001")
        self.anna.parent_id = firm
        self.env.flush_all()
        bob = self.partner(name="Bob", vat="IT12345670017")
        firm_there = {"ids": [self.name_of(firm)], "name": ""}
        message = self.message(self.name_of(bob), seen={"parent_id": None}, parent_id=firm_there)
        [answer] = self.take(message, wanted=wanted)
        self.assertEqual(answer["state"], "taken")
        self.assertIn("vat", answer["differs"])
        self.assertEqual(answer["record"]["values"]["vat"], "IT06363391001")

    def test_a_dry_run_says_what_would_happen_and_changes_nothing(self):
        answers = self.take(
            self.message("__b__.1", name="New"), self.message(self.name, seen={"city": "Roma"}, city="Milano"), dry=True
        )
        self.assertEqual([answer["state"] for answer in answers], ["made", "taken"])
        self.env.invalidate_all()
        self.assertEqual(self.anna.city, "Roma")
        self.assertFalse(self.env["res.partner"].search([("name", "=", "New")]))
        self.assertFalse(self.env["sync.exchange.identity"]._named("res.partner", ["__b__.1"]))

    def test_a_message_with_quantities_leaves_a_receipt_for_its_sender_alone(self):
        tag = self.env["res.partner.category"].create({"name": "Stock", "color": 5})
        message = self.message(self.name_of(tag), seen={"color": 5}, color=8)
        self.take({**message, "once": "no. 1"}, model=tag._name, wanted=["color"])
        wire = self.env["sync.exchange.wire"]
        self.assertEqual(wire._read_records(tag, ["color"], self.terms)[tag.id]["once"], "no. 1")
        other = Terms("another", self.terms.models, self.terms.languages)
        self.assertNotIn("once", wire._read_records(tag, ["color"], other)[tag.id])

    def test_what_was_passed_on_is_as_old_as_it_was(self):
        self.take(self.message("__b__.1", name="Bob"))
        bob = self.env["res.partner"].search([("name", "=", "Bob")])
        read = self.env["sync.exchange.wire"]._read_records(bob, FIELDS, self.terms)[bob.id]
        self.assertEqual((read["at"], read["by"]), ("2026-01-01T00:00:00+00:00", PEER))

    # -- Deletions ---------------------------------------------------------------------------------------------------

    def test_what_was_deleted_there_is_deleted_here_if_nobody_has_changed_it(self):
        [answer] = self.remove({"ids": [self.name], "seen": {"city": self.token("Roma")}})
        self.assertEqual((answer["state"], bool(self.anna.exists())), ("deleted", False))

    def test_what_has_changed_here_meanwhile_is_not_deleted(self):
        [answer] = self.remove({"ids": [self.name], "seen": {"city": self.token("Napoli")}})
        self.assertEqual((answer["state"], bool(self.anna.exists())), ("stale", True))

    def test_it_is_archived_where_that_is_wanted(self):
        [answer] = self.remove({"ids": [self.name], "seen": {}}, how="archive")
        self.assertEqual((answer["state"], self.anna.active), ("archived", False))

    def test_what_others_need_is_archived(self):
        self.env.cr.execute("CREATE TABLE needy (partner integer REFERENCES res_partner)")
        self.env.cr.execute("INSERT INTO needy VALUES (%s)", self.anna.ids)
        with mute_logger("odoo.sql_db"):
            [answer] = self.remove({"ids": [self.name], "seen": {}})
        self.assertEqual((answer["state"], self.anna.exists().active), ("archived", False), answer)

    def test_what_is_not_here_is_deleted_already(self):
        self.assertEqual(self.remove({"ids": ["__b__.404"], "seen": {}}), [{"state": "same"}])
