# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree
from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tools.safe_eval import safe_eval

from .common import SyncHubCase


class TestScheduleList(SyncHubCase):
    """The list of schedules: what its filters find, its switch, and a schedule for every company at a click."""

    def filtered(self, name, user=None):
        """What a filter of the list finds."""
        schedules = self.env["sync.schedule"].with_user(user or self.manager).with_context(active_test=False)
        arch = etree.fromstring(schedules.get_view(self.env.ref("sync_hub.view_sync_schedule_search").id)["arch"])
        (domain,) = arch.xpath(f"//filter[@name='{name}']/@domain")
        names = {"uid": schedules.env.uid, "allowed_company_ids": self.company.ids}
        return schedules.search([*safe_eval(domain, names), ("service_id", "=", self.service.id)])

    def finishes(self, schedule, outcome):
        run = self.env["sync.run"]._queue(self.connection(outcome), "scheduled", schedule=schedule)
        run._finish(outcome)

    def own(self, name, **values):
        return self.schedule(connection_id=self.connection(name).id, **values)

    def test_mine_are_those_that_i_made_follow_or_that_run_as_me(self):
        robot = self.person("robot", "sync_hub.group_operator,sync_hub.group_manager")
        made = self.env["sync.schedule"].with_user(robot).create(
            {"service_id": self.service.id, "company_id": self.company.id, "tz": "Europe/Rome"}
        )
        followed, run_as_me, _other = self.own("a"), self.own("b", user_id=robot.id), self.own("c")
        made.message_unsubscribe(robot.partner_id.ids)
        followed.message_subscribe(robot.partner_id.ids)
        self.assertEqual(self.filtered("mine", robot), made | followed | run_as_me)

    def test_failing_are_those_whose_last_run_did_not_come_to_a_good_end(self):
        by_outcome = {
            outcome: self.own(outcome) for outcome in ("done", "nothing_new", "failed", "partly_failed", "interrupted")
        }
        self.own("never run")
        for outcome, schedule in by_outcome.items():
            self.finishes(schedule, outcome)
        failing = by_outcome["failed"] | by_outcome["partly_failed"] | by_outcome["interrupted"]
        self.assertEqual(self.filtered("failing"), failing)
        self.finishes(by_outcome["failed"], "done")
        self.assertNotIn(by_outcome["failed"], self.filtered("failing"))

    def test_paused_are_those_that_go_on_later(self):
        today = fields.Date.today()
        pause = {"pause_reason": "Holidays", "paused_until": fields.Date.add(today, days=3)}
        paused = self.own("paused", **pause)
        self.own("over", **pause | {"paused_until": fields.Date.subtract(today, days=3)})
        self.own("off too", **pause, active=False)
        self.assertEqual(self.filtered("paused"), paused)

    def test_switched_off_ones_and_those_of_the_current_company_are_found(self):
        off, on = self.own("off", active=False), self.own("on")
        self.assertEqual(self.filtered("off"), off)
        self.assertEqual(self.filtered("company"), off | on)

    def test_the_list_is_grouped_by_service_and_open(self):
        arch = etree.fromstring(self.env["sync.schedule"].get_view(view_type="list")["arch"])
        self.assertEqual((arch.get("default_group_by"), arch.get("expand")), ("service_id", "1"))

    def test_a_line_tells_when_how_often_by_whose_clock_and_with_what_outcome_and_has_a_switch(self):
        arch = etree.fromstring(self.env["sync.schedule"].with_user(self.manager).get_view(view_type="list")["arch"])
        columns = {
            field.get("name"): field
            for field in arch.iterchildren("field")
            if field.get("optional") != "hide" and not field.get("column_invisible")
        }
        shown = [
            *("company_id", "connection_name", "hour_from", "hour_to", "tz", "interval_text", "next_run"),
            *("last_run_date", "last_outcome", "active"),
        ]
        self.assertEqual([name for name in columns if name in shown], shown)
        switch = columns["active"]
        self.assertEqual((switch.get("widget"), switch.get("string")), ("boolean_toggle", "On"))
        self.assertFalse(switch.get("readonly") or arch.get("edit"))

    def test_the_connection_of_each_schedule_is_named(self):
        one, two = self.own("one"), self.own("two")
        common = self.schedule()
        self.assertEqual((one | common | two).mapped("connection_name"), ["one", False, "two"])

    # -- Create for all companies ----------------------------------------------------------------------------------

    def boss(self):
        """A manager of three companies of whom two are ticked in the switcher."""
        poland = self.env.ref("base.pl")
        self.third_company = self.env["res.company"].create({"name": "Verdi S.n.c.", "country_id": poland.id})
        companies = self.company | self.other_company | self.third_company
        boss = self.person("boss", "sync_hub.group_manager")
        boss.company_ids = [Command.set(companies.ids)]
        return boss

    def all_schedules(self):
        domain = [("service_id", "=", self.service.id)]
        return self.env["sync.schedule"].with_context(active_test=False).search(domain)

    def test_one_click_gives_every_company_of_the_user_the_same_schedule(self):
        boss = self.boss()
        schedule = self.schedule(hour_from=6.0, hour_to=23.0, interval_number=10, interval_type="minutes", sun=False)
        action = schedule.with_user(boss).action_create_for_all_companies()
        self.assertIn("Verdi S.n.c.", action["params"]["message"])
        made = self.all_schedules() - schedule
        self.assertEqual(made.company_id, self.other_company | self.third_company)
        for name in ("hour_from", "hour_to", "interval_number", "interval_type", "sun", "user_id"):
            self.assertEqual(set(made.mapped(name)), set(schedule.mapped(name)), name)
        self.assertTrue(all(one.cron_id.active for one in made))
        by_company = {one.company_id: one for one in made}
        self.assertEqual(by_company[self.third_company].tz, "Europe/Warsaw")

    def test_a_second_click_changes_nothing(self):
        schedule, boss = self.schedule(), self.boss()
        schedule.with_user(boss).action_create_for_all_companies()
        before = self.all_schedules()
        before[-1].active = False
        action = schedule.with_user(boss).action_create_for_all_companies()
        self.assertEqual(self.all_schedules(), before)
        self.assertIn("already", action["params"]["message"])

    def test_companies_that_the_user_may_not_see_get_none(self):
        schedule, stranger = self.schedule(), self.env["res.company"].create({"name": "Neri S.a.s."})
        schedule.with_user(self.boss()).action_create_for_all_companies()
        self.assertNotIn(stranger, self.all_schedules().company_id)

    def test_a_schedule_of_one_connection_is_for_all_connections_elsewhere(self):
        own = self.own("own")
        own.with_user(self.boss()).action_create_for_all_companies()
        made = self.all_schedules() - own
        self.assertEqual(made.company_id, self.company | self.other_company | self.third_company)
        self.assertEqual(made.mapped("connection_id"), [0, 0, 0])

    def test_an_operator_who_may_not_work_there_is_replaced_by_the_hub_s_own(self):
        robot = self.person("robot", "sync_hub.group_operator")
        schedule = self.schedule(user_id=robot.id)
        schedule.with_user(self.boss()).action_create_for_all_companies()
        self.assertEqual((self.all_schedules() - schedule).user_id, self.operator)

    def test_users_who_are_not_managers_cannot(self):
        schedule, boss = self.schedule(), self.boss()
        boss.group_ids = [Command.unlink(self.env.ref("sync_hub.group_manager").id)]
        boss.group_ids = [Command.link(self.env.ref("sync_hub.group_user").id)]
        with self.assertRaises(AccessError):
            schedule.with_user(boss).action_create_for_all_companies()
        self.assertEqual(self.all_schedules(), schedule)
