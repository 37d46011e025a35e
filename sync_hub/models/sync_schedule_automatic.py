# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.tools import format_datetime

from ..schedule import Misfire, MisfirePolicy, Verdict, jitter, misfire, start_of
from .sync_schedule_when import RULE
from .technical_fields import refuse_technical

# Automatic runs of many databases do not reach a bank in the same second.
SPREAD_SECONDS = 120

# The scheduled action is renamed, switched off and deleted with its schedule: it must be the schedule's own.
_TECHNICAL = ("cron_id", "last_run_id", "key_removed")


class SyncSchedule(models.Model):
    """How a schedule runs by itself: its scheduled action, and what it does when its time has come."""

    _inherit = "sync.schedule"

    misfire_policy = fields.Selection(
        selection=[
            ("run_once", "Run once for all that were missed"),
            ("skip", "Wait for the next time"),
        ],
        string="Late Runs",
        required=True,
        default="run_once",
        tracking=True,
        help="After a stop of the server, for example. A run that is late never starts outside the hours and days of "
        "the schedule.",
    )
    misfire_grace = fields.Integer(
        string="Late After (minutes)",
        required=True,
        default=15,
        tracking=True,
        help="A run that starts no later than this after its time is on time.",
    )
    cron_id = fields.Many2one("ir.cron", string="Scheduled Action", readonly=True, copy=False, ondelete="restrict")
    next_run = fields.Datetime(related="cron_id.nextcall", string="Next Run")

    @api.constrains("misfire_grace")
    def _check_misfire_grace(self):
        if any(schedule.misfire_grace < 0 for schedule in self):
            raise ValidationError(self.env._("“Late after” is zero minutes or more."))

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: a schedule comes with its scheduled action."""
        refuse_technical(self, {name for vals in vals_list for name in vals}, _TECHNICAL)
        schedules = super().create(vals_list)
        # As in ``_follow_with_cron``; the code is ours and takes nothing from the user but the schedule's number.
        crons = self.env["ir.cron"].sudo().create(
            [
                {
                    "model_id": self.env["ir.model"]._get_id("sync.schedule"),
                    "state": "code",
                    "code": f"env['sync.schedule'].browse({schedule.id})._run_automatically()",
                    # The queue is filled by the system; each run is then worked on as the schedule's operator. So one
                    # that cannot work any more, also the hub's own, is named: core would stay silent about it, and
                    # record rules would hide the runs of a company that it has left.
                    "user_id": self.env.ref("base.user_root").id,
                    **schedule._cron_values(),
                }
                for schedule in schedules
            ]
        )
        for schedule, cron in zip(schedules, crons, strict=True):
            # Just made for it.
            schedule.sudo().cron_id = cron
        return schedules

    def write(self, vals):
        """Override of ``base``: the scheduled action follows."""
        refuse_technical(self, vals, _TECHNICAL)
        result = super().write(vals)
        moves = bool(vals.keys() & (RULE | {"paused_until"}) or vals.get("active"))
        if moves or vals.keys() & {"active", "service_id", "company_id", "connection_id"}:
            self._follow_with_cron(moves)
        return result

    def unlink(self):
        """Override of ``base``: the scheduled action goes with the schedule."""
        crons = self.cron_id
        result = super().unlink()
        # As in ``_follow_with_cron``.
        crons.sudo().unlink()
        return result

    # -- Automatic runs --------------------------------------------------------------------------------------------

    def _run_automatically(self) -> None:
        """What the scheduled action does: run every connection that is due, or go on where a time limit stopped."""
        self.ensure_one()
        Run = self.env["sync.run"]
        Run._resume_killed()
        if self._is_due():
            decision = self._misfire(self.env.cr.now())
            if decision.run:
                self._queue_scheduled(late=decision.verdict is Verdict.CATCH_UP)
            else:
                self._record_missed(decision)
        if Run._work_off([("schedule_id", "=", self.id), ("trigger", "=", "scheduled")]):
            self.cron_id.sudo()._trigger()  # it is this schedule's own action
            # The action is called again for what is left; its next time does not wait until that is done.
            self.env["ir.cron"]._commit_progress(remaining=0)

    def _is_due(self) -> bool:
        """Whether the time of the next run has come, and its runs are not queued yet.

        The scheduled action is called again until all runs have ended, for the same occurrence where its worker was
        killed; and it may still be called after somebody has switched the schedule off or paused it.
        """
        # By the clock of the database, by which core decides whom it calls: that of a host may be behind it.
        now = self.env.cr.now()
        queued = [("schedule_id", "=", self.id), ("trigger", "=", "scheduled"), ("attempt", "=", 0)]
        return (
            self.active
            and not self._is_paused_at(now)
            and self.next_run <= now
            and not self.env["sync.run"].search_count([*queued, ("create_date", ">=", self.next_run)], limit=1)
        )

    def _misfire(self, now: datetime) -> Misfire:
        """What the occurrence that is due is worth by now.

        :param now: naive UTC instant
        """
        due, moment = (instant.replace(tzinfo=UTC) for instant in (self.next_run, now))
        grace = timedelta(minutes=self.misfire_grace)
        return misfire(MisfirePolicy(self.misfire_policy), self._recurrence(), due, moment, grace, self._delay())

    def _queue_scheduled(self, late: bool = False) -> None:
        Run = self.env["sync.run"]
        # A connection with a schedule of its own is not run by the company's as well.
        due = self._connections().filtered(lambda connection: connection._is_due() and connection.schedule_id == self)
        unfinished = due._unfinished_runs()
        # One that is still being worked on goes on alone; it keeps none of the others from their turn.
        begun = unfinished.filtered(lambda run: run.state == "running" or run.date_start)
        begun._note_time_passed()
        due = due.filtered(lambda connection: connection.id not in begun.mapped("connection_id"))
        # What waits as part of another sum stays there.
        elsewhere = (unfinished - begun).filtered("parent_id").mapped("connection_id")
        together = due.filtered(lambda connection: connection.id not in elsewhere)
        parent = None
        if len(together) > 1:
            parent = Run._queue_sum(self, "scheduled")
        runs = parent or Run
        for connection in due:
            with contextlib.suppress(ConcurrencyError):
                # Somebody asks for it at this very moment: then that run does the work.
                sum_run = parent if connection in together else None
                runs |= Run._queue(connection, "scheduled", schedule=self, parent=sum_run)
        if parent and not parent.child_ids:
            # Each of them does somebody else's run.
            runs -= parent
            parent.unlink()
        if late and runs:
            runs[0]._log("run_late")

    def _record_missed(self, decision: Misfire) -> None:
        """Leave a trace of a time that passed without a run: an empty log would let people search for a fault."""
        run = self.env["sync.run"].create(
            {
                "service_id": self.service_id.id,
                "company_id": self.company_id.id,
                "schedule_id": self.id,
                "trigger": "scheduled",
                "date_start": fields.Datetime.now(),
            }
        )
        run._log("run_missed" if decision.verdict is Verdict.SKIPPED else "run_missed_closed", "warning")
        run._finish("skipped")

    # -- The scheduled action --------------------------------------------------------------------------------------

    def _delay(self) -> timedelta:
        """By how much this schedule starts later than its occurrences, always the same, where its hours allow it."""
        # Databases of one application, and their schedules, have the same numbers. What names a database is no secret.
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        # No occurrence is delayed past the next one.
        spread = min(SPREAD_SECONDS, int(self._recurrence().step.total_seconds()))
        return jitter(f"{database},sync.schedule,{self.id}", spread)

    def _next_occurrence(self, after: datetime) -> datetime:
        """The next automatic run after a naive UTC instant, as a naive UTC instant, as Odoo stores it."""
        delay, recurrence = self._delay(), self._recurrence()
        # An occurrence whose delay still runs is not over.
        starts = (start_of(recurrence, occurrence, delay) for occurrence in self._occurrences(after - delay))
        naive = (start.astimezone(UTC).replace(tzinfo=None) for start in starts)
        return next(start for start in naive if start > after)

    def _next_run_text(self) -> str:
        """The next run in the user's time zone and format, or an empty text while switched off."""
        self.ensure_one()
        return format_datetime(self.env, self.next_run) if self.active and self.next_run else ""

    def _cron_values(self, moves: bool = True) -> dict:
        """What the scheduled action takes over from the schedule.

        :param moves: whether the time of the next run is computed anew
        """
        values = {
            "name": self.env._("Sync Hub: %s", self.name),
            "interval_number": self.interval_number,
            "interval_type": self.interval_type,
            "active": self.active,
        }
        return values | {"nextcall": self._next_occurrence(fields.Datetime.now())} if moves else values

    def _follow_with_cron(self, moves: bool) -> None:
        """Take a change of the schedule over into the scheduled action, at once or when it ends its work.

        :param moves: whether the time of the next run is computed anew
        """
        # Managers of Sync Hub configure schedules without being administrators of scheduled actions; what is written
        # is derived from the schedule alone.
        crons = self.cron_id.sudo()
        free = crons.try_lock_for_update(allow_referencing=True)
        for schedule in self:
            if schedule.cron_id in free:
                schedule.cron_id.sudo().write(schedule._cron_values(moves))
        # Core refuses to change an action that is being executed: when it ends, it reads the schedule anew (see
        # ``ir.cron``). Should it end just now, before this change is committed, it is called once more.
        for cron in crons - free:
            cron._trigger()
