# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import QueueCase


class TestChannels(QueueCase):
    """Each service has a channel, whose capacity the configuration of the job runner sets."""

    def test_a_service_comes_with_its_channel_and_takes_it_along(self):
        channel = self.service.job_channel_id
        self.assertEqual(channel.complete_name, "root.sync_hub.parcels")
        self.service.unlink()
        self.assertFalse(channel.exists())

    def test_jobs_go_through_the_channel_of_their_service(self):
        one = self.connection()
        one.action_sync_now()
        self.work_off_queue()
        self.assertEqual(self.jobs(one).channel, "root.sync_hub.parcels")

    def test_every_service_that_was_there_before_has_a_channel(self):
        services = self.env["sync.service"].with_context(active_test=False).search([])
        self.assertEqual(len(services.job_channel_id), len(services))
