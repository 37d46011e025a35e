# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.tests.outside_system import brings, fails, in_steps
from odoo.addons.sync_hub.tests.post_office import PostOfficeMixin

from .common import QueueCase

# As Odoo writes day and hour in English: two runs may stand on both sides of a minute.
_HOUR = re.compile(r"\d+/\d+/\d+, \d+:\d+\s[AP]M")


class TestJobs(QueueCase):
    """Where a job runner serves the database, its workers synchronize; all that people see is the same."""

    def test_who_presses_the_button_gets_a_job_and_the_job_does_the_run(self):
        one = self.connection(script=brings(3))
        one.with_user(self.user).action_sync_now()
        self.work_off_queue()
        run = self.runs(one)
        self.assertEqual((run.state, run.created_count), ("queued", 0), "The scheduled action does not work itself.")
        self.assertIsNone(self.perform(self.waiting_jobs(one)))
        self.assertEqual((run.outcome, run.created_count, run.user_id), ("done", 3, self.user))
        self.assertEqual((one.last_run_id, one.last_outcome), (run, "done"))
        self.assertEqual(self.jobs(one).state, "done")
        self.assertIn(run.reference, self.jobs(one).result)

    def test_the_run_works_as_the_engines_operator_and_in_the_company_of_the_connection(self):
        seen = []

        def script(connection, run, deadline):
            seen.append((connection.env.user, connection.env.companies, connection.env.su))
            return True

        one = self.connection(script=script)
        one.with_user(self.manager).action_sync_now()
        self.work(one)
        self.assertEqual(seen, [(self.operator, self.company, False)])
        job = self.jobs(one)
        self.assertEqual((job.user_id, job.company_id), (self.env.ref("base.user_root"), self.company))

    def test_an_operator_who_cannot_work_any_more_fails_the_run_with_a_sentence(self):
        move = {"company_id": self.other_company.id, "company_ids": [(6, 0, self.other_company.ids)]}
        for values, reason in ((move, "has no access to Rossi S.r.l."), ({"active": False}, "is archived")):
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                self.operator.write(values)
                one = self.connection(script=brings(1))
                one.with_user(self.manager).action_sync_now()
                self.work(one)
                run = self.runs(one)
                self.assertEqual((run.outcome, run.line_ids.kind), ("failed", "operator_refused"))
                self.assertIn(reason, run.line_ids.message)
                savepoint.rollback()

    def test_a_connection_never_has_two_jobs_waiting(self):
        one, other = self.connection(), self.connection("Postmen")
        for _press in range(3):
            (one | other).action_sync_now()
            self.work_off_queue()
        self.schedule()._queue_scheduled(late=False)
        self.work_off_queue()
        self.assertEqual(len(self.jobs(one)), 1)
        self.assertEqual(len(self.jobs(other)), 1)

    def test_what_is_asked_for_while_a_job_is_at_work_gets_the_next_job(self):
        one = self.connection()
        one.action_sync_now()
        self.work_off_queue()
        first = self.jobs(one)
        first.state = "started"
        self.runs(one)._begin()
        one.action_sync_now()
        let_go = self.busy_elsewhere(one)
        self.work_off_queue()
        second = self.waiting_jobs(one)
        self.assertEqual((len(second), len(self.jobs(one))), (1, 2))
        postponed = self.perform(second)
        self.assertTrue(postponed.ignore_retry, "Waiting for one's turn is no failed try.")
        self.assertEqual((second.state, second.retry), ("pending", 0))
        let_go()
        self.perform(second)
        self.assertEqual(self.runs(one)[-1].outcome, "nothing_new")

    def test_a_long_run_takes_a_job_for_each_slice_so_that_others_have_their_turn(self):
        seen = []
        one = self.connection(script=in_steps(3, seen))
        one.action_sync_now()
        for step in range(3):
            self.assertEqual(len(seen), step)
            self.work(one)
        run = self.runs(one)
        self.assertEqual((seen, run.outcome, run.created_count), ([0, 1, 2], "done", 3))
        self.assertEqual(self.jobs(one).mapped("state"), ["done"] * 3)

    def test_a_schedule_hands_its_connections_out_and_its_run_ends_with_the_last(self):
        good, empty = self.connection(script=brings(2)), self.connection("Postmen")
        schedule = self.schedule()
        self.run_schedule(schedule)
        parent = self.env["sync.run"].search([("schedule_id", "=", schedule.id), ("parent_id", "=", False)])
        self.assertEqual((parent.state, len(parent.child_ids)), ("running", 2))
        self.work(good)
        self.assertEqual(parent.state, "running")
        self.work(empty)
        self.assertEqual((parent.outcome, parent.created_count, schedule.last_run_id), ("done", 2, parent))

    def test_the_job_of_a_killed_worker_closes_its_run_and_does_it_again(self):
        """The runner gives such a job out once more; nobody holds the lock of the connection."""
        one, other = self.connection(script=brings(1)), self.connection("Postmen")
        one.action_sync_now()
        self.work_off_queue()
        killed = self.runs(one)
        killed._begin()
        unrelated = self.env["sync.run"]._queue(other, "manual")
        unrelated._begin()
        self.perform(self.jobs(one))
        self.assertEqual(killed.outcome, "interrupted")
        self.assertEqual(self.runs(one)[-1].outcome, "done")
        self.assertEqual(unrelated.state, "running", "A job looks after its own connection.")

    def test_a_job_that_finds_nothing_to_do_does_nothing(self):
        """Another worker was faster, or the run was deleted."""
        one, gone = self.connection(), self.connection("Postmen")
        (one | gone).action_sync_now()
        self.work_off_queue()
        self.runs(one)._finish("cancelled")
        self.runs(gone).sudo().unlink()
        for connection in (one, gone):
            self.assertIsNone(self.perform(self.jobs(connection)))
        self.assertEqual(self.runs(one).outcome, "cancelled")

    def test_who_waits_for_the_button_comes_before_what_the_clock_started(self):
        pressed, due = self.connection(), self.connection("Postmen")
        self.env["sync.run"]._queue(due, "scheduled")
        pressed.action_sync_now()
        self.work_off_queue()
        self.assertLess(self.jobs(pressed).priority, self.jobs(due).priority)

    def test_many_connections_are_handed_out_in_chunks(self):
        connections = [self.connection(f"Courier {number}") for number in range(120)]
        for one in connections:
            self.env["sync.run"]._queue(one, "scheduled")
        self.work_off_queue()
        self.assertEqual([len(self.jobs(one)) for one in connections], [1] * 120)

    def test_without_a_job_runner_the_scheduled_action_works_itself(self):
        """The server was started without it, or it is down: nothing waits for ever."""
        one = self.connection(script=brings(1))
        self.stop_job_runner()
        one.action_sync_now()
        self.work_off_queue()
        self.assertEqual((self.runs(one).outcome, len(self.jobs(one))), ("done", 0))
        self.run_schedule(self.schedule())
        self.assertEqual((self.runs(one)[-1].trigger, self.runs(one)[-1].outcome), ("scheduled", "done"))

    def test_jobs_that_a_dead_runner_left_find_their_work_done(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        self.work_off_queue()
        self.stop_job_runner()
        self.work_off_queue()
        self.assertEqual(self.runs(one).outcome, "done")
        self.perform(self.waiting_jobs(one))
        self.assertEqual(len(self.runs(one)), 1)


class TestWhatPeopleSee(PostOfficeMixin, QueueCase):
    """Runs, progress, messages and letters are the engine's: nobody can tell whether jobs do the work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_post_office()

    def by_job(self, connection):
        """Let jobs do what waits, and the letters leave."""
        self.work_off_queue()
        while job := self.waiting_jobs(connection):
            self.perform(job)
            self.work_off_queue()
        self.trigger(self.env.ref("sync_hub.ir_cron_outcome_mail"))

    def by_scheduled_action(self, connection):
        """The same without a job runner."""
        self.stop_job_runner()
        self.work_off_queue()
        self.trigger(self.env.ref("sync_hub.ir_cron_outcome_mail"))
        self.start_job_runner()

    def seen(self, script, work):
        """What people see of a run: its bar at each step, the run, its log, the chatter and the letter."""
        bars = []

        def watched(connection, run, deadline):
            try:
                return script(connection, run, deadline)
            finally:
                bar = run.live_progress
                bars.append({name: bar[name] for name in ("state", "done", "total", "percent", "rate", "cancelling")})

        self.inbox.deliveries.clear()
        one = self.connection("Couriers", watched)
        one.with_user(self.user).action_sync_now()
        work(one)
        run = self.runs(one)
        reference = run.reference
        record = run.read(
            ["state", "outcome", "trigger", "user_id", "operator_id", "company_id", "schedule_id", "created_count"]
        )[0]
        del record["id"]
        told = {
            "bars": bars,
            "run": record,
            "log": run.line_ids.mapped("message"),
            "chatter": self.chatter(one).replace(reference, "SH-"),
            "letters": [self.text(letter).replace(reference, "SH-") for letter in self.letters()],
            "connection": (one.last_outcome, bool(one.last_success), one.fault_message, one.state),
        }
        one.active = False
        return told, run

    def both_ways(self, script):
        """What people see of a run, whose work must look the same done by jobs and without."""
        self.schedule(outcome_mail_to="anna@rossi.example", outcome_mail_policy="always")
        with_jobs, run = self.seen(script, self.by_job)
        without, other = self.seen(script, self.by_scheduled_action)
        self.maxDiff = None
        for told, one in ((with_jobs, run), (without, other)):
            # The link and the hour are each run's own.
            told["letters"] = [
                _HOUR.sub("at its hour", letter.replace(f"res_id={one.id}", "res_id=")) for letter in told["letters"]
            ]
            self.assertTrue(all("at its hour" in letter for letter in told["letters"]))
        self.assertEqual(with_jobs, without)
        return with_jobs

    def test_a_run_of_several_slices_moves_as_it_does_without_jobs(self):
        def half(connection, run, deadline):
            if not run.progress_total:
                run._expect(20)
            run._count(fetched=10, created=10)
            run._advance(10, 2.0)
            return run.progress_done == 20

        told = self.both_ways(half)
        steps = [(bar["done"], bar["percent"], bar["rate"]) for bar in told["bars"]]
        self.assertEqual(steps, [(10, 50, 5), (20, 100, 5)])
        self.assertEqual((told["run"]["outcome"], told["run"]["created_count"]), ("done", 20))
        self.assertEqual(len(told["letters"]), 1)

    def test_a_failure_is_told_in_log_chatter_and_letter_as_it_is_without_jobs(self):
        told = self.both_ways(fails(Fault(FaultKind.CREDENTIALS_REJECTED, detail="no such key")))
        self.assertEqual(told["connection"][3], "credentials")
        for words in (told["chatter"], told["letters"][0]):
            self.assertIn("The access keys were not accepted.", words)

    def test_who_cancels_stops_a_job_at_its_next_step(self):
        def script(connection, run, deadline):
            run._count(created=1)
            connection.env.cr.commit()
            if run.created_count == 2:
                connection.env["sync.run"].browse(run.id).with_user(self.user).action_cancel()
            return run.created_count == 5 and not run._must_stop(deadline)

        told = self.both_ways(script)
        self.assertEqual((told["run"]["outcome"], told["run"]["created_count"]), ("cancelled", 2))
        self.assertEqual(told["log"], [f"{self.user.name} cancelled it."])
        self.assertTrue(told["bars"][-1]["cancelling"])

    def test_what_is_cancelled_while_its_job_waits_is_over_at_once(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        self.work_off_queue()
        one.with_user(self.user).action_cancel_run()
        run = self.runs(one)
        self.assertEqual((run.state, run.outcome), ("finished", "cancelled"))
        self.perform(self.waiting_jobs(one))
        self.assertEqual((len(self.runs(one)), run.created_count), (1, 0))
        self.work_off_queue()
        self.assertFalse(self.waiting_jobs(one))
