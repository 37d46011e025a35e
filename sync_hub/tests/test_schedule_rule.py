# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.tests import Form

from .common import SyncHubCase

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY = "2026-05-04 09:07:00"  # 11:07 in Rome


class TestScheduleRule(SyncHubCase):
    """Interval, hours, weekdays and start time of a schedule, and what the form says about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The names of weekdays are read in English.
        cls.env["res.lang"]._activate_lang("en_US")

    def preview(self, **values):
        """The next runs that the form announces, on Monday 4 May 2026 at 11:07 in Rome."""
        with freeze_time(MONDAY):
            return self.schedule(**values).next_runs.splitlines()

    def starts(self, **values):
        """Weekday and time of the next runs."""
        return [f"{line[:3]} {line[-5:]}" for line in self.preview(**values)]

    def form(self, **values):
        with freeze_time(MONDAY):
            form = Form(self.env["sync.schedule"].with_user(self.manager).with_company(self.company))
            for day in WEEKDAYS:
                # They are drawn by one widget, which the form of the tests does not know.
                form._view["modifiers"][day]["invisible"] = "False"
            form.service_id = self.service
            form.tz = "Europe/Rome"
            for name, value in values.items():
                form[name] = value
        return form

    # -- Interval --------------------------------------------------------------------------------------------------

    def test_one_click_picks_an_interval(self):
        form = self.form()
        for preset, interval in {
            "5_minutes": (5, "minutes"),
            "10_minutes": (10, "minutes"),
            "30_minutes": (30, "minutes"),
            "1_hours": (1, "hours"),
            "2_hours": (2, "hours"),
            "6_hours": (6, "hours"),
            "12_hours": (12, "hours"),
            "24_hours": (24, "hours"),
        }.items():
            form.interval_preset = preset
            self.assertEqual((form.interval_number, form.interval_type), interval)
        schedule = form.save()
        self.assertEqual((schedule.interval_number, schedule.interval_type), (24, "hours"))

    def test_a_program_may_pick_one_too(self):
        schedule = self.schedule()
        schedule.interval_preset = "10_minutes"
        self.assertEqual((schedule.interval_number, schedule.interval_type), (10, "minutes"))
        self.assertEqual(schedule.cron_id.interval_number, 10)

    def test_any_other_interval_is_typed_and_highlights_no_click(self):
        form = self.form(interval_number=45, interval_type="minutes")
        self.assertFalse(form.interval_preset)
        form.interval_number = 30
        self.assertEqual(form.interval_preset, "30_minutes")
        form.interval_number = 7
        self.assertEqual(form.save().interval_number, 7)

    def test_the_interval_reads_as_words(self):
        schedule = self.schedule()
        for number, unit, words in (
            (10, "minutes", "every 10 minutes"),
            (1, "minutes", "every minute"),
            (1, "hours", "every hour"),
            (12, "hours", "every 12 hours"),
            (1, "days", "every day"),
            (2, "weeks", "every 2 weeks"),
        ):
            schedule.write({"interval_number": number, "interval_type": unit})
            self.assertEqual(schedule.interval_text, words)

    def test_the_words_keep_to_the_plurals_of_the_readers_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        schedule = self.schedule(interval_number=2, interval_type="hours")
        self.assertIn("2 godziny", schedule.with_context(lang="pl_PL").interval_text)
        schedule.interval_number = 5
        self.assertIn("5 godzin", schedule.with_context(lang="pl_PL").interval_text)

    # -- Hours -----------------------------------------------------------------------------------------------------

    def test_from_six_to_eleven_at_night_it_runs_every_ten_minutes_counted_from_six(self):
        rule = {"interval_number": 10, "interval_type": "minutes", "hour_from": 6.0, "hour_to": 23.0}
        self.assertEqual(self.starts(**rule), ["Mon 11:10", "Mon 11:20", "Mon 11:30", "Mon 11:40", "Mon 11:50"])

    def test_at_the_closing_hour_nothing_starts_any_more(self):
        rule = {"interval_number": 6, "interval_type": "hours", "hour_from": 6.0, "hour_to": 18.0}
        self.assertEqual(self.starts(**rule), ["Mon 12:00", "Tue 06:00", "Tue 12:00", "Wed 06:00", "Wed 12:00"])

    def test_hours_may_go_over_midnight_and_belong_to_the_day_on_which_they_open(self):
        rule = {"interval_number": 3, "interval_type": "hours", "hour_from": 22.0, "hour_to": 5.0}
        only_monday = dict.fromkeys(WEEKDAYS[1:], False)
        self.assertEqual(
            self.starts(**rule, **only_monday), ["Mon 22:00", "Tue 01:00", "Tue 04:00", "Mon 22:00", "Tue 01:00"]
        )

    def test_equal_hours_are_all_day_counted_from_them(self):
        rule = {"interval_number": 8, "interval_type": "hours", "hour_from": 6.0, "hour_to": 6.0}
        self.assertEqual(self.starts(**rule), ["Mon 14:00", "Mon 22:00", "Tue 06:00", "Tue 14:00", "Tue 22:00"])

    def test_all_day_without_sunday_leaves_out_the_calendars_sunday(self):
        """Not the 24 hours from Sunday at six to Monday at six."""
        rule = {"interval_number": 12, "interval_type": "hours", "hour_from": 3.0, "hour_to": 3.0, "sun": False}
        with freeze_time("2026-05-09 08:00:00"):  # Saturday, 10:00 in Rome
            starts = [line[:3] + line[-6:] for line in self.schedule(**rule).next_runs.splitlines()]
        self.assertEqual(starts[:3], ["Sat 15:00", "Mon 03:00", "Mon 15:00"])

    def test_midnight_may_be_written_as_24(self):
        rule = {"interval_number": 1, "interval_type": "hours", "hour_from": 22.0, "hour_to": 24.0}
        self.assertEqual(self.starts(**rule)[:3], ["Mon 22:00", "Mon 23:00", "Tue 22:00"])

    # -- Start time ------------------------------------------------------------------------------------------------

    def test_an_exact_start_time_is_the_time_of_a_daily_run(self):
        rule = {"interval_number": 1, "interval_type": "days", "exact_start": True, "start_time": 7.75}
        self.assertEqual(self.starts(**rule)[:2], ["Tue 07:45", "Wed 07:45"])

    def test_shorter_intervals_are_counted_from_it_within_the_hours(self):
        rule = {"interval_number": 2, "interval_type": "hours", "hour_from": 6.0, "hour_to": 20.0}
        self.assertEqual(self.starts(**rule)[:2], ["Mon 12:00", "Mon 14:00"])
        other = self.other_company.id
        exact = {"exact_start": True, "start_time": 7.5, "company_id": other}
        self.assertEqual(self.starts(**rule, **exact)[:2], ["Mon 11:30", "Mon 13:30"])

    def test_hours_that_leave_the_start_time_outside_put_it_aside_on_the_form(self):
        form = self.form(exact_start=True, start_time=6.0)
        form.hour_from, form.hour_to = 8.0, 20.0
        self.assertFalse(form.exact_start)
        self.assertEqual(form.save().next_runs.splitlines()[0][-5:], "08:00")

    # -- Weekdays --------------------------------------------------------------------------------------------------

    def test_every_day_is_ticked_until_somebody_unticks_one(self):
        schedule = self.form().save()
        self.assertTrue(all(schedule[day] for day in WEEKDAYS))
        schedule.write({"sat": False, "sun": False, "interval_type": "days", "interval_number": 1})
        with freeze_time("2026-05-08 12:00:00"):  # Friday
            schedule.invalidate_recordset(["next_runs"])
            self.assertEqual([line[:3] for line in schedule.next_runs.splitlines()][:2], ["Mon", "Tue"])

    def test_no_weekday_at_all_is_refused_in_a_sentence(self):
        nothing = dict.fromkeys(WEEKDAYS, False)
        with self.assertRaisesRegex(ValidationError, "Tick at least one weekday"), self.env.cr.savepoint():
            self.schedule(**nothing)
        schedule = self.schedule()
        with self.assertRaisesRegex(ValidationError, "Tick at least one weekday"):
            schedule.write(nothing)

    def test_an_interval_that_never_meets_a_ticked_day_is_refused(self):
        rule = {"interval_number": 14, "interval_type": "days", "anchor_date": "2026-05-04", "mon": False}
        with self.assertRaisesRegex(ValidationError, "would never run"):
            self.schedule(**rule)

    def test_every_week_means_once_a_week_until_more_days_are_ticked(self):
        form = self.form(interval_type="weeks", interval_number=1)
        self.assertEqual([day for day in WEEKDAYS if form[day]], ["mon"])
        form.fri = True
        schedule = form.save()
        self.assertEqual([day for day in WEEKDAYS if schedule[day]], ["mon", "fri"])
        made_by_a_program = self.schedule(
            interval_number=2, interval_type="weeks", anchor_date="2026-05-06", connection_id=self.connection().id
        )
        self.assertEqual([day for day in WEEKDAYS if made_by_a_program[day]], ["wed"])

    def test_who_goes_back_from_weeks_runs_on_every_day_again(self):
        """The one day of a week was no choice of weekdays: “24 h” means daily."""
        form = self.form(interval_type="weeks", interval_number=1)
        form.interval_preset = "24_hours"
        self.assertTrue(all(form[day] for day in WEEKDAYS))
        form.interval_type = "weeks"
        self.assertEqual([day for day in WEEKDAYS if form[day]], ["mon"])
        weekly = form.save()
        self.assertEqual([day for day in WEEKDAYS if weekly[day]], ["mon"])
        weekly.interval_type = "days"
        self.assertTrue(all(weekly[day] for day in WEEKDAYS))

    def test_days_that_were_chosen_survive_the_way_back_from_weeks(self):
        form = self.form(interval_type="weeks", interval_number=1)
        form.fri = True
        form.interval_type = "days"
        self.assertEqual([day for day in WEEKDAYS if form.save()[day]], ["mon", "fri"])
        monday_only = self.schedule(
            connection_id=self.connection().id, **dict.fromkeys(WEEKDAYS[1:], False)
        )
        monday_only.interval_type = "days"
        self.assertEqual([day for day in WEEKDAYS if monday_only[day]], ["mon"])

    def test_a_choice_of_weekdays_survives_another_unit(self):
        form = self.form()
        form.sun = False
        form.interval_type = "days"
        form.interval_number = 1
        self.assertEqual([day for day in WEEKDAYS if not form[day]], ["sun"])
        form.interval_type = "weeks"
        self.assertEqual([day for day in WEEKDAYS if not form.save()[day]], ["sun"])

    # -- Automatic only --------------------------------------------------------------------------------------------

    def test_hours_and_weekdays_do_not_keep_anybody_from_synchronizing_now(self):
        one = self.connection()
        with freeze_time(MONDAY):
            schedule = self.schedule(hour_from=22.0, hour_to=23.0, mon=False)
            schedule.with_user(self.user).action_run_now()
            self.work_off_queue()
        self.assertEqual((self.runs(one).trigger, self.runs(one).outcome), ("manual", "nothing_new"))
        self.assertEqual(schedule.last_run_id, self.runs(one))

    def test_the_time_zone_is_the_schedules_own(self):
        rule = {"interval_number": 1, "interval_type": "days"}
        with freeze_time(MONDAY):
            schedule = self.schedule(tz="America/Sao_Paulo", **rule)
        local = schedule.next_run.replace(tzinfo=UTC).astimezone(ZoneInfo("America/Sao_Paulo"))
        self.assertEqual(local.hour, 6)

    # -- Preview ---------------------------------------------------------------------------------------------------

    def test_the_form_announces_the_next_five_runs_of_what_is_typed_not_of_what_is_saved(self):
        form = self.form()
        with freeze_time(MONDAY):
            form.interval_preset = "12_hours"
            self.assertEqual(
                form.next_runs.splitlines(),
                [
                    "Mon 4 May 2026, 18:00",
                    "Tue 5 May 2026, 06:00",
                    "Tue 5 May 2026, 18:00",
                    "Wed 6 May 2026, 06:00",
                    "Wed 6 May 2026, 18:00",
                ],
            )
            form.tue = False
            self.assertEqual(form.next_runs.splitlines()[1], "Wed 6 May 2026, 06:00")
            form.tz = "America/New_York"
            self.assertEqual(form.next_runs.splitlines()[0], "Mon 4 May 2026, 06:00")
            form.paused_until, form.pause_reason = "2026-08-01", "Holidays"
            self.assertEqual(form.next_runs.splitlines()[0], "Sat 1 Aug 2026, 06:00")

    def test_the_preview_says_why_there_is_nothing_to_announce(self):
        form = self.form()
        for day in WEEKDAYS:
            form[day] = False
        self.assertIn("Tick at least one weekday", form.next_runs)
        form.mon = True
        form.interval_number = 0
        self.assertIn("one at least", form.next_runs)

    def test_what_is_announced_is_what_the_scheduled_action_keeps(self):
        with freeze_time(MONDAY):
            schedule = self.schedule(interval_number=10, interval_type="minutes", hour_from=6.0, hour_to=23.0)
            self.assertEqual(schedule.next_runs.splitlines()[0][-5:], "11:10")
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-04 09:10:00")
