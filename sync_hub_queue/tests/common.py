# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES, Job
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID
from odoo.addons.sync_hub.tests.common import SyncHubCase
from odoo.sql_db import db_connect


class QueueCase(SyncHubCase):
    """A job runner serves the database, as far as the engine can see; the test does its work."""

    def setUp(self):
        super().setUp()
        self._runner = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(self._runner.close)
        # Closing a cursor gives its session back to the pool, with the locks that it holds.
        self.addCleanup(self.stop_job_runner)
        self.start_job_runner()

    def start_job_runner(self):
        """What shows that a runner lives: a database session that holds the lock of the master."""
        self._runner.execute("SELECT pg_try_advisory_lock(%s)", [PG_ADVISORY_LOCK_ID])
        self.assertTrue(self._runner.fetchone()[0])

    def stop_job_runner(self):
        self._runner.execute("SELECT pg_advisory_unlock_all()")

    def jobs(self, connection, *states):
        """Jobs of a connection that are in one of these states, oldest first."""
        domain = [("identity_key", "=", f"sync_hub:{connection._name},{connection.id}")]
        if states:
            domain.append(("state", "in", states))
        return self.env["queue.job"].search(domain, order="id")

    def waiting_jobs(self, connection):
        return self.jobs(connection, WAIT_DEPENDENCIES, PENDING, ENQUEUED)

    def perform(self, record):
        """Do a job as queue_job's controller does it.

        :return: the error for which it is postponed, if it is
        """
        record.write({"state": STARTED, "date_started": fields.Datetime.now()})
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            job = Job.load(api.Environment(cr, SUPERUSER_ID, {}), record.uuid)
            try:
                job.perform()
            except RetryableJobError as error:
                job.postpone(result=str(error), seconds=error.seconds)
                job.set_pending(reset_retry=False)
                postponed = error
            else:
                job.set_done()
                postponed = None
            job.store()
        self.env.invalidate_all()
        return postponed

    def work(self, connection):
        """Let the scheduled action hand out what waits, and do the job of a connection."""
        self.work_off_queue()
        job = self.waiting_jobs(connection)
        job.ensure_one()
        return self.perform(job)
