# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models

from ..schedule import EVERY_DAY, Unit, is_open
from .on_its_own import on_its_own

# Nobody is asked sooner than this: a bank may be down for a day.
SHORTEST_SILENCE = 48
# A run that nobody has worked on for so long is none that may succeed in a moment.
STANDSTILL = timedelta(hours=1)
_HOURS = {"minutes": 1 / 60, "hours": 1, "days": 24, "weeks": 168}


class SyncSchedule(models.Model):
    """What a schedule watches over beside its own rhythm: repetitions after a fault, and silence for too long."""

    _inherit = "sync.schedule"

    silence_limit = fields.Integer(
        string="Alert after (hours)",
        compute="_compute_silence_limit",
        store=True,
        readonly=False,
        tracking=True,
        help="When a connection had no success for longer than this after a run that was due, its responsible user "
        "gets an activity, once. Three intervals, and two days at least, unless you write another number; 0 never "
        "alerts.",
    )

    @api.depends("interval_number", "interval_type")
    def _compute_silence_limit(self):
        for schedule in self:
            hours = 3 * schedule.interval_number * _HOURS.get(schedule.interval_type, 0)
            schedule.silence_limit = max(SHORTEST_SILENCE, round(hours))

    def _allows_retry(self, now: datetime) -> bool:
        """Whether a repetition may start now (naive UTC): in the hours and on the days of automatic runs, in no pause.

        The day of a weekly schedule is when it runs, not when it may.
        """
        self.ensure_one()
        recurrence = self._recurrence()
        if recurrence.unit == Unit.WEEKS:
            recurrence = replace(recurrence, weekdays=EVERY_DAY)
        return self.active and not self._is_paused_at(now) and is_open(recurrence, now.replace(tzinfo=UTC))

    @api.model
    def _watch_silence(self) -> None:
        """Scheduled action: tell who is responsible for a connection that had no success for too long."""
        for schedule in self.search([("silence_limit", ">", 0)]):
            if schedule.connection_model not in self.env:
                continue
            for connection in schedule._connections():
                with on_its_own(connection):
                    since = schedule._silent_since(connection)
                    if since:
                        connection._tell_silence(since)
            self.env["ir.cron"]._commit_progress(1)

    def _silent_since(self, connection):
        """The last success of a connection, or when it was made, if somebody has to be told that it is too long ago.

        A connection that waits for a person has told so already; one whose run goes on may succeed in a moment. A run
        that only waits, because nobody works off the queue, is no reason to be silent.

        :return: a naive UTC instant, or None
        """
        now = fields.Datetime.now()
        if (
            connection.silence_told
            or connection.state != "connected"
            or not connection._runs_by_itself()
            or connection.schedule_id != self
            or connection._unfinished_runs()._worked_on_since(now - STANDSTILL)
        ):
            return None
        since = connection.last_success or connection.create_date
        # Where the scheduled action is switched off nothing will come by waiting.
        limit = timedelta(hours=self.silence_limit) if self._is_engine_on() else STANDSTILL
        # Silence begins when a run is due: a Sunday on which nothing may run is none.
        too_long = self._next_occurrence(since) + limit
        return since if too_long < now else None

    def _is_engine_on(self) -> bool:
        """Whether Odoo calls this schedule at all: an administrator, or Odoo after many failures, may have ended it."""
        # Whether it is on is what everybody may know of it.
        return self.cron_id.sudo().active
