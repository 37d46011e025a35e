# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time

import psycopg2.errors
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..faults import Fault, FaultKind
from ..transport import noted_calls
from ..vault import opened_secrets
from .connection_lock import connection_lock
from .secret_errors import masked_traceback
from .worker_limits import processor_seconds_left

_logger = logging.getLogger(__name__)


class SyncRun(models.Model):
    """How runs are queued and worked on: who does it, and one at a time per connection."""

    _inherit = "sync.run"

    # Two who ask at the same moment do not see each other's run.
    _one_waits = models.UniqueIndex(
        "(service_id, connection_id) WHERE state = 'queued' AND date_start IS NULL AND connection_id > 0",
        "A synchronization of this connection waits already.",
    )

    # -- Queue -----------------------------------------------------------------------------------------------------

    @api.model
    def _queue(self, connection, trigger: str, *, user=None, schedule=None, parent=None, attended=None, **values):
        """Ask for a run of a connection, or join the one that waits already.

        :param values: of the run's other fields, e.g. ``attempt``
        :return: the run
        :raises ConcurrencyError: when another transaction asks at the same moment: its run cannot be seen yet
        """
        waiting = self._waiting(connection)
        if waiting:
            waiting._join(user=user, schedule=schedule, parent=parent, attended=attended, **values)
            return waiting
        try:
            with self.env.cr.savepoint():
                return self.create(
                    {
                        "service_id": connection._sync_service().id,
                        "company_id": connection.company_id.id,
                        "connection_id": connection.id,
                        "schedule_id": schedule.id if schedule else False,
                        "parent_id": parent.id if parent else False,
                        "trigger": trigger,
                        "user_id": user.id if user else False,
                        "attended": attended,
                        **values,
                    }
                )
        except psycopg2.errors.UniqueViolation as error:
            # Odoo repeats a request that ends so: the next try sees the run and joins it.
            raise ConcurrencyError("another transaction asks for the same run") from error

    def _join(self, *, user=None, schedule=None, parent=None, attended=None, attempt: int = 0) -> None:
        """Ask for this run, which waits already, as well: whoever asked before keeps what they asked for."""
        self.ensure_one()
        values = {}
        # Who joins a repetition makes it the run that is due.
        if attempt < self.attempt:
            values["attempt"] = attempt
        for name, record in (("user_id", user), ("schedule_id", schedule), ("parent_id", parent)):
            if record and not self[name]:
                values[name] = record.id
        if attended:
            values["attended"] = attended
        if values:
            self.write(values)

    @api.model
    def _queue_sum(self, schedule, trigger: str, *, user=None):
        """Begin a run that sums up those of several connections; these are queued with it as ``parent``."""
        return self.create(
            {
                "service_id": schedule.service_id.id,
                "company_id": schedule.company_id.id,
                "schedule_id": schedule.id,
                "trigger": trigger,
                "user_id": user.id if user else False,
                "state": "running",
                "date_start": fields.Datetime.now(),
            }
        )

    @api.model
    def _waiting(self, connection):
        """The run of a connection that waits and was not worked on yet, if there is one."""
        return self.search(
            [*connection._runs_domain(), ("state", "=", "queued"), ("date_start", "=", False)], limit=1
        )

    def _worked_on_since(self, moment) -> bool:
        """Whether one of these runs was worked on, or asked for, after a naive UTC instant."""
        return any((run.date_worked or run.create_date) >= moment for run in self)

    def _note_time_passed(self) -> None:
        """Note, once, that the time of their schedule came while these runs went on: nothing was begun for it."""
        line = self.env["sync.run.line"]
        noted = line.search([("run_id", "in", self.ids), ("kind", "=", "run_went_on")]).run_id
        # Entries of the log alone: written into the runs, they would collide with the workers that are at them.
        line.create([{"run_id": run.id, "kind": "run_went_on"} for run in self - noted])

    @api.model
    def _work_off_queue(self):
        """Scheduled action: work on whatever waits."""
        self._resume_killed()
        for service in self.env["sync.service"]._with_connections():
            self.env[service.connection_model]._queue_retries()
        if self._work_off([]):
            self._wake_queue()
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _work_off(self, domain) -> bool:
        """Work on waiting runs, one slice each in turn, until this call's time or its worker's is up.

        This is where it is decided who works on them: an addon may hand them to workers of its own instead, which
        call ``_resume_killed`` and ``_work``. Lock, operator, faults, outcome and progress lie in these.

        :param domain: which ones; empty for all of them, as the scheduled action of the queue asks
        :return: whether work is left. Then wake the scheduled action: core repeats it, but only after a minute's sleep
        """
        cron = self.env["ir.cron"]
        # Runs whose connection another worker is at. It wakes the queue when it is done; asking again and again
        # until then would only keep this worker from its other jobs.
        taken = []

        def waiting():
            return [("state", "=", "queued"), ("connection_id", "not in", (False, 0)), ("id", "not in", taken), *domain]

        def time_left(worked=0):
            left = cron._commit_progress(worked, remaining=self.search_count(waiting()))
            return min(left, processor_seconds_left())

        left = time_left()
        while left > 0 and (run := self.search(waiting(), order="date_worked NULLS FIRST, id", limit=1)):
            worked = run._work(time.monotonic() + left)
            if not worked:
                taken.append(run.id)
            left = time_left(int(worked))
        return bool(self.search_count(waiting(), limit=1))

    @api.model
    def _wake_queue(self, at=None):
        """Let a worker look at the queue as soon as this transaction is committed, or at a later moment."""
        # Anyone who may ask for a run may wake the worker that does it; the cron itself stays as it is.
        self.env.ref("sync_hub.ir_cron_queue").sudo()._trigger(at)

    # -- Work ------------------------------------------------------------------------------------------------------

    def _work(self, deadline: float) -> bool:
        """Work on this run for one slice, in its company and as its operator, and commit.

        A fault of the run is recorded on it and on its connection, not raised: the caller goes on with other runs.

        :param deadline: monotonic second after which no new step is begun
        :return: False when another worker is at the connection; it wakes the queue when it is done
        """
        self.ensure_one()
        connection = self._connection()
        # What is read under the lock must not be older than the lock.
        self.env.cr.commit()
        if not connection:
            self._finish("skipped")
            self._finish_parents()
            self.env.cr.commit()
            return True
        with connection_lock(connection) as taken:
            if not taken:
                return False
            try:
                self._work_alone(connection, deadline)
                self._finish_parents()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody wrote the same record meanwhile, say a user the connection. Every step can be repeated.
                self.env.cr.rollback()
                if self.exists() and self.state == "running":
                    self.state = "queued"
            if self._others_wait(connection):
                self._wake_queue()
            self.env.cr.commit()
        return True

    def _work_alone(self, connection, deadline: float) -> None:
        # Another worker may have finished it between our search and the lock.
        if not self.exists() or self.state != "queued":
            return
        self._close_interrupted(connection)
        # Since it was asked for, the connection may have been disconnected, or the other side may want a pause.
        wanted = connection.state != "closed" if self.date_start else connection._can_sync()
        if self.cancel_requested or not wanted:
            self._finish("cancelled" if self.cancel_requested or self.date_start else "skipped")
            self.env.cr.commit()
            return
        try:
            worker = self._as_operator()
        except Fault as fault:
            self._fail(connection, fault)
            self.env.cr.commit()
            return
        worker._begin()
        self.env.cr.commit()
        # Libraries quote what they could not use, keys included: what is logged of an error is masked with these.
        with opened_secrets(), noted_calls() as calls:
            worker._work_on(worker._connection(), deadline)
        worker._keep_calls(calls)

    def _work_on(self, connection, deadline: float) -> None:
        try:
            finished = connection._synchronize(self, deadline)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Fault as fault:
            self.env.cr.rollback()
            self._fail(connection, fault)
        except Exception as error:  # whatever it is, it stops this run only
            self.env.cr.rollback()
            if not connection.exists():
                self._finish("cancelled")
            else:
                _logger.error("Sync Hub run %s failed\n%s", self.reference, masked_traceback(error))
                detail = type(error).__name__
                if isinstance(error, UserError):
                    detail = f"{detail}: {error}"
                self._fail(connection, Fault(FaultKind.UNEXPECTED, detail=detail))
        else:
            if finished:
                self._finish(self._outcome_by_counts())
            elif self._is_cancelled():
                self._finish("cancelled")
            else:
                self.state = "queued"
                self._push_progress()
        self.env.cr.commit()

    def _others_wait(self, connection) -> bool:
        """Whether other runs of a connection wait: they may have found it taken by this one."""
        waiting = [*connection._runs_domain(), ("state", "=", "queued"), ("id", "!=", self.id)]
        return bool(self.search_count(waiting, limit=1))

    def _as_operator(self):
        """This run in its company, as the user who works for it.

        :raises Fault: of kind ``operator_refused``
        """
        operator = self.operator_id or self.schedule_id.user_id or self.env.ref("sync_hub.user_operator")
        operator._check_sync_operator(self.company_id)
        return self.with_user(operator).with_context(
            allowed_company_ids=self.company_id.ids, lang=self._connection()._message_language()
        )
