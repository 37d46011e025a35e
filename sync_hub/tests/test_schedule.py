# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import SyncHubCase


class TestSchedule(SyncHubCase):
    """A schedule keeps its scheduled action in step, so that nobody has to look at two places."""

    def crons(self):
        return self.env["ir.cron"].with_context(active_test=False).search([])

    def test_a_new_schedule_comes_with_one_scheduled_action(self):
        before = self.crons()
        schedule = self.schedule(interval_number=4)
        self.assertEqual(self.crons() - before, schedule.cron_id)
        self.assertTrue(schedule.cron_id.active)
        self.assertGreater(schedule.cron_id.nextcall, fields.Datetime.now())
        self.assertEqual(schedule.next_run, schedule.cron_id.nextcall)
        self.assertIn("Parcels", schedule.cron_id.name)

    def test_changing_when_it_runs_moves_the_next_run_at_once(self):
        with freeze_time("2026-05-04 00:00:00"):  # a Monday
            schedule = self.schedule(
                interval_type="days", interval_number=1, hour_to=23.0, start_time=9.0
            )
        changes = {
            "tz": "America/New_York", "hour_from": 5.0, "exact_start": True, "start_time": 7.25,
            "mon": False, "anchor_date": "2026-05-06", "interval_type": "minutes",
        }
        for name, value in changes.items():
            with self.subTest(name):
                before = schedule.next_run
                with freeze_time("2026-05-04 00:00:00"):
                    schedule.with_user(self.manager)[name] = value
                self.assertNotEqual(schedule.next_run, before)
                self.assertEqual(schedule.cron_id.nextcall, schedule.next_run)

    def test_a_schedule_that_is_switched_off_does_not_run_and_catches_up_nothing_when_it_is_on_again(self):
        schedule = self.schedule()
        schedule.active = False
        self.assertFalse(schedule.cron_id.active)
        schedule.cron_id.nextcall = "2020-01-01 00:00:00"
        schedule.active = True
        self.assertTrue(schedule.cron_id.active)
        self.assertGreater(schedule.next_run, fields.Datetime.now())

    def test_deleting_a_schedule_deletes_its_scheduled_action(self):
        schedule = self.schedule()
        cron = schedule.cron_id
        schedule.with_user(self.manager).unlink()
        self.assertFalse(cron.exists())

    def test_a_company_has_one_schedule_per_service(self):
        """And one more for each connection that keeps hours of its own."""
        self.schedule()
        self.schedule(connection_id=self.connection().id)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.schedule()

    def test_a_schedule_for_one_connection_belongs_to_its_company(self):
        with self.assertRaisesRegex(ValidationError, "belongs to the schedule's company"):
            self.schedule(company_id=self.other_company.id, connection_id=self.connection().id)

    def test_a_rule_that_says_nothing_is_refused_in_a_sentence(self):
        for values, sentence in (
            ({"interval_number": 0}, "is one at least"),
            ({"interval_number": 48}, "hours reach up to one day"),
            ({"start_time": 24.0}, "between 00:00 and 23:59"),
            ({"hour_from": -1.0}, "between 00:00 and 23:59"),
            ({"hour_to": 24.5}, "between 00:00 and 23:59"),
            ({"hour_from": 8.0, "hour_to": 20.0, "exact_start": True, "start_time": 20.0}, "outside the hours"),
            ({"misfire_grace": -1}, "zero minutes or more"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
                self.schedule(**values)

    def test_the_form_fills_in_the_hours_of_the_company(self):
        self.company.partner_id.tz = "Europe/Warsaw"
        form = Form(self.env["sync.schedule"].with_user(self.manager).with_company(self.company))
        form.service_id = self.service
        schedule = form.save()
        self.assertEqual((schedule.tz, schedule.user_id), ("Europe/Warsaw", self.operator))
        self.assertTrue(schedule.cron_id)

    def test_a_company_without_a_time_zone_works_by_the_clock_of_its_country(self):
        self.env.user.tz = "America/New_York"
        self.company.partner_id.tz = False
        zones = {"base.it": "Europe/Rome", "base.pl": "Europe/Warsaw", "base.br": "America/New_York"}
        for country, zone in zones.items():
            with self.subTest(country):
                self.company.country_id = self.env.ref(country)
                self.assertEqual(self.env["sync.schedule"]._company_tz(self.company), zone)

    def test_when_its_time_has_come_it_runs_each_connection_that_is_due(self):
        """Not one that waits for its user, is switched to manual, is archived or wants a pause."""
        schedule = self.schedule()
        due = self.connection("due")
        for number, values in enumerate(
            (
                {"state": "reconnect"},
                {"automatic": False},
                {"active": False},
                {"not_before": fields.Datetime.add(fields.Datetime.now(), days=7)},
                {"company_id": self.other_company.id},
            )
        ):
            self.connection(f"not due {number}", **values)
        self.run_schedule(schedule)
        run = self.env["sync.run"].search([("service_id", "=", self.service.id)])
        self.assertEqual((run.connection_id, run.trigger, run.outcome), (due.id, "scheduled", "nothing_new"))
        self.assertEqual(schedule.last_run_id, run)
        self.assertGreater(schedule.next_run, fields.Datetime.now())

    def test_a_connection_with_a_schedule_of_its_own_is_left_out_of_the_company_s(self):
        common, own = self.connection("common"), self.connection("own")
        company_schedule, own_schedule = self.schedule(), self.schedule(connection_id=own.id)
        self.assertEqual((common.schedule_id, own.schedule_id), (company_schedule, own_schedule))
        self.run_schedule(company_schedule)
        self.assertEqual((len(self.runs(common)), len(self.runs(own))), (1, 0))
        self.run_schedule(own_schedule)
        self.assertEqual(self.runs(own).schedule_id, own_schedule)

    def test_where_past_ones_are_listed_too_they_are_still_past(self):
        """The lists of schedules and connections show what is switched off: nothing runs or is run by that."""
        past, present = self.connection("past", active=False), self.connection("present")
        company_schedule = self.schedule()
        self.schedule(connection_id=present.id, active=False)
        self.env["sync.schedule"].with_context(active_test=False).browse(company_schedule.id).action_run_now()
        self.assertFalse(self.runs(past))
        self.assertEqual(self.runs(present).trigger, "manual")
        self.assertEqual(present.with_context(active_test=False).schedule_id, company_schedule)

    def test_one_occurrence_is_run_once_however_often_the_scheduled_action_is_called(self):
        schedule, one = self.schedule(), self.connection()
        due = schedule.next_run
        self.run_schedule(schedule)
        # Called again although it is not moved on yet, as after a time limit.
        schedule.cron_id.nextcall = due
        self.run_schedule(schedule)
        self.assertEqual(len(self.runs(one)), 1)
        self.run_schedule(schedule)
        self.assertEqual(len(self.runs(one)), 2)

    def test_the_button_runs_what_can_run(self):
        """One connection that waits for its user does not keep the others from it."""
        good, bad = self.connection("good"), self.connection("bad", state="reconnect")
        schedule = self.schedule()
        schedule.with_user(self.user).action_run_now()
        self.assertEqual((len(self.runs(good)), len(self.runs(bad))), (1, 0))
        good.state = "credentials"
        with self.assertRaises(UserError):
            schedule.action_run_now()

    def test_who_presses_the_button_of_a_schedule_that_is_switched_off_sees_the_outcome_there(self):
        one = self.connection()
        company_schedule = self.schedule()
        own = self.schedule(connection_id=one.id, active=False)
        own.with_user(self.user).action_run_now()
        self.assertEqual(own.current_run_id, self.runs(one))
        self.work_off_queue()
        self.assertEqual((own.last_run_id, own.last_outcome), (self.runs(one), "nothing_new"))
        self.assertFalse(company_schedule.last_run_id)
        company_schedule.active = False
        self.connection("two")
        company_schedule.with_user(self.user).action_run_now()
        self.work_off_queue()
        last = company_schedule.last_run_id
        self.assertEqual((last.outcome, len(last.child_ids)), ("nothing_new", 2))

    def test_the_button_says_when_there_is_nothing_to_run(self):
        with self.assertRaisesRegex(UserError, "nothing to synchronize yet"):
            self.schedule().action_run_now()

    def test_deleting_a_connection_deletes_the_schedule_that_was_for_it_alone(self):
        one = self.connection()
        own, company_schedule = self.schedule(connection_id=one.id), self.schedule()
        cron = own.cron_id
        one.unlink()
        self.assertFalse((own | cron.sync_schedule_ids).exists())
        self.assertFalse(cron.exists())
        self.assertTrue(company_schedule.exists())

    def test_operators_run_schedules_and_do_not_change_them(self):
        person = self.person("robot", "sync_hub.group_operator")
        schedule = self.schedule(user_id=person.id)
        with self.assertRaises(AccessError):
            schedule.with_user(person).interval_number = 1
        one = self.connection()
        self.run_schedule(schedule)
        self.assertEqual(self.runs(one).outcome, "nothing_new")
        self.assertEqual(schedule.last_run_id, self.runs(one))
