# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import socket
from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import SyncHubCase
from .outside_system import brings


class TestEngineStatus(SyncHubCase):
    """The header of the schedules tells whether anything runs them, from what the workers leave behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sync.schedule"].search([]).active = False
        cls.queue = cls.env.ref("sync_hub.ir_cron_queue")
        cls.daily = cls.schedule()
        cls.administrator = cls.person("admin_of_tests", "sync_hub.group_manager,base.group_system")

    def setUp(self):
        super().setUp()
        self.env["sync.heartbeat"].search([]).unlink()
        self.queue.write({"active": True, "failure_count": 0, "nextcall": fields.Datetime.now()})
        self.daily.cron_id.nextcall = fields.Datetime.now() + timedelta(hours=1)

    def beat(self, minutes_ago=0, host="worker-7"):
        self.env["sync.heartbeat"].search([("host", "=", host)]).unlink()
        date = fields.Datetime.now() - timedelta(minutes=minutes_ago)
        self.env["sync.heartbeat"].create({"host": host, "date": date})

    def status(self, user=None):
        user = user or self.user
        context = {"allowed_company_ids": user.company_ids.ids}
        return self.env["sync.engine"].with_user(user).with_context(**context).status()

    def test_a_worker_that_looks_at_the_queue_leaves_its_host_and_the_time(self):
        self.work_off_queue()
        self.work_off_queue()
        beat = self.env["sync.heartbeat"].search([])
        self.assertEqual(beat.mapped("host"), [socket.gethostname()])
        self.assertGreaterEqual(beat.date, self.daily.create_date.replace(microsecond=0))
        status = self.status()
        self.assertEqual((status["state"], status["title"]), ("running", "Synchronizations run."))
        self.assertIn(socket.gethostname(), status["detail"])

    def test_without_a_worker_it_is_late_and_says_by_how_much_and_who_was_the_last(self):
        with freeze_time(datetime(2026, 5, 4, 12)):
            self.beat(minutes_ago=40, host="worker-3")
            self.beat(minutes_ago=30)
            status = self.status()
        self.assertEqual(
            (status["state"], status["title"]), ("late", "Synchronizations are late by 25 minutes.")
        )
        self.assertIn("worker-7", status["detail"])

    def test_a_fresh_database_waits_for_its_first_worker_and_then_is_late(self):
        self.assertEqual(self.status()["state"], "running")
        self.queue.nextcall = fields.Datetime.now() - timedelta(minutes=20)
        status = self.status()
        self.assertEqual(status["state"], "late")
        self.assertIn("No worker has looked for work so far.", status["detail"])

    def test_a_queue_that_is_switched_off_or_fails_is_named(self):
        self.beat()
        self.queue.failure_count = 2
        self.assertEqual(self.status()["state"], "failing")
        self.queue.active = False
        status = self.status()
        self.assertEqual(status["state"], "off")
        self.assertIn("Sync Hub: queued synchronizations", status["detail"])

    def test_a_schedule_whose_action_is_off_fails_or_is_late_is_named(self):
        self.beat()
        cron = self.daily.cron_id
        for values, state in (
            ({"nextcall": fields.Datetime.now() - timedelta(minutes=30)}, "late"),
            ({"failure_count": 1}, "failing"),
            ({"active": False}, "off"),
        ):
            with self.subTest(state), self.env.cr.savepoint() as savepoint:
                cron.write(values)
                status = self.status()
                self.assertEqual(status["state"], state)
                self.assertIn("Parcels / Rossi S.r.l.", status["detail"])
                savepoint.rollback()
        self.daily.active = False
        self.assertEqual(self.status()["state"], "running", "A schedule that is switched off is not missed.")

    def after(self, minutes, user=None):
        """The status some minutes later; a worker has looked at the queue all the time."""
        with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
            self.beat()
            self.daily.cron_id.nextcall = fields.Datetime.now() + timedelta(hours=1)
            return self.status(user)

    def test_work_that_nobody_does_makes_it_late_though_somebody_looks_at_the_queue(self):
        """Handed to a job runner that reaches no Odoo, say."""
        self.env["sync.run"]._queue(self.connection("Postmen"), "manual")
        self.assertEqual(self.after(minutes=3)["state"], "running")
        status = self.after(minutes=20)
        self.assertEqual(status["state"], "late")
        self.assertIn("Postmen", status["detail"])
        stranger = self.person("stranger", "sync_hub.group_user", self.other_company)
        self.assertEqual(self.after(minutes=20, user=stranger)["state"], "running", "It is no other company's matter.")

    def test_a_connection_that_is_being_worked_on_is_not_waited_for(self):
        """However long it takes, and whatever was asked of it since."""
        one = self.connection()
        run = self.env["sync.run"]._queue(one, "manual")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=18)):
            run._begin()
        self.env["sync.run"]._queue(one, "scheduled", schedule=self.daily)
        self.assertEqual(self.after(minutes=20)["state"], "running")
        run._finish("done")
        self.assertEqual(self.after(minutes=20)["state"], "late")

    def test_a_header_names_the_first_of_many_that_wait(self):
        for number in range(12):
            self.env["sync.run"]._queue(self.connection(f"Courier {number}"), "manual")
        detail = self.after(minutes=20)["detail"]
        self.assertEqual(detail.count("Courier"), 10)
        self.assertTrue(detail.endswith("…."))

    def test_a_schedule_that_waits_for_its_turn_is_late_whatever_else_runs(self):
        self.beat()
        self.daily.cron_id.nextcall = fields.Datetime.now() - timedelta(minutes=30)
        run = self.env["sync.run"]._queue(self.connection(script=brings(1)), "manual", schedule=self.daily)
        run._begin()
        status = self.status()
        self.assertEqual(status["state"], "late")
        self.assertIn("Parcels / Rossi S.r.l.", status["detail"])

    def test_the_actions_that_alert_and_mail_are_watched_too(self):
        self.beat()
        engine = self.env["sync.engine"].with_user(self.administrator)
        for name, values, state in (
            ("ir_cron_watch", {"active": False}, "off"),
            ("ir_cron_outcome_mail", {"failure_count": 1}, "failing"),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                action = self.env.ref(f"sync_hub.{name}")
                action.write(values)
                status = self.status()
                self.assertEqual(status["state"], state)
                self.assertIn(action.name, status["detail"])
                self.assertEqual(engine.action_fix()["res_id"], action.id)
                savepoint.rollback()

    def test_schedules_of_other_companies_are_not_named(self):
        self.beat()
        self.daily.cron_id.active = False
        stranger = self.person("stranger", "sync_hub.group_user", self.other_company)
        self.assertEqual(self.status(stranger)["state"], "running")

    def test_an_administrator_gets_a_button_to_what_must_be_fixed(self):
        self.beat()
        self.assertFalse(self.status(self.administrator)["can_fix"])
        self.daily.cron_id.active = False
        self.assertTrue(self.status(self.administrator)["can_fix"])
        engine = self.env["sync.engine"].with_user(self.administrator)
        self.assertEqual(engine.action_fix()["res_id"], self.daily.cron_id.id)
        self.queue.active = False
        self.assertEqual(engine.action_fix()["res_id"], self.queue.id)
        self.assertEqual(engine.action_fix()["res_model"], "ir.cron")

    def test_who_is_no_administrator_is_told_whom_to_ask(self):
        self.queue.active = False
        status = self.status(self.manager)
        self.assertEqual((status["can_fix"], status["advice"]), (False, "Tell your administrator."))
        with self.assertRaises(AccessError):
            self.env["sync.engine"].with_user(self.manager).action_fix()

    def test_who_is_no_user_of_sync_hub_is_told_nothing(self):
        outsider = new_test_user(self.env, "outsider", groups="base.group_user")
        self.assertIs(self.status(outsider), False)

    def test_hosts_that_are_gone_are_forgotten_after_a_week(self):
        self.beat(minutes_ago=8 * 24 * 60, host="gone")
        self.beat()
        self.env["sync.heartbeat"]._forget_hosts()
        self.assertEqual(self.env["sync.heartbeat"].search([]).mapped("host"), ["worker-7"])
