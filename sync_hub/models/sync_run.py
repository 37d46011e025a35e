# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..faults import Fault, new_reference
from ..transport import mask_text
from ..vault import opened_so_far

COUNTERS = ("fetched_count", "created_count", "updated_count", "skipped_count", "failed_count")


class SyncRun(models.Model):
    """One execution of a service: for one connection, or for all connections of a schedule as parent of theirs.

    A run works in slices. Between two of them it is ``queued`` again; a run that is ``running`` while nobody holds
    the lock of its connection was killed.
    """

    _name = "sync.run"
    _description = "Synchronization Run"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"
    _rec_name = "reference"

    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_reference(),
        help="Quote it when you ask for help.",
    )
    service_id = fields.Many2one("sync.service", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    schedule_id = fields.Many2one("sync.schedule", readonly=True, index=True, ondelete="set null")
    connection_model = fields.Char(related="service_id.connection_model")
    connection_id = fields.Many2oneReference(model_field="connection_model", readonly=True, index=True)
    connection_name = fields.Char(compute="_compute_connection_name")
    parent_id = fields.Many2one("sync.run", readonly=True, index=True, ondelete="cascade")
    child_ids = fields.One2many("sync.run", "parent_id", string="Runs of its Connections")
    line_ids = fields.One2many("sync.run.line", "run_id", string="Log")
    trigger = fields.Selection(
        selection=[("manual", "Manual"), ("scheduled", "Scheduled"), ("webhook", "Webhook")],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Requested by", readonly=True)
    # Kept from the first slice on: a change of the schedule's operator is for the next run.
    operator_id = fields.Many2one("res.users", string="Worked as", readonly=True, copy=False)
    attempt = fields.Integer(
        string="Repetition",
        readonly=True,
        default=0,
        aggregator=None,
        help="Counts the tries after a fault that passes by itself; 0 is a run at its regular time.",
    )
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
    duration = fields.Integer(
        string="Duration (s)", compute="_compute_duration", store=True, aggregator="avg", help="From start to end."
    )
    date_worked = fields.Datetime(readonly=True, help="When it was last worked on; the queue takes turns by it.")
    fetched_count = fields.Integer(string="Received", readonly=True)
    created_count = fields.Integer(string="New", readonly=True)
    updated_count = fields.Integer(string="Updated", readonly=True)
    skipped_count = fields.Integer(string="Set Aside", readonly=True)
    failed_count = fields.Integer(string="Refused", readonly=True)
    # What a slice leaves to the next one, and how the user who pressed the button is presented to a bank.
    checkpoint = fields.Json(readonly=True, groups="sync_hub.group_operator")
    # What the checkpoint was when this run took the place of a killed one.
    inherited_checkpoint = fields.Json(readonly=True, copy=False, groups="sync_hub.group_operator")
    attended = fields.Json(readonly=True, groups="sync_hub.group_operator")

    _reference_unique = models.Constraint("UNIQUE (reference)", "A reference names one run.")
    _connection_index = models.Index("(service_id, connection_id, id DESC)")

    @api.depends("connection_model", "connection_id")
    def _compute_connection_name(self):
        for run in self:
            connection = run._connection()
            run.connection_name = connection.display_name if connection else False

    @api.depends("date_start", "date_end")
    def _compute_duration(self):
        for run in self:
            ended = run.date_start and run.date_end
            run.duration = (run.date_end - run.date_start).total_seconds() if ended else 0

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_running(self):
        if "running" in self.mapped("state"):
            raise UserError(self.env._("A synchronization cannot be deleted while it is going on."))

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_open_connection(self):
        self.ensure_one()
        connection = self._connection()
        if not connection:
            raise UserError(self.env._("This connection was deleted."))
        return connection.get_formview_action()

    # -- State and outcome ------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        now = fields.Datetime.now()
        self.write(
            {
                "state": "running",
                "date_start": self.date_start or now,
                "date_worked": now,
                "operator_id": self.env.uid,
            }
        )
        self._push_progress()

    def _finish(self, outcome: str) -> None:
        self.write(
            {
                "state": "finished",
                "outcome": outcome,
                "date_end": fields.Datetime.now(),
                "checkpoint": False,
                "inherited_checkpoint": False,
                "attended": False,
            }
        )
        connection = self._connection()
        if connection:
            connection._run_finished(self)
        if not self.parent_id:
            self._tell_schedule()
        self._push_progress()

    def _fail(self, connection, fault: Fault) -> None:
        self._log_fault(fault)
        # First the connection takes the state that the fault asks for: whether the run is repeated depends on it.
        if connection.exists():
            connection._apply_fault(fault, self)
        self._finish("partly_failed" if self.created_count else "failed")

    @api.model
    def _finish_parents(self) -> None:
        """Close parent runs whose children have all ended.

        To be called when the end of the last child is committed: two children that end at the same time do not see
        each other before.
        """
        parents = self.search(
            [
                ("state", "=", "running"),
                ("connection_id", "in", (False, 0)),
                ("child_ids", "not any", [("state", "!=", "finished")]),
            ]
        )
        for parent in parents.try_lock_for_update():
            parent._finish_parent()

    def _finish_parent(self) -> None:
        outcomes = set(self._present_children().mapped("outcome"))
        if not outcomes:
            # Somebody else asked for each of them at the very moment at which this run began.
            outcome = "skipped"
        elif outcomes <= {"failed", "interrupted"}:
            outcome = "failed"
        elif outcomes & {"failed", "partly_failed", "interrupted"}:
            outcome = "partly_failed"
        elif "cancelled" in outcomes:
            outcome = "cancelled"
        elif outcomes == {"skipped"}:
            outcome = "skipped"
        else:
            outcome = "done" if "done" in outcomes else "nothing_new"
        totals = {name: sum(self.child_ids.mapped(name)) for name in COUNTERS}
        self.write({"state": "finished", "outcome": outcome, "date_end": fields.Datetime.now(), **totals})
        self._tell_schedule()
        self._push_progress()

    def _tell_schedule(self) -> None:
        if self.schedule_id and self.outcome != "skipped":
            # Operators may not change schedules; a pointer to their own run is all that they leave there.
            self.schedule_id.sudo().last_run_id = self

    def _outcome_by_counts(self) -> str:
        if self.failed_count or self._errors():
            # ``succeeded``: parts of the work, such as accounts, that came to their end.
            return "partly_failed" if self.created_count or (self.checkpoint or {}).get("succeeded") else "failed"
        return "done" if self.created_count or self.updated_count else "nothing_new"

    # -- Log ---------------------------------------------------------------------------------------------------------

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
        self.write(
            {
                "line_ids": [
                    Command.create(
                        {
                            "kind": str(fault.kind),
                            "severity": severity,
                            "values": fault.values,
                            "provider_code": fault.provider_code,
                            "detail": mask_text(fault.detail, opened_so_far()),
                            "record_ref": f"{record._name},{record.id}" if record else False,
                        }
                    )
                ]
            }
        )

    def _errors(self):
        """The errors in the log, oldest first."""
        return self.line_ids.filtered(lambda line: line.severity == "error")

    def _count(self, **counts: int) -> None:
        """Add to the counters: ``run._count(created=500)``."""
        self.write({f"{name}_count": self[f"{name}_count"] + number for name, number in counts.items()})

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _connection(self):
        """The connection that this run works on; an empty recordset when it is gone or this is a parent run."""
        self.ensure_one()
        if not self.connection_id or self.connection_model not in self.env:
            return self.env["sync.connection.mixin"]
        return self.env[self.connection_model].browse(self.connection_id).exists()

    def _same_connection(self) -> list:
        """Domain: the runs of the connection of this run, also of one that is gone."""
        return [("service_id", "=", self.service_id.id), ("connection_id", "=", self.connection_id)]

    def _run_before(self, domain=(("outcome", "!=", "skipped"),)):
        """The last run of this connection before this one that has ended and fits a domain; empty if there is none."""
        return self.search(
            [*self._same_connection(), ("state", "=", "finished"), ("id", "<", self.id), *domain], limit=1
        )
