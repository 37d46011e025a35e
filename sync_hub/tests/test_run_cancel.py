# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError

from .common import SyncHubCase
from .outside_system import brings, far, in_steps


class TestRunCancel(SyncHubCase):
    """Whoever may synchronize may also stop: at once what waits, at its next step what is being worked on."""

    def test_a_run_that_waits_is_cancelled_at_once(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        run = self.runs(one)
        run.with_user(self.user).action_cancel()
        self.assertEqual((run.state, run.outcome, one.last_run_id), ("finished", "cancelled", run))
        self.work_off_queue()
        self.assertEqual((len(self.runs(one)), run.created_count), (1, 0), "Nobody was called.")

    def test_the_log_says_who_cancelled(self):
        one = self.connection()
        one.action_sync_now()
        one.with_user(self.user).action_cancel_run()
        self.assertEqual(self.runs(one).line_ids.message, f"{self.user.name} cancelled it.")

    def test_a_run_that_goes_on_stops_at_its_next_step_and_keeps_what_is_committed(self):
        """Somebody presses the button in another window while the second step is done."""
        steps = []

        def script(connection, run, deadline):
            while not run._must_stop(deadline):
                steps.append(len(steps))
                run._count(created=1)
                connection.env.cr.commit()
                if len(steps) == 2:
                    connection.env["sync.run"].browse(run.id).with_user(self.user).action_cancel()
                    self.assertEqual((run.state, run.live_progress["cancelling"]), ("running", True))
                if len(steps) == 10:
                    return True
            return False

        one = self.connection(script=script)
        run = self.sync(one)
        self.assertEqual((run.outcome, run.created_count, steps), ("cancelled", 2, [0, 1]))
        self.assertEqual(one.last_outcome, "cancelled")

    def test_a_run_that_waits_between_two_slices_is_cancelled_too(self):
        seen = []
        one = self.connection(script=in_steps(3, seen))
        one.action_sync_now()
        run = self.runs(one)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            run.with_env(self.env(cr=cr, user=self.operator))._work(far())
        one.action_cancel_run()
        self.assertEqual((run.outcome, run.created_count, seen), ("cancelled", 1, [0]))

    def test_the_next_run_is_not_kept_from_its_work(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        one.action_cancel_run()
        self.assertEqual(self.sync(one).outcome, "done")

    def test_the_sum_of_several_connections_is_cancelled_with_all_of_them(self):
        connections = self.connection("first") | self.connection("second")
        schedule = self.schedule()
        schedule.with_user(self.user).action_run_now()
        parent = self.runs(connections[0]).parent_id
        parent.with_user(self.user).action_cancel()
        self.assertEqual(parent.child_ids.mapped("outcome"), ["cancelled", "cancelled"])
        self.assertEqual((parent.outcome, schedule.last_run_id), ("cancelled", parent))

    def test_a_schedule_cancels_what_it_asked_for(self):
        one = self.connection()
        schedule = self.schedule()
        schedule.action_run_now()
        self.assertEqual(schedule.current_run_id, self.runs(one))
        schedule.with_user(self.user).action_cancel_run()
        self.env.invalidate_all()
        self.assertEqual((self.runs(one).outcome, schedule.current_run_id.id), ("cancelled", False))

    def test_a_run_that_was_cancelled_and_then_killed_is_not_begun_again(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        run = self.runs(one)
        run._begin()
        run._count(created=5)
        one.action_cancel_run()
        self.assertEqual(run.state, "running")
        self.work_off_queue()
        self.assertEqual((run.outcome, len(self.runs(one))), ("cancelled", 1))

    def test_what_has_ended_cannot_be_cancelled_any_more(self):
        run = self.sync(self.connection(script=brings(1)))
        run.action_cancel()
        self.assertEqual((run.outcome, run.cancel_requested, len(run.line_ids)), ("done", False, 0))

    def test_another_company_cannot_cancel(self):
        one = self.connection()
        one.action_sync_now()
        stranger = self.person("stranger", "sync_hub.group_manager", self.other_company)
        for record, method in ((self.runs(one), "action_cancel"), (one, "action_cancel_run")):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(record.with_user(stranger), method)()
        self.assertEqual(self.runs(one).state, "queued")
