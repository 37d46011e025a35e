# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tools import config

from .common import SyncHubCase


class TestHostedMode(SyncHubCase):
    """Where somebody else runs the engine, its configuration is hidden and refused; schedules stay usable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.person("admin_of_tests", "sync_hub.group_manager,base.group_system")
        cls.daily = cls.schedule()

    def host(self):
        self.env["ir.config_parameter"].set_param("sync_hub.hosted", "True")
        self.env.registry.clear_cache()

    def menus_seen(self) -> list[bool]:
        menus = self.env["ir.ui.menu"].with_user(self.administrator).load_menus(False)
        return [self.env.ref(f"sync_hub.menu_{name}").id in menus for name in ("services", "vault_state")]

    def attempts(self):
        """Ways to change the engine, as an administrator of the database may try them over RPC."""
        service = self.service.with_user(self.administrator)
        crons = (self.daily.cron_id | self.env.ref("sync_hub.ir_cron_queue")).with_user(self.administrator)
        settings = self.env["res.config.settings"].with_user(self.administrator)
        yield lambda: service.write({"interval_number": 1})
        for cron in crons:
            yield lambda cron=cron: cron.write({"active": False})
            yield lambda cron=cron: cron.ir_actions_server_id.write({"code": "pass"})
            yield lambda cron=cron: cron.unlink()
        yield lambda: settings.create({}).action_sync_hub_health_token()
        yield self.env["sync.vault.state"].with_user(self.administrator).create({}).action_seal_anew
        parameters = self.env["ir.config_parameter"].with_user(self.administrator)
        ours = parameters.sudo().create({"key": "sync_hub.health_token_fingerprint", "value": "1"}).sudo(False)
        yield lambda: parameters.set_param("sync_hub.hosted", "False")
        yield lambda: parameters.create({"key": "sync_hub.run_retention_days", "value": "1"})
        yield lambda: ours.write({"value": "2"})
        yield lambda: ours.write({"key": "other"})
        yield lambda: parameters.create({"key": "other", "value": "1"}).write({"key": "sync_hub.other"})
        yield lambda: ours.unlink()

    def test_the_engine_is_configured_by_its_administrator(self):
        self.assertEqual(self.menus_seen(), [True, True])
        for attempt in list(self.attempts())[:3]:
            attempt()

    def test_in_hosted_mode_it_is_hidden_and_every_way_to_change_it_is_refused(self):
        self.host()
        self.assertEqual(self.menus_seen(), [False, False])
        for number, attempt in enumerate(self.attempts()):
            with self.subTest(number), self.assertRaisesRegex(AccessError, "run by your provider"):
                attempt()

    def test_other_scheduled_actions_are_the_administrator_s_own(self):
        self.host()
        other = self.env.ref("base.autovacuum_job").with_user(self.administrator)
        other.priority = 9
        self.assertEqual(other.priority, 9)

    def test_so_are_other_system_parameters_and_the_settings(self):
        self.host()
        parameters = self.env["ir.config_parameter"].with_user(self.administrator)
        parameters.set_param("web.base.url", "http://localhost:1")
        self.assertEqual(parameters.get_param("web.base.url"), "http://localhost:1")
        settings = self.env["res.config.settings"].with_user(self.administrator)
        settings.create({"sync_run_retention_days": 7}).execute()
        self.assertEqual(self.env["sync.run"]._retention_days(), 7)

    def test_schedules_stay_usable(self):
        self.host()
        mine = self.daily.with_user(self.manager)
        mine.write({"interval_number": 2, "interval_type": "hours"})
        mine.active = False
        self.assertFalse(self.daily.cron_id.active)
        mine.active = True
        self.connection()
        mine.action_run_now()
        mine.unlink()
        self.assertFalse(mine.exists())

    def test_the_status_names_no_host_and_no_way_to_fix_it(self):
        self.host()
        self.env["sync.heartbeat"].create({"host": "worker-7", "date": "2020-01-01"})
        self.env["sync.heartbeat"].search([("host", "!=", "worker-7")]).unlink()
        status = self.env["sync.engine"].with_user(self.administrator).status()
        self.assertEqual((status["state"], status["can_fix"], status["advice"]), ("late", False, "Tell your provider."))
        self.assertNotIn("worker-7", status["detail"])

    def test_what_odoo_conf_says_cannot_be_changed_in_the_database(self):
        self.env["ir.config_parameter"].set_param("sync_hub.hosted", "False")
        for option, hosted in (("True", True), ("1", True), ("", False), ("False", False)):
            with self.subTest(option), patch.dict(config.options.maps[0], {"sync_hub_hosted": option}):
                self.assertEqual(self.env["sync.engine"]._is_hosted(), hosted)

    def test_the_setting_is_in_the_settings(self):
        settings = self.env["res.config.settings"].with_user(self.administrator).create({"sync_hub_hosted": True})
        settings.execute()
        self.assertTrue(self.env["sync.engine"]._is_hosted())
