# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.sync_hub_exchange.remote import RemoteDatabase
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import sync_stock_alignment_preview
from .common import StockCase


@tagged("post_install", "-at_install")
class TestDoor(StockCase, HttpCase):
    """Stock read from a peer, over HTTP and with an API key: here the peer is another warehouse of the same server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.there = cls.north()
        cls.shelf_there = cls.place("Shelf", cls.there.lot_stock_id)
        groups = "stock.group_stock_user,sync_hub_exchange.group_exchange"
        cls.caller = cls.person("caller", groups, cls.company)
        cls.peer = cls.connect(cls.caller)

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Override of ``odoo.tests``, which knows a single number of seconds only."""
        return super()._request_handler(session, request, **{**options, "timeout": max(options["timeout"])})

    @classmethod
    def connect(cls, user):
        key = cls.env["res.users.apikeys"].with_user(user)._generate("rpc", "peer", datetime.now() + timedelta(hours=1))
        peers = cls.env["sync.exchange.peer"].sudo()
        return peers.create(
            {
                "name": "North",
                "company_id": cls.company.id,
                "url": cls.base_url(),
                "database": cls.env.cr.dbname,
                "api_key": key,
                "remote_company_id": cls.company.id,
            }
        )

    def put_there(self, product, quantity, location=None, **more):
        return self.put(product, quantity, location or self.there.lot_stock_id, **more)

    def from_peer(self, **values):
        alignment = self.alignment(source="peer", **{"peer_id": self.peer.id, "warehouse_there": "NORD", **values})
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            alignment.action_preview()
        return alignment

    def apply(self, alignment):
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            alignment.action_apply()

    def refusal(self, **values):
        with mute_logger("odoo.http"), self.assertRaises(UserError) as caught:
            self.from_peer(**values)
        return str(caught.exception)

    def ask(self, **arguments):
        """What the door answers, as a peer asks it."""
        self.env.flush_all()
        with self.allow_requests(all_requests=True), self.peer._remote() as remote:
            return remote.ask("sync.stock.door", "quantities", **arguments)

    def test_the_stock_here_becomes_that_of_the_other_warehouse(self):
        lot = self.lot(self.drug, "L1")
        owner = self.env["res.partner"].create({"name": "Anna"})
        package = self.env["stock.package"].create({"name": "BOX"})
        self.put_there(self.desk, 12.5)
        self.put_there(self.chair, 4, self.shelf_there)
        self.put_there(self.drug, 3, lot_id=lot)
        self.put_there(self.desk, 2, owner_id=owner)
        self.put(self.desk, 20)
        self.put(self.saw, 1, lot_id=self.lot(self.saw, "S1"))
        self.assertTrue(package)
        alignment = self.from_peer()
        self.apply(alignment)
        self.assertFalse(alignment.aside_count, alignment.line_ids.mapped("explanation"))
        self.assertEqual(self.lies(self.desk, owner_id=self.env["res.partner"]), 12.5)
        self.assertEqual(self.lies(self.desk, owner_id=owner), 2)
        self.assertEqual(self.lies(self.chair, self.shelf), 4)
        self.assertEqual(self.lies(self.drug, lot_id=lot), 3)
        self.assertEqual(self.lies(self.saw), 0, "the other warehouse has none")
        with self.allow_requests(all_requests=True):
            alignment.action_preview()
        self.assertEqual((alignment.aside_count, alignment.ready_count, alignment.state), (0, 0, "applied"))

    def test_a_large_stock_comes_in_pages(self):
        goods = [self.product(f"Thing {number}", default_code=f"T{number}") for number in range(5)]
        for number, product in enumerate(goods):
            self.put_there(product, number + 1)
        self.startPatcher(patch.object(sync_stock_alignment_preview, "PAGE", 2))
        alignment = self.from_peer()
        self.assertEqual(
            {line.product_id: line.quantity_there for line in alignment.line_ids},
            {product: number + 1 for number, product in enumerate(goods)},
        )
        self.assertFalse(alignment.moving_there)

    def test_pages_follow_each_other_without_a_gap(self):
        for number in range(5):
            self.put_there(self.product(f"Thing {number}"), number + 1)
        rows, after = [], 0
        while after is not None:
            page = self.ask(warehouse="NORD", after=after, limit=2)
            rows, after = rows + page["rows"], page["after"]
        self.assertEqual([row["quantity"] for row in rows], ["1.00", "2.00", "3.00", "4.00", "5.00"])

    def test_the_door_says_which_products_it_knows(self):
        self.product("Old", default_code="OLD").action_archive()
        asked = [{"code": "DESK"}, {"barcode": "8001234567890"}, {"code": "OLD"}, {"code": "NONE"}, {"ids": ["no.id"]}]
        self.env.flush_all()
        with self.allow_requests(all_requests=True), self.peer._remote() as remote:
            known = remote.ask("sync.stock.door", "known", products=asked)
        self.assertEqual(known, [True, True, True, False, False])

    def test_goods_in_two_rows_there_have_one_quantity_here(self):
        self.put_there(self.desk, 5)
        self.env["stock.quant"].sudo().create(
            {"product_id": self.desk.id, "location_id": self.there.lot_stock_id.id, "quantity": 3}
        )
        self.assertEqual(self.only(self.from_peer()).quantity_there, 8)

    def test_what_moves_there_is_seen_in_the_state_of_the_pages(self):
        self.put_there(self.desk, 5)
        before = self.ask(warehouse="NORD")["state"]
        self.assertEqual(self.ask(warehouse="NORD")["state"], before)
        self.put_there(self.desk, 6)
        self.assertNotEqual(self.ask(warehouse="NORD")["state"], before)

    def test_goods_that_change_places_there_are_seen_in_the_state_of_the_pages(self):
        """The total is the same, and one transaction has one time."""
        self.put_there(self.desk, 5)
        self.put_there(self.desk, 1, self.shelf_there)
        before = self.ask(warehouse="NORD")["state"]
        self.put_there(self.desk, 1)
        self.put_there(self.desk, 5, self.shelf_there)
        self.assertNotEqual(self.ask(warehouse="NORD")["state"], before)

    def test_what_moved_there_since_the_preview_is_set_aside(self):
        self.put_there(self.desk, 5)
        self.put_there(self.chair, 4)
        alignment = self.from_peer()
        self.put_there(self.desk, 2)
        self.apply(alignment)
        self.assertEqual(self.told(alignment), {("DESK", "aside", "moved_there"), ("CHAIR", "applied", "raise")})
        moved = alignment.line_ids.filtered("reason")
        self.assertEqual(
            moved.explanation, "Moved in the other database since the preview: it had 5, now it has 2."
        )
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (0, 4))

    def test_what_is_gone_there_since_the_preview_is_set_aside(self):
        self.put_there(self.desk, 5)
        self.put(self.desk, 3)
        alignment = self.from_peer()
        self.put_there(self.desk, 0)
        self.apply(alignment)
        self.assertEqual((self.lies(self.desk), self.told(alignment)), (3, {("DESK", "aside", "moved_there")}))

    def test_a_peer_that_cannot_be_asked_any_more_stops_the_click(self):
        self.put_there(self.desk, 5)
        alignment = self.from_peer()
        self.peer.sudo().api_key = "0" * 40
        with mute_logger("odoo.http"), self.assertRaisesRegex(UserError, "API key"):
            self.apply(alignment)
        self.assertEqual((self.lies(self.desk), alignment.ready_count), (0, 1))

    def test_the_own_locations_of_a_warehouse_are_known_whatever_they_are_called(self):
        """Odoo calls them in the language of whoever made the warehouse: Stock, Giacenza, Estoque."""
        self.there.lot_stock_id.name = "Giacenza"
        self.put_there(self.desk, 5)
        self.put_there(self.chair, 4, self.shelf_there)
        alignment = self.from_peer()
        self.assertEqual(
            {(line.product_id, line.location_id, line.state) for line in alignment.line_ids},
            {(self.desk, self.stock, "ready"), (self.chair, self.shelf, "ready")},
        )

    def moving(self, times):
        """While the first pages of a peer are read, so many times, something moves there."""
        asked = RemoteDatabase.ask
        moves = iter(range(1, times + 1))

        def ask(remote, *names, after=0, **arguments):
            answer = asked(remote, *names, after=after, **arguments)
            if not after and (number := next(moves, 0)):
                self.put_there(self.desk, 100 + number)
                self.env.flush_all()
            return answer

        self.startPatcher(patch.object(RemoteDatabase, "ask", ask))
        self.startPatcher(patch.object(sync_stock_alignment_preview, "PAGE", 1))

    def test_a_stock_that_moves_while_it_is_read_is_read_anew(self):
        self.put_there(self.desk, 100)
        self.put_there(self.chair, 4)
        self.moving(1)
        alignment = self.from_peer()
        found = {line.product_id: line.quantity_there for line in alignment.line_ids}
        self.assertEqual(found, {self.desk: 101, self.chair: 4})
        self.assertFalse(alignment.moving_there)

    def test_a_stock_that_never_stands_still_is_told(self):
        self.put_there(self.desk, 100)
        self.put_there(self.chair, 4)
        self.moving(9)
        self.assertTrue(self.from_peer().moving_there)

    def test_a_location_that_is_missing_here_is_told_and_its_goods_are_not_taken_away(self):
        attic = self.place("Attic", self.there.lot_stock_id)
        self.put_there(self.desk, 5, attic)
        self.put(self.desk, 5, self.shelf)
        self.assertEqual(
            self.told(self.from_peer()), {("DESK", "aside", "location_unknown"), ("DESK", "aside", "doubtful")}
        )

    def test_a_warehouse_that_does_not_exist_there_is_answered_with_those_that_do(self):
        words = self.refusal(warehouse_there="SUD")
        self.assertIn("There is no warehouse “SUD” in Rossi S.r.l.", words)
        self.assertIn("NORD (North)", words)

    def test_a_user_without_the_right_to_exchange_is_not_let_in(self):
        stranger = self.person("clerk", "stock.group_stock_user", self.company)
        self.assertIn("clerk", self.refusal(peer_id=self.connect(stranger).id))

    def test_a_user_without_the_right_to_see_the_stock_is_told_which_one_is_missing(self):
        stranger = self.person("clerk", "base.group_user,sync_hub_exchange.group_exchange", self.company)
        self.assertIn("clerk may not see the stock in this database", self.refusal(peer_id=self.connect(stranger).id))

    def test_the_stock_of_another_company_is_not_told(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        self.peer.sudo().remote_company_id = other
        self.assertIn("may not work in the company", self.refusal())

    def test_a_wrong_key_is_told_with_what_to_do(self):
        self.peer.sudo().api_key = "0" * 40
        self.assertIn("API key", self.refusal())

    def test_an_alignment_from_a_peer_needs_one(self):
        self.assertIn("Choose the peer database", self.refusal(peer_id=False))

    def test_the_door_writes_nothing(self):
        self.assertTrue(self.env["sync.stock.door"].quantities._readonly)


