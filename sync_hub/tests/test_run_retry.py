# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, timedelta

from freezegun import freeze_time
from odoo.addons.sync_hub.faults import Fault, FaultKind

from .common import SyncHubCase
from .outside_system import SCRIPTS, brings, fails

NOON = datetime(2026, 5, 4, 12, 0)
DOWN = fails(Fault(FaultKind.PROVIDER_DOWN))


class TestRunRetry(SyncHubCase):
    """After a fault that passes by itself the engine tries again by itself, less and less often while it lasts."""

    def setUp(self):
        super().setUp()
        clock = freeze_time(NOON)
        self.clock = clock.start()
        self.addCleanup(clock.stop)

    def fail(self, connection, script=DOWN):
        """A first, manual run that fails."""
        SCRIPTS[connection.name] = script
        return self.sync(connection)

    def wait_until(self, moment):
        """Let time pass, and the queue look once a moment later."""
        self.clock.move_to(moment + timedelta(seconds=1))
        self.work_off_queue()

    def minutes(self, connection):
        """How long until the next try."""
        return (connection.retry_at - datetime.now()).total_seconds() / 60

    def test_the_next_try_comes_without_waiting_for_the_schedule(self):
        one, schedule = self.connection(), self.schedule()
        self.fail(one)
        self.assertTrue(4 <= self.minutes(one) <= 6)
        self.assertGreater(schedule.next_run, one.retry_at)
        self.assertEqual(one.next_run, one.retry_at, "The screen shows the try as the next run.")
        queue = self.env.ref("sync_hub.ir_cron_queue")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]).mapped("call_at")
        self.assertIn(one.retry_at, woken, "A worker is woken for it.")
        SCRIPTS[one.name] = brings(1)
        self.work_off_queue()
        self.assertEqual(len(self.runs(one)), 1, "Not before its time.")
        self.wait_until(one.retry_at)
        again = self.runs(one)[-1]
        self.assertEqual((again.trigger, again.attempt, again.outcome), ("scheduled", 1, "done"))
        self.assertEqual((schedule.last_run_id, one.retry_at, one.failures_in_row), (again, False, 0))

    def test_each_wait_is_longer_than_the_one_before_up_to_six_hours(self):
        one = self.connection()
        self.schedule()
        self.fail(one)
        for middle in (5, 15, 45, 135, 360, 360):
            self.assertTrue(0.8 * middle - 0.1 <= self.minutes(one) <= 1.2 * middle + 0.1, (middle, one.retry_at))
            self.wait_until(one.retry_at)
        self.assertEqual(self.runs(one).mapped("attempt"), [0, 1, 2, 3, 4, 5, 6])

    def test_a_success_starts_the_count_anew(self):
        one = self.connection()
        self.schedule()
        self.fail(one)
        self.wait_until(one.retry_at)
        self.assertEqual(one.failures_in_row, 2)
        SCRIPTS[one.name] = brings(1)
        self.wait_until(one.retry_at)
        self.fail(one)
        self.assertTrue(4 <= self.minutes(one) <= 6)

    def test_the_button_works_at_any_time_and_does_not_disturb_what_is_planned(self):
        one = self.connection()
        self.schedule()
        self.fail(one)
        planned = one.retry_at
        self.assertEqual(self.sync(one).outcome, "failed")
        self.assertEqual((one.retry_at, one.failures_in_row), (planned, 1))
        SCRIPTS[one.name] = brings(1)
        self.assertEqual(self.sync(one).outcome, "done")
        self.assertFalse(one.retry_at)
        self.wait_until(planned)
        self.assertEqual(len(self.runs(one)), 3)

    def test_a_pause_that_the_bank_asked_for_is_kept_before_the_next_try(self):
        one = self.connection()
        self.schedule()
        pause = NOON + timedelta(hours=3)
        self.fail(one, fails(Fault(FaultKind.RATE_LIMITED, not_before=pause.replace(tzinfo=UTC))))
        self.assertTrue(pause <= one.retry_at <= pause + timedelta(minutes=5))

    def test_the_regular_rhythm_waits_as_well(self):
        """A schedule of every ten minutes does not knock at a bank that has been down for hours."""
        one, schedule = self.connection(), self.schedule(interval_number=10, interval_type="minutes")
        self.fail(one)
        self.wait_until(one.retry_at)
        self.wait_until(one.retry_at)
        self.assertGreater(self.minutes(one), 30)
        self.trigger(schedule.cron_id)
        self.clock.move_to(schedule.next_run + timedelta(seconds=5))
        self.trigger(schedule.cron_id)
        self.assertEqual(len(self.runs(one)), 3)

    def test_a_repetition_does_not_take_the_place_of_the_regular_run_of_the_other_connections(self):
        bad, good = self.connection("bad"), self.connection("good", brings(1))
        schedule = self.schedule()
        self.fail(bad)
        due = schedule.next_run
        bad.retry_at = due
        self.clock.move_to(due + timedelta(seconds=5))
        self.env["sync.run"]._queue(bad, "scheduled", schedule=schedule, attempt=1)
        self.trigger(schedule.cron_id)
        self.assertEqual((len(self.runs(good)), self.runs(good).attempt), (1, 0))
        self.assertEqual(len(self.runs(bad)), 2, "The repetition that waited is taken along.")

    def test_only_faults_that_pass_by_themselves_are_tried_again(self):
        self.schedule()
        for kind in (FaultKind.BAD_DATA, FaultKind.CREDENTIALS_REJECTED, FaultKind.CONSENT_EXPIRED):
            with self.subTest(kind):
                one = self.connection(kind)
                self.fail(one, fails(Fault(kind)))
                self.assertFalse(one.retry_at or one.failures_in_row)

    def test_part_of_the_work_that_failed_for_a_passing_reason_is_tried_again(self):
        def one_of_two_accounts(connection, run, deadline):
            run._count(created=1)
            run._log_fault(Fault(FaultKind.PROVIDER_DOWN))
            return True

        one = self.connection()
        self.schedule()
        self.assertEqual(self.fail(one, one_of_two_accounts).outcome, "partly_failed")
        self.assertTrue(one.retry_at)

    def test_nothing_is_tried_again_where_nothing_runs_by_itself(self):
        switched_off = self.connection("switched off", automatic=False)
        no_schedule = self.connection("no schedule", company_id=self.other_company.id)
        self.schedule()
        for one in (switched_off, no_schedule):
            with self.subTest(one.name):
                self.fail(one)
                self.assertFalse(one.retry_at)

    def test_a_schedule_that_is_switched_off_meanwhile_is_obeyed(self):
        one, schedule = self.connection(), self.schedule()
        self.fail(one)
        schedule.active = False
        self.wait_until(one.retry_at)
        self.assertEqual(len(self.runs(one)), 1)

    def test_a_schedule_that_is_paused_meanwhile_is_obeyed(self):
        one, schedule = self.connection(), self.schedule()
        self.fail(one)
        schedule.write({"paused_until": "2026-05-20", "pause_reason": "The bank moves"})
        one.invalidate_recordset(["next_run"])
        self.assertEqual(one.next_run, schedule.next_run, "The screen announces no try in the pause.")
        self.wait_until(one.retry_at)
        self.assertEqual(len(self.runs(one)), 1)
        SCRIPTS[one.name] = brings(1)
        self.wait_until(datetime(2026, 5, 20, 12))
        self.assertEqual((self.runs(one)[-1].attempt, self.runs(one)[-1].outcome), (1, "done"))

    def test_a_try_that_cannot_be_queued_keeps_none_of_the_others_waiting(self):
        """Say because its schedule names a time zone that this host does not know."""
        bad, good = self.connection("bad"), self.connection("good")
        self.schedule()
        own = self.schedule(connection_id=bad.id)
        self.fail(bad)
        self.fail(good)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sync_schedule SET tz = 'Mars/Olympus' WHERE id = %s", [own.id])
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.sync_hub.models.on_its_own", "ERROR"):
            self.wait_until(max(bad.retry_at, good.retry_at))
        self.assertEqual((len(self.runs(bad)), len(self.runs(good))), (1, 2))

    def test_whoever_cancels_wants_no_repetition(self):
        one = self.connection()
        self.schedule()
        self.fail(one)
        one.action_sync_now()
        one.action_cancel_run()
        self.assertFalse(one.retry_at)
