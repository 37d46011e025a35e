# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, time

from babel.core import get_global
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from ..faults import Fault
from ..schedule import EVERY_DAY, Recurrence, Unit, next_occurrence, with_jitter
from ..schedule import jitter as delay_of
from .fault_texts import fault_error

# Automatic runs of many databases do not reach a bank in the same second.
SPREAD_SECONDS = 120


class SyncSchedule(models.Model):
    """When a service runs by itself for a company, and as whom. Each schedule owns one scheduled action."""

    _name = "sync.schedule"
    _description = "Synchronization Schedule"
    _inherit = ["mail.thread"]
    _order = "service_id, company_id, id"
    _rec_names_search = ("service_id", "company_id")

    # Not stored: everybody reads it in their own language.
    name = fields.Char(compute="_compute_name")
    active = fields.Boolean(default=True, tracking=True)
    service_id = fields.Many2one("sync.service", required=True, ondelete="cascade", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, tracking=True
    )
    connection_model = fields.Char(related="service_id.connection_model")
    connection_id = fields.Many2oneReference(
        model_field="connection_model",
        help="Leave it empty to synchronize every connection of the company.",
    )
    connection_name = fields.Char(compute="_compute_connection_name")
    interval_number = fields.Integer(string="Every", default=12, required=True, tracking=True)
    interval_type = fields.Selection(
        selection=[("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days"), ("weeks", "Weeks")],
        string="Unit",
        default="hours",
        required=True,
        tracking=True,
    )
    start_time = fields.Float(
        string="At",
        default=6.0,
        tracking=True,
        help="Exact local time of a run; intervals of minutes and hours are counted from it.",
    )
    tz = fields.Selection(
        selection="_selection_tz",
        string="Time Zone",
        required=True,
        default=lambda self: self._default_tz(),
        tracking=True,
    )
    anchor_date = fields.Date(
        string="From", required=True, default=fields.Date.context_today, help="Days and weeks are counted from it."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Runs as",
        required=True,
        default=lambda self: self.env.ref("sync_hub.user_operator", raise_if_not_found=False),
        tracking=True,
        help="Odoo needs no password for it. The user must be active and have access to the company.",
    )
    cron_id = fields.Many2one("ir.cron", string="Scheduled Action", readonly=True, copy=False, ondelete="restrict")
    next_run = fields.Datetime(related="cron_id.nextcall", string="Next Run")
    run_ids = fields.One2many("sync.run", "schedule_id", string="Runs")
    # A pointer only: the outcome stands in the run.
    last_run_id = fields.Many2one("sync.run", readonly=True, copy=False, ondelete="set null")
    last_outcome = fields.Selection(related="last_run_id.outcome")
    last_run_date = fields.Datetime(related="last_run_id.date_end", string="Last Run End")

    # A plain constraint would let a company have many without a connection: PostgreSQL holds no NULL equal to another.
    _one_per_target = models.UniqueIndex(
        "(service_id, company_id, COALESCE(connection_id, 0))",
        "This service has a schedule for that company and connection already.",
    )

    # -- Defaults and computed fields ------------------------------------------------------------------------------

    @api.model
    def _selection_tz(self):
        return self.env["res.partner"]._fields["tz"]._description_selection(self.env)

    @api.model
    def _default_tz(self) -> str:
        return self._company_tz(self.env.company)

    @api.model
    def _company_tz(self, company) -> str:
        """The zone in which a company works: its own, its country's where that has one only, or the user's."""
        zones = get_global("territory_zones").get(company.country_id.code, ())
        return company.partner_id.tz or (zones[0] if len(zones) == 1 else False) or self.env.user.tz or "UTC"

    @api.depends("service_id", "company_id", "connection_name")
    @api.depends_context("lang")
    def _compute_name(self):
        for schedule in self:
            parts = (schedule.service_id.name, schedule.company_id.name, schedule.connection_name)
            schedule.name = " / ".join(part for part in parts if part)

    @api.depends("connection_model", "connection_id")
    def _compute_connection_name(self):
        for schedule in self:
            schedule.connection_name = (
                self.env[schedule.connection_model].browse(schedule.connection_id).display_name
                if schedule.connection_id and schedule.connection_model in self.env
                else False
            )

    # -- Constraints -----------------------------------------------------------------------------------------------

    @api.constrains("interval_number", "interval_type", "start_time", "tz", "anchor_date")
    def _check_recurrence(self):
        for schedule in self:
            if not 0 <= schedule.start_time < 24:
                raise ValidationError(self.env._("The time of a run lies between 00:00 and 23:59."))
            if schedule.interval_number < 1:
                raise ValidationError(self.env._("The interval is one at least."))
            try:
                schedule._recurrence()
            except ValueError as error:
                # Its own words are for developers; what a screen can do wrong beside the above is too long an interval.
                raise ValidationError(
                    self.env._("Minutes and hours reach up to one day, days and weeks up to one year.")
                ) from error

    @api.constrains("user_id", "company_id")
    def _check_operator(self):
        for schedule in self:
            try:
                schedule.user_id._check_sync_operator(schedule.company_id)
            except Fault as fault:
                raise ValidationError(str(fault_error(self.env, fault))) from fault

    @api.constrains("connection_id", "service_id", "company_id")
    def _check_connection(self):
        for schedule in self.filtered("connection_id"):
            # Only whether it is the company's own connection leaves this method.
            connection = self.env[schedule.connection_model].sudo().browse(schedule.connection_id).exists()
            if connection.company_id != schedule.company_id:
                raise ValidationError(self.env._("The connection of a schedule belongs to the schedule's company."))

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: a schedule comes with its scheduled action."""
        schedules = super().create(vals_list)
        for schedule in schedules:
            schedule.cron_id = schedule._create_cron()
        return schedules

    def write(self, vals):
        """Override of ``base``: the scheduled action follows."""
        result = super().write(vals)
        when = {"interval_number", "interval_type", "start_time", "tz", "anchor_date"}
        if vals.keys() & (when | {"active", "service_id", "company_id", "connection_id"}):
            for schedule in self:
                values = {"active": schedule.active, "name": schedule._cron_name()}
                if when & vals.keys() or vals.get("active"):
                    values["nextcall"] = schedule._next_occurrence(fields.Datetime.now())
                # Managers of Sync Hub configure schedules without being administrators of scheduled actions; what
                # is written is derived from the schedule alone.
                schedule.cron_id.sudo().write(values)
        return result

    def unlink(self):
        """Override of ``base``: the scheduled action goes with the schedule."""
        crons = self.cron_id
        result = super().unlink()
        # As in ``write``.
        crons.sudo().unlink()
        return result

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_run_now(self):
        """Button: run at once, whatever the clock says."""
        self.ensure_one()
        connections = self._connections()
        if not connections:
            raise UserError(self.env._("There is nothing to synchronize yet."))
        # One that cannot synchronize now does not keep the others from it; if none can, the first says why.
        ready = connections.filtered(lambda connection: connection._can_sync())
        return (ready or connections[:1]).action_sync_now()

    def action_open_runs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub.action_sync_run")
        action["domain"] = [("schedule_id", "=", self.id)]
        return action

    # -- Automatic runs --------------------------------------------------------------------------------------------

    def _run_automatically(self) -> None:
        """What the scheduled action does: run every connection that is due, or go on where a time limit stopped."""
        self.ensure_one()
        Run = self.env["sync.run"]
        Run._resume_killed()
        if self._is_due():
            self._queue_scheduled()
        if Run._work_off([("schedule_id", "=", self.id), ("trigger", "=", "scheduled")]):
            self.cron_id.sudo()._trigger()  # it is this schedule's own action
            self.env["ir.cron"]._commit_progress()

    def _is_due(self) -> bool:
        """Whether the time of the next run has come, and its runs are not queued yet.

        The scheduled action is called again for one occurrence until all of its runs have ended.
        """
        queued = [("schedule_id", "=", self.id), ("trigger", "=", "scheduled")]
        return (
            self.next_run <= fields.Datetime.now()
            and not self.env["sync.run"].search_count(
                [*queued, "|", ("create_date", ">=", self.next_run), ("state", "!=", "finished")], limit=1
            )
        )

    def _queue_scheduled(self) -> None:
        Run = self.env["sync.run"]
        # A connection with a schedule of its own is not run by the company's as well.
        due = self._connections().filtered(lambda connection: connection._is_due() and connection.schedule_id == self)
        parent = None
        if len(due) > 1:
            parent = Run.create(
                {
                    "service_id": self.service_id.id,
                    "company_id": self.company_id.id,
                    "schedule_id": self.id,
                    "trigger": "scheduled",
                    "state": "running",
                    "date_start": fields.Datetime.now(),
                }
            )
        for connection in due:
            Run._queue(connection, "scheduled", schedule=self, parent=parent)

    def _connections(self):
        """The connections that this schedule is for."""
        self.ensure_one()
        connections = self.env[self.service_id.connection_model]
        if self.connection_id:
            return connections.browse(self.connection_id).exists()
        return connections.search([("company_id", "=", self.company_id.id)])

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _recurrence(self) -> Recurrence:
        """The rule, for the arithmetic.

        :raises ValueError: with a sentence, when it says nothing
        """
        self.ensure_one()
        minutes = round(self.start_time * 60)
        return Recurrence(
            self.interval_number,
            Unit(self.interval_type),
            self.tz,
            start_time=time(minutes // 60 % 24, minutes % 60),
            # Every week means on the weekday from which it is counted.
            weekdays=frozenset({self.anchor_date.weekday()}) if self.interval_type == "weeks" else EVERY_DAY,
            anchor_date=self.anchor_date,
        )

    def _next_occurrence(self, after: datetime) -> datetime:
        """The next automatic run after a naive UTC instant, as a naive UTC instant, as Odoo stores it."""
        seed = f"sync.schedule,{self.id}"
        moment = after.replace(tzinfo=UTC) - delay_of(seed, SPREAD_SECONDS)
        start = next_occurrence(self._recurrence(), moment)
        return with_jitter(start, seed, SPREAD_SECONDS).astimezone(UTC).replace(tzinfo=None)

    def _next_run_text(self) -> str:
        """The next run in the user's time zone and format, or an empty text while switched off."""
        self.ensure_one()
        return format_datetime(self.env, self.next_run) if self.active and self.next_run else ""

    def _cron_name(self) -> str:
        return self.env._("Sync Hub: %s", self.name)

    def _create_cron(self):
        # As in ``write``: the code below is ours and takes nothing from the user but the schedule's number.
        return (
            self.env["ir.cron"]
            .sudo()
            .create(
                {
                    "name": self._cron_name(),
                    # Core asks for write access to the action's model: operators write runs, not schedules.
                    "model_id": self.env["ir.model"]._get_id("sync.run"),
                    "state": "code",
                    "code": f"env['sync.schedule'].browse({self.id})._run_automatically()",
                    # The queue is filled by the hub's own operator; each run is then worked on as the schedule's.
                    # So a schedule whose operator cannot work any more says so, where core would stay silent.
                    "user_id": self.env.ref("sync_hub.user_operator").id,
                    "interval_number": self.interval_number,
                    "interval_type": self.interval_type,
                    "nextcall": self._next_occurrence(fields.Datetime.now()),
                    "active": self.active,
                }
            )
        )
