# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.addons.sync_hub.faults import RULES, Fault, FaultKind
from odoo.addons.sync_hub.tests.outside_system import SCRIPTS, brings, fails
from odoo.addons.sync_hub_queue.models.sync_run import TRIES

from .common import QueueCase

DOWN = fails(Fault(FaultKind.PROVIDER_DOWN))


class TestRetry(QueueCase):
    """A fault that may pass by itself is tried again by its job, later and later; any other is left to people."""

    def scheduled(self, script, name="Couriers"):
        """A connection whose schedule has just handed it out."""
        one = self.connection(name, script)
        self.env["sync.run"]._queue(one, "scheduled")
        self.work_off_queue()
        return one

    def seconds_until(self, job):
        return (job.eta - fields.Datetime.now()).total_seconds()

    def test_a_temporary_fault_is_tried_again_and_ends_with_the_first_success(self):
        one = self.scheduled(DOWN)
        job = self.jobs(one)
        self.assertIsNotNone(self.perform(job))
        self.assertEqual((job.state, job.retry, one.last_outcome), ("pending", 1, "failed"))
        SCRIPTS["Couriers"] = brings(1)
        self.assertIsNone(self.perform(job))
        self.assertEqual(self.runs(one).mapped("outcome"), ["failed", "done"])
        self.assertEqual(self.runs(one).mapped("trigger"), ["scheduled", "scheduled"])
        self.assertEqual((job.state, one.last_outcome), ("done", "done"))

    def test_the_waits_grow_are_spread_and_have_an_end(self):
        """So that many databases that failed together do not come back together, nor for ever."""
        one = self.scheduled(DOWN)
        job, waits = self.jobs(one), []
        while self.perform(job) is not None:
            waits.append(self.seconds_until(job))
        self.assertEqual((len(waits), job.state), (TRIES - 1, "done"))
        for wait, (shortest, longest) in zip(waits, ((30, 60), (60, 120), (120, 240), (450, 900)), strict=True):
            self.assertTrue(shortest - 2 <= wait <= longest + 2, waits)
        self.assertEqual(self.runs(one).mapped("outcome"), ["failed"] * TRIES)
        self.assertEqual(self.told(one), 1, "The chatter tells it once.")

    def test_only_what_may_pass_by_itself_is_tried_again(self):
        """As the table of faults says."""
        for kind in FaultKind:
            with self.subTest(kind):
                one = self.scheduled(fails(Fault(kind)), f"with {kind}")
                self.assertEqual(self.perform(self.jobs(one)) is not None, RULES[kind].temporary)

    def test_who_pressed_the_button_sees_the_fault_and_presses_it_again(self):
        one = self.connection(script=DOWN)
        one.action_sync_now()
        self.assertIsNone(self.work(one))
        self.assertEqual((one.last_outcome, self.jobs(one).state), ("failed", "done"))

    def test_a_bank_that_names_a_time_is_not_called_before_it(self):
        until = datetime.now(UTC) + timedelta(hours=1)
        one = self.scheduled(fails(Fault(FaultKind.RATE_LIMITED, not_before=until)))
        job = self.jobs(one)
        self.perform(job)
        self.assertTrue(3595 <= self.seconds_until(job) <= 3605)
        SCRIPTS["Couriers"] = brings(1)
        with freeze_time(job.eta + timedelta(seconds=1)):
            self.perform(job)
        self.assertEqual(one.last_outcome, "done")

    def test_where_the_schedule_comes_first_it_is_left_to_it(self):
        schedule = self.schedule()
        until = schedule.next_run.replace(tzinfo=UTC) + timedelta(hours=1)
        one = self.scheduled(fails(Fault(FaultKind.RATE_LIMITED, not_before=until)))
        self.assertEqual(one.schedule_id, schedule)
        self.assertIsNone(self.perform(self.jobs(one)))

    def test_who_presses_the_button_does_not_wait_for_the_next_try(self):
        one = self.scheduled(DOWN)
        job = self.jobs(one)
        self.perform(job)
        self.assertTrue(job.eta)
        SCRIPTS["Couriers"] = brings(1)
        one.action_sync_now()
        self.work_off_queue()
        self.assertEqual((self.waiting_jobs(one), job.eta), (job, False))
        self.assertIsNone(self.perform(job))
        self.assertEqual(self.runs(one)[-1].trigger, "manual")
        self.assertEqual(self.runs(one).mapped("outcome"), ["failed", "done"])

    def test_a_try_that_is_not_needed_any_more_is_left_out(self):
        """Somebody synchronized with success, switched automatic runs off, or disconnected meanwhile."""

        def succeeded(one):
            SCRIPTS[one.name] = brings(1)
            self.stop_job_runner()
            one.action_sync_now()
            self.work_off_queue()
            self.start_job_runner()

        def switched_off(one):
            one.automatic = False

        def disconnected(one):
            one.state = "closed"

        for meanwhile, outcomes in (
            (succeeded, ["failed", "done"]),
            (switched_off, ["failed"]),
            (disconnected, ["failed"]),
        ):
            with self.subTest(meanwhile.__name__):
                one = self.scheduled(DOWN, meanwhile.__name__)
                self.perform(self.jobs(one))
                meanwhile(one)
                self.assertIsNone(self.perform(self.jobs(one)))
                self.assertEqual(self.runs(one).mapped("outcome"), outcomes)
