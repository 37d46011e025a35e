# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.tests.outside_system import brings

from ..hooks import post_init_hook, uninstall_hook
from .common import QueueCase


class TestRemoval(QueueCase):
    """Uninstalling takes jobs and channels away, and no run: the scheduled action works on those that wait."""

    def test_channels_go_jobs_are_cancelled_and_runs_wait_for_the_scheduled_action(self):
        one = self.connection(script=brings(1))
        one.action_sync_now()
        self.work_off_queue()
        channels = self.env["sync.service"].with_context(active_test=False).search([]).job_channel_id
        self.assertIn(self.service.job_channel_id, channels)
        foreign = self.env["queue.job"].with_delay()._test_job().db_record()
        uninstall_hook(self.env)
        self.env.flush_all()
        self.assertFalse(channels.exists())
        self.assertTrue(self.env.ref("queue_job.channel_root").exists())
        self.assertEqual((self.jobs(one).state, foreign.state), ("cancelled", "pending"))
        self.assertEqual(self.runs(one).state, "queued")
        self.stop_job_runner()
        self.work_off_queue()
        self.assertEqual(self.runs(one).outcome, "done")

    def test_installing_it_again_gives_services_channels_and_waiting_runs_jobs(self):
        one = self.connection()
        uninstall_hook(self.env)
        one.action_sync_now()
        post_init_hook(self.env)
        self.assertEqual(self.service.job_channel_id.complete_name, "root.sync_hub.parcels")
        self.work_off_queue()
        self.assertEqual(len(self.waiting_jobs(one)), 1)
