# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub_exchange.models.sync_exchange_change import ORIGIN
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PEER, ExchangeCase


@tagged("post_install", "-at_install")
class TestCapture(ExchangeCase):
    """Every change of a record that is exchanged is noted in its own transaction, wherever it comes from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.env["res.partner"].create({"name": "Anna"})
        cls.env["sync.exchange.watch"]._watch(
            PEER, {"res.partner": "", "res.partner.bank": "partner_id", "res.partner.category": ""}
        )
        cls.env.cr.flush()
        cls.addClassCleanup(cls.registry.clear_cache)

    def setUp(self):
        super().setUp()
        self.known = self.changes.search([]).ids

    def noted(self):
        """What has been noted in this test: (model, id, external ids, origin)."""
        self.env.cr.flush()
        found = self.changes.search([("id", "not in", self.known)])
        return [(change.model, change.res_id, change.names or None, change.origin or None) for change in found]

    def test_a_new_record_is_noted_once(self):
        bob = self.partner(name="Bob", city="Roma")
        bob.city = "Milano"
        self.assertEqual(self.noted(), [("res.partner", bob.id, None, None)])

    def test_a_written_record_is_noted(self):
        self.anna.city = "Roma"
        self.assertEqual(self.noted(), [("res.partner", self.anna.id, None, None)])

    def test_what_odoo_computes_anew_is_noted(self):
        member = self.partner(name="Bob", parent_id=self.anna.id)
        self.env.cr.flush()
        self.known = self.changes.search([]).ids
        self.anna.name = "Anna & Co."
        self.assertEqual({row[1] for row in self.noted()}, {self.anna.id, member.id}, "its full name has changed")

    def test_a_row_that_belongs_to_a_record_is_a_change_of_the_record(self):
        account = self.env["res.partner.bank"].create({"acc_number": "1", "partner_id": self.anna.id})
        self.assertEqual({row[:2] for row in self.noted()}, {("res.partner", self.anna.id)})
        self.known = self.changes.search([]).ids
        account.acc_number = "2"
        self.assertEqual({row[:2] for row in self.noted()}, {("res.partner", self.anna.id)})
        self.known = self.changes.search([]).ids
        account.unlink()
        self.assertEqual({row[:2] for row in self.noted()}, {("res.partner", self.anna.id)})

    def test_a_deleted_record_is_noted_with_the_names_by_which_peers_know_it(self):
        bob = self.partner(name="Bob")
        name = self.name_of(bob)
        self.env.cr.flush()
        self.known = self.changes.search([]).ids
        number = bob.id
        bob.unlink()
        self.assertEqual(self.noted(), [("res.partner", number, [name], None)])
        self.assertIn(name, self.env["sync.exchange.tombstone"]._graves([name]))

    def test_what_no_peer_watches_is_not_noted(self):
        self.env["res.partner.industry"].sudo().create({"name": "Shoes"})
        self.assertEqual(self.noted(), [])

    def test_what_is_undone_is_not_noted(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.anna.city = "Nowhere"
            self.env.flush_all()
            raise ZeroDivisionError
        self.assertEqual(self.noted(), [])

    def test_what_was_done_before_something_else_was_undone_is_noted(self):
        self.anna.city = "Roma"
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.anna.phone = "1"
            raise ZeroDivisionError
        self.assertEqual(self.noted(), [("res.partner", self.anna.id, None, None)])

    def test_what_a_peer_has_brought_is_marked_and_nothing_else(self):
        bob = self.partner(name="Bob")
        self.env.cr.flush()
        self.known = self.changes.search([]).ids
        self.changes._mark_origin("res.partner", self.anna.ids, PEER)
        with self.env.cr.savepoint():
            self.anna.city = "Roma"
            bob.city = "Roma"
        self.changes._forget_origins()
        self.assertEqual({row[1]: row[3] for row in self.noted()}, {self.anna.id: PEER, bob.id: None})
        self.known = self.changes.search([]).ids
        self.anna.city = "Milano"
        self.assertEqual(self.noted(), [("res.partner", self.anna.id, None, None)], "somebody's own doing")

    def test_a_record_that_a_peer_has_brought_is_marked_from_the_beginning(self):
        partners = self.env["res.partner"].with_context(**{ORIGIN: ("res.partner", PEER)})
        bob = partners.create({"name": "Bob"})
        self.assertEqual(self.noted(), [("res.partner", bob.id, None, PEER)])

    def test_a_refused_record_leaves_no_mark_for_the_next_one(self):
        from odoo.addons.sync_hub_exchange.models.sync_exchange_store import Item

        item = Item(["__b__.1"], {"partner_latitude": "no number"}, self.anna.id)
        with mute_logger("odoo.addons.sync_hub_exchange.models.sync_exchange_store"):
            self.env["sync.exchange.store"]._store("res.partner", [item], PEER)
        self.assertTrue(item.error)
        self.anna.city = "Roma"
        self.assertEqual(self.noted(), [("res.partner", self.anna.id, None, None)])
