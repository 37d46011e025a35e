# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import logging
import time

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import DONE, ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID
from odoo.addons.sync_hub.status.engine import GRACE
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

# Jobs made and committed together.
CHUNK = 50
# Seconds after which a connection that another worker is at is looked at again.
BUSY = 15
# A person who waits for the button comes before what the clock started.
PRIORITIES = {"manual": 5}
PRIORITY = 10
WAITING = (WAIT_DEPENDENCIES, PENDING, ENQUEUED)

_logger = logging.getLogger(__name__)


class SyncRun(models.Model):
    """Runs as jobs of the OCA job queue: which host works on a connection is for its runner to decide.

    A job is for a connection, not for a run: it does one slice of the run that has waited longest, and what is left
    afterwards gets another job, so that connections take turns. Everything else - lock, operator, faults, outcome,
    progress - is the engine's.
    """

    _inherit = "sync.run"

    # -- Handing out -----------------------------------------------------------------------------------------------

    @api.model
    def _work_off(self, domain) -> bool:
        """Override of ``sync_hub``: runs are handed to the job runner.

        Where there is none - the server was started without it, or it is down - or where it gets no job done,
        scheduled actions do the work as if this addon were not there.
        """
        if not self._job_runner_lives():
            return super()._work_off(domain)
        if self._jobs_stand_still():
            _logger.warning("The job runner gets no synchronization done: the scheduled action works on them itself")
            return super()._work_off(domain)
        if domain:
            # Jobs are made in one place, the scheduled action of the queue, which core never runs twice at once: two
            # that look for a connection's job at the same time would both find none.
            self._wake_queue()
            return False
        return self._hand_out()

    @api.model
    def _job_runner_lives(self) -> bool:
        """Whether a job runner serves this database. It holds the lock by which one of them becomes the master."""
        # Only PostgreSQL knows who holds an advisory lock.
        self.env.cr.execute(
            SQL(
                """
                SELECT EXISTS (
                    SELECT FROM pg_locks
                     WHERE locktype = 'advisory' AND granted AND objsubid = 1
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                       AND (classid::bigint << 32) | objid::bigint = %s
                )
                """,
                PG_ADVISORY_LOCK_ID,
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _jobs_stand_still(self) -> bool:
        """Whether jobs of ours have been ready for longer than anything should wait, and none is done.

        The runner cannot reach Odoo, or other jobs have taken all of its capacity.
        """
        # As in ``_waiting_jobs``.
        jobs = self.env["queue.job"].sudo()
        ours = [("model_name", "=", self._name), ("method_name", "=", "_work_as_job")]
        before = fields.Datetime.now() - GRACE
        ready = [("date_created", "<", before), "|", ("eta", "=", False), ("eta", "<", before)]
        if not jobs.search_count([*ours, ("state", "in", (PENDING, ENQUEUED)), *ready], limit=1):
            return False
        alive = ["|", ("state", "=", STARTED), "&", ("state", "=", DONE), ("date_done", ">=", before)]
        return not jobs.search_count([*ours, *alive], limit=1)

    @api.model
    def _hand_out(self) -> bool:
        """Make a job for every connection that a run waits for and that has none.

        :return: whether the time was up before all had one
        """
        first = {}
        for run in self.search(
            [("state", "=", "queued"), ("connection_id", "not in", (False, 0))], order="date_worked NULLS FIRST, id"
        ):
            first.setdefault(run._job_key(), run)
        waiting = self._waiting_jobs(first)
        self._tidy_jobs(waiting)
        have = set(waiting.mapped("identity_key"))
        missing = [run for key, run in first.items() if key not in have]
        cron = self.env["ir.cron"]
        seconds = cron._commit_progress(remaining=len(missing))
        while missing and seconds:
            chunk, missing = missing[:CHUNK], missing[CHUNK:]
            for run in chunk:
                run._make_job()
            seconds = cron._commit_progress(len(chunk), remaining=len(missing))
        return bool(missing)

    @api.model
    def _waiting_jobs(self, keys):
        """The jobs that wait for connections.

        :param keys: by which the queue knows the connections
        """
        # The queue belongs to its administrators; whether a job of ours is there, and when it comes, is our own matter.
        jobs = self.env["queue.job"].sudo()
        return jobs.search([("identity_key", "in", list(keys)), ("state", "in", WAITING)])

    @api.model
    def _tidy_jobs(self, waiting) -> None:
        """Cancel what is too many of waiting jobs, and let those come at once whose connection has become free.

        Neither is urgent: a second job finds nothing to do, and a connection that was taken is looked at again after
        seconds anyhow. So jobs that the runner is writing to at this moment are left to it.
        """
        surplus = waiting.browse()
        for jobs in waiting.grouped("identity_key").values():
            # One that is handed out already cannot be taken back.
            jobs = jobs.sorted(lambda job: (job.state != ENQUEUED, bool(job.eta), job.id))
            surplus |= jobs[1:].filtered(lambda job: job.state == PENDING)
        now = fields.Datetime.now()
        # Whoever holds a connection wakes the queue when it is done.
        at_work = self.search([("state", "=", "running"), ("connection_id", "not in", (False, 0))])
        taken = {run._job_key() for run in at_work}
        late = (waiting - surplus).filtered(
            lambda job: job.state == PENDING and job.eta and job.eta > now and job.identity_key not in taken
        )
        with contextlib.suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY), self.env.cr.savepoint():
            surplus.try_lock_for_update().button_cancelled()
            late.try_lock_for_update().eta = False

    def _job_key(self) -> str:
        """The identity by which the queue knows a connection: it never holds two jobs of one."""
        self.ensure_one()
        return f"sync_hub:{self.connection_model},{self.connection_id}"

    def _make_job(self) -> None:
        self.ensure_one()
        # Channels belong to the administrators of the queue; only the name of this one is needed.
        channel = self.service_id.sudo().job_channel_id.complete_name
        # As the scheduled action: an operator who has left the company would not find the run. It is worked on as its
        # operator, whoever does the job.
        run = self.with_user(SUPERUSER_ID).with_context(allowed_company_ids=self.company_id.ids)
        run.with_delay(
            identity_key=self._job_key(),
            channel=channel,
            priority=PRIORITIES.get(self.trigger, PRIORITY),
            description=f"{self.service_id.name}: {self.connection_name or self.connection_id}",
        )._work_as_job(self.service_id.id, self.connection_id)

    # -- The job ---------------------------------------------------------------------------------------------------

    def _work_as_job(self, service_id: int, connection_id: int) -> str:
        """Work on a connection for one slice: on the run that waits for it longest.

        The run for which the job was made is its record, so that the job leads to it; it may have been done by another
        worker since.

        :return: what the job shows as its result
        :raises RetryableJobError: when the connection is taken, and no other job waits for it. What failed is not tried
            again by its job: the engine plans the next try, wakes the queue at that time, and the try is a run with a
            job of its own
        """
        mine = [("service_id", "=", service_id), ("connection_id", "=", connection_id)]
        waiting = [*mine, ("state", "=", "queued")]
        order = "date_worked NULLS FIRST, id"
        # The runner gives out anew what a killed worker was at: its run is closed, and goes on from its checkpoint.
        self._resume_killed(mine)
        run = self.search(waiting, order=order, limit=1)
        if not run:
            return "nothing waits"
        key = run._job_key()
        if not run._work(time.monotonic() + MIN_TIME_PER_JOB):
            if self._waiting_jobs([key]):
                # It was made while this one was at work: two of them would wait if this one came back.
                return "another job waits for the connection"
            raise RetryableJobError("another worker is at the connection", seconds=BUSY, ignore_retry=True)
        if self.search_count(waiting, limit=1):
            self._wake_queue()
            self.env.cr.commit()
        return f"{run.reference}: {run.outcome or run.state}"
