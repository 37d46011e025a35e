# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.modules.neutralize import get_neutralization_queries

from .common import QueueCase


class TestNeutralize(QueueCase):
    """In a neutralized copy of a database no job of ours goes on; other people's are left alone."""

    def test_waiting_jobs_are_cancelled(self):
        one = self.connection()
        one.action_sync_now()
        self.work_off_queue()
        foreign = self.env["queue.job"].with_delay()._test_job().db_record()
        self.env.flush_all()
        for query in get_neutralization_queries(["base", "sync_hub", "sync_hub_queue"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual((self.jobs(one).state, foreign.state), ("cancelled", "pending"))
