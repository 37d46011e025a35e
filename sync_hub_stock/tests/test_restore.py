# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import StockCase

HEAD = ("SKU", "Qty")


@tagged("post_install", "-at_install")
class TestRestore(StockCase):
    """What an alignment has set can be taken back, by further adjustments, where nothing has moved since."""

    def test_each_quantity_gets_back_what_it_had(self):
        self.put(self.desk, 5)
        self.put(self.chair, 7)
        alignment = self.applied([HEAD, ("DESK", 8), ("CHAIR", 0)])
        alignment.action_reverse()
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (5, 7))
        self.assertEqual(self.told(alignment), {("DESK", "restored", "raise"), ("CHAIR", "restored", "lower")})
        self.assertEqual(alignment.state, "reversed")

    def test_the_adjustments_of_both_ways_are_told_apart(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        alignment.action_reverse()
        moves = self.env["stock.move.line"].search(alignment.action_open_moves()["domain"])
        self.assertEqual(sorted(moves.mapped("reference")), [alignment.name, f"{alignment.name}-R"])

    def test_what_moved_since_stays_as_it_is(self):
        self.put(self.desk, 5)
        self.put(self.chair, 7)
        alignment = self.applied([HEAD, ("DESK", 8), ("CHAIR", 9)])
        self.move(self.desk, 1)
        alignment.action_reverse()
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (7, 7))
        kept = alignment.line_ids.filtered(lambda line: line.state == "kept")
        self.assertEqual((kept.product_id, kept.reason, alignment.kept_count), (self.desk, "moved", 1))
        self.assertEqual(
            kept.explanation, "Moved since it was set: 8 were set, now there are 7. It stays as it is."
        )

    def test_what_stayed_can_be_restored_once_it_is_as_it_was_set(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        self.move(self.desk, 1)
        alignment.action_reverse()
        self.put(self.desk, 8)
        alignment.action_reverse()
        self.assertEqual((self.lies(self.desk), self.told(alignment)), (5, {("DESK", "restored", "raise")}))

    def test_nothing_is_restored_twice(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        alignment.action_reverse()
        with self.assertRaisesRegex(UserError, "nothing to restore"):
            alignment.action_reverse()
        self.assertEqual(self.lies(self.desk), 5)

    def test_goods_that_are_reserved_by_now_are_not_taken_away(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        self.move(self.desk, 7, done=False)
        alignment.action_reverse()
        self.assertEqual((self.lies(self.desk), self.told(alignment)), (8, {("DESK", "kept", "shortage")}))
        alignment.below_reserved = True
        alignment.action_reverse()
        self.assertEqual(self.lies(self.desk), 5)

    def test_less_than_nothing_comes_back_as_it_was(self):
        self.put(self.desk, 2)
        self.move(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 4)])
        alignment.action_reverse()
        self.assertEqual((self.lies(self.desk), self.told(alignment)), (-3, {("DESK", "restored", "raise")}))

    def test_two_settings_of_the_same_goods_are_taken_back_in_their_order(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        alignment.write(self.file([HEAD, ("DESK", 20)]))
        alignment.action_preview()
        alignment.action_apply()
        self.assertEqual((self.lies(self.desk), alignment.set_count), (20, 2))
        alignment.action_reverse()
        self.assertEqual((self.lies(self.desk), self.told(alignment)), (5, {("DESK", "restored", "raise")}))

    def test_a_serial_number_goes_back_to_where_it_was(self):
        serial = self.lot(self.saw, "S1")
        self.put(self.saw, 1, self.shelf, lot_id=serial)
        rows = [("SKU", "Lot", "Location", "Qty"), ("SAW", "S1", "Floor", 1), ("SAW", "S1", "Shelf", 0)]
        self.applied(rows).action_reverse()
        self.assertEqual((self.lies(self.saw, self.shelf), self.lies(self.saw, self.floor)), (1, 0))

    def test_what_was_made_for_it_is_emptied(self):
        alignment = self.applied([("SKU", "Lot", "Qty"), ("DRUG", "L1", 5)], create_lots=True)
        alignment.action_reverse()
        self.assertEqual(self.lies(self.drug), 0)

    def test_it_can_be_aligned_again_after_it_was_restored(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        alignment.action_reverse()
        alignment.action_preview()
        self.assertEqual(alignment.state, "previewed")
        alignment.action_apply()
        self.assertEqual((self.lies(self.desk), alignment.state), (8, "applied"))
