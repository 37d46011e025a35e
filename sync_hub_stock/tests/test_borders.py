# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.addons.sync_hub.tests.company_borders import CompanyBorders
from odoo.exceptions import UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import StockCase

HEAD = ("SKU", "Qty")


@tagged("post_install", "-at_install")
class TestBorders(StockCase, CompanyBorders, HttpCase):
    """Who may align stock, and whose."""

    def call(self, login, method, ids, *arguments, model="sync.stock.alignment"):
        self.env.flush_all()
        self.authenticate(login, f"{login}-password")
        params = {"model": model, "method": method, "args": [ids, *arguments], "kwargs": {}}
        return self.make_jsonrpc_request("/web/dataset/call_kw", params)

    def refused(self, login, method, ids, *arguments, model="sync.stock.alignment"):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as error:
            self.call(login, method, ids, *arguments, model=model)
        return str(error.exception)

    def test_nobody_sees_anything_of_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        self.person("stranger", "stock.group_stock_manager,base.group_allow_export", other)
        self.manager.sudo().group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        self.put(self.desk, 5)
        self.applied([HEAD, ("DESK", 8), ("CHAIR", "x")])
        self.assertCompanyBordersHold(
            "sync_hub_stock",
            company=self.company,
            elsewhere=other,
            insider=("storekeeper", "storekeeper-password"),
            stranger=("stranger", "stranger-password"),
        )

    def test_only_an_administrator_of_the_inventory_app_aligns_stock(self):
        self.put(self.desk, 5)
        alignment = self.previewed([HEAD, ("DESK", 8)])
        self.person("clerk", "stock.group_stock_user", self.company)
        self.person("outsider", "base.group_user", self.company)
        for method in ("action_preview", "action_apply", "action_reverse", "action_stop"):
            self.assertEqual(self.refused("clerk", method, alignment.ids), "odoo.exceptions.AccessError", method)
        self.assertTrue(self.call("clerk", "read", alignment.ids, ["name"]), "who works in the warehouse may look")
        self.assertEqual(self.refused("outsider", "read", alignment.ids, ["name"]), "odoo.exceptions.AccessError")
        self.assertEqual(self.lies(self.desk), 5)
        self.call("storekeeper", "action_apply", alignment.ids)
        self.assertEqual(self.lies(self.desk), 8)

    def test_nobody_writes_what_was_found_and_done(self):
        alignment = self.applied([HEAD, ("DESK", 8)])
        for values in ({"state": "draft"}, {"name": "ALIGN/1"}, {"work": "apply"}, {"worker_id": 1}):
            self.assertEqual(self.refused("storekeeper", "write", alignment.ids, values), "odoo.exceptions.AccessError")
        for line in ({"quantity_before": 500}, {"state": "applied"}):
            refusal = self.refused(
                "storekeeper", "write", alignment.line_ids.ids, line, model="sync.stock.alignment.line"
            )
            self.assertEqual(refusal, "odoo.exceptions.AccessError")
        through = {"line_ids": [Command.update(alignment.line_ids.id, {"round": 9})]}
        refusal = self.refused("storekeeper", "write", alignment.ids, through)
        self.assertEqual(refusal, "odoo.exceptions.AccessError")

    def test_goods_of_another_company_are_not_touched(self):
        """Somebody who works for two companies aligns one of them."""
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        self.manager.sudo().write({"company_ids": [Command.link(other.id)]})
        env = self.env(context={**self.env.context, "allowed_company_ids": [self.company.id, other.id]})
        theirs = env["product.product"].sudo().create(
            {"name": "Desk", "default_code": "THEIRS", "is_storable": True, "company_id": other.id}
        )
        alignment = self.alignment([HEAD, ("THEIRS", 3), ("DESK", 8)]).with_env(env)
        alignment.action_preview()
        alignment.action_apply()
        self.assertEqual(self.told(alignment), {("THEIRS", "aside", "product_unknown"), ("DESK", "applied", "raise")})
        self.assertFalse(env["stock.quant"].sudo().search([("product_id", "=", theirs.id)]))

    def test_a_warehouse_of_another_company_cannot_be_chosen(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        theirs = self.env["stock.warehouse"].sudo().search([("company_id", "=", other.id)])
        with self.assertRaises(UserError):
            self.alignment(warehouse_id=theirs.id)
