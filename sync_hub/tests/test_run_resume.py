# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import SyncHubCase
from .outside_system import brings, in_steps


class TestRunResume(SyncHubCase):
    """A run whose worker was killed is closed as interrupted; the run that takes its place goes on from there."""

    def killed(self, connection, **values):
        """A run of which the worker died after its first step."""
        connection.action_sync_now()
        run = self.runs(connection)[-1]
        run._begin()
        run.write({"created_count": 1, "checkpoint": {"step": 1}, **values})
        return run

    def test_the_new_run_begins_where_the_killed_one_had_come(self):
        seen = []
        one = self.connection(script=in_steps(3, seen))
        killed = self.killed(one)
        self.work_off_queue()
        again = self.runs(one) - killed
        self.assertEqual((killed.outcome, again.outcome, seen), ("interrupted", "done", [1, 2]))
        self.assertEqual((killed.created_count, again.created_count), (1, 2))
        self.assertFalse(killed.checkpoint or again.checkpoint)

    def test_a_run_that_waits_already_takes_the_place_of_the_killed_one(self):
        """Somebody pressed the button after the kill: there are not two new runs."""
        seen = []
        one = self.connection(script=in_steps(3, seen))
        killed = self.killed(one)
        waiting = self.env["sync.run"]._queue(one, "manual")
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            waiting.with_env(self.env(cr=cr, user=self.operator))._work(float("inf"))
        self.assertEqual((killed.outcome, seen), ("interrupted", [1]))
        self.work_off_queue()
        self.assertEqual((waiting.outcome, seen, len(self.runs(one))), ("done", [1, 2], 2))

    def test_the_interrupted_run_is_the_last_outcome_until_the_next_one_has_ended(self):
        one = self.connection(script=brings(1))
        schedule = self.schedule()
        before = self.sync(one)
        killed = self.killed(one)
        killed._close_killed(one)
        self.assertEqual((one.last_outcome, schedule.last_run_id), ("interrupted", killed))
        self.assertEqual(one.last_success_run_id, before)
        self.work_off_queue()
        self.assertEqual((one.last_outcome, schedule.last_outcome), ("done", "done"))

    def test_a_schedule_that_is_due_finds_what_a_killed_worker_left_too(self):
        one = self.connection(script=brings(1))
        schedule = self.schedule()
        killed = self.killed(one)
        queue = self.env.ref("sync_hub.ir_cron_queue")
        self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]).unlink()
        self.run_schedule(schedule)
        self.assertEqual(killed.outcome, "interrupted")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]), "A worker is woken.")
        self.work_off_queue()
        self.assertEqual((one.last_outcome, len(self.runs(one))), ("done", 2))


class TestRunsComeTogether(SyncHubCase):
    """What is asked for while a run waits is not asked for twice."""

    def test_a_schedule_takes_the_run_along_that_somebody_asked_for(self):
        first, second = self.connection("first", brings(1)), self.connection("second", brings(2))
        schedule = self.schedule()
        first.action_sync_now()
        asked_for = self.runs(first)
        self.run_schedule(schedule)
        self.work_off_queue()
        self.assertEqual((self.runs(first), len(self.runs(second))), (asked_for, 1))
        self.assertEqual(asked_for.parent_id.created_count, 3)

    def test_one_press_for_several_connections_has_one_outcome_on_the_schedule(self):
        """The one that failed is not hidden by the one that came after it."""
        bad = self.connection("bad", lambda connection, run, deadline: run._count(failed=1) or True)
        good = self.connection("good", brings(1))
        schedule = self.schedule()
        schedule.with_user(self.user).action_run_now()
        self.work_off_queue()
        parent = schedule.last_run_id
        self.assertEqual(parent.child_ids, self.runs(bad) | self.runs(good))
        self.assertEqual((parent.trigger, parent.user_id, parent.outcome), ("manual", self.user, "partly_failed"))

    def test_pressing_again_joins_what_waits(self):
        first, second = self.connection("first"), self.connection("second")
        schedule = self.schedule()
        schedule.action_run_now()
        schedule.action_run_now()
        (first | second).action_sync_now()
        self.assertEqual((len(self.runs(first)), len(self.runs(second))), (1, 1))
        self.work_off_queue()
        self.assertEqual(schedule.last_run_id.child_ids, self.runs(first) | self.runs(second))

    def test_the_outcome_of_one_manual_run_is_the_schedule_s_too(self):
        one = self.connection(script=brings(1))
        schedule = self.schedule()
        run = self.sync(one)
        self.assertEqual((schedule.last_run_id, schedule.last_outcome), (run, "done"))

    def test_a_sum_of_runs_that_were_all_skipped_counts_for_nothing(self):
        connections = self.connection("first") | self.connection("second")
        schedule = self.schedule()
        schedule.action_run_now()
        connections.state = "closed"
        self.work_off_queue()
        parent = self.runs(connections[0]).parent_id
        self.assertEqual((parent.outcome, schedule.last_run_id.id), ("skipped", False))
