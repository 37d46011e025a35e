# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import SyncHubCase
from .outside_system import far


class TestRunProgress(SyncHubCase):
    """Whoever may see a connection sees how far its run has come, how fast it goes and how long it will take."""

    def halfway(self, connection):
        """A run that has done 50 of 200 rows in ten seconds."""
        connection.action_sync_now()
        run = self.runs(connection)[-1]
        run._begin()
        run._expect(200)
        run._advance(50, 10.0)
        return run

    def test_it_moves_by_chunks_and_tells_rows_rate_and_time_left(self):
        one = self.connection()
        run = self.halfway(one)
        bar = one.with_user(self.user).live_progress
        self.assertEqual((bar["id"], bar["state"], bar["done"], bar["total"]), (run.id, "running", 50, 200))
        self.assertEqual((bar["percent"], bar["rate"], bar["seconds_left"]), (25, 5.0, 30))
        run._advance(100, 10.0)
        bar = run.with_user(self.user).live_progress
        self.assertEqual((bar["percent"], bar["rate"], bar["seconds_left"]), (75, 7.5, 7))

    def test_rows_that_are_added_meanwhile_make_the_way_longer(self):
        """The next account of a bank, say."""
        run = self.halfway(self.connection())
        run._expect(350)
        self.assertEqual((run.progress_total, round(run.progress)), (400, 12))

    def test_more_rows_than_were_expected_are_not_more_than_all(self):
        run = self.halfway(self.connection())
        run._advance(170, 10.0)
        self.assertEqual((run.progress_done, run.progress_total, run.progress), (220, 220, 100))

    def test_what_it_waited_in_the_queue_does_not_make_it_slow(self):
        def slice_of_ten(connection, run, deadline):
            if not run.progress_total:
                run._expect(20)
            run._advance(10, 2.0)
            return run.progress_done == 20

        one = self.connection(script=slice_of_ten)
        one.action_sync_now()
        run = self.runs(one)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            run.with_env(self.env(cr=cr, user=self.operator))._work(far())
        run.date_start = "2020-01-01 00:00:00"
        bar = one.live_progress
        self.assertEqual((bar["state"], bar["rate"], bar["seconds_left"]), ("queued", 5.0, 2))

    def test_without_a_measure_there_is_no_rate(self):
        one = self.connection()
        one.action_sync_now()
        bar = one.live_progress
        self.assertEqual((bar["percent"], bar["total"], bar["rate"], bar["seconds_left"]), (0, 0, None, None))

    def test_a_page_that_is_loaded_anew_begins_with_what_is_stored(self):
        """And one that opens after the end shows no bar."""
        one = self.connection()
        run = self.halfway(one)
        self.env.invalidate_all()
        self.assertEqual(one.live_progress["done"], 50)
        run._finish("done")
        self.env.invalidate_all()
        self.assertEqual(one.live_progress, {"id": False, "last_run": run.id})
        self.assertEqual((run.live_progress["state"], run.live_progress["percent"]), ("finished", 100))

    def test_a_connection_shows_what_is_worked_on_before_what_waits(self):
        one = self.connection()
        run = self.halfway(one)
        self.env["sync.run"]._queue(one, "manual")
        self.assertEqual(one.current_run_id, run)

    def test_a_schedule_shows_its_run_and_a_sum_counts_connections(self):
        first, second = self.connection("first"), self.connection("second")
        schedule = self.schedule()
        schedule.action_run_now()
        parent = self.runs(first).parent_id
        self.runs(first)._begin()
        self.runs(first)._expect(10)
        self.runs(first)._advance(5, 1.0)
        self.runs(second)._begin()
        self.runs(second)._count(fetched=7)
        self.runs(second)._finish("done")
        bar = schedule.with_user(self.user).live_progress
        self.assertEqual((bar["id"], bar["done"], bar["total"], bar["percent"]), (parent.id, 1, 2, 75))
        self.assertEqual((bar["fetched"], bar["rate"]), (7, None))
