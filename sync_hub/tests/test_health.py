# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import config

from .common import SyncHubFixtures


@tagged("post_install", "-at_install")
class TestHealth(SyncHubFixtures, HttpCase):
    """A monitor learns whether synchronizations run; who they belong to only with the token."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sync_hub()
        cls.env["sync.schedule"].search([]).active = False
        cls.daily = cls.schedule()
        cls.daily.cron_id.nextcall = fields.Datetime.now() + timedelta(hours=1)
        cls.env["sync.heartbeat"].search([]).unlink()
        date = fields.Datetime.now() - timedelta(seconds=90)
        cls.heartbeat = cls.env["sync.heartbeat"].create({"host": "worker-7", "date": date})

    def ask(self, **headers):
        answer = self.url_open("/sync_hub/health", headers=headers)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", answer.headers)
        return answer.status_code, json.loads(answer.text)

    def make_token(self) -> str:
        action = self.env["res.config.settings"].create({}).action_sync_hub_health_token()
        return action["context"]["default_token"]

    def test_while_synchronizations_run_the_answer_is_200(self):
        status, health = self.ask()
        self.assertEqual(status, 200)
        self.assertAlmostEqual(health.pop("heartbeat_age"), 90, delta=60)
        self.assertEqual(health, {"state": "running", "late_minutes": 0, "late_schedules": 0, "late_connections": 0})

    def test_while_they_do_not_the_answer_is_503(self):
        self.daily.cron_id.nextcall = fields.Datetime.now() - timedelta(minutes=30)
        status, health = self.ask()
        self.assertEqual((status, health["state"], health["late_schedules"]), (503, "late", 1))
        self.env.ref("sync_hub.ir_cron_queue").active = False
        status, health = self.ask()
        self.assertEqual((status, health["state"]), (503, "off"))

    def test_a_queue_that_stands_still_is_told_as_well(self):
        one = self.connection()
        self.env["sync.run"]._queue(one, "manual").date_worked = fields.Datetime.now() - timedelta(minutes=30)
        status, health = self.ask()
        self.assertEqual((status, health["state"], health["late_connections"]), (503, "late", 1))
        self.assertGreaterEqual(health["late_minutes"], 30)

    def test_a_database_that_does_not_answer_is_told_as_such(self):
        gone = psycopg2.OperationalError("server closed the connection unexpectedly")
        with patch.object(self.registry["sync.engine"], "_health", side_effect=gone):
            self.assertEqual(self.ask(), (503, {"state": "unavailable"}))

    def test_before_the_first_sign_of_life_there_is_no_age(self):
        self.heartbeat.unlink()
        self.assertIsNone(self.ask()[1]["heartbeat_age"])

    def test_without_the_token_nothing_is_named(self):
        self.daily.cron_id.active = False
        answer = self.url_open("/sync_hub/health").text
        for name in ("worker-7", "Rossi", "Parcels"):
            self.assertNotIn(name, answer)

    def test_with_the_token_hosts_and_schedules_are_named(self):
        self.daily.cron_id.active = False
        status, health = self.ask(Authorization=f"Bearer {self.make_token()}")
        self.assertEqual((status, health["state"]), (503, "off"))
        self.assertEqual(list(health["hosts"]), ["worker-7"])
        self.assertEqual(health["schedules"]["off"], ["Parcels / Rossi S.r.l."])
        self.assertEqual(health["actions"], {"off": [], "failing": []})

    def test_a_wrong_token_is_refused_and_so_is_one_that_was_replaced(self):
        old = self.make_token()
        new = self.make_token()
        for wrong in (old, "x", "é".encode().decode("latin-1")):
            with self.subTest(wrong):
                status, health = self.ask(Authorization=f"Bearer {wrong}")
                self.assertEqual((status, list(health)), (401, ["error"]))
        self.assertEqual(self.ask(Authorization=f"bearer {new}")[0], 200)

    def test_no_token_fits_where_none_was_made(self):
        self.assertEqual(self.ask(Authorization="Bearer x")[0], 401)
        self.assertIn("late_schedules", self.ask(Authorization="Bearer ")[1])

    def test_a_token_in_odoo_conf_counts_instead_of_the_made_one(self):
        made = self.make_token()
        with patch.dict(config.options.maps[0], {"sync_hub_health_token": "from-the-file"}):
            self.assertIn("hosts", self.ask(Authorization="Bearer from-the-file")[1])
            self.assertEqual(self.ask(Authorization=f"Bearer {made}")[0], 401)

    def test_the_token_is_not_kept(self):
        token = self.make_token()
        self.env.flush_all()
        kept = self.env["ir.config_parameter"].search([("key", "like", "sync_hub")]).mapped("value")
        self.assertEqual(len([value for value in kept if len(value) == 64]), 1)
        self.assertNotIn(token, kept)
        self.assertFalse(self.env["sync.health.token"]._fields["token"].store)
