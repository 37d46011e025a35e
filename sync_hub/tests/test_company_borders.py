# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import SyncHubFixtures
from .company_borders import REFUSALS, CompanyBorders

PASSWORD = "sync-hub-test"


@tagged("post_install", "-at_install")
class TestCompanyBorders(SyncHubFixtures, CompanyBorders, HttpCase):
    """Nothing of one company is seen, changed or guessed by somebody of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sync_hub()
        groups = "sync_hub.group_manager,sync_hub.group_operator,base.group_allow_export"
        cls.insider = cls.person("insider", groups, password=PASSWORD)
        cls.stranger = cls.person("stranger", groups, cls.other_company, password=PASSWORD)
        cls.one = cls.connection(api_key="sk_live_51H8xYzAbCdE")
        cls.our_schedule = cls.schedule()
        run = cls.env["sync.run"]._queue(cls.one, "manual")
        run._log("note", text="private")
        cls.env["sync.vault.state"].with_user(cls.insider).create({})
        cls.env["sync.health.token"].create({})
        cls.env["sync.error.report"].with_user(cls.insider).create({"run_id": run.id})
        cls.env.flush_all()

    def test_no_model_of_the_engine_shows_a_company_to_another(self):
        self.assertCompanyBordersHold(
            "sync_hub",
            company=self.company,
            elsewhere=self.other_company,
            insider=("insider", PASSWORD),
            stranger=("stranger", PASSWORD),
            closed={"sync.secret", "sync.health.token"},
            common={"sync.service", "sync.heartbeat"},
        )

    def test_somebody_of_two_companies_sees_the_one_in_which_they_work(self):
        self.stranger.company_ids = [Command.link(self.company.id)]
        self.authenticate("stranger", PASSWORD)
        for companies, seen in ((self.other_company, []), (self.company, self.our_schedule.ids)):
            context = {"allowed_company_ids": companies.ids}
            ours = [("id", "in", self.our_schedule.ids)]
            self.assertEqual(self._call("sync.schedule", "search", ours, context=context), seen)

    def test_nothing_is_put_into_another_company(self):
        self.our_schedule.unlink()
        self.authenticate("stranger", PASSWORD)
        theirs, mine = {"company_id": self.company.id}, {"company_id": self.other_company.id}
        schedule = {"service_id": self.service.id, "tz": "Europe/Rome"}
        run = {"service_id": self.service.id, "trigger": "manual"}
        for name, values in (("sync.schedule", schedule), ("sync.run", run)):
            with self.subTest(name):
                self.assertIn(self._call_or_refusal(name, "create", values | theirs), REFUSALS)
                record = self._call(name, "create", values | mine)
                self.assertIn(self._call_or_refusal(name, "write", record, theirs), REFUSALS)
