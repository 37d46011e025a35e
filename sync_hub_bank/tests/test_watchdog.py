# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo.addons.sync_hub.models.sync_connection_activities import SILENCE_ACTIVITY
from odoo.tests import tagged

from .common import NOW, BankCase, ago


@tagged("post_install", "-at_install")
class TestWatchdog(BankCase):
    """Somebody is told when a bank account has not been synchronized for too long."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(self.row(ago(2), "-1.00"))
        self.synchronize(self.connection)
        self.schedule = self.connection.schedule_id
        self.schedule.anchor_date = ago(1)  # it was made before time stood still

    def after(self, **time):
        """Let the hourly watch look some time after the last success."""
        with freeze_time(NOW + timedelta(**time)):
            self.trigger(self.env.ref("sync_hub.ir_cron_watch"))
            self.env.invalidate_all()
        return self.connection.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(SILENCE_ACTIVITY)
        )

    def test_a_bank_that_fails_for_two_days_is_told_once_until_it_works_again(self):
        self.bank.fail("server_error", call="transactions", times=None)
        self.synchronize(self.connection)
        self.assertFalse(self.after(hours=47))
        told = self.after(hours=61)
        self.assertEqual((len(told), told.user_id), (1, self.env.user))
        self.assertEqual(self.after(hours=80), told)
        self.bank.clear_faults()
        with freeze_time(NOW + timedelta(hours=81)):
            self.connection.not_before = False
            self.synchronize(self.connection)
        self.assertFalse(self.after(hours=82))

    def test_a_scheduled_action_that_somebody_switched_off_is_told_when_the_next_run_does_not_come(self):
        self.schedule.cron_id.sudo().active = False
        told = self.after(hours=14)
        self.assertEqual(told.user_id, self.env.user)
        self.assertIn("is switched off", told.note)

    def test_a_company_chooses_after_how_many_hours(self):
        self.schedule.silence_limit = 72
        self.assertFalse(self.after(hours=71))
        self.assertTrue(self.after(hours=85))
