# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestAddData(StockCase):
    """Who adds data to an exchange finds the stock beside it; it is aligned, not written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.sudo().group_ids = [Command.link(cls.env.ref("sync_hub.group_manager").id)]
        cls.peer = cls.env["sync.exchange.peer"].create(
            {"name": "North", "company_id": cls.company.id, "url": "http://127.0.0.1:9"}
        )

    def wizard(self, *codes):
        action = self.peer.action_add_data()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        for line in wizard.line_ids:
            line.chosen = line.code in codes
        return wizard

    def test_stock_is_offered_and_says_what_it_does(self):
        [line] = self.wizard().line_ids.filtered(lambda line: line.code == "stock")
        self.assertEqual(line.title, "Stock")
        self.assertIn("inventory adjustments", line.note)
        self.assertFalse(line.chosen)

    def test_it_brings_along_products_and_locations_and_opens_an_alignment(self):
        action = self.wizard("stock").action_add()
        models = set(self.peer.mapping_ids.mapped("model"))
        self.assertLessEqual({"product.template", "stock.location", "uom.uom"}, models)
        self.assertFalse({"stock.quant", "res.partner"} & models)
        alignment = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(
            (alignment.source, alignment.peer_id, alignment.warehouse_id, alignment.state),
            ("peer", self.peer, self.warehouse, "draft"),
        )

    def test_an_alignment_that_is_open_is_gone_on_with(self):
        first = self.wizard("stock").action_add()
        self.assertEqual(self.wizard("stock").action_add()["res_id"], first["res_id"])

    def test_other_data_is_added_as_ever(self):
        self.wizard("partner_tags").action_add()
        self.assertEqual(self.peer.mapping_ids.mapped("model"), ["res.partner.category"])
        self.assertFalse(self.env["sync.stock.alignment"].search([("peer_id", "=", self.peer.id)]))

    def test_who_may_not_align_stock_is_not_offered_it(self):
        self.manager.sudo().group_ids -= self.env.ref("stock.group_stock_manager")
        self.assertNotIn("stock", self.wizard().line_ids.mapped("code"))

    def test_from_a_peer_to_the_alignments_with_it(self):
        self.wizard("stock").action_add()
        action = self.peer.action_align_stock()
        found = self.env["sync.stock.alignment"].search(action["domain"])
        self.assertEqual((len(found), found.peer_id), (1, self.peer))
        self.assertEqual(self.env["sync.stock.alignment"].with_context(**action["context"]).new({}).peer_id, self.peer)
