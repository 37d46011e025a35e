# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import datetime, timedelta

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import SyncHubFixtures
from .outside_system import MODEL

PASSWORD = "sync-hub-test"


@tagged("post_install", "-at_install")
class TestRpcBorders(SyncHubFixtures, HttpCase):
    """What cannot be had from outside, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sync_hub()
        cls.stranger = cls.person("stranger", "sync_hub.group_manager", cls.other_company, password=PASSWORD)
        (cls.user | cls.manager).password = PASSWORD
        cls.ours = cls.connection(api_key="sk_live_51H8xYzAbCdE")
        cls.our_schedule = cls.schedule()
        cls.our_run = cls.env["sync.run"]._queue(cls.ours, "manual")
        cls.our_run._log("note", text="private")
        cls.env.flush_all()

    def call(self, user, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        self.authenticate(user.login, PASSWORD if user.login != "admin" else "admin")
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request("/web/dataset/call_kw", params)

    def refused(self, user, model, method, *args, **kwargs):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"), self.assertRaises(JsonRpcException) as error:
            self.call(user, model, method, *args, **kwargs)
        self.assertEqual(str(error.exception), "odoo.exceptions.AccessError")

    def test_nobody_reads_the_vault(self):
        """Not even an administrator: the table has no reader but the engine itself."""
        admin = self.env.ref("base.user_admin")
        for user in (self.user, self.manager, admin):
            with self.subTest(user.login):
                self.refused(user, "sync.secret", "search_read", [], ["token"])
                self.refused(user, "sync.secret", "create", {"res_model": MODEL, "res_id": 1})

    def test_the_names_of_hosts_are_not_for_users(self):
        """Whether the engine runs is told by its status; which machines it has is not their concern."""
        self.env["sync.heartbeat"].create({"host": "worker-7", "date": datetime.now()})
        for user in (self.user, self.manager):
            with self.subTest(user.login):
                self.refused(user, "sync.heartbeat", "search_read", [])

    def test_nobody_calls_the_methods_that_open_a_secret(self):
        for method in ("_secret", "_keep_secret"):
            with self.subTest(method):
                self.refused(self.manager, MODEL, method, self.ours.ids, "api_key")

    def test_the_external_api_opens_no_secret_either(self):
        """The interface for programs, with an API key of the manager."""
        manager = self.manager.with_user(self.manager)
        key = manager.env["res.users.apikeys"]._generate(
            scope="rpc", name="test", expiration_date=datetime.now() + timedelta(hours=1)
        )
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

        def answer(path, **params):
            with mute_logger("odoo.http"):
                return self.url_open(f"/json/2/{path}", data=json.dumps(params), headers=headers)

        read = answer(f"{MODEL}/read", ids=self.ours.ids, fields=["name", "api_key"])
        self.assertEqual(read.json(), [{"id": self.ours.id, "name": "Couriers", "api_key": "••••••••bCdE"}])
        for path in (f"{MODEL}/_secret", "sync.secret/search_read"):
            with self.subTest(path):
                refused = answer(path, ids=self.ours.ids) if "_secret" in path else answer(path, domain=[])
                self.assertIn(refused.status_code, (403, 404, 422))
                self.assertNotIn("sk_live", refused.text)

    def test_a_stranger_cannot_have_the_connection_of_another_company_synchronized(self):
        self.refused(self.stranger, MODEL, "action_sync_now", self.ours.ids)

    def test_users_read_schedules_and_managers_write_them(self):
        self.refused(self.user, "sync.schedule", "write", self.our_schedule.ids, {"interval_number": 6})
        self.assertTrue(
            self.call(self.manager, "sync.schedule", "write", self.our_schedule.ids, {"interval_number": 6})
        )
        self.assertEqual(self.our_schedule.interval_number, 6)

    def test_a_schedule_s_scheduled_action_is_its_own(self):
        """A manager who could choose another could switch off, rename or delete any action of the database."""
        foreign = self.env.ref("base.autovacuum_job")
        two = self.connection("two")
        target = {"service_id": self.service.id, "company_id": self.company.id, "connection_id": two.id}
        for name, value in (("cron_id", foreign.id), ("last_run_id", self.our_run.id), ("key_removed", True)):
            with self.subTest(name):
                self.refused(self.manager, "sync.schedule", "write", self.our_schedule.ids, {name: value})
                self.refused(self.manager, "sync.schedule", "create", target | {name: value})
        # Nor by a default.
        context = {"default_cron_id": foreign.id}
        made = self.env["sync.schedule"].browse(
            self.call(self.manager, "sync.schedule", "create", target, context=context)
        )
        self.assertEqual(made.cron_id.sync_schedule_ids, made)
        self.call(self.manager, "sync.schedule", "unlink", made.ids)
        self.assertTrue(foreign.exists() and foreign.active)

    def test_on_what_a_service_works_is_for_its_addon_to_say(self):
        """A wrong model would stop the synchronizations of all companies."""
        for values in ({"connection_model": "res.partner"}, {"code": "other"}):
            self.refused(self.manager, "sync.service", "write", self.service.ids, values)
        self.assertTrue(self.call(self.manager, "sync.service", "write", self.service.ids, {"interval_number": 6}))

    def test_runs_are_made_by_the_engine_alone(self):
        values = {"service_id": self.service.id, "company_id": self.company.id, "trigger": "manual"}
        for user in (self.user, self.manager):
            with self.subTest(user.login):
                self.refused(user, "sync.run", "create", values)
                self.refused(user, "sync.run", "write", self.our_run.ids, {"outcome": "done"})
                self.refused(user, "sync.run.line", "create", {"run_id": self.our_run.id, "kind": "note"})

    def test_who_pressed_the_button_from_where_is_for_the_engine_only(self):
        """The address of the user who waits is told to the bank; it is not shown, and forgotten after the run."""
        for name in ("attended", "checkpoint"):
            with self.subTest(name):
                self.refused(self.manager, "sync.run", "read", self.our_run.ids, [name])
