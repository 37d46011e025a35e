# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.tests.company_borders import CompanyBorders
from odoo.addons.sync_hub.tests.web_client import WebClient
from odoo.tests import HttpCase, tagged

from .common import PEER, ExchangeCase


@tagged("post_install", "-at_install")
class TestBorders(ExchangeCase, CompanyBorders, WebClient, HttpCase):
    """Nothing of this addon is seen from another company."""

    def fill(self, insider):
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
        env["sync.exchange.company"].create({"peer_id": peer.id, "number": 1, "name": "There"})
        there = env["sync.exchange.counterpart"].create(
            {"peer_id": peer.id, "model": "res.partner", "key": "1", "name": "1", "reference": {"ids": ["__b__.1"]}}
        )
        pair = {"model_id": mapping.model_id.id, "res_id": self.company.partner_id.id, "there_id": there.id}
        env["sync.exchange.code"].create({"peer_id": peer.id, **pair})
        self.fill_control(mapping)
        self.fill_dialogs(peer.with_user(insider).sudo(), self.fill_series(env))
        env.flush_all()

    def fill_control(self, mapping):
        """A verification, a snapshot and a restore."""
        env, peer = mapping.env, mapping.peer_id
        verification = env["sync.exchange.verification"].create({"peer_id": peer.id})
        kind = env["sync.exchange.verification.kind"].create(
            {"verification_id": verification.id, "mapping_id": mapping.id}
        )
        env["sync.exchange.verification.line"].create(
            {"verification_id": verification.id, "kind_id": kind.id, "difference": "only_here", "name": "__a__.1"}
        )
        company = {"company_id": self.company.id}
        snapshot = env["sync.exchange.snapshot"].create(company)
        env["sync.exchange.snapshot.kind"].create({"snapshot_id": snapshot.id, "model_id": mapping.model_id.id})
        part = {"model": "res.partner", "first_id": 1, "last_id": 1, "numbers": b"AAAA"}
        env["sync.exchange.snapshot.part"].create({"snapshot_id": snapshot.id, **part})
        restore = {"restore_id": env["sync.exchange.restore"].create(company).id}
        env["sync.exchange.restore.file"].create({**restore, "name": "copy.zip"})
        env["sync.exchange.restore.line"].create({**restore, "model": "res.partner"})
        env["sync.exchange.restore.code"].create({**restore, "model": "res.partner", "key": "1"})

    def fill_series(self, env):
        """A series and an invoice of it, which only a company in Brazil has."""
        place = {"country_id": env.ref("base.br").id, "state_id": env.ref("base.state_br_sp").id}
        self.company.sudo().write({**place, "vat": "11.222.333/0001-81"})
        series = env["sync.exchange.series"].create(
            {"document_model": "55", "series_number": 1, "company_id": self.company.id}
        )
        env["sync.exchange.series.document"].create({"series_id": series.id})
        env["sync.exchange.series.void"].create({"series_id": series.id, "number_from": 7, "number_until": 8})
        return series

    def fill_dialogs(self, peer, series):
        """Somebody has opened every dialog."""
        env = peer.env
        env["sync.exchange.credentials"].create({"peer_id": peer.id})
        env["sync.exchange.add.data"].create({"peer_id": peer.id}).line_ids = [(0, 0, {"code": "partners"})]
        check = env["sync.exchange.check"].create({"peer_id": peer.id})
        env["sync.exchange.check.line"].create({"check_id": check.id, "kind": "version", "severity": "ok"})
        dry_run = env["sync.exchange.dry.run"].create({"peer_id": peer.id})
        line = env["sync.exchange.dry.run.line"].create({"dry_run_id": dry_run.id})
        env["sync.exchange.dry.run.sample"].create({"line_id": line.id})
        gaps = env["sync.exchange.series.gaps"].create({})
        env["sync.exchange.series.gaps.line"].create({"report_id": gaps.id, "series_id": series.id})

    def test_nobody_sees_anything_of_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        groups = "sync_hub.group_manager,base.group_allow_export"
        self.fill(self.new_user("insider", groups, self.company))
        self.new_user("stranger", groups, other)
        self.assertCompanyBordersHold(
            "sync_hub_exchange",
            company=self.company,
            elsewhere=other,
            insider=("insider", "insider-password"),
            stranger=("stranger", "stranger-password"),
            # What a database keeps for its peers and for its snapshots has no company; administrators alone read it.
            closed=(
                "sync.exchange.snapshot.part",
                "sync.exchange.change",
                "sync.exchange.tombstone",
                "sync.exchange.receipt",
                "sync.exchange.stamp",
                "sync.exchange.watch",
            ),
            # The law is the same for all.
            common=("sync.exchange.series.holiday", "sync.exchange.series.rule"),
        )
