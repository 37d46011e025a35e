# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree
from odoo.tools.safe_eval import safe_eval

from .common import SyncHubCase


class TestScheduleLate(SyncHubCase):
    """What a schedule does when its scheduled action comes late, say after a stop of the server."""

    def schedule_at_six(self, **values):
        """A schedule that was made at five in the morning, in Rome."""
        with freeze_time("2026-05-04 03:00:00"):
            return self.schedule(**{"interval_number": 1, "interval_type": "days"} | values)

    def come(self, schedule, hours=0, minutes=0):
        """Let the scheduled action come so much later than it should."""
        with freeze_time(schedule.next_run + timedelta(hours=hours, minutes=minutes)):
            self.trigger(schedule.cron_id)

    def notes(self, schedule):
        """Outcome and log of the runs of a schedule."""
        runs = self.env["sync.run"].search([("schedule_id", "=", schedule.id), ("parent_id", "=", False)], order="id")
        return [(run.outcome, run.line_ids.mapped("kind")) for run in runs]

    def test_unless_told_otherwise_it_runs_once_for_all_that_were_missed(self):
        schedule, one = self.schedule_at_six(interval_number=10, interval_type="minutes"), self.connection()
        self.come(schedule, hours=3, minutes=5)
        self.assertEqual(len(self.runs(one)), 1)
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-04 06:10:00")

    def test_a_run_that_catches_up_says_so_in_its_log(self):
        schedule = self.schedule_at_six()
        self.connection()
        self.come(schedule, hours=3)
        self.assertEqual(self.notes(schedule), [("nothing_new", ["run_late"])])
        self.assertIn("Started late", schedule.last_run_id.line_ids.message)

    def test_of_several_connections_the_common_run_says_it(self):
        schedule = self.schedule_at_six()
        self.connection("one")
        self.connection("two")
        self.come(schedule, hours=3)
        self.assertEqual(self.notes(schedule), [("nothing_new", ["run_late"])])

    def test_it_may_be_told_to_wait_for_the_next_time_instead(self):
        schedule, one = self.schedule_at_six(misfire_policy="skip"), self.connection()
        self.come(schedule, hours=3)
        self.assertFalse(self.runs(one))
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-05 04:00:00")
        self.assertEqual(self.notes(schedule), [("skipped", ["run_missed"])])
        self.assertFalse(schedule.last_run_id)
        self.run_schedule(schedule)
        self.assertEqual(self.runs(one).outcome, "nothing_new")

    def test_who_opens_the_runs_finds_the_time_that_passed(self):
        """Without the sums of several connections, as the list opens."""
        schedule = self.schedule_at_six(misfire_policy="skip")
        self.connection("one")
        self.connection("two")
        self.come(schedule, hours=3)
        self.run_schedule(schedule)
        action = schedule.action_open_runs()
        self.assertTrue(safe_eval(action["context"])["search_default_each_connection"])
        view = self.env.ref("sync_hub.view_sync_run_search")
        arch = etree.fromstring(self.env["sync.run"].get_view(view.id)["arch"])
        (domain,) = arch.xpath("//filter[@name='each_connection']/@domain")
        found = self.env["sync.run"].search([*action["domain"], *safe_eval(domain)], order="id")
        self.assertEqual(found.mapped("outcome"), ["skipped", "nothing_new", "nothing_new"])
        self.assertFalse(found & schedule.last_run_id)

    def test_a_time_that_passed_is_noted_once(self):
        schedule = self.schedule_at_six(misfire_policy="skip")
        due = schedule.next_run
        for _ in range(2):
            schedule.cron_id.nextcall = due
            with freeze_time(due + timedelta(hours=3)):
                self.trigger(schedule.cron_id)
        self.assertEqual(len(self.notes(schedule)), 1)

    def test_within_its_grace_it_is_on_time(self):
        for minutes, grace, runs in ((15, 15, 1), (16, 15, 0), (59, 60, 1), (1, 0, 0)):
            with self.subTest(minutes=minutes, grace=grace), self.env.cr.savepoint() as savepoint:
                schedule = self.schedule_at_six(misfire_policy="skip", misfire_grace=grace)
                one = self.connection()
                self.come(schedule, minutes=minutes)
                self.assertEqual(len(self.runs(one)), runs)
                savepoint.rollback()

    def test_outside_its_hours_it_catches_nothing_up(self):
        schedule, one = self.schedule_at_six(hour_from=6.0, hour_to=8.0), self.connection()
        self.come(schedule, hours=3)
        self.assertFalse(self.runs(one))
        self.assertEqual(self.notes(schedule), [("skipped", ["run_missed_closed"])])
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-05 04:00:00")

    def test_on_an_unticked_weekday_it_catches_nothing_up(self):
        schedule, one = self.schedule_at_six(tue=False), self.connection()
        self.come(schedule, hours=24)
        self.assertFalse(self.runs(one))
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-06 04:00:00")

    def test_a_schedule_that_keeps_away_from_others_is_not_late_by_that(self):
        """Its delay is no lateness, also without any grace."""
        schedule, one = self.schedule_at_six(misfire_policy="skip", misfire_grace=0), self.connection()
        self.come(schedule)
        self.assertEqual(len(self.runs(one)), 1)
