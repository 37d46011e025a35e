# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.addons.base.models import ir_cron

from .common import SyncHubCase
from .outside_system import brings


class TestScheduleBusy(SyncHubCase):
    """A connection that takes long keeps neither its schedule nor the company's other connections waiting."""

    def at_work(self, connection, schedule):
        """A run that another worker is at since the last time of its schedule."""
        run = self.env["sync.run"]._queue(connection, "scheduled", schedule=schedule)
        run._begin()
        self.busy_elsewhere(connection)
        return run

    def test_the_others_run_at_their_time_while_one_is_still_being_worked_on(self):
        slow, quick = self.connection("slow"), self.connection("quick", brings(1))
        schedule = self.schedule()
        going_on = self.at_work(slow, schedule)
        for number in (1, 2):
            self.run_schedule(schedule)
            self.assertEqual(self.runs(quick).mapped("outcome"), ["done"] * number)
        self.assertEqual((self.runs(slow), going_on.state), (going_on, "running"))

    def test_the_log_of_the_long_one_says_once_that_its_time_came_again(self):
        slow, schedule = self.connection(), self.schedule()
        going_on = self.at_work(slow, schedule)
        self.run_schedule(schedule)
        self.run_schedule(schedule)
        self.assertEqual(going_on.line_ids.mapped("kind"), ["run_went_on"])
        self.assertIn("came while it went on", going_on.line_ids.message)

    def test_the_next_time_of_a_schedule_does_not_wait_until_its_work_is_done(self):
        """Its scheduled action is called again for what is left, and moves on in the meantime."""
        one, schedule = self.connection(script=brings(1)), self.schedule(interval_number=10, interval_type="minutes")
        due = schedule.next_run
        triggers = [("cron_id", "=", schedule.cron_id.id)]
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 0)
        self.run_schedule(schedule)
        self.assertEqual(self.runs(one).state, "queued", "There was no time to do it.")
        self.assertGreater(schedule.next_run, due)
        self.assertTrue(self.env["ir.cron.trigger"].search(triggers))
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 10)
        moved = schedule.next_run
        self.trigger(schedule.cron_id)
        self.assertEqual((self.runs(one).outcome, len(self.runs(one))), ("done", 1))
        self.assertGreaterEqual(moved, fields.Datetime.now())

    def test_what_still_waits_for_a_worker_is_not_asked_for_again(self):
        one, schedule = self.connection(), self.schedule()
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 0)
        self.run_schedule(schedule)
        self.run_schedule(schedule)
        self.assertEqual((len(self.runs(one)), self.runs(one).line_ids.ids), (1, []))
