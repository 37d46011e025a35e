# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest

from odoo.addons.sync_hub_exchange.models import ready_made
from odoo.addons.sync_hub_exchange.models.ready_made import BY_CODE, READY_MADE
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .peer_case import PeerCase


@tagged("post_install", "-at_install")
class TestMapping(PeerCase):
    """What is exchanged is chosen with one press, and every field and rule of it can be changed."""

    def wizard(self, *codes, peer=None):
        action = (peer or self.peer).action_add_data()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        for line in wizard.line_ids:
            line.chosen = line.code in codes
        return wizard

    def test_the_examples_are_true(self):
        self.assertFalse(doctest.testmod(ready_made).failed)

    def test_contacts_come_with_their_tags_fields_keys_and_filter(self):
        self.wizard("partners").action_add()
        tags, partners = self.peer.mapping_ids
        self.assertEqual((tags.model, partners.model), ("res.partner.category", "res.partner"))
        names = partners.line_ids.mapped("name")
        self.assertLessEqual({"name", "vat", "parent_id", "category_id", "lang", "country_id"}, set(names))
        self.assertEqual(set(partners.line_ids.filtered("is_key").mapped("name")), {"vat", "name"})
        self.assertEqual((partners.policy, partners.deletion, partners.direction), ("fields", "archive", "both"))

    def test_the_contacts_of_users_and_companies_stay_where_they_are(self):
        self.wizard("partners").action_add()
        partners = self.env["res.partner"].sudo()
        anna = partners.create({"name": "Anna"})
        chosen = partners.with_context(active_test=False).search(self.peer.mapping_ids[1]._domain())
        self.assertIn(anna, chosen)
        self.assertNotIn(self.manager.partner_id, chosen)
        if "ref_company_ids" in partners._fields:
            self.assertNotIn(self.company.partner_id, chosen)

    def test_fields_and_models_that_are_not_installed_are_left_out(self):
        mappings = self.env["sync.exchange.mapping"]
        for ready in mappings._ready_made():
            with self.subTest(ready.code):
                mapping = mappings.create(
                    {
                        **mappings._ready_values(ready),
                        "peer_id": self.peer.id,
                        "model_id": self.env["ir.model"]._get_id(ready.model),
                    }
                )
                self.assertTrue(mapping.line_ids)
                self.assertLessEqual(set(mapping.line_ids.mapped("name")), {*ready.fields, *ready.parts})
        offered = set(self.wizard(peer=self.new_peer(name="Milan")).line_ids.mapped("code"))
        self.assertEqual(offered, {ready.code for ready in READY_MADE if ready.model in self.env})

    def test_what_is_exchanged_already_is_not_offered_again(self):
        self.wizard("partner_tags").action_add()
        self.assertNotIn("partner_tags", self.wizard().line_ids.mapped("code"))
        self.wizard("partners").action_add()
        self.assertEqual(len(self.peer.mapping_ids), 2)

    def test_the_dialog_says_what_each_brings_and_wants_a_choice(self):
        wizard = self.wizard()
        self.assertTrue(all(wizard.line_ids.mapped("title")) and all(wizard.line_ids.mapped("note")))
        partners = wizard.line_ids.filtered(lambda line: line.code == "partners")
        self.assertIn("Brings along: Contact tags.", partners.note)
        with self.assertRaisesRegex(UserError, "Tick"):
            wizard.action_add()
        self.assertEqual(wizard.action_other()["res_model"], "sync.exchange.mapping")

    def test_usual_data_is_ticked_at_first_and_nothing_later(self):
        action = self.peer.action_add_data()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        ticked = wizards.create({}).line_ids.filtered("chosen").mapped("code")
        self.assertIn("partners", ticked)
        self.assertTrue(all(BY_CODE[code].usual for code in ticked))
        self.mapping("res.partner.category", ["name"])
        self.assertFalse(wizards.create({}).line_ids.filtered("chosen"))

    def test_data_without_a_set_is_exchanged_with_all_fields_that_make_sense(self):
        mapping = self.env["sync.exchange.mapping"].create(
            {"peer_id": self.peer.id, "model_id": self.env["ir.model"]._get_id("res.bank")}
        )
        names = set(mapping.line_ids.mapped("name"))
        self.assertLessEqual({"name", "bic", "city", "country"}, names)
        self.assertFalse(names & {"id", "create_uid", "write_date", "display_name"})
        self.assertEqual(mapping.field_count, len(names))

    def test_choosing_the_kind_of_data_fills_in_its_fields(self):
        form = Form(self.env["sync.exchange.mapping"].with_context(default_peer_id=self.peer.id))
        form.model_id = self.env["ir.model"]._get("res.partner")
        mapping = form.save()
        self.assertIn("vat", mapping.line_ids.mapped("name"))
        self.assertIn("user_ids", mapping.domain)

    def test_comparing_all_again_begins_from_the_beginning(self):
        mapping = self.mapping()
        mapping.write({"receive_cursor": {"phase": "changes"}, "send_cursor": {"phase": "changes"}})
        mapping.action_start_again()
        self.assertFalse(mapping.receive_cursor or mapping.send_cursor)

    def test_a_filter_that_cannot_be_read_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be used"):
            self.mapping(domain="[('no_such_field', '=', 1)]")
