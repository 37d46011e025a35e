# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import Form

from ..models import sync_run_retention
from .common import SyncHubCase


class TestRunRetention(SyncHubCase):
    """Old runs are deleted every night; what still says how a connection stands is kept."""

    def ended(self, connection, outcome, days, **values):
        """A run that ended so many days ago."""
        run = self.env["sync.run"]._queue(connection, "scheduled", **values)
        run._begin()
        run._finish(outcome)
        run.date_end = fields.Datetime.now() - timedelta(days=days)
        return run

    def clean(self):
        return self.env["sync.run"]._delete_old_runs()

    def test_runs_that_ended_long_ago_are_deleted_with_their_log(self):
        one = self.connection()
        old = self.ended(one, "done", 181)
        old._log("note")
        line = old.line_ids
        young, last = self.ended(one, "done", 179), self.ended(one, "done", 0)
        self.assertEqual(self.clean(), (1, 0))
        self.assertFalse(old.exists() or line.exists())
        self.assertEqual(self.runs(one), young | last)

    def test_the_last_run_the_last_success_and_the_last_failure_of_each_connection_stay(self):
        one, other = self.connection("one"), self.connection("other", active=False)
        runs = {}
        for connection in (one, other):
            for number, outcome in enumerate(("failed", "done", "partly_failed", "nothing_new", "interrupted")):
                runs[connection, outcome] = self.ended(connection, outcome, 400 - number)
        self.clean()
        for connection in (one, other):
            kept = [runs[connection, outcome] for outcome in ("partly_failed", "nothing_new", "interrupted")]
            self.assertEqual(self.runs(connection).ids, [run.id for run in kept])

    def test_the_sum_over_a_run_that_stays_stays_with_it(self):
        one, other = self.connection("one"), self.connection("other")
        schedule = self.schedule()
        parent = self.env["sync.run"]._queue_sum(schedule, "scheduled")
        child = self.ended(one, "failed", 300, parent=parent)
        self.ended(other, "done", 300, parent=parent)
        parent._finish_parent()
        parent.date_end = child.date_end
        for connection in (one, other):
            self.ended(connection, "done", 0)
        schedule.last_run_id = self.runs(one)[-1]
        self.clean()
        self.assertEqual((parent.exists(), self.runs(one)[0], len(self.runs(other))), (parent, child, 1))

    def test_an_old_sum_goes_with_its_runs(self):
        one, other = self.connection("one"), self.connection("other")
        parent = self.env["sync.run"]._queue_sum(self.schedule(), "scheduled")
        old = self.ended(one, "done", 300, parent=parent) | self.ended(other, "done", 300, parent=parent)
        parent.write({"state": "finished", "outcome": "done", "date_end": old[0].date_end})
        for connection in (one, other):
            self.ended(connection, "done", 0)
        self.clean()
        self.assertFalse((parent | old).exists())

    def test_the_last_run_of_a_schedule_stays_though_nothing_else_points_at_it(self):
        one = self.connection()
        schedule = self.schedule()
        run = self.ended(one, "done", 300, schedule=schedule)
        one.unlink()
        self.clean()
        self.assertEqual(schedule.last_run_id, run)
        schedule.unlink()
        self.clean()
        self.assertFalse(run.exists())

    def test_a_run_that_goes_on_is_never_deleted(self):
        one = self.connection()
        run = self.env["sync.run"]._queue(one, "manual")
        run.write({"state": "running", "date_end": "2020-01-01 00:00:00"})
        self.clean()
        self.assertTrue(run.exists())

    def test_many_are_deleted_in_chunks(self):
        """Each chunk is committed: a night's work never holds the table for long."""
        self.patch(sync_run_retention, "CHUNK", 2)
        one = self.connection()
        for _ in range(6):
            self.ended(one, "done", 200)
        self.assertEqual([self.clean(), self.clean(), self.clean()], [(2, 1), (2, 1), (1, 0)])
        self.assertEqual(len(self.runs(one)), 1)

    def set_days(self, days):
        with Form(self.settings()) as settings:
            settings.sync_run_retention_days = days
        settings.record.execute()

    def settings(self):
        # Settings belong to administrators, in their own company.
        return self.env(user=self.env.ref("base.user_admin"), context={})["res.config.settings"]

    def test_the_days_are_a_setting_of_the_database(self):
        one = self.connection()
        old, last = self.ended(one, "done", 20), self.ended(one, "done", 0)
        self.set_days(30)
        self.clean()
        self.assertTrue(old.exists())
        self.set_days(14)
        self.clean()
        self.assertEqual(self.runs(one), last)

    def test_zero_keeps_runs_for_ever(self):
        one = self.connection()
        old = self.ended(one, "done", 5000)
        self.ended(one, "done", 0)
        self.set_days(0)
        self.assertEqual(self.clean(), (0, 0))
        self.assertTrue(old.exists())
        settings = self.settings().create({})
        self.assertEqual(settings.sync_run_retention_days, 0, "The screen does not show the default again.")

    def test_the_night_s_cleaning_does_it(self):
        one = self.connection()
        old = self.ended(one, "done", 300)
        self.ended(one, "done", 0)
        self.trigger(self.env.ref("base.autovacuum_job"))
        self.assertFalse(old.exists())
