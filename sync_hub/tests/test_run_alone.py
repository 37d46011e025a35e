# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import SyncHubCase
from .outside_system import brings, far


class TestRunAlone(SyncHubCase):
    """One worker at a time is at a connection, and what a killed worker leaves is taken up again."""

    def waiting_triggers(self):
        queue = self.env.ref("sync_hub.ir_cron_queue")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])

    def test_a_connection_that_another_worker_is_at_is_left_to_it(self):
        """The run waits; the worker goes on with other connections instead of asking again and again."""
        busy, free = self.connection("busy", brings(1)), self.connection("free", brings(1))
        let_go = self.busy_elsewhere(busy)
        busy.action_sync_now()
        free.action_sync_now()
        self.waiting_triggers().unlink()
        self.work_off_queue()
        self.assertEqual((self.runs(busy).state, self.runs(free).outcome), ("queued", "done"))
        self.assertFalse(self.waiting_triggers(), "Nobody is woken to find the connection taken again.")
        let_go()
        self.work_off_queue()
        self.assertEqual(self.runs(busy).outcome, "done")

    def test_a_schedule_does_not_wait_for_a_connection_that_is_taken(self):
        busy = self.connection()
        schedule = self.schedule()
        let_go = self.busy_elsewhere(busy)
        self.run_schedule(schedule)
        self.assertEqual(self.runs(busy).state, "queued")
        self.assertGreater(schedule.next_run, fields.Datetime.now())
        let_go()
        self.work_off_queue()
        self.assertEqual(self.runs(busy).trigger, "scheduled")
        self.assertEqual(schedule.last_run_id, self.runs(busy))

    def test_who_ends_a_run_wakes_the_queue_for_those_who_found_the_connection_taken(self):
        one = self.connection()
        first = self.env["sync.run"]._queue(one, "scheduled")
        first.date_start = fields.Datetime.now()  # a slice was done: the next press makes a run of its own
        one.action_sync_now()
        self.waiting_triggers().unlink()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            first.with_env(self.env(cr=cr, user=self.operator))._work(far())
        self.assertEqual(len(self.waiting_triggers()), 1)

    def test_a_run_whose_worker_was_killed_is_closed_as_interrupted_and_queued_again(self):
        """Nobody holds the lock of its connection: PostgreSQL has let it go with the worker."""
        one = self.connection(script=brings(1))
        one.with_user(self.user).action_sync_now()
        killed = self.runs(one)
        killed._begin()
        self.work_off_queue()
        again = self.runs(one) - killed
        self.assertEqual((killed.state, killed.outcome), ("finished", "interrupted"))
        self.assertEqual((again.outcome, again.trigger, again.user_id), ("done", "manual", self.user))
        self.assertEqual((one.last_run_id, one.last_success_run_id), (again, again))

    def test_a_run_whose_worker_lives_is_not_taken_for_killed(self):
        one = self.connection()
        one.action_sync_now()
        run = self.runs(one)
        run._begin()
        self.busy_elsewhere(one)
        self.work_off_queue()
        self.assertEqual((run.state, len(self.runs(one))), ("running", 1))

    def kill_again_and_again(self, connection, step):
        """Kill the worker of a run, and of each that goes on in its place, after a step.

        :return: how many runs that took, six at most
        """
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            runs = self.env["sync.run"].with_env(self.env(cr=cr, user=self.operator))
            run = runs._queue(connection.with_env(runs.env), "manual")
            number = 0
            while run and number < 6:
                number += 1
                run._begin()
                step(run, number)
                runs._resume_killed()
                run = runs.search([("connection_id", "=", connection.id), ("state", "=", "queued")])
        return number

    def test_a_run_that_kills_its_worker_each_time_is_not_tried_for_ever(self):
        """It is tried once more; then it is left to the next schedule, or to the button."""
        for name, step in (
            ("before anything was done", lambda run, number: None),
            ("after the same rows were received again", lambda run, number: run._count(fetched=10, skipped=1)),
            ("at the same place", lambda run, number: run.write({"checkpoint": {"page": 7}})),
        ):
            with self.subTest(name):
                one = self.connection(name)
                self.assertEqual(self.kill_again_and_again(one, step), 2)
                self.assertEqual(self.runs(one).mapped("outcome"), ["interrupted", "interrupted"])

    def test_a_run_that_got_on_before_each_kill_is_always_tried_again(self):
        for name, step in (
            ("rows were booked", lambda run, number: run._count(created=10)),
            ("it came further", lambda run, number: run.write({"checkpoint": {"page": number}})),
        ):
            with self.subTest(name):
                self.assertEqual(self.kill_again_and_again(self.connection(name), step), 6)

    def test_the_log_says_that_a_run_was_killed_and_what_became_of_it(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        killed = self.runs(one)
        killed._begin()
        self.work_off_queue()
        self.assertIn("ended in the middle", killed.line_ids.message)
        self.assertEqual(killed.successor_ids, self.runs(one) - killed)

    # -- Two at the same moment ------------------------------------------------------------------------------------

    def test_the_database_itself_holds_one_waiting_run_of_a_connection(self):
        one, other = self.connection("one"), self.connection("other")
        self.env["sync.run"]._queue(other, "manual")
        run = self.env["sync.run"]._queue(one, "manual")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            run.copy()
        run.date_start = fields.Datetime.now()
        self.assertTrue(run.copy(), "One that was begun does not wait.")

    def test_who_cannot_see_yet_that_somebody_asks_asks_again(self):
        """Odoo repeats a request that ends so."""
        one = self.connection()
        self.env["sync.run"]._queue(one, "manual")
        blind = self.env["sync.run"].with_user(self.operator).with_context(allowed_company_ids=self.other_company.ids)
        self.assertFalse(blind._waiting(one))
        with mute_logger("odoo.sql_db"), self.assertRaises(ConcurrencyError):
            blind._queue(one, "manual")
        self.assertEqual(len(self.runs(one)), 1)
