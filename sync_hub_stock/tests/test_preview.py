# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

import openpyxl
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import StockCase

HEAD = ("SKU", "Location", "Qty")


@tagged("post_install", "-at_install")
class TestPreview(StockCase):
    """A preview shows what differs, and changes nothing."""

    def test_each_difference_is_a_line_and_what_is_the_same_is_counted(self):
        self.put(self.desk, 5)
        self.put(self.chair, 7)
        self.put(self.desk, 3, self.shelf)
        moves = self.env["stock.move"].search_count([])
        alignment = self.previewed(
            [HEAD, ("DESK", "WH/Stock", 8), ("CHAIR", "Stock", 4), ("DESK", "Shelf", 3), ("CHAIR", "Stock/Shelf", 2)]
        )
        self.assertEqual(
            {(line.product_id, line.location_id, line.quantity_there, line.quantity_here, line.difference, line.kind)
             for line in alignment.line_ids},
            {
                (self.desk, self.stock, 8, 5, 3, "raise"),
                (self.chair, self.stock, 4, 7, -3, "lower"),
                (self.chair, self.shelf, 2, 0, 2, "raise"),
            },
        )
        self.assertEqual((alignment.state, alignment.same_count, alignment.ready_count), ("previewed", 1, 3))
        self.assertEqual(self.env["stock.move"].search_count([]), moves)
        self.assertEqual((self.lies(self.desk), self.lies(self.chair)), (5, 7))

    def test_goods_without_a_location_lie_in_the_usual_one(self):
        line = self.only(self.previewed([("SKU", "Qty"), ("DESK", 2)], location_id=self.floor.id))
        self.assertEqual((line.product_id, line.location_id), (self.desk, self.floor))

    def test_a_product_is_found_by_external_id_reference_barcode_or_name(self):
        self.env["ir.model.data"].sudo().create(
            {"module": "shop", "name": "seat", "model": "product.product", "res_id": self.chair.id}
        )
        rows = [
            ("External id of the product", "SKU", "EAN", "Product name", "Qty"),
            ("shop.seat", "", "", "", 1),
            ("", "DRUGX", "8001234567890", "", 2),
            ("", "", "", "  sAw ", 0),
        ]
        self.saw.tracking = "none"
        self.put(self.saw, 1)
        found = {line.product_id: line.quantity_there for line in self.previewed(rows).line_ids}
        self.assertEqual(found, {self.chair: 1, self.desk: 2, self.saw: 0})

    def test_a_name_that_two_products_have_is_not_guessed(self):
        other = self.product("Desk")
        line = self.only(self.previewed([("Product name", "Qty"), ("Desk", 2)]))
        self.assertEqual((line.state, line.reason), ("aside", "product_several"))
        self.assertIn(self.desk.display_name, line.explanation)
        self.assertIn(other.display_name, line.explanation)

    def test_what_cannot_be_followed_says_why_and_the_rest_goes_on(self):
        service = self.product("Advice", default_code="ADVICE", is_storable=False)
        self.product("Old", default_code="OLD").action_archive()
        alignment = self.previewed(
            [
                ("SKU", "Location", "Lot", "Qty", "Unit"),
                ("DESK", "", "", 4, ""),
                ("TABLE", "", "", 1, ""),
                ("ADVICE", "", "", 1, ""),
                ("OLD", "", "", 1, ""),
                ("CHAIR", "Attic", "", 1, ""),
                ("CHAIR", "Floor", "", "many", ""),
                ("CHAIR", "Shelf", "", -1, ""),
                ("CHAIR", "", "", 1, "kg"),
                ("DRUG", "", "", 1, ""),
                ("DRUG", "", "L9", 1, ""),
                ("DESK", "Shelf", "L1", 1, ""),
                ("SAW", "", "S1", 2, ""),
            ]
        )
        self.assertEqual(
            sorted((line.row, line.state, line.reason or line.kind) for line in alignment.line_ids),
            [
                (2, "ready", "raise"),
                (3, "aside", "product_unknown"),
                (4, "aside", "not_storable"),
                (5, "aside", "product_archived"),
                (6, "aside", "location_unknown"),
                (7, "aside", "unreadable"),
                (8, "aside", "negative"),
                (9, "aside", "unit_other"),
                (10, "aside", "lot_missing"),
                (11, "aside", "lot_unknown"),
                (12, "aside", "lot_unused"),
                (13, "aside", "serial_quantity"),
            ],
        )
        self.assertTrue(service)
        for line in alignment.line_ids.filtered("reason"):
            self.assertTrue(line.explanation and line.remedy, line.reason)
            self.assertNotIn("…", line.explanation)
        unreadable = alignment.line_ids.filtered(lambda line: line.reason == "unreadable")
        self.assertEqual(unreadable.source, "CHAIR")
        self.assertEqual(unreadable.explanation, "Row 7, column “Qty”: “many” is no number.")

    def test_a_product_named_twice_is_refused_and_both_rows_are_named(self):
        self.put(self.desk, 5)
        line = self.only(self.previewed([("Product", "Qty"), ("DESK", 3), ("8001234567890", 4)]))
        self.assertEqual((line.state, line.reason, line.difference), ("aside", "duplicate", 0))
        self.assertIn("row 2 (3)", line.explanation)
        self.assertIn("row 3 (4)", line.explanation)

    def test_a_shortage_is_shown_before_anything_is_lowered(self):
        self.put(self.desk, 10)
        self.move(self.desk, 6, done=False)
        line = self.only(self.previewed([("SKU", "Qty"), ("DESK", 4)]))
        self.assertEqual((line.reserved, line.shortage, line.state, line.reason), (6, 2, "aside", "shortage"))
        self.assertIn("6", line.explanation)
        self.assertEqual(line.alignment_id.shortage_count, 1)

    def test_units_are_converted_into_those_of_the_product(self):
        line = self.only(self.previewed([("SKU", "Qty", "Unit"), ("DESK", 1.5, "Dozens")]))
        self.assertEqual((line.quantity_there, line.uom_id), (18, self.env.ref("uom.product_uom_unit")))

    def test_lots_owners_and_packages_have_quantities_of_their_own(self):
        lot = self.lot(self.drug, "L1")
        owner = self.env["res.partner"].create({"name": "Anna", "ref": "A1"})
        package = self.env["stock.package"].create({"name": "PACK1"})
        self.put(self.drug, 5, lot_id=lot)
        self.put(self.desk, 2, owner_id=owner)
        self.put(self.desk, 4, package_id=package)
        self.put(self.desk, 9)
        alignment = self.previewed(
            [
                ("SKU", "Lot", "Owner", "Package", "Qty"),
                ("DRUG", "L1", "", "", 6),
                ("DESK", "", "A1", "", 1),
                ("DESK", "", "", "PACK1", 3),
                ("DESK", "", "", "", 9),
            ]
        )
        self.assertEqual(
            {(line.lot_id, line.owner_id, line.package_id, line.difference) for line in alignment.line_ids},
            {
                (lot, owner.browse(), package.browse(), 1),
                (lot.browse(), owner, package.browse(), -1),
                (lot.browse(), owner.browse(), package, -1),
            },
        )

    def test_owners_and_packages_count_only_where_people_see_them(self):
        """Without these columns each product would seem to be there twice."""
        self.env["res.partner"].create({"name": "Anna", "ref": "A1"})
        self.env["stock.package"].create({"name": "PACK1"})
        unused = self.env.ref("stock.group_tracking_owner") | self.env.ref("stock.group_tracking_lot")
        self.manager.sudo().group_ids -= unused
        alignment = self.previewed(
            [("SKU", "Owner", "Package", "Qty"), ("DESK", "A1", "", 1), ("CHAIR", "", "PACK1", 3), ("CHAIR", "", "", 2)]
        )
        self.assertEqual(
            self.told(alignment),
            {("DESK", "aside", "owner_unused"), ("CHAIR", "aside", "package_unused"), ("CHAIR", "ready", "raise")},
        )
        told = {line.reason: line.explanation + line.remedy for line in alignment.line_ids if line.reason}
        self.assertIn("Switch on “Consignment”", told["owner_unused"])
        self.assertIn("Switch on “Packages”", told["package_unused"])

    def test_goods_of_an_owner_that_are_not_listed_say_whose_they_are(self):
        owner = self.env["res.partner"].create({"name": "Anna"})
        self.put(self.desk, 5, owner_id=owner)
        alignment = self.previewed([("SKU", "Qty"), ("CHAIR", 1)], unlisted="empty")
        unlisted = alignment.line_ids.filtered(lambda line: line.kind == "unlisted")
        self.assertIn("Anna", unlisted.source)

    def test_what_a_file_does_not_list_stays_unless_the_user_says_that_it_is_complete(self):
        self.put(self.desk, 5)
        self.put(self.chair, 7, self.shelf)
        rows = [HEAD, ("DESK", "", 5)]
        self.assertFalse(self.previewed(rows).line_ids)
        line = self.only(self.previewed(rows, unlisted="empty"))
        self.assertEqual(
            (line.product_id, line.location_id, line.kind, line.quantity_there, line.difference),
            (self.chair, self.shelf, "unlisted", 0, -7),
        )

    def test_what_may_be_among_the_rows_that_were_not_understood_is_not_emptied(self):
        self.put(self.desk, 5)
        self.put(self.chair, 7, self.shelf)
        rows = [HEAD, ("DESK", "", 5), ("CHAIRR", "Shelf", 7)]
        alignment = self.previewed(rows, unlisted="empty")
        self.assertEqual(
            self.told(alignment), {("CHAIR", "aside", "doubtful"), ("CHAIRR, Shelf", "aside", "product_unknown")}
        )

    def test_only_the_chosen_locations_are_aligned(self):
        self.put(self.desk, 5)
        self.put(self.chair, 7, self.shelf)
        rows = [HEAD, ("DESK", "Stock", 6), ("DESK", "Shelf", 2), ("CHAIR", "Floor", 1), ("NOTHING", "Stock", 9)]
        alignment = self.previewed(rows, unlisted="empty", location_ids=self.shelf.ids)
        self.assertEqual(
            {(line.product_id, line.reason or line.kind) for line in alignment.line_ids},
            {(self.desk, "raise"), (self.chair, "unlisted")},
        )

    def test_goods_without_a_location_are_not_put_outside_the_chosen_ones(self):
        self.put(self.desk, 5)
        line = self.only(self.previewed([("SKU", "Qty"), ("DESK", 6)], location_ids=self.shelf.ids))
        self.assertEqual((line.state, line.reason), ("aside", "location_unknown"))
        self.assertIn(self.stock.display_name, line.explanation)

    def test_a_count_that_somebody_has_entered_is_not_overwritten(self):
        quant = self.put(self.desk, 5)
        quant.with_context(inventory_mode=True).inventory_quantity = 6
        line = self.only(self.previewed([("SKU", "Qty"), ("DESK", 8)]))
        self.assertEqual((line.state, line.reason), ("aside", "counted"))

    def test_a_change_of_what_it_rests_on_ends_a_preview(self):
        alignment = self.previewed([("SKU", "Qty"), ("DESK", 8)])
        alignment.below_reserved = True
        self.assertEqual((alignment.state, len(alignment.line_ids)), ("previewed", 1))
        alignment.unlisted = "empty"
        self.assertEqual((alignment.state, len(alignment.line_ids)), ("draft", 0))

    def test_a_file_that_cannot_be_used_says_what_to_do(self):
        for rows, words in (
            ((), "Choose the file"),
            ([("Colour", "Qty"), ("red", 1)], "Internal Reference"),
            ([("SKU", "Qty"), ("DESK", "1,234")], "comma or with a point"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.alignment(rows).action_preview()
        self.assertEqual(self.only(self.previewed(rows, decimal_mark=",")).quantity_there, 1.23)

    def test_a_workbook_is_read_as_well(self):
        book = openpyxl.Workbook()
        for row in (("Counted on Friday",), ("Product", "Quantity"), ("[DESK] Desk", 2.5)):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        alignment = self.alignment(file=base64.b64encode(stream.getvalue()), file_name="stock.xlsx")
        alignment.action_preview()
        line = self.only(alignment)
        self.assertEqual((line.product_id, line.quantity_there, line.row), (self.desk, 2.5, 3))

    def test_each_document_has_a_number_of_its_own(self):
        first, second = self.alignment(), self.alignment()
        self.assertRegex(first.name, r"^ALIGN/\d{4}/\d{4,}$")
        self.assertNotEqual(first.name, second.name)
