# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time
from odoo.exceptions import ValidationError

from .common import SyncHubCase

MONDAY = "2026-05-04 09:07:00"


class TestSchedulePause(SyncHubCase):
    """A schedule pauses until a day and goes on by itself."""

    def paused(self, until="2026-05-20", reason="The bank moves", **values):
        with freeze_time(MONDAY):
            schedule = self.schedule(**values)
            self.end_transaction()
            schedule.with_user(self.manager).write({"paused_until": until, "pause_reason": reason})
            self.end_transaction()
        return schedule

    def test_the_next_run_is_the_first_one_after_the_pause(self):
        schedule = self.paused(interval_number=6)
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-19 22:00:00")  # the 20th, 00:00 in Rome
        self.assertEqual(schedule.cron_id.nextcall, schedule.next_run)
        self.assertTrue(schedule.cron_id.active)

    def test_the_day_begins_by_the_clock_of_the_schedule(self):
        schedule = self.paused(interval_number=1, tz="America/New_York")
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-20 04:00:00")

    def test_nothing_runs_by_itself_in_the_pause_and_afterwards_it_does_without_anybody(self):
        schedule, one = self.paused(interval_number=6), self.connection()
        with freeze_time("2026-05-12 09:00:00"):
            self.assertTrue(schedule.is_paused)
            # As when the action was about to be executed while somebody paused the schedule.
            schedule.cron_id.nextcall = "2026-05-12 08:59:00"
            self.trigger(schedule.cron_id)
        self.assertFalse(self.runs(one))
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-19 22:00:00")
        self.run_schedule(schedule)
        self.assertEqual(self.runs(one).outcome, "nothing_new")
        with freeze_time("2026-05-20 09:00:00"):
            schedule.invalidate_recordset(["is_paused"])
            self.assertFalse(schedule.is_paused)

    def test_after_the_pause_nothing_of_it_is_caught_up(self):
        schedule, one = self.paused(interval_number=10, interval_type="minutes"), self.connection()
        self.run_schedule(schedule)
        self.assertEqual(len(self.runs(one)), 1)
        self.assertFalse(self.runs(one).line_ids)

    def test_anybody_may_synchronize_now_in_the_pause(self):
        schedule, one = self.paused(), self.connection()
        with freeze_time("2026-05-12 09:00:00"):
            schedule.with_user(self.user).action_run_now()
            self.work_off_queue()
        self.assertEqual(self.runs(one).outcome, "nothing_new")

    def test_a_pause_has_a_reason(self):
        for reason in (False, "  "):
            with self.assertRaisesRegex(ValidationError, "Give a reason"), self.env.cr.savepoint():
                self.paused(reason=reason)

    def test_the_button_ends_the_pause_at_once(self):
        schedule = self.paused(interval_number=10, interval_type="minutes")
        with freeze_time("2026-05-12 09:03:00"):
            schedule.with_user(self.manager).action_resume()
            self.assertFalse(schedule.is_paused)
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-12 09:10:00")
        self.assertFalse(schedule.pause_reason)

    def test_who_paused_it_until_when_and_why_stands_in_the_chatter(self):
        schedule = self.paused()
        changes = {
            value.field_id.name: (value.new_value_char or value.new_value_datetime, value.mail_message_id.author_id)
            for value in schedule.message_ids.sudo().tracking_value_ids
        }
        author = self.manager.partner_id
        self.assertEqual(changes["pause_reason"], ("The bank moves", author))
        self.assertEqual((str(changes["paused_until"][0])[:10], changes["paused_until"][1]), ("2026-05-20", author))

    def test_a_copy_of_a_paused_schedule_is_not_paused(self):
        copy = self.paused().copy({"company_id": self.other_company.id})
        self.assertFalse(copy.paused_until or copy.pause_reason)
