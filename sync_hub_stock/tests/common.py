# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company with a warehouse, its goods, and documents that align them, for all tests of this addon."""

import base64
import csv
import io

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.tests import TransactionCase, new_test_user


class StockCase(TransactionCase):
    """Tests of an administrator of the Inventory app of a company of its own: ``cls.env`` is theirs.

    ``cls.shelf`` and ``cls.floor`` lie in the stock of ``cls.warehouse``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = cls.env(su=True, context={**DISABLED_MAIL_CONTEXT, "lang": "en_US"})
        cls.company = root["res.company"].create({"name": "Rossi S.r.l."})
        groups = "stock.group_stock_manager,product.group_product_manager"
        # What the settings of the Inventory app switch on for everybody.
        cls.manager = cls.person(
            "storekeeper", f"{groups},stock.group_tracking_owner,stock.group_tracking_lot", cls.company
        )
        cls.env = cls.env(user=cls.manager, context={**root.context, "allowed_company_ids": cls.company.ids})
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.warehouse.code = "WH"
        cls.stock = cls.warehouse.lot_stock_id
        cls.shelf = cls.place("Shelf")
        cls.floor = cls.place("Floor")
        cls.desk = cls.product("Desk", default_code="DESK", barcode="8001234567890")
        cls.chair = cls.product("Chair", default_code="CHAIR")
        cls.drug = cls.product("Drug", default_code="DRUG", tracking="lot")
        cls.saw = cls.product("Saw", default_code="SAW", tracking="serial")

    # -- Fixtures ------------------------------------------------------------------------------------------------------

    @classmethod
    def person(cls, login, groups, company):
        access = {"company_id": company.id, "company_ids": company.ids, "password": f"{login}-password"}
        return new_test_user(cls.env(su=True), login, groups, lang="en_US", **access)

    @classmethod
    def place(cls, name, parent=None):
        return cls.env["stock.location"].create({"name": name, "location_id": (parent or cls.stock).id})

    @classmethod
    def north(cls):
        """A second warehouse of the company."""
        # To make one shows locations to everybody, which is for administrators.
        warehouse = cls.env["stock.warehouse"].sudo()
        return warehouse.create({"name": "North", "code": "NORD", "company_id": cls.company.id}).sudo(False)

    @classmethod
    def product(cls, name, **values):
        return cls.env["product.product"].create({"name": name, "is_storable": True, **values})

    @classmethod
    def lot(cls, product, name):
        return cls.env["stock.lot"].create({"product_id": product.id, "name": name})

    @classmethod
    def put(cls, product, quantity, location=None, **more):
        """Have a quantity lie somewhere, counted by hand."""
        values = {"product_id": product.id, "location_id": (location or cls.stock).id, "inventory_quantity": quantity}
        more = {name: record.id for name, record in more.items()}
        quant = cls.env["stock.quant"].with_context(inventory_mode=True).create({**values, **more})
        quant.action_apply_inventory()
        return quant

    def move(self, product, quantity, source=None, target=None, done=True, **line):
        """A transfer; one that is not done only reserves."""
        customers = self.env.ref("stock.stock_location_customers")
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": (source or self.stock).id,
                "location_dest_id": (target or customers).id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        if done:
            move.move_line_ids.write({"quantity": quantity, "picked": True, **line})
            move._action_done()
        return move

    # -- Documents -----------------------------------------------------------------------------------------------------

    def alignment(self, rows=(), **values):
        """A document whose source is a CSV file with these rows below their headings."""
        return self.env["sync.stock.alignment"].create(
            {"warehouse_id": self.warehouse.id, "source": "file", **self.file(rows), **values}
        )

    def file(self, rows, name="stock.csv"):
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        return {"file": base64.b64encode(stream.getvalue().encode()), "file_name": name} if rows else {}

    def previewed(self, rows, **values):
        alignment = self.alignment(rows, **values)
        alignment.action_preview()
        return alignment

    def applied(self, rows, **values):
        alignment = self.previewed(rows, **values)
        alignment.action_apply()
        return alignment

    # -- What is there -------------------------------------------------------------------------------------------------

    def lies(self, product, location=None, **more):
        """How much of something lies somewhere."""
        domain = [("product_id", "=", product.id), ("location_id", "=", (location or self.stock).id)]
        domain += [(name, "=", record.id) for name, record in more.items()]
        self.env.invalidate_all()
        return sum(self.env["stock.quant"].search(domain).mapped("quantity"))

    def told(self, alignment):
        """Of each line: its product's reference, what is done with it, and why not."""
        alignment.invalidate_recordset()
        return {
            (line.product_id.default_code or line.source, line.state, line.reason or line.kind)
            for line in alignment.line_ids
        }

    def only(self, alignment):
        alignment.invalidate_recordset()
        self.assertEqual(len(alignment.line_ids), 1, alignment.line_ids.mapped("explanation"))
        return alignment.line_ids
