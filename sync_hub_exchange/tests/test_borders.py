# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.tests.company_borders import CompanyBorders
from odoo.addons.sync_hub.tests.web_client import WebClient
from odoo.tests import HttpCase, tagged

from .common import PEER, ExchangeCase


@tagged("post_install", "-at_install")
class TestBorders(ExchangeCase, CompanyBorders, WebClient, HttpCase):
    """Nothing of this addon is seen from another company."""

    def fill(self):
        """Let there be a record of each model."""
        env = self.env(su=True)
        peer = env["sync.exchange.peer"].create(
            {"name": "Milan", "url": "http://127.0.0.1:9", "company_id": self.company.id}
        )
        names = env["ir.model.fields"]._get("res.partner", "name")
        mapping = env["sync.exchange.mapping"].create(
            {
                "peer_id": peer.id,
                "model_id": env["ir.model"]._get_id("res.partner"),
                "line_ids": [(0, 0, {"field_id": names.id})],
            }
        )
        record = {"peer_id": peer.id, "model": "res.partner", "res_id": 1}
        env["sync.exchange.link"].create({**record, "base": {}})
        env["sync.exchange.waiting"]._wait(mapping, "receive", "__b__.1", "refused", "No", title="Bob", record={})
        conflict = env["sync.exchange.conflict"].create({"peer_id": peer.id, "mapping_id": mapping.id, "res_id": 1})
        env["sync.exchange.conflict.line"].create({"conflict_id": conflict.id, "name": "name"})
        now = env.cr.now()
        env["sync.exchange.change"].create({"model": "res.partner", "res_id": 1, "noted_at": now})
        env["sync.exchange.tombstone"]._bury([("res.partner", "__b__.1")])
        env["sync.exchange.receipt"]._give(PEER, "res.partner", {1: "no. 1"})
        env["sync.exchange.stamp"].create(
            {"model": "res.partner", "res_id": 1, "written_at": now, "edited_at": now, "edited_by": PEER}
        )
        env["sync.exchange.watch"]._watch(PEER, {"res.partner": ""})
        self.addCleanup(self.registry.clear_cache)
        env.flush_all()

    def test_nobody_sees_anything_of_another_company(self):
        self.fill()
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        groups = "sync_hub.group_operator,base.group_allow_export"
        self.new_user("insider", groups, self.company)
        self.new_user("stranger", groups, other)
        self.assertCompanyBordersHold(
            "sync_hub_exchange",
            company=self.company,
            elsewhere=other,
            insider=("insider", "insider-password"),
            stranger=("stranger", "stranger-password"),
            # What a database keeps for its peers has no company, and is read by administrators alone.
            closed=(
                "sync.exchange.change",
                "sync.exchange.tombstone",
                "sync.exchange.receipt",
                "sync.exchange.stamp",
                "sync.exchange.watch",
            ),
        )
