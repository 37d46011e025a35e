# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub import post_init_hook, uninstall_hook
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.modules import module

from .common import SyncHubCase
from .outside_system import brings, fails


class TestRemoval(SyncHubCase):
    """What is taken away leaves nothing behind that still runs."""

    def our_crons(self):
        crons = self.env["ir.cron"].with_context(active_test=False).search([("code", "like", "sync.schedule")])
        return crons.filtered(lambda cron: cron.code.endswith("._run_automatically()"))

    def test_uninstalling_takes_the_scheduled_actions_away(self):
        self.schedule()
        self.schedule(connection_id=self.connection().id).active = False
        self.assertGreaterEqual(len(self.our_crons()), 2)
        uninstall_hook(self.env)
        self.assertFalse(self.our_crons())

    def test_uninstalling_takes_activities_away_whose_kind_goes(self):
        one = self.connection(script=fails(Fault(FaultKind.CONSENT_EXPIRED)))
        self.sync(one)
        done = one.activity_ids
        done.action_done()
        one._report_fault(Fault(FaultKind.CONSENT_EXPIRED))
        self.assertTrue(one.activity_ids and done.exists())
        uninstall_hook(self.env)
        self.assertFalse(one.activity_ids or done.exists())
        self.env.ref("sync_hub.activity_reconnect").unlink()

    def test_installing_lets_the_operator_into_companies_that_are_there_already(self):
        self.operator.write({"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]})
        post_init_hook(self.env)
        self.assertEqual(self.operator.company_ids, self.env["res.company"].search([]))

    def test_a_service_that_goes_takes_its_schedules_and_runs_along(self):
        """As when its addon is uninstalled: no scheduled action is left that runs into nothing."""
        one = self.connection(script=brings(1))
        schedule, run = self.schedule(), self.sync(one)
        cron = schedule.cron_id
        self.service.unlink()
        self.assertFalse(schedule.exists() or cron.exists() or run.exists())

    def test_a_company_can_be_deleted_with_its_schedules(self):
        # In tests Odoo's stock, where it is installed, gives a company a warehouse, and keeps it from being deleted.
        self.patch(module, "current_test", False)
        company = self.env["res.company"].create({"name": "Gialli S.r.l."})
        schedule = self.schedule(company_id=company.id)
        cron = schedule.cron_id
        company.unlink()
        self.assertFalse(schedule.exists() or cron.exists())
