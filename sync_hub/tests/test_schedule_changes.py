# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect

from .common import SyncHubCase

MONDAY = "2026-05-04 09:07:00"


class TestScheduleChanges(SyncHubCase):
    """Who changes a schedule restarts nothing: what is going on goes on, and the next run is by the new rule."""

    def scheduled(self, **values):
        with freeze_time(MONDAY):
            return self.schedule(**{"interval_number": 1, "interval_type": "days"} | values)

    def being_executed(self, schedule):
        """Let a worker execute the scheduled action of a schedule: the row is locked by another database session.

        An action that was there before this test plays the part, for no other session sees those of the test.
        """
        cron = self.env.ref("sync_hub.ir_cron_queue")
        schedule.cron_id = cron
        self.env.flush_all()
        session = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(session.close)
        session.execute("SELECT id FROM ir_cron WHERE id = %s FOR NO KEY UPDATE", [cron.id])
        return cron

    def test_a_schedule_can_be_changed_while_its_action_is_being_executed(self):
        """Core refuses to change an action that is being executed; a user would have to try again for minutes."""
        schedule = self.scheduled()
        cron = self.being_executed(schedule)
        before, triggers = cron.nextcall, self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        schedule.with_user(self.manager).write({"interval_number": 10, "interval_type": "minutes"})
        schedule.with_user(self.manager).active = False
        self.assertEqual((schedule.interval_number, schedule.active), (10, False))
        self.assertEqual((cron.nextcall, cron.active), (before, True))
        # It is called once more when it ends, lest the change is committed too late for it to see.
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers)

    def test_when_the_action_ends_it_takes_over_what_was_changed_meanwhile(self):
        schedule = self.scheduled()
        with freeze_time(MONDAY):
            self.change_behind_the_action(schedule, interval_number=10, interval_type="minutes")
            self.trigger(schedule.cron_id)
        self.assertEqual(str(schedule.next_run - schedule._delay()), "2026-05-04 09:10:00")

    def test_a_schedule_that_was_switched_off_meanwhile_stays_off(self):
        schedule, one = self.scheduled(), self.connection()
        with freeze_time(MONDAY):
            self.change_behind_the_action(schedule, active=False)
            schedule.cron_id.nextcall = MONDAY
            self.trigger(schedule.cron_id)
        self.assertFalse(schedule.cron_id.active)
        self.assertFalse(self.runs(one))

    def test_an_action_that_odoo_has_switched_off_after_many_failures_stays_off(self):
        schedule = self.scheduled()
        schedule.cron_id.active = False
        self.run_schedule(schedule)
        self.assertFalse(schedule.cron_id.active)

    def change_behind_the_action(self, schedule, **values):
        """Change a schedule as while its action is being executed: the action itself stays as it was."""
        cron, schedule.cron_id = schedule.cron_id, self.being_executed(schedule)
        schedule.write(values)
        schedule.cron_id = cron
        self.assertTrue(cron.active)

    def test_a_change_in_the_middle_of_a_run_is_for_the_next_run(self):
        """Also one of the operator: the run ends as whom it began."""
        robot = self.person("robot", "sync_hub.group_operator")
        schedule, seen = self.scheduled(), []

        def script(connection, run, deadline):
            seen.append(run.env.user)
            if len(seen) == 1:
                # Sudo, as the manager who does it meanwhile.
                run.schedule_id.sudo().write({"user_id": robot.id, "interval_number": 5, "interval_type": "hours"})
                run.env.cr.commit()
            return len(seen) > 1

        one = self.connection(script=script)
        self.run_schedule(schedule)
        run = self.runs(one)
        self.assertEqual((run.outcome, run.operator_id), ("nothing_new", self.operator))
        self.assertEqual(seen, [self.operator, self.operator])
        self.run_schedule(schedule)
        self.assertEqual((seen[-1], self.runs(one)[-1].operator_id), (robot, robot))

    def test_who_changed_what_stands_in_the_chatter_with_the_old_and_the_new(self):
        schedule = self.scheduled()
        self.end_transaction()
        schedule.with_user(self.manager).write(
            {
                "interval_number": 10, "interval_type": "minutes", "hour_from": 6.0, "hour_to": 22.5,
                "exact_start": True, "start_time": 7.25, "sun": False, "tz": "Europe/Warsaw",
                "misfire_policy": "skip", "misfire_grace": 30, "connection_id": self.connection().id,
            }
        )
        self.end_transaction()
        message = schedule.message_ids[0]
        self.assertEqual(message.author_id, self.manager.partner_id)
        changes = {
            value.field_id.name: (
                value.old_value_char or value.old_value_integer,
                value.new_value_char or value.new_value_integer,
            )
            for value in message.sudo().tracking_value_ids
        }
        expected = {
            "interval_number": (1, 10),
            "interval_type": ("Days", "Minutes"),
            "hours_text": ("06:00–06:00", "06:00–22:30"),
            "start_text": (0, "07:15"),
            "sun": (1, 0),
            "misfire_grace": (15, 30),
            "connection_name": (0, "Couriers"),
        }
        self.assertEqual({name: changes.get(name) for name in expected}, expected)
        self.assertLessEqual({"tz", "misfire_policy"}, changes.keys())

    def test_so_do_the_switch_the_operator_and_the_company(self):
        robot = self.person("robot", "sync_hub.group_operator")
        robot.company_ids |= self.other_company
        boss = self.person("boss", "sync_hub.group_manager")
        boss.company_ids |= self.other_company
        schedule = self.scheduled()
        companies = (self.company | self.other_company).ids
        for values, field, change in (
            ({"active": False}, "active", (1, 0)),
            ({"user_id": robot.id}, "user_id", (self.operator.name, robot.name)),
            ({"company_id": self.other_company.id}, "company_id", (self.company.name, self.other_company.name)),
        ):
            with self.subTest(field):
                self.end_transaction()
                schedule.with_user(boss).with_context(allowed_company_ids=companies).write(values)
                self.end_transaction()
                message = schedule.message_ids[0]
                self.assertEqual(message.author_id, boss.partner_id)
                told = {
                    value.field_id.name: (
                        value.old_value_char or value.old_value_integer,
                        value.new_value_char or value.new_value_integer,
                    )
                    for value in message.sudo().tracking_value_ids
                }
                self.assertEqual(told[field], change)

    def test_only_managers_change_schedules(self):
        schedule = self.scheduled()
        for name, value in (("interval_preset", "5_minutes"), ("paused_until", "2026-06-01"), ("active", False)):
            with self.assertRaises(AccessError):
                schedule.with_user(self.user)[name] = value
        with self.assertRaises(AccessError):
            schedule.with_user(self.user).action_resume()
