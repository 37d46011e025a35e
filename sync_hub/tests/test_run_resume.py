# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.faults import Fault, FaultKind

from .common import SyncHubCase
from .outside_system import brings, fails, in_steps


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

    def test_whoever_asked_after_the_kill_goes_on_from_there_too(self):
        """Their run waits when the queue finds what was killed."""
        seen = []
        one = self.connection(script=in_steps(3, seen))
        killed = self.killed(one)
        waiting = self.env["sync.run"]._queue(one, "scheduled")
        self.work_off_queue()
        self.assertEqual((killed.outcome, waiting.outcome, seen), ("interrupted", "done", [1, 2]))
        self.assertEqual((waiting.interrupted_id, len(self.runs(one))), (killed, 2))
        self.assertEqual(waiting.user_id, killed.user_id, "Who had pressed the button is answered.")

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

    def two_at_once(self, script):
        """A run of two connections; the worker of the first one dies after its first step.

        :return: the schedule, and the killed run
        """
        first = self.connection("first", script)
        self.connection("second", brings(1))
        schedule = self.schedule()
        schedule.action_run_now()
        killed = self.runs(first)
        killed._begin()
        killed.write({"created_count": 1, "checkpoint": {"step": 1}})
        return schedule, killed

    def test_a_sum_counts_the_run_that_went_on_instead_of_the_killed_one(self):
        schedule, killed = self.two_at_once(in_steps(3, []))
        parent = killed.parent_id
        self.work_off_queue()
        again = killed.successor_ids
        self.assertEqual((again.parent_id, again.outcome), (parent, "done"))
        self.assertEqual((parent.outcome, parent.created_count, schedule.last_run_id), ("done", 4, parent))

    def test_the_bar_of_a_sum_counts_connections_also_after_a_kill(self):
        _schedule, killed = self.two_at_once(None)
        killed._close_killed(killed._connection())
        bar = killed.parent_id.live_progress
        self.assertEqual((bar["state"], bar["done"], bar["total"], bar["percent"]), ("running", 0, 2, 0))

    def test_a_sum_whose_connection_was_given_up_is_partly_failed(self):
        schedule, killed = self.two_at_once(None)
        killed._close_killed(killed._connection())
        again = killed.successor_ids
        again._begin()
        self.work_off_queue()
        self.assertEqual((again.outcome, again.successor_ids.ids), ("interrupted", []))
        self.assertEqual(schedule.last_outcome, "partly_failed")


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

    def test_what_waits_as_part_of_one_sum_is_not_asked_for_by_another(self):
        first, second = self.connection("first"), self.connection("second")
        schedule = self.schedule()
        schedule.action_run_now()
        self.run_schedule(schedule)
        runs = self.env["sync.run"].search([("service_id", "=", self.service.id)])
        parent = self.runs(first).parent_id
        self.assertEqual(runs, self.runs(first) | self.runs(second) | parent)
        self.assertEqual((len(parent.child_ids), parent.trigger), (2, "manual"))

    def test_who_presses_while_the_schedule_s_run_waits_is_answered(self):
        """In the chatter too, although the same fault was told before."""
        one = self.connection(script=fails(Fault(FaultKind.PROVIDER_DOWN)))
        schedule = self.schedule()
        self.run_schedule(schedule)
        waiting = self.env["sync.run"]._queue(one, "scheduled", schedule=schedule)
        one.with_user(self.user).action_sync_now()
        self.assertEqual((self.runs(one)[-1], waiting.user_id, waiting.trigger), (waiting, self.user, "scheduled"))
        self.work_off_queue()
        self.assertEqual((waiting.outcome, self.told(one)), ("failed", 2))

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
