# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PEER, ExchangeCase


@tagged("post_install", "-at_install")
class TestWatch(ExchangeCase):
    """What is noted is what a peer has asked for, as long as it goes on asking."""

    def setUp(self):
        super().setUp()
        self.watches = self.env["sync.exchange.watch"].sudo()
        self.addCleanup(self.registry.clear_cache)

    def test_who_asks_for_the_first_time_is_told_so(self):
        self.assertFalse(self.watches._watch(PEER, {"res.partner": ""}))
        self.assertTrue(self.watches._watch(PEER, {"res.partner": ""}))
        self.assertFalse(self.watches._watch("another", {"res.partner": ""}))
        self.assertEqual(self.changes._watched(), {"res.partner": ""})

    def test_a_model_that_is_exchanged_itself_and_as_part_is_noted_itself(self):
        self.watches._watch(PEER, {"res.partner": "", "res.partner.bank": "partner_id"})
        self.assertEqual(self.changes._watched()["res.partner.bank"], "partner_id")
        self.watches._watch("another", {"res.partner.bank": ""})
        self.assertEqual(self.changes._watched()["res.partner.bank"], "")

    def test_a_peer_that_does_not_ask_any_more_is_forgotten_and_one_that_does_is_not(self):
        self.watches._watch(PEER, {"res.partner": ""})
        self.watches._watch("another", {"res.partner.category": ""})
        self.watches.search([]).asked_at = fields.Datetime.now() - timedelta(days=91)
        self.watches._watch("another", {"res.partner.category": ""})
        self.watches._gc_watches()
        self.assertEqual(self.changes._watched(), {"res.partner.category": ""})

    def test_the_door_says_whether_changes_were_noted_all_the_time(self):
        door = self.env["sync.exchange.door"]
        first = door.watch(self.terms.to_wire(), {"res.partner": ""})
        self.assertFalse(first["known"])
        again = door.watch(self.terms.to_wire(), {"res.partner": ""})
        self.assertTrue(again["known"] and again["ready"])

    def test_an_old_grave_is_forgotten(self):
        graves = self.env["sync.exchange.tombstone"].sudo()
        graves._bury([("res.partner", "__b__.1"), ("res.partner", "__b__.2")])
        graves.search([("external_id", "=", "__b__.1")]).deleted_at = fields.Datetime.now() - timedelta(days=366)
        graves._gc_tombstones()
        self.assertEqual(set(graves._graves(["__b__.1", "__b__.2"])), {"__b__.2"})

    def test_who_was_deleted_twice_died_at_the_second_time(self):
        graves = self.env["sync.exchange.tombstone"].sudo()
        graves._bury([("res.partner", "__b__.1"), ("res.partner", "__b__.1")])
        first = graves._graves(["__b__.1"])["__b__.1"]
        graves._bury([("res.partner", "__b__.1")])
        graves.invalidate_model()
        self.assertGreater(graves._graves(["__b__.1"])["__b__.1"], first)
