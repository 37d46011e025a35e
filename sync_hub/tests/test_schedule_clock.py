# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from odoo import SUPERUSER_ID, api, fields
from odoo.addons.sync_hub.models.sync_schedule_automatic import SPREAD_SECONDS
from odoo.tests.test_cursor import TestCursor
from odoo.tools import mute_logger

from .common import SyncHubCase

ROME = ZoneInfo("Europe/Rome")


class TestScheduleClock(SyncHubCase):
    """A schedule runs at the time on the wall, through every change of the clocks."""

    def local_runs(self, schedule, count):
        """Let the scheduler run a schedule so many times; the local times of the runs, without their spread."""
        delay = schedule._delay()
        times = []
        for _ in range(count):
            times.append((schedule.next_run - delay).replace(tzinfo=UTC).astimezone(ROME))
            self.run_schedule(schedule)
        return times

    def daily(self, today):
        with freeze_time(today):
            return self.schedule(interval_number=1, interval_type="days", start_time=6.0, tz="Europe/Rome")

    def test_six_o_clock_stays_six_o_clock_when_summer_time_begins(self):
        times = self.local_runs(self.daily("2026-03-27 12:00:00"), 3)
        self.assertEqual(
            [time.strftime("%d %H:%M %z") for time in times],
            ["28 06:00 +0100", "29 06:00 +0200", "30 06:00 +0200"],
        )

    def test_six_o_clock_stays_six_o_clock_when_summer_time_ends(self):
        times = self.local_runs(self.daily("2026-10-23 12:00:00"), 3)
        self.assertEqual(
            [time.strftime("%d %H:%M %z") for time in times],
            ["24 06:00 +0200", "25 06:00 +0100", "26 06:00 +0100"],
        )

    def test_every_twelve_hours_means_six_and_eighteen_also_when_the_clocks_change(self):
        with freeze_time("2026-03-28 12:00:00"):
            schedule = self.schedule(interval_number=12, interval_type="hours", start_time=6.0, tz="Europe/Rome")
        times = self.local_runs(schedule, 4)
        shown = [time.strftime("%d %H:%M") for time in times]
        self.assertEqual(shown, ["28 18:00", "29 06:00", "29 18:00", "30 06:00"])

    def test_after_a_stop_of_the_server_it_runs_once_and_goes_on_at_its_times(self):
        with freeze_time("2026-05-04 04:00:00"):
            schedule = self.schedule(interval_number=10, interval_type="minutes", start_time=6.0, tz="Europe/Rome")
        one = self.connection()
        with freeze_time("2026-05-04 09:03:00"):
            self.trigger(schedule.cron_id)
        self.assertEqual(len(self.runs(one)), 1)
        delay = schedule._delay()
        self.assertEqual(str(schedule.next_run - delay), "2026-05-04 09:10:00")

    def test_each_schedule_keeps_a_small_distance_of_its_own(self):
        """So many schedules of one hour do not reach a bank in the same second; each keeps its own delay for good."""
        with freeze_time("2026-05-04 12:00:00"):
            schedule = self.schedule(interval_number=1, interval_type="days", start_time=6.0, tz="Europe/Rome")
            first = schedule.next_run
            schedule.interval_number = 1
        delay = first - fields.Datetime.to_datetime("2026-05-05 04:00:00")
        self.assertEqual(schedule.next_run, first)
        self.assertEqual(delay, schedule._delay())
        self.assertTrue(timedelta(0) <= delay < timedelta(seconds=SPREAD_SECONDS))

    def databases(self, schedule):
        """What the same schedule of other databases does: each has its own delay."""
        for number in range(20):
            self.env["ir.config_parameter"].set_param("database.uuid", f"database-{number}")
            # Its next run is computed anew.
            schedule.tz = schedule.tz
            yield number

    def test_the_same_schedule_of_other_databases_starts_in_other_seconds(self):
        schedule = self.daily("2026-05-04 12:00:00")
        delays = {schedule._delay() for _database in self.databases(schedule)}
        self.assertGreater(len(delays), 10)

    def test_its_distance_keeps_no_schedule_from_its_hours(self):
        """At the closing hour, and on a day that is not ticked, nothing starts."""
        one_minute = {"hour_from": 6.0, "hour_to": 6 + 1 / 60}
        last_minute = {"exact_start": True, "start_time": 23 + 59 / 60, "tue": False}
        for rule, now, first, end in (
            (one_minute, "2026-05-04 03:00:00", "2026-05-04 04:00:00", "2026-05-04 04:01:00"),
            (last_minute, "2026-05-04 12:00:00", "2026-05-04 21:59:00", "2026-05-04 22:00:00"),
        ):
            with self.subTest(rule), freeze_time(now), self.env.cr.savepoint() as savepoint:
                schedule = self.schedule(interval_number=1, interval_type="days", **rule)
                starts = {str(schedule.next_run) for _database in self.databases(schedule)}
                self.assertGreater(len(starts), 5)
                self.assertTrue(first <= min(starts) <= max(starts) < end, starts)
                savepoint.rollback()

    def test_what_starts_shortly_before_the_closing_hour_starts_once_and_is_not_late(self):
        one = self.connection()
        with freeze_time("2026-05-04 03:00:00"):
            schedule = self.schedule(
                interval_number=1, interval_type="days", hour_from=6.0, hour_to=6 + 1 / 60,
                misfire_policy="skip", misfire_grace=1,
            )
        databases = self.databases(schedule)
        for day in range(4, 12):
            with freeze_time(f"2026-05-{day:02} 03:00:00"):
                next(databases)
            self.run_schedule(schedule)
            self.assertEqual(str(schedule.next_run.date()), f"2026-05-{day + 1:02}")
            self.assertEqual(self.runs(one).mapped("outcome"), ["nothing_new"] * (day - 3))

    def test_every_minute_is_delayed_by_less_than_a_minute(self):
        with freeze_time("2026-05-04 12:00:30"):
            schedule = self.schedule(interval_number=1, interval_type="minutes")
            for _database in self.databases(schedule):
                self.assertLess(schedule._delay(), timedelta(minutes=1))

    def test_a_host_whose_clock_is_behind_that_of_the_database_loses_no_run(self):
        """By the clock of the database Odoo decides whom it calls."""
        schedule, one = self.daily("2026-05-04 12:00:00"), self.connection()
        due = schedule.next_run
        with freeze_time(due - timedelta(seconds=5)), patch.object(
            TestCursor, "now", lambda cursor: due + timedelta(seconds=1)
        ):
            self.trigger(schedule.cron_id)
        self.assertEqual(self.runs(one).outcome, "nothing_new")
        self.assertFalse(self.runs(one).line_ids)
        self.assertEqual(schedule.next_run, due + timedelta(days=1))

    def test_a_zone_that_the_host_does_not_know_stops_no_other_action(self):
        """Core reschedules an action after its own failures are caught; what fails there stops the worker's round."""
        schedule = self.daily("2026-05-04 12:00:00")
        due = schedule.next_run
        self.env.flush_all()
        self.env.cr.execute("UPDATE sync_schedule SET tz = 'Mars/Olympus' WHERE id = %s", [schedule.id])
        self.env.invalidate_all()
        with (
            freeze_time(due + timedelta(seconds=5)),
            mute_logger("odoo.addons.base.models.ir_cron"),
            self.assertLogs("odoo.addons.sync_hub.models.ir_cron", "ERROR"),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            schedule.cron_id.with_env(api.Environment(cr, SUPERUSER_ID, {})).method_direct_trigger()
        self.assertGreater(schedule.next_run, due)
        self.assertEqual(schedule.cron_id.failure_count, 1)

    def test_odoos_own_daily_action_moves_by_an_hour_when_the_clocks_change_and_a_schedule_does_not(self):
        """Why a schedule computes its next run itself. Both were made for six o'clock in Rome."""
        self.env.user.tz = "Europe/Rome"
        for eve, drifted in (("2026-03-28 05:00:00", "07:00"), ("2026-10-24 04:00:00", "05:00")):
            with self.subTest(eve):
                with freeze_time(fields.Datetime.subtract(fields.Datetime.to_datetime(eve), hours=1)):
                    schedule = self.schedule(
                        interval_number=1, interval_type="days", connection_id=self.connection().id
                    )
                cron = self.env["ir.cron"].create(
                    {
                        "name": "Daily, by Odoo alone",
                        "model_id": self.env["ir.model"]._get_id("res.partner"),
                        "state": "code",
                        "code": "model.search_count([])",
                        "user_id": self.env.uid,
                        "interval_number": 1,
                        "interval_type": "days",
                        "nextcall": eve,
                    }
                )
                with freeze_time(schedule.next_run + timedelta(seconds=5)):
                    self.trigger(cron)
                    self.trigger(schedule.cron_id)
                self.assertEqual(self.in_rome(cron.nextcall), drifted)
                self.assertEqual(self.in_rome(schedule.next_run - schedule._delay()), "06:00")

    def in_rome(self, instant):
        return f"{instant.replace(tzinfo=UTC).astimezone(ROME):%H:%M}"

    def test_half_past_two_in_the_gap_runs_once_and_every_half_hour_goes_through_the_repeated_hour(self):
        with freeze_time("2026-03-28 12:00:00"):
            half_past_two = self.schedule(
                interval_number=1, interval_type="days", exact_start=True, start_time=2.5
            )
        shown = [time.strftime("%d %H:%M") for time in self.local_runs(half_past_two, 2)]
        self.assertEqual(shown, ["29 03:00", "30 02:30"])
        half_past_two.unlink()
        with freeze_time("2026-10-24 23:59:00"):
            beat = self.schedule(interval_number=30, interval_type="minutes", hour_from=0.0, hour_to=0.0)
        shown = [time.strftime("%H:%M %z") for time in self.local_runs(beat, 4)]
        self.assertEqual(shown, ["02:00 +0200", "02:30 +0200", "02:00 +0100", "02:30 +0100"])

    def test_scheduled_actions_of_other_addons_are_left_to_odoo(self):
        """Also those that run as a user who may read neither scheduled actions nor schedules."""
        cron = self.env["ir.cron"].create(
            {
                "name": "Not ours",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "model.search_count([])",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
                "user_id": self.person("clerk", "base.group_user").id,
                "interval_number": 3,
                "interval_type": "hours",
                "nextcall": "2026-05-04 12:00:00",
            }
        )
        with freeze_time("2026-05-04 12:00:30"):
            self.trigger(cron)
        self.assertEqual(str(cron.nextcall), "2026-05-04 15:00:00")
