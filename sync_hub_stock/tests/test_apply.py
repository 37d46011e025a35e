# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import StockCase

HEAD = ("SKU", "Qty")


@tagged("post_install", "-at_install")
class TestApply(StockCase):
    """Applying sets quantities: by adjustments that carry the number of the document, and only where nothing moved."""

    def test_quantities_are_set_not_added(self):
        self.put(self.desk, 5)
        self.put(self.chair, 7)
        alignment = self.applied([HEAD, ("DESK", 8), ("CHAIR", 4)])
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (8, 4))
        self.assertEqual((alignment.state, alignment.set_count, alignment.applied_by_id), ("applied", 2, self.manager))

    def test_the_adjustments_carry_the_number_of_the_document(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        [move] = self.env["stock.move"].search([("reference", "=", alignment.name)])
        self.assertEqual((move.quantity, move.state, move.is_inventory), (3, "done", True))
        self.assertEqual(move.location_dest_id, self.stock)
        shown = self.env["stock.move.line"].search(alignment.action_open_moves()["domain"])
        self.assertEqual(shown, move.move_line_ids)

    def test_applying_again_changes_nothing(self):
        self.put(self.desk, 5)
        alignment = self.applied([HEAD, ("DESK", 8)])
        moves = self.env["stock.move"].search_count([])
        with self.assertRaisesRegex(UserError, "nothing to set"):
            alignment.action_apply()
        alignment.action_preview()
        self.assertEqual((alignment.state, alignment.same_count), ("applied", 1))
        self.assertEqual(self.told(alignment), {("DESK", "applied", "raise")})
        self.assertEqual((self.lies(self.desk), self.env["stock.move"].search_count([])), (8, moves))

    def test_what_moved_since_the_preview_is_set_aside_and_can_be_previewed_again(self):
        self.put(self.desk, 5)
        self.put(self.chair, 5)
        alignment = self.previewed([HEAD, ("DESK", 8), ("CHAIR", 9)])
        self.move(self.desk, 2)
        alignment.action_apply()
        self.assertEqual(self.told(alignment), {("DESK", "aside", "moved"), ("CHAIR", "applied", "raise")})
        moved = alignment.line_ids.filtered("reason")
        self.assertEqual(moved.explanation, "Moved since the preview: there were 5, now there are 3.")
        self.assertEqual(self.lies(self.desk), 3)
        alignment.action_preview()
        self.assertEqual(self.told(alignment), {("DESK", "ready", "raise"), ("CHAIR", "applied", "raise")})
        alignment.action_apply()
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (8, 9))

    def test_what_is_as_the_source_wants_it_by_now_is_left_alone(self):
        self.put(self.desk, 5)
        alignment = self.previewed([HEAD, ("DESK", 3)])
        self.move(self.desk, 2)
        moves = self.env["stock.move"].search_count([])
        alignment.action_apply()
        self.assertEqual(self.told(alignment), {("DESK", "already", "lower")})
        self.assertEqual(self.env["stock.move"].search_count([]), moves)

    def test_reserved_goods_are_respected(self):
        self.put(self.desk, 10)
        self.put(self.chair, 10)
        reserved = self.move(self.desk, 6, done=False)
        alignment = self.previewed([HEAD, ("DESK", 4), ("CHAIR", 4)])
        reserved_later = self.move(self.chair, 6, done=False)
        alignment.action_apply()
        self.assertEqual(self.told(alignment), {("DESK", "aside", "shortage"), ("CHAIR", "aside", "shortage")})
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (10, 10))
        alignment.below_reserved = True
        alignment.action_apply()
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (4, 4))
        for move in (reserved, reserved_later):
            self.assertLessEqual(move.quantity, 4, "Odoo takes the missing goods away from the transfer")

    def test_lowering_down_to_what_is_reserved_is_no_shortage(self):
        self.put(self.desk, 10)
        self.move(self.desk, 6, done=False)
        self.applied([HEAD, ("DESK", 6)])
        self.assertEqual(self.lies(self.desk), 6)

    def test_unknown_lots_are_made_only_if_the_user_says_so(self):
        rows = [("SKU", "Lot", "Location", "Qty"), ("DRUG", "L1", "Stock", 5), ("DRUG", "L1", "Shelf", 2)]
        self.assertEqual(self.told(self.previewed(rows)), {("DRUG", "aside", "lot_unknown")})
        alignment = self.applied(rows, create_lots=True)
        lot = self.env["stock.lot"].search([("product_id", "=", self.drug.id)])
        self.assertEqual((lot.name, self.lies(self.drug, lot_id=lot)), ("L1", 5))
        self.assertEqual(self.lies(self.drug, self.shelf, lot_id=lot), 2)
        self.assertEqual(alignment.line_ids.lot_id, lot)

    def test_unknown_packages_are_made_only_if_the_user_says_so(self):
        rows = [("SKU", "Package", "Qty"), ("DESK", "BOX", 5), ("CHAIR", "BOX", 2)]
        for line in self.previewed(rows).line_ids:
            self.assertEqual((line.state, line.reason), ("aside", "package_unknown"))
        self.applied(rows, create_packages=True)
        package = self.env["stock.package"].search([("name", "=", "BOX")])
        self.assertEqual((self.lies(self.desk, package_id=package), self.lies(self.chair, package_id=package)), (5, 2))

    def test_an_owner_has_goods_of_his_own(self):
        owner = self.env["res.partner"].create({"name": "Anna Bianchi"})
        self.put(self.desk, 5)
        self.applied([("SKU", "Owner", "Qty"), ("DESK", "anna bianchi", 2)])
        self.assertEqual((self.lies(self.desk, owner_id=owner), self.lies(self.desk)), (2, 7))

    def test_a_serial_number_moves_from_one_place_to_another(self):
        serial = self.lot(self.saw, "S1")
        self.put(self.saw, 1, self.shelf, lot_id=serial)
        rows = [("SKU", "Lot", "Location", "Qty"), ("SAW", "S1", "Floor", 1), ("SAW", "S1", "Shelf", 0)]
        self.applied(rows)
        self.assertEqual((self.lies(self.saw, self.shelf), self.lies(self.saw, self.floor)), (0, 1))

    def test_a_serial_number_that_lies_elsewhere_is_not_doubled(self):
        serial = self.lot(self.saw, "S1")
        self.put(self.saw, 1, self.shelf, lot_id=serial)
        alignment = self.applied([("SKU", "Lot", "Location", "Qty"), ("SAW", "S1", "Floor", 1)])
        line = self.only(alignment)
        self.assertEqual((line.state, line.reason), ("aside", "serial_elsewhere"))
        self.assertIn(self.shelf.display_name, line.explanation)
        self.assertEqual((self.lies(self.saw, self.shelf), self.lies(self.saw, self.floor)), (1, 0))

    def test_a_lot_that_came_in_since_the_preview_is_not_counted_twice(self):
        rows = [("SKU", "Lot", "Qty"), ("DRUG", "L1", 5), ("DRUG", "L2", 3)]
        alignment = self.previewed(rows, create_lots=True)
        lot = self.lot(self.drug, "L1")
        self.put(self.drug, 2, lot_id=lot)
        alignment.action_apply()
        self.assertEqual((self.lies(self.drug, lot_id=lot), self.lies(self.drug)), (2, 5))
        moved = alignment.line_ids.filtered("reason")
        self.assertEqual((moved.lot_id, moved.reason, alignment.set_count), (lot, "moved", 1))

    def test_a_serial_number_that_came_in_elsewhere_since_the_preview_is_not_doubled(self):
        rows = [("SKU", "Lot", "Location", "Qty"), ("SAW", "S1", "Floor", 1)]
        alignment = self.previewed(rows, create_lots=True)
        self.put(self.saw, 1, self.shelf, lot_id=self.lot(self.saw, "S1"))
        alignment.action_apply()
        self.assertEqual(self.told(alignment), {("SAW", "aside", "serial_elsewhere")})
        self.assertEqual((self.lies(self.saw, self.shelf), self.lies(self.saw, self.floor)), (1, 0))

    def test_a_package_that_somebody_has_filled_since_the_preview_is_set_aside(self):
        alignment = self.previewed([("SKU", "Package", "Qty"), ("DESK", "BOX", 5)], create_packages=True)
        box = self.env["stock.package"].create({"name": "BOX"})
        self.put(self.desk, 2, package_id=box)
        alignment.action_apply()
        self.assertEqual((self.lies(self.desk), self.told(alignment)), (2, {("DESK", "aside", "moved")}))

    def test_an_alignment_of_which_nothing_could_be_set_is_not_called_applied(self):
        self.put(self.desk, 5)
        alignment = self.previewed([HEAD, ("DESK", 8)])
        self.move(self.desk, 2)
        alignment.action_apply()
        self.assertEqual((alignment.state, self.lies(self.desk)), ("previewed", 3))

    def test_less_than_nothing_is_raised_to_what_the_source_has(self):
        self.put(self.desk, 2)
        self.move(self.desk, 5)
        self.assertEqual(self.lies(self.desk), -3)
        self.applied([HEAD, ("DESK", 4)])
        self.assertEqual(self.lies(self.desk), 4)

    def test_goods_that_two_transfers_left_in_two_rows_have_one_quantity(self):
        self.put(self.desk, 5)
        self.env["stock.quant"].sudo().create(
            {"product_id": self.desk.id, "location_id": self.stock.id, "quantity": 3}
        )
        alignment = self.previewed([HEAD, ("DESK", 4)])
        self.assertEqual(self.only(alignment).quantity_here, 8)
        alignment.action_apply()
        self.assertEqual((self.lies(self.desk), alignment.set_count), (4, 1))

    def test_no_window_of_odoo_is_opened_for_a_count_left_behind(self):
        quant = self.put(self.desk, 5)
        alignment = self.previewed([HEAD, ("DESK", 8)])
        quant.with_context(inventory_mode=True).inventory_quantity = 6
        self.assertIs(alignment.action_apply(), True)
        self.assertEqual(self.told(alignment), {("DESK", "aside", "counted")})
        self.assertEqual((self.lies(self.desk), quant.inventory_quantity), (5, 6))

    def test_an_old_count_that_was_cleared_does_no_harm(self):
        quant = self.put(self.desk, 5).with_context(inventory_mode=True)
        quant.write({"inventory_quantity": 8, "inventory_quantity_set": False})
        self.applied([HEAD, ("DESK", 8)])
        self.assertEqual(self.lies(self.desk), 8)

    def test_what_odoo_refuses_is_set_aside_and_the_others_go_on(self):
        """A rule of an addon says no to one product: here a location that Odoo does not let goods into."""
        self.put(self.chair, 5)
        alignment = self.previewed([("SKU", "Location", "Qty"), ("DESK", "Floor", 3), ("CHAIR", "", 6)])
        self.desk.sudo().company_id = self.env["res.company"].sudo().create({"name": "Next door"})
        alignment.action_apply()
        self.assertEqual(self.told(alignment.sudo()), {("DESK", "aside", "rejected"), ("CHAIR", "applied", "raise")})
        rejected = alignment.line_ids.filtered(lambda line: line.reason == "rejected")
        self.assertTrue(rejected.explanation.startswith("Odoo did not take the adjustment: "))
        self.assertEqual(self.lies(self.chair), 6)

    def test_the_chatter_tells_what_was_done(self):
        alignment = self.previewed([HEAD, ("DESK", 8), ("TABLE", 1)]).with_context(tracking_disable=False)
        alignment.action_apply()
        self.assertIn("Quantities set: 1. Set aside: 1.", " ".join(alignment.message_ids.mapped("body")))

    def test_an_alignment_that_has_set_quantities_stays(self):
        alignment = self.applied([HEAD, ("DESK", 8)])
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            alignment.unlink()
        with self.assertRaisesRegex(UserError, "Make a new one"):
            alignment.warehouse_id = self.north()
        self.previewed([HEAD, ("CHAIR", 8)]).unlink()
