# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo.addons.sync_hub.faults import RULES, Fault, FaultKind
from odoo.addons.sync_hub.tests.outside_system import SCRIPTS, brings, fails

from .common import QueueCase

DOWN = fails(Fault(FaultKind.PROVIDER_DOWN))


class TestRetry(QueueCase):
    """When something is tried again is the engine's decision, with jobs as without: each try is a run with a job."""

    def failed(self, script, name="Couriers"):
        """A connection whose scheduled run has just failed in its job."""
        one = self.connection(name, script)
        self.env["sync.run"]._queue(one, "scheduled", schedule=one.schedule_id)
        self.assertIsNone(self.work(one), "The job itself is not tried again.")
        return one

    def wait_until(self, moment):
        """Let time pass, the queue look, and the job be done that it hands out."""
        with freeze_time(moment + timedelta(seconds=1)):
            self.work_off_queue()

    def test_what_may_pass_by_itself_gets_another_job_when_its_time_has_come(self):
        self.schedule()
        one = self.failed(DOWN)
        self.assertEqual((one.last_outcome, self.jobs(one).state), ("failed", "done"))
        self.work_off_queue()
        self.assertFalse(self.waiting_jobs(one), "Not before its time.")
        SCRIPTS[one.name] = brings(1)
        self.wait_until(one.retry_at)
        self.perform(self.waiting_jobs(one))
        self.assertEqual(self.runs(one).mapped("outcome"), ["failed", "done"])
        self.assertEqual(self.runs(one).mapped("attempt"), [0, 1])
        self.assertEqual((one.last_outcome, one.retry_at), ("done", False))
        self.assertFalse(self.waiting_jobs(one))

    def test_only_what_may_pass_by_itself_is_tried_again(self):
        """As the table of faults says."""
        self.schedule()
        for kind in FaultKind:
            with self.subTest(kind):
                one = self.failed(fails(Fault(kind)), f"with {kind}")
                self.assertEqual(bool(one.retry_at), RULES[kind].temporary)
                self.assertFalse(self.waiting_jobs(one))

    def test_who_presses_the_button_does_not_wait_for_the_next_try(self):
        self.schedule()
        one = self.failed(DOWN)
        self.assertTrue(one.retry_at)
        SCRIPTS[one.name] = brings(1)
        one.action_sync_now()
        self.assertIsNone(self.work(one))
        self.assertEqual(self.runs(one)[-1].trigger, "manual")
        self.assertEqual((one.last_outcome, one.retry_at), ("done", False))

    def test_a_job_that_found_its_connection_taken_comes_at_once_when_it_is_free(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        let_go = self.busy_elsewhere(one)
        self.assertIsNotNone(self.work(one))
        job = self.waiting_jobs(one)
        self.assertTrue(job.eta)
        let_go()
        self.work_off_queue()
        self.assertEqual((self.waiting_jobs(one), job.eta), (job, False))
        self.assertIsNone(self.perform(job))
        self.assertEqual(one.last_outcome, "done")
