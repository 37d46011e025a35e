# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from babel.core import get_global
from babel.units import format_unit
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse
from odoo.tools.translate import LazyTranslate

from ..schedule import Recurrence, RecurrenceError, Refusal, Unit, Window, occurrences, start_of_day

_lt = LazyTranslate(__name__)

# In the order of ``date.weekday()``.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# The fields that make the rule.
RULE = {
    *("interval_number", "interval_type", "anchor_date", "tz"),
    *("hour_from", "hour_to", "exact_start", "start_time"),
    *WEEKDAYS,
}

PRESETS = {
    "5_minutes": (5, "minutes"),
    "10_minutes": (10, "minutes"),
    "30_minutes": (30, "minutes"),
    "1_hours": (1, "hours"),
    "2_hours": (2, "hours"),
    "6_hours": (6, "hours"),
    "12_hours": (12, "hours"),
    "24_hours": (24, "hours"),
}

REFUSALS = {
    Refusal.INTERVAL: _lt(
        "An interval is one at least. Minutes and hours reach up to one day, days and weeks up to one year."
    ),
    Refusal.ZONE: _lt("Choose a time zone."),
    Refusal.NO_WEEKDAY: _lt("Tick at least one weekday: without one the schedule would never run."),
    Refusal.NO_ANCHOR_DATE: _lt("Choose the day from which days and weeks are counted."),
    Refusal.NEVER: _lt("This interval always falls on a weekday that is not ticked: the schedule would never run."),
    Refusal.START_OUTSIDE_WINDOW: _lt("The exact start time lies outside the hours of the schedule."),
}

PREVIEWED = 5
_TICK = {"compute": "_compute_weekdays", "store": True, "precompute": True, "readonly": False, "tracking": True}
_MOMENT = timedelta(microseconds=1)


class SyncSchedule(models.Model):
    """When a schedule runs: its rule, its pause, and both in words. They bind automatic runs only."""

    _inherit = "sync.schedule"

    interval_number = fields.Integer(string="Every", default=12, required=True, tracking=True)
    interval_type = fields.Selection(
        selection=[("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days"), ("weeks", "Weeks")],
        string="Unit",
        default="hours",
        required=True,
        tracking=True,
    )
    interval_preset = fields.Selection(
        selection=[
            ("5_minutes", "5 min"),
            ("10_minutes", "10 min"),
            ("30_minutes", "30 min"),
            ("1_hours", "1 h"),
            ("2_hours", "2 h"),
            ("6_hours", "6 h"),
            ("12_hours", "12 h"),
            ("24_hours", "24 h"),
        ],
        string="Interval",
        compute="_compute_interval_preset",
        inverse="_inverse_interval_preset",
    )
    interval_text = fields.Char(string="Repeats", compute="_compute_interval_text")
    # Their names are those that Odoo's tick boxes for weekdays ask for.
    mon = fields.Boolean(**_TICK)
    tue = fields.Boolean(**_TICK)
    wed = fields.Boolean(**_TICK)
    thu = fields.Boolean(**_TICK)
    fri = fields.Boolean(**_TICK)
    sat = fields.Boolean(**_TICK)
    sun = fields.Boolean(**_TICK)
    # Of which unit the ticks are: the one day of a weekly schedule is no choice of weekdays for another unit.
    weekly = fields.Boolean(compute="_compute_weekdays", store=True, precompute=True, readonly=False)
    hour_from = fields.Float(
        string="From", default=6.0, aggregator=None, help="First local time of a run, and where intervals begin."
    )
    hour_to = fields.Float(
        string="To",
        default=6.0,
        aggregator=None,
        help="From this local time on no run starts any more. The same as “From” means all day; earlier than “From” "
        "means the next morning.",
    )
    exact_start = fields.Boolean(string="Exact Start Time")
    start_time = fields.Float(
        string="At", default=6.0, aggregator=None, help="Local time at which it runs; intervals are counted from it."
    )
    # What is tracked: in chatter a time of the day as a number with a fraction tells nobody anything.
    hours_text = fields.Char(string="Hours", compute="_compute_hours_text", tracking=True)
    start_text = fields.Char(string="Start Time", compute="_compute_start_text", tracking=True)
    tz = fields.Selection(
        selection="_selection_tz",
        string="Time Zone",
        required=True,
        default=lambda self: self._default_tz(),
        tracking=True,
    )
    anchor_date = fields.Date(
        string="Counted from",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Days and weeks are counted from it.",
    )
    paused_until = fields.Date(
        copy=False,
        tracking=True,
        help="No automatic run before this day; on it the schedule resumes by itself.",
    )
    pause_reason = fields.Char(string="Reason", copy=False, tracking=True)
    resumes_at = fields.Datetime(compute="_compute_resumes_at", store=True, help="Start of the day of “Paused Until”.")
    is_paused = fields.Boolean(compute="_compute_is_paused")
    next_runs = fields.Text(string="Next 5 Runs", compute="_compute_next_runs")

    # -- Defaults --------------------------------------------------------------------------------------------------

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

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.depends("interval_type")
    def _compute_weekdays(self):
        """Every day, but “every week” means once a week: on the weekday from which it is counted, unless told."""
        for schedule in self:
            ticked = schedule._ticked()
            was_weekly, schedule.weekly = schedule.weekly, schedule.interval_type == "weeks"
            if schedule.weekly and len(ticked) in (0, len(WEEKDAYS)):
                ticked = {(schedule.anchor_date or fields.Date.context_today(schedule)).weekday()}
            elif not ticked or (was_weekly and not schedule.weekly and len(ticked) == 1):
                ticked = set(range(len(WEEKDAYS)))
            for number, name in enumerate(WEEKDAYS):
                schedule[name] = number in ticked

    @api.depends("interval_number", "interval_type")
    def _compute_interval_preset(self):
        presets = {interval: preset for preset, interval in PRESETS.items()}
        for schedule in self:
            schedule.interval_preset = presets.get((schedule.interval_number, schedule.interval_type), False)

    @api.onchange("interval_preset")
    def _inverse_interval_preset(self):
        for schedule in self.filtered("interval_preset"):
            schedule.interval_number, schedule.interval_type = PRESETS[schedule.interval_preset]

    @api.depends("interval_number", "interval_type")
    @api.depends_context("lang")
    def _compute_interval_text(self):
        every = {
            "minutes": self.env._("every minute"),
            "hours": self.env._("every hour"),
            "days": self.env._("every day"),
            "weeks": self.env._("every week"),
        }
        locale = babel_locale_parse(self.env.lang)
        for (number, unit), schedules in self.grouped(lambda one: (one.interval_number, one.interval_type)).items():
            if number == 1 or not unit:
                schedules.interval_text = every.get(unit, False)
            else:
                # Babel knows the plurals of every language.
                length = format_unit(number, f"duration-{unit.removesuffix('s')}", locale=locale)
                schedules.interval_text = self.env._("every %(length)s", length=length)

    @api.depends("hour_from", "hour_to")
    def _compute_hours_text(self):
        for schedule in self:
            schedule.hours_text = f"{_clock(schedule.hour_from)}–{_clock(schedule.hour_to)}"

    @api.depends("exact_start", "start_time")
    def _compute_start_text(self):
        for schedule in self:
            schedule.start_text = schedule.exact_start and _clock(schedule.start_time)

    @api.depends("paused_until", "tz")
    def _compute_resumes_at(self):
        for schedule in self:
            day, zone = schedule.paused_until, schedule.tz
            schedule.resumes_at = day and zone and start_of_day(day, zone).replace(tzinfo=None)

    @api.depends("resumes_at")
    def _compute_is_paused(self):
        now = fields.Datetime.now()
        for schedule in self:
            schedule.is_paused = schedule._is_paused_at(now)

    @api.depends("resumes_at", *sorted(RULE))
    @api.depends_context("lang")
    def _compute_next_runs(self):
        now = fields.Datetime.now()
        for schedule in self:
            refusal = schedule._refusal()
            if refusal:
                schedule.next_runs = refusal
                continue
            starts = islice(schedule._occurrences(now), PREVIEWED)
            schedule.next_runs = "\n".join(
                format_datetime(self.env, _naive(start), tz=schedule.tz, dt_format="EEE d MMM y, HH:mm")
                for start in starts
            )

    @api.onchange("hour_from", "hour_to")
    def _onchange_hours(self):
        """A start time that the new hours leave outside would be refused."""
        window = self._window()
        if window and _time(self.start_time) not in window:
            self.exact_start = False
            self.start_time = self.hour_from

    # -- Constraints -----------------------------------------------------------------------------------------------

    @api.constrains(*sorted(RULE))
    def _check_rule(self):
        for schedule in self:
            if refusal := schedule._refusal():
                raise ValidationError(refusal)

    @api.constrains("hour_from", "hour_to", "start_time")
    def _check_hours(self):
        for schedule in self:
            # Midnight at the end of a day is written 24:00 by some, 00:00 by others.
            if not (0 <= schedule.hour_from < 24 and 0 <= schedule.hour_to <= 24 and 0 <= schedule.start_time < 24):
                raise ValidationError(self.env._("A time of the day lies between 00:00 and 23:59."))

    @api.constrains("paused_until", "pause_reason")
    def _check_pause_reason(self):
        for schedule in self:
            if schedule.paused_until and not (schedule.pause_reason or "").strip():
                raise ValidationError(self.env._("Give a reason for the pause, for those who will wonder."))

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_resume(self):
        """Button: end the pause now."""
        self.write({"paused_until": False, "pause_reason": False})

    # -- The rule --------------------------------------------------------------------------------------------------

    def _is_paused_at(self, moment: datetime) -> bool:
        """Whether the pause lasts at a naive UTC instant."""
        return bool(self.resumes_at and self.resumes_at > moment)

    def _ticked(self) -> set[int]:
        """The ticked weekdays, Monday 0."""
        return {number for number, name in enumerate(WEEKDAYS) if self[name]}

    def _window(self) -> Window | None:
        """The hours in which runs may start; None for all day."""
        opens, closes = _time(self.hour_from), _time(self.hour_to)
        return None if opens == closes else Window(opens, closes)

    def _recurrence(self) -> Recurrence:
        """The rule, for the arithmetic.

        :raises RecurrenceError: when it says nothing or contradicts itself
        """
        self.ensure_one()
        window = self._window()
        # All day is the calendar's day, not 24 hours from “From”: an unticked Sunday ends at midnight.
        begin = None if window else _time(self.hour_from)
        return Recurrence(
            self.interval_number,
            Unit(self.interval_type or "hours"),
            self.tz or "",
            start_time=_time(self.start_time) if self.exact_start else begin,
            window=window,
            weekdays=frozenset(self._ticked()),
            anchor_date=self.anchor_date or None,
        )

    def _refusal(self) -> str:
        """Why the rule cannot be kept, in the user's language; an empty text when it can."""
        try:
            self._recurrence()
        except RecurrenceError as error:
            return self.env._(REFUSALS[error.refusal])
        return ""

    def _occurrences(self, after: datetime) -> Iterator[datetime]:
        """Occurrences of the rule (aware, UTC) later than a naive UTC instant, none of them in the pause."""
        moment = after.replace(tzinfo=UTC)
        if self.resumes_at:
            # The first instant of the day may be an occurrence.
            moment = max(moment, self.resumes_at.replace(tzinfo=UTC) - _MOMENT)
        return occurrences(self._recurrence(), moment)


def _minutes(hour: float) -> int:
    return round(hour * 60)


def _time(hour: float) -> time:
    """The time of the day that a float field holds; 24.0 is midnight."""
    hours, minutes = divmod(_minutes(hour), 60)
    return time(hours % 24, minutes)


def _clock(hour: float) -> str:
    """A time of the day as it was typed."""
    hours, minutes = divmod(_minutes(hour), 60)
    return f"{hours:02d}:{minutes:02d}"


def _naive(instant: datetime) -> datetime:
    """An aware instant as Odoo stores it."""
    return instant.astimezone(UTC).replace(tzinfo=None)
