# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessDenied, ValidationError
from odoo.tools import mute_logger

from .common import SyncHubCase


class TestScheduleOperator(SyncHubCase):
    """A schedule runs as an active user who may work for its company, and says so when it cannot."""

    def setUp(self):
        super().setUp()
        self.robot = self.person("robot", "sync_hub.group_operator", name="Robot")

    def unable(self):
        """The ways in which a user becomes unable to work, each with what is said about it."""
        group = self.env.ref("sync_hub.group_operator")
        move = {"company_id": self.other_company.id, "company_ids": [(6, 0, self.other_company.ids)]}
        return (
            (lambda user: user.write({"active": False}), "Robot is archived"),
            (lambda user: user.write(move), "Robot has no access to Rossi S.r.l."),
            (lambda user: user.write({"group_ids": [(3, group.id)]}), "Robot does not belong to the group"),
        )

    def test_a_user_who_cannot_work_is_refused_when_the_schedule_is_saved(self):
        for make_unable, reason in self.unable():
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                make_unable(self.robot)
                with self.assertRaisesRegex(ValidationError, reason):
                    self.schedule(user_id=self.robot.id)
                savepoint.rollback()

    def test_a_user_who_becomes_unable_later_stops_the_run_with_a_sentence(self):
        """The next run, manual or automatic, fails with the reason and the cure; nothing was asked of the bank."""
        for make_unable, reason in self.unable():
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                asked = []
                one = self.connection(script=lambda *args, asked=asked: asked.append(args) or True)
                schedule = self.schedule(user_id=self.robot.id)
                make_unable(self.robot)
                self.run_schedule(schedule)
                run = self.runs(one)
                self.assertEqual((run.outcome, run.line_ids.kind), ("failed", "operator_refused"))
                self.assertIn(reason, run.line_ids.message)
                self.assertIn("choose an active user", self.chatter(one))
                self.assertFalse(asked)
                savepoint.rollback()

    def test_so_does_the_hub_s_own_operator_at_the_button_and_at_the_clock(self):
        """Nothing of the engine depends on it: who is unable is named, and nothing waits for ever."""
        for make_unable, reason in self.unable():
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                asked = []
                one = self.connection(script=lambda *args, asked=asked: asked.append(args) or True)
                schedule = self.schedule()
                make_unable(self.operator)
                self.sync(one)
                self.run_schedule(schedule)
                self.assertEqual(self.runs(one).mapped("trigger"), ["manual", "scheduled"])
                for run in self.runs(one):
                    self.assertEqual((run.outcome, run.line_ids.kind), ("failed", "operator_refused"))
                    self.assertIn(reason.replace("Robot", "Sync operator"), run.line_ids.message)
                self.assertFalse(asked)
                savepoint.rollback()

    def test_schedules_with_an_operator_of_their_own_do_not_need_the_hub_s(self):
        one, schedule = self.connection(), self.schedule(user_id=self.robot.id)
        for make_unable, reason in self.unable():
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                make_unable(self.operator)
                self.run_schedule(schedule)
                self.assertEqual((self.runs(one).outcome, self.runs(one).operator_id), ("nothing_new", self.robot))
                savepoint.rollback()

    def test_the_work_is_done_as_the_operator_in_the_company_of_the_schedule(self):
        seen = []

        def look(connection, run, deadline):
            seen.append((run.env.user, run.env.companies, run.env.su))
            return True

        self.connection(script=look)
        self.run_schedule(self.schedule(user_id=self.robot.id))
        self.assertEqual(seen, [(self.robot, self.company, False)])

    def test_new_companies_let_the_operator_in_whoever_creates_them(self):
        founder = self.person("founder", "base.group_erp_manager,base.group_partner_manager")
        company = self.env["res.company"].with_user(founder).create({"name": "Verdi S.n.c."})
        self.assertIn(company, self.operator.company_ids)

    def test_nobody_logs_in_as_the_operator(self):
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [self.operator.id])
        self.assertFalse(self.env.cr.fetchone()[0])
        for password in ("", "False", "sync_operator", self.operator.login):
            credential = {"type": "password", "login": self.operator.login, "password": password}
            with mute_logger("odoo.addons.base.models.res_users"), self.assertRaises(AccessDenied):
                self.env["res.users"].authenticate(credential, {"interactive": True})
