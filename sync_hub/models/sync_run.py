# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..faults import Fault, FaultKind, new_reference
from .connection_lock import connection_lock

_logger = logging.getLogger(__name__)

COUNTERS = ("fetched_count", "created_count", "updated_count", "skipped_count", "failed_count")


class SyncRun(models.Model):
    """One execution of a service: for one connection, or for all connections of a schedule as parent of theirs.

    A run works in slices. Between two of them it is ``queued`` again; a run that is ``running`` while nobody holds
    the lock of its connection was killed.
    """

    _name = "sync.run"
    _description = "Synchronization Run"
    _order = "id desc"
    _rec_name = "reference"

    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_reference(),
        help="Quote it when you ask for help.",
    )
    service_id = fields.Many2one("sync.service", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    schedule_id = fields.Many2one("sync.schedule", readonly=True, index=True, ondelete="set null")
    connection_model = fields.Char(related="service_id.connection_model")
    connection_id = fields.Many2oneReference(model_field="connection_model", readonly=True, index=True)
    connection_name = fields.Char(compute="_compute_connection_name", string="Connection Name")
    parent_id = fields.Many2one("sync.run", readonly=True, index=True, ondelete="cascade")
    child_ids = fields.One2many("sync.run", "parent_id", string="Runs of its Connections")
    line_ids = fields.One2many("sync.run.line", "run_id", string="Log")
    trigger = fields.Selection(
        selection=[("manual", "Manual"), ("scheduled", "Scheduled"), ("webhook", "Webhook")],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Requested by", readonly=True)
    state = fields.Selection(
        selection=[("queued", "Waiting"), ("running", "Running"), ("finished", "Finished")],
        required=True,
        default="queued",
        index=True,
        readonly=True,
    )
    outcome = fields.Selection(
        selection=[
            ("done", "Done"),
            ("nothing_new", "Nothing new"),
            ("partly_failed", "Partly failed"),
            ("failed", "Failed"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
            ("interrupted", "Interrupted"),
        ],
        readonly=True,
        index=True,
    )
    date_start = fields.Datetime(string="Start", readonly=True)
    date_end = fields.Datetime(string="End", readonly=True)
    date_worked = fields.Datetime(readonly=True, help="When it was last worked on; the queue takes turns by it.")
    fetched_count = fields.Integer(string="Received", readonly=True)
    created_count = fields.Integer(string="New", readonly=True)
    updated_count = fields.Integer(string="Updated", readonly=True)
    skipped_count = fields.Integer(string="Set Aside", readonly=True)
    failed_count = fields.Integer(string="Refused", readonly=True)
    progress_done = fields.Integer(readonly=True)
    progress_total = fields.Integer(readonly=True)
    progress = fields.Float(string="Progress (%)", compute="_compute_progress")
    # What a slice leaves to the next one, and how the user who pressed the button is presented to a bank.
    checkpoint = fields.Json(readonly=True)
    attended = fields.Json(readonly=True)

    _reference_unique = models.Constraint("UNIQUE (reference)", "A reference names one run.")
    _connection_index = models.Index("(service_id, connection_id, id DESC)")

    @api.depends("connection_model", "connection_id")
    def _compute_connection_name(self):
        for run in self:
            connection = run._connection()
            run.connection_name = connection.display_name if connection else False

    @api.depends("progress_done", "progress_total", "state")
    def _compute_progress(self):
        for run in self:
            if run.state == "finished":
                run.progress = 100
            else:
                run.progress = 100 * run.progress_done / run.progress_total if run.progress_total else 0

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_open_connection(self):
        self.ensure_one()
        return self._connection().get_formview_action()

    # -- Queue -----------------------------------------------------------------------------------------------------

    @api.model
    def _queue(self, connection, trigger: str, *, user=None, schedule=None, parent=None, attended=None):
        """Ask for a run of a connection, or join the one that waits already.

        :return: the run
        """
        waiting = self.search(
            [
                ("service_id", "=", connection._sync_service().id),
                ("connection_id", "=", connection.id),
                ("state", "=", "queued"),
                ("date_start", "=", False),
            ],
            limit=1,
        )
        if waiting and not parent:
            if attended:
                waiting.attended = attended
            return waiting
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
            }
        )

    @api.model
    def _work_off_queue(self):
        """Scheduled action: work on queued runs, one slice each in turn, until this call's time is up."""
        self._resume_killed()
        left = self.env["ir.cron"]._commit_progress(remaining=self._waiting_count())
        while left > 0 and (run := self._next_waiting()):
            run._work(time.monotonic() + left)
            left = self.env["ir.cron"]._commit_progress(1, remaining=self._waiting_count())
        if self._waiting_count():
            self._wake_queue()
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _wake_queue(self):
        """Let a worker look at the queue as soon as this transaction is committed."""
        # Anyone who may ask for a run may wake the worker that does it; the cron itself stays as it is.
        self.env.ref("sync_hub.ir_cron_queue").sudo()._trigger()

    @api.model
    def _waiting_domain(self):
        return [("state", "in", ("queued", "running")), ("connection_id", "!=", 0), ("connection_id", "!=", False)]

    @api.model
    def _waiting_count(self) -> int:
        return self.search_count([*self._waiting_domain(), ("state", "=", "queued")])

    @api.model
    def _next_waiting(self):
        return self.search(
            [*self._waiting_domain(), ("state", "=", "queued")], order="date_worked NULLS FIRST, id", limit=1
        )

    # -- Work ------------------------------------------------------------------------------------------------------

    def _work(self, deadline: float) -> None:
        """Work on this run for one slice, in its company and as its operator, and commit.

        Never raises for a fault of the run: it is recorded on the run and its connection, and the caller goes on.

        :param deadline: monotonic second after which no new step is begun
        """
        self.ensure_one()
        connection = self._connection()
        if not connection:
            self._finish("skipped")
            self.env.cr.commit()
            return
        self.date_worked = fields.Datetime.now()
        self.env.cr.commit()
        with connection_lock(connection) as taken:
            if not taken:
                return
            # Another worker may have finished it between our search and the lock.
            self.invalidate_recordset()
            if self.state != "queued":
                return
            self._close_interrupted(connection)
            try:
                worker = self._as_operator()
            except Fault as fault:
                self._fail(connection, fault)
                self.env.cr.commit()
                return
            worker._begin()
            worker.env.cr.commit()
            worker._work_on(worker._connection(), deadline)

    def _work_on(self, connection, deadline: float) -> None:
        try:
            finished = connection._synchronize(self, deadline)
        except Fault as fault:
            self.env.cr.rollback()
            self._fail(connection, fault)
        except Exception as error:  # whatever it is, it stops this run only
            self.env.cr.rollback()
            _logger.exception("Sync Hub run %s failed", self.reference)
            detail = f"{type(error).__name__}: {error}" if isinstance(error, UserError) else type(error).__name__
            self._fail(connection, Fault(FaultKind.UNEXPECTED, detail=detail))
        else:
            if finished:
                self._finish(self._outcome_by_counts())
            else:
                self.state = "queued"
        self._push_progress()
        self.env.cr.commit()

    def _begin(self) -> None:
        self.state = "running"
        if not self.date_start:
            self.date_start = fields.Datetime.now()
        self._push_progress()

    def _finish(self, outcome: str) -> None:
        self.write({"state": "finished", "outcome": outcome, "date_end": fields.Datetime.now(), "checkpoint": False})
        connection = self._connection()
        if connection:
            connection._run_finished(self)
        if not self.parent_id:
            self._tell_schedule()
        if self.parent_id and all(child.state == "finished" for child in self.parent_id.child_ids):
            self.parent_id._finish_parent()

    def _fail(self, connection, fault: Fault) -> None:
        self._log_fault(fault)
        self._finish("partly_failed" if self.created_count else "failed")
        connection._apply_fault(fault, self)

    def _finish_parent(self) -> None:
        outcomes = set(self.child_ids.mapped("outcome"))
        if outcomes <= {"failed", "interrupted"}:
            outcome = "failed"
        elif outcomes & {"failed", "partly_failed", "interrupted"}:
            outcome = "partly_failed"
        else:
            outcome = "done" if "done" in outcomes else "nothing_new"
        totals = {name: sum(self.child_ids.mapped(name)) for name in COUNTERS}
        self.write({"state": "finished", "outcome": outcome, "date_end": fields.Datetime.now(), **totals})
        self._tell_schedule()

    def _tell_schedule(self) -> None:
        if self.schedule_id and self.outcome != "skipped":
            self.schedule_id.last_run_id = self

    def _close_interrupted(self, connection) -> None:
        """Close runs of this connection that were killed. To be called with the lock held: it proves that they were."""
        killed = self.search(
            [
                ("service_id", "=", self.service_id.id),
                ("connection_id", "=", connection.id),
                ("state", "=", "running"),
                ("id", "!=", self.id),
            ]
        )
        for run in killed:
            run._finish("interrupted")

    @api.model
    def _resume_killed(self) -> None:
        """Queue anew what was being worked on when its worker was killed."""
        for run in self.search([*self._waiting_domain(), ("state", "=", "running")]):
            connection = run._connection()
            if not connection:
                run._finish("interrupted")
                continue
            with connection_lock(connection) as taken:
                if taken:
                    run.invalidate_recordset()
                    if run.state == "running":
                        run._finish("interrupted")
                        self._queue(connection, run.trigger, user=run.user_id, schedule=run.schedule_id)
            self.env.cr.commit()

    def _outcome_by_counts(self) -> str:
        if self.failed_count or "error" in self.line_ids.mapped("severity"):
            # ``succeeded``: parts of the work, such as accounts, that came to their end.
            return "partly_failed" if self.created_count or (self.checkpoint or {}).get("succeeded") else "failed"
        return "done" if self.created_count or self.updated_count else "nothing_new"

    # -- Log and progress ------------------------------------------------------------------------------------------

    def _log(self, kind: str, severity: str = "info", *, record=None, **values) -> None:
        """Write a note into the log; its text is kept as kind and values."""
        self.write(
            {
                "line_ids": [
                    Command.create(
                        {
                            "kind": kind,
                            "severity": severity,
                            "values": {name: str(value) for name, value in values.items()},
                            "record_ref": f"{record._name},{record.id}" if record else False,
                        }
                    )
                ]
            }
        )

    def _log_fault(self, fault: Fault, *, record=None, severity: str = "error") -> None:
        """Write a fault into the log."""
        values = dict(fault.values)
        if fault.not_before:
            local = fields.Datetime.context_timestamp(self, fault.not_before.replace(tzinfo=None))
            values["not_before"] = local.strftime("%Y-%m-%d %H:%M %Z")
        self.write(
            {
                "line_ids": [
                    Command.create(
                        {
                            "kind": str(fault.kind),
                            "severity": severity,
                            "values": values,
                            "provider_code": fault.provider_code,
                            "detail": fault.detail,
                            "record_ref": f"{record._name},{record.id}" if record else False,
                        }
                    )
                ]
            }
        )

    def _count(self, **counts: int) -> None:
        """Add to the counters: ``run._count(created=500)``."""
        self.write({f"{name}_count": self[f"{name}_count"] + number for name, number in counts.items()})

    def _push_progress(self) -> None:
        """Tell the screens of this company's users; they hear it when the transaction is committed."""
        for run in self:
            self.env["bus.bus"]._sendone(
                (run.company_id, "sync_hub"),
                "sync_hub.run",
                {
                    "id": run.id,
                    "connection_model": run.connection_model,
                    "connection_id": run.connection_id,
                    "state": run.state,
                    "outcome": run.outcome,
                    "done": run.progress_done,
                    "total": run.progress_total,
                },
            )

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _connection(self):
        """The connection that this run works on; an empty recordset when it is gone or this is a parent run."""
        self.ensure_one()
        if not self.connection_id or self.connection_model not in self.env:
            return self.env["sync.connection.mixin"]
        return self.env[self.connection_model].browse(self.connection_id).exists()

    def _as_operator(self):
        """This run in its company, as the user who works for it.

        :raises Fault: of kind ``operator_refused``
        """
        operator = self.schedule_id.user_id or self.env.ref("sync_hub.user_operator")
        operator._check_sync_operator(self.company_id)
        return self.with_user(operator).with_context(
            allowed_company_ids=self.company_id.ids, lang=self._connection()._message_language()
        )
