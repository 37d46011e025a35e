# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import SyncHubCase
from .outside_system import SCRIPTS, brings, far, in_steps


class TestRun(SyncHubCase):
    """Every synchronization is a run: asked for, waiting, worked on by a worker, ended with an outcome."""

    def test_the_button_asks_for_a_run_and_does_not_do_the_work_itself(self):
        """The web request ends at once; a worker takes the run from the queue."""
        asked = []
        one = self.connection(script=lambda *args: asked.append(args) or True)
        answer = one.with_user(self.user).action_sync_now()
        run = self.runs(one)
        self.assertEqual((run.state, run.trigger, run.user_id, asked), ("queued", "manual", self.user, []))
        self.assertEqual(answer["tag"], "display_notification")
        queue = self.env.ref("sync_hub.ir_cron_queue")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]), "A worker is woken.")
        self.work_off_queue()
        self.assertEqual((run.state, run.outcome, len(asked)), ("finished", "nothing_new", 1))
        self.assertTrue(run.date_start and run.date_end)

    def test_pressing_twice_asks_once(self):
        one = self.connection()
        one.action_sync_now()
        one.with_user(self.user).action_sync_now()
        self.assertEqual(len(self.runs(one)), 1)
        self.work_off_queue()
        one.action_sync_now()
        self.assertEqual(len(self.runs(one)), 2)

    def test_a_connection_that_waits_for_its_user_says_which_button_to_press(self):
        for values, sentence in (
            ({"state": "reconnect"}, "Press “Reconnect”"),
            ({"state": "credentials"}, "Update credentials"),
            ({"state": "draft"}, "is not connected"),
            ({"state": "closed"}, "is not connected"),
            ({"active": False}, "is not connected"),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, sentence):
                self.connection(**values).action_sync_now()

    def test_outcomes_follow_from_what_was_counted(self):
        def refuses(created):
            def script(connection, run, deadline):
                run._count(created=created, failed=1)
                return True

            return script

        def updates(connection, run, deadline):
            run._count(updated=1)
            return True

        def one_of_two_accounts(connection, run, deadline):
            run._log("provider_down", "error")
            run.checkpoint = {"succeeded": 1}
            return True

        for name, script, outcome in (
            ("nothing", None, "nothing_new"),
            ("new", brings(3), "done"),
            ("updated", updates, "done"),
            ("some refused", refuses(2), "partly_failed"),
            ("all refused", refuses(0), "failed"),
            ("one account failed", one_of_two_accounts, "partly_failed"),
        ):
            with self.subTest(name):
                self.assertEqual(self.sync(self.connection(name, script)).outcome, outcome)

    def test_the_connection_points_to_its_last_run_and_its_last_success(self):
        one = self.connection(script=brings(1))
        good = self.sync(one)
        self.assertEqual((one.last_run_id, one.last_success_run_id, one.last_success), (good, good, good.date_end))
        SCRIPTS[one.name] = lambda connection, run, deadline: run._count(failed=1) or True
        bad = self.sync(one)
        self.assertEqual((one.last_run_id, one.last_success_run_id), (bad, good))
        self.assertEqual(one.last_outcome, "failed")

    def test_a_run_that_is_not_wanted_any_more_is_skipped_and_counts_for_nothing(self):
        """It was asked for, then the consent ended or the bank asked for a pause: nobody is called."""
        later = fields.Datetime.now() + timedelta(hours=1)
        for values in ({"state": "reconnect"}, {"active": False}, {"not_before": later}):
            with self.subTest(values):
                one = self.connection(script=brings(1))
                schedule = self.schedule(connection_id=one.id)
                before = self.sync(one)
                one.action_sync_now()
                one.write(values)
                self.work_off_queue()
                self.assertEqual(self.runs(one)[-1].outcome, "skipped")
                self.assertEqual((one.last_run_id, schedule.last_run_id), (before, before))

    def test_a_run_whose_connection_was_deleted_is_skipped(self):
        one = self.connection()
        one.action_sync_now()
        run = self.runs(one)
        one.unlink()
        self.work_off_queue()
        self.assertEqual((run.state, run.outcome, run.connection_name), ("finished", "skipped", False))
        with self.assertRaisesRegex(UserError, "was deleted"):
            run.action_open_connection()

    def test_deleting_a_connection_in_the_middle_of_its_run_cancels_the_run(self):
        def deleted_meanwhile(connection, run, deadline):
            connection.sudo().unlink()
            connection.env.cr.commit()
            connection.name = "gone"

        run = self.sync_deleted(deleted_meanwhile)
        self.assertEqual((run.state, run.outcome), ("finished", "cancelled"))

    def sync_deleted(self, script):
        one = self.connection(script=script)
        one.action_sync_now()
        run = self.runs(one)
        self.work_off_queue()
        return run

    def test_work_that_takes_longer_is_done_in_slices(self):
        """After each slice the run waits in the queue again, so that others have their turn; it loses nothing."""
        seen = []
        one = self.connection(script=in_steps(3, seen))
        one.action_sync_now()
        run = self.runs(one)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            slice_ = run.with_env(self.env(cr=cr, user=self.operator))
            self.assertTrue(slice_._work(far()))
            self.assertEqual((slice_.state, slice_.checkpoint, slice_.created_count), ("queued", {"step": 1}, 1))
        start = run.date_start
        self.work_off_queue()
        self.assertEqual((seen, run.outcome, run.created_count), ([0, 1, 2], "done", 3))
        self.assertEqual(run.date_start, start)
        self.assertFalse(run.checkpoint)

    def test_disconnecting_cancels_the_rest_of_a_run(self):
        seen = []
        one = self.connection(script=in_steps(3, seen))
        one.action_sync_now()
        run = self.runs(one)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            run.with_env(self.env(cr=cr, user=self.operator))._work(far())
        one.state = "closed"
        self.work_off_queue()
        self.assertEqual((run.outcome, seen), ("cancelled", [0]))

    def test_runs_take_turns(self):
        """A long first import does not keep a short synchronization waiting until it is done."""
        turns = []

        def long(connection, run, deadline):
            turns.append("long")
            return turns.count("long") == 3

        self.connection("long", long).action_sync_now()
        self.connection("short", lambda *args: turns.append("short") or True).action_sync_now()
        self.work_off_queue()
        self.assertEqual(turns, ["long", "short", "long", "long"])

    def test_the_address_of_the_user_who_waited_is_forgotten_with_the_run(self):
        one = self.connection()
        run = self.env["sync.run"]._queue(one, "manual", attended={"ip_address": "192.0.2.1"})
        self.assertEqual(run.attended, {"ip_address": "192.0.2.1"})
        self.work_off_queue()
        self.assertFalse(run.attended)

    def test_a_run_that_is_going_on_cannot_be_deleted(self):
        one = self.connection()
        run = self.sync(one)
        run.state = "running"
        with self.assertRaisesRegex(UserError, "while it is going on"):
            run.with_user(self.manager).unlink()
        run.state = "finished"
        run.with_user(self.manager).unlink()
        self.assertFalse(one.last_run_id)

    def test_the_user_of_another_company_cannot_ask_for_a_run(self):
        stranger = self.person("stranger", "sync_hub.group_manager", self.other_company)
        with self.assertRaises(AccessError):
            self.connection().with_user(stranger).action_sync_now()
