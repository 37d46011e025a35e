# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo import api, fields, models

from ..faults import RULES, next_try
from .on_its_own import on_its_own


class SyncConnectionMixin(models.AbstractModel):
    """How a connection is tried again by itself after a fault that passes, less and less often while it lasts."""

    _inherit = "sync.connection.mixin"

    retry_at = fields.Datetime(
        string="Next Try",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The last synchronization met a fault that passes by itself: it is tried again then.",
    )
    failures_in_row = fields.Integer(
        string="Failures in a Row",
        readonly=True,
        copy=False,
        help="Synchronizations in a row that met a fault that passes by itself.",
    )

    @api.depends("retry_at")
    def _compute_schedule(self):
        """Override of this mixin: while a try is planned, it is the next run."""
        result = super()._compute_schedule()
        now = fields.Datetime.now()
        for connection in self.filtered("next_run"):
            retry, schedule = connection.retry_at, connection.schedule_id
            if retry and retry > now and not schedule._is_paused_at(retry):
                connection.next_run = retry
        return result

    def _is_due(self):
        """Override of this mixin: while the other side cannot serve, the regular rhythm waits too."""
        return super()._is_due() and not (self.retry_at and self.retry_at > fields.Datetime.now())

    def _run_finished(self, run):
        """Override of this mixin: plan the next try, or forget it."""
        result = super()._run_finished(run)
        if run.outcome == "skipped":
            return result
        values = {"retry_at": False}
        if run.outcome in ("failed", "partly_failed") and self._is_worth_a_retry(run):
            values = self._retry_values()
            run._wake_queue(values["retry_at"])
        elif run.outcome in ("done", "nothing_new"):
            values["failures_in_row"] = 0
        self.write(values)
        return result

    def _is_worth_a_retry(self, run) -> bool:
        """Whether the same may succeed later without anybody doing anything, and automatic runs are wanted."""
        kinds = run._errors().mapped("kind")
        passes = any(kind in RULES and RULES[kind].temporary for kind in kinds)
        return passes and self._runs_by_itself() and self.state == "connected" and bool(self.schedule_id)

    def _retry_values(self) -> dict:
        now = fields.Datetime.now()
        if self.retry_at and self.retry_at > now and not self._is_held_back():
            # Somebody pressed the button meanwhile: that neither hastens nor delays the try that is planned.
            return {"retry_at": self.retry_at}
        failures = self.failures_in_row + 1
        moment = next_try(failures, now, not_before=self.not_before or None, chance=random.random())
        return {"retry_at": moment.replace(microsecond=0), "failures_in_row": failures}

    @api.model
    def _queue_retries(self) -> None:
        """Queue the tries whose time has come, where the schedule lets automatic runs start now."""
        now = fields.Datetime.now()
        waiting = self.search([("retry_at", "<=", now)])
        busy = set(waiting._unfinished_runs().mapped("connection_id"))
        for connection in waiting.filtered(lambda connection: connection.id not in busy):
            with on_its_own(connection):
                connection._queue_retry(now)

    def _queue_retry(self, now) -> None:
        schedule = self.schedule_id
        if self._is_due() and schedule and schedule._allows_retry(now):
            self.env["sync.run"]._queue(self, "scheduled", schedule=schedule, attempt=self.failures_in_row)
