# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.modules.neutralize import get_installed_modules, get_neutralization_queries

from .common import SyncHubCase
from .outside_system import brings


class TestNeutralize(SyncHubCase):
    """A neutralized copy of a database (``odoo neutralize``, “Neutralize” of the database manager) works for nobody."""

    def setUp(self):
        super().setUp()
        self.done = self.sync(self.connection("done", brings(1)))
        self.one = self.connection(script=brings(1), api_key="sk_live_51H8xYzAbCdE")
        self.our_schedule = self.schedule()
        self.one.action_sync_now()
        self.waiting = self.runs(self.one)
        self.waiting.attended = {"ip_address": "192.0.2.1"}
        self.half = self.env["sync.run"]._queue(self.connection("half"), "scheduled")
        self.half.write({"date_start": fields.Datetime.now(), "checkpoint": {"page": 7}})

    def neutralize(self):
        """What ``odoo neutralize`` does, within the transaction of the test."""
        self.env.flush_all()
        ours = [name for name in get_installed_modules(self.env.cr) if name == "base" or name.startswith("sync_hub")]
        for query in get_neutralization_queries(ours):
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def test_no_schedule_and_no_scheduled_action_is_on(self):
        self.neutralize()
        self.assertFalse(self.env["sync.schedule"].search([]))
        self.assertFalse(self.our_schedule.cron_id.active)
        self.assertFalse(self.env.ref("sync_hub.ir_cron_queue").active)
        self.assertFalse(self.env["ir.cron"].search([("name", "like", "Sync Hub%")]))

    def test_no_secret_is_left(self):
        """Not even for a copy beside the original, where the keys are."""
        self.neutralize()
        self.assertEqual(self.one._secret("api_key"), "")
        self.assertFalse(self.env["sync.secret"].search([]))

    def test_what_waited_does_not_go_on(self):
        before = (self.done.outcome, self.done.date_end)
        self.neutralize()
        self.work_off_queue()
        for run in (self.waiting, self.half):
            self.assertEqual((run.state, run.outcome), ("finished", "cancelled"))
            self.assertTrue(run.date_end)
            self.assertFalse(run.attended or run.checkpoint)
        self.assertEqual((self.done.outcome, self.done.date_end), before, "What was done stays on record.")

    def test_neutralizing_twice_is_the_same(self):
        self.neutralize()
        self.neutralize()
        self.assertFalse(self.env["sync.schedule"].search([]))
