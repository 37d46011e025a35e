# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.addons.sync_hub.tests.outside_system import brings
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .common import QueueCase

LOGGER = "odoo.addons.sync_hub_queue.models.sync_run"


class TestTurns(QueueCase):
    """A connection has one job that waits, whatever crosses its way."""

    def postponed(self, connection):
        """A job that found its connection taken; another worker is at it."""
        connection.action_sync_now()
        let_go = self.busy_elsewhere(connection)
        self.assertIsNotNone(self.work(connection))
        return self.waiting_jobs(connection), let_go

    def test_a_job_that_finds_its_connection_taken_leaves_the_waiting_to_one_that_waits_already(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        self.work_off_queue()
        first = self.jobs(one)
        first.state = "started"
        let_go = self.busy_elsewhere(one)
        one.action_sync_now()
        self.work_off_queue()
        second = self.waiting_jobs(one)
        self.assertEqual(len(second), 1)
        self.assertIsNone(self.perform(first), "It does not come back.")
        self.assertEqual((self.waiting_jobs(one), first.state), (second, "done"))
        let_go()
        self.perform(second)
        self.assertEqual(self.runs(one).mapped("outcome"), ["done"])

    def test_of_two_jobs_that_wait_one_is_cancelled(self):
        """The runner gives out anew what a killed host was at, while a second job was made."""
        one = self.connection()
        one.action_sync_now()
        self.work_off_queue()
        first = self.jobs(one)
        first.state = "started"
        self.work_off_queue()
        second = self.waiting_jobs(one)
        first.write({"state": "pending", "eta": fields.Datetime.now() + timedelta(minutes=1)})
        self.work_off_queue()
        self.assertEqual((first.state, second.state), ("cancelled", "pending"), "The one that may begin now stays.")

    def test_a_job_that_is_handed_out_already_is_the_one_that_stays(self):
        one = self.connection()
        one.action_sync_now()
        self.work_off_queue()
        first = self.jobs(one)
        first.state = "started"
        self.work_off_queue()
        second = self.waiting_jobs(one)
        second.state = "enqueued"
        first.state = "pending"
        self.work_off_queue()
        self.assertEqual((first.state, second.state), ("cancelled", "enqueued"))

    def test_a_job_is_not_called_back_while_the_other_worker_is_still_at_the_connection(self):
        one = self.connection()
        job, let_go = self.postponed(one)
        self.runs(one)._begin()
        eta = job.eta
        one.action_sync_now()
        self.work_off_queue()
        self.assertEqual((self.waiting_jobs(one), job.eta), (job, eta))
        let_go()
        self.work_off_queue()
        self.assertFalse(job.eta, "What was killed is closed, and the next one comes at once.")

    def test_a_job_that_the_runner_writes_to_at_the_same_time_is_left_to_it(self):
        one, other = self.connection(), self.connection("Postmen")
        job, _let_go = self.postponed(one)
        other.action_sync_now()
        locking = patch.object(self.registry["queue.job"], "try_lock_for_update", side_effect=SerializationFailure)
        with locking as asked:
            self.work_off_queue()
        self.assertTrue(asked.called)
        self.assertTrue(job.eta)
        self.assertEqual(len(self.waiting_jobs(other)), 1, "The others get theirs.")


class TestStandstill(QueueCase):
    """A job runner that gets nothing done keeps nobody waiting for ever."""

    def later(self, minutes):
        """Let time pass, and the queue look."""
        with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
            self.work_off_queue()

    def handed_out(self, connection):
        connection.action_sync_now()
        self.work_off_queue()
        return self.jobs(connection)

    def test_what_nobody_has_taken_up_for_minutes_is_done_by_the_scheduled_action(self):
        """The runner is there and cannot reach Odoo, or its capacity is taken by others."""
        one = self.connection(script=brings(1))
        for state in ("pending", "enqueued"):
            with self.subTest(state):
                job = self.handed_out(one)[-1]
                job.state = state
                self.later(1)
                run = self.runs(one)[-1]
                self.assertEqual(run.state, "queued", "Not at once: others may be before it.")
                with self.assertLogs(LOGGER, "WARNING"):
                    self.later(10)
                self.assertEqual(run.outcome, "done")
                job.state = "done"

    def test_a_schedule_works_itself_too(self):
        due = self.connection("Postmen", brings(1))
        schedule = self.schedule(connection_id=due.id)
        with freeze_time(schedule.next_run - timedelta(minutes=10)):
            self.handed_out(self.connection())
        with mute_logger(LOGGER):
            self.run_schedule(schedule)
        self.assertEqual(self.runs(due).outcome, "done")

    def test_while_jobs_of_ours_are_done_the_others_wait_for_their_turn(self):
        one, other = self.connection(script=brings(1)), self.connection("Postmen")
        self.handed_out(one)
        at_work = self.handed_out(other)
        just_done = fields.Datetime.now() + timedelta(minutes=8)
        for values in ({"state": "started"}, {"state": "done", "date_done": just_done}):
            with self.subTest(**values):
                at_work.write(values)
                self.later(10)
                self.assertEqual(self.runs(one).state, "queued")
        with self.assertLogs(LOGGER, "WARNING"):
            self.later(20)
        self.assertEqual(self.runs(one).outcome, "done")

    def test_a_job_that_is_not_due_yet_is_no_reason(self):
        one = self.connection(script=brings(1))
        self.handed_out(one).eta = fields.Datetime.now() + timedelta(minutes=8)
        self.later(10)
        self.assertEqual(self.runs(one).state, "queued")
