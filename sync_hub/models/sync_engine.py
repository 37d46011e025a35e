# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import config, format_datetime
from odoo.tools.misc import str2bool

from ..status import EngineFacts, EngineState, EngineStatus, Part, engine_status
from ..status.engine import GRACE
from .engine_texts import EngineText, engine_text
from .fault_texts import fill

# Schedules and connections of which a line on the screen tells by name.
_MOST_NAMED = 10


class _Troubles(NamedTuple):
    """What does not go as it should: searched once for all that is told of it."""

    # Schedules that are on but do not run, by what is wrong with them.
    schedules: dict
    # Runs that nobody has worked on for too long -> since when (naive UTC).
    waiting: dict
    # The engine's other scheduled actions, by what is wrong with them.
    helpers: dict


class SyncEngine(models.AbstractModel):
    """The engine as a whole: whether it works, who may configure it, and what a monitor may know of it."""

    _name = "sync.engine"
    _description = "Synchronization Engine"

    # -- Hosted mode -----------------------------------------------------------------------------------------------

    @api.model
    def _is_hosted(self) -> bool:
        """Whether somebody else runs the engine for the users of this database.

        What odoo.conf says counts first: whoever administers the database cannot change it.
        """
        if self._is_hosted_by_file():
            return True
        # Not a secret, and everybody has to keep to it.
        return str2bool(self.env["ir.config_parameter"].sudo().get_param("sync_hub.hosted") or "", False)

    @api.model
    def _is_hosted_by_file(self) -> bool:
        return str2bool(str(config.get("sync_hub_hosted") or ""), False)

    @api.model
    def _check_configurable(self) -> None:
        """To be called before the engine's own configuration is changed: services, scheduled actions, the vault.

        :raises AccessError: in hosted mode
        """
        if not self.env.su and self._is_hosted():
            raise AccessError(
                self.env._("Sync Hub is run by your provider, who alone configures its engine. Schedules are yours.")
            )

    # -- Status for screens ----------------------------------------------------------------------------------------

    @api.model
    def status(self) -> dict | bool:
        """How the engine stands, in the user's words; False for who is no user of Sync Hub.

        Called by the header of the schedules and by the accounting dashboard.
        """
        if not self.env["sync.schedule"].has_access("read"):
            return False
        troubles = self._troubles(self.env.companies)
        status = self._status(troubles)
        text = self._status_text(status, troubles)
        running = status.state is EngineState.RUNNING
        return {
            "state": status.state,
            "title": text.title,
            "detail": text.detail,
            "schedule_count": self.env["sync.schedule"].search_count([], limit=1),
            "can_fix": not running and self._can_fix(),
            "advice": "" if running or self._can_fix() else self._advice(),
        }

    @api.model
    def action_fix(self) -> dict:
        """Button: open the scheduled actions that need an administrator."""
        if not self._can_fix():
            raise AccessError(self._advice())
        troubles = self._troubles(self.env.companies)
        status = self._status(troubles)
        crons = self._queue()
        if status.part is Part.SCHEDULES:
            # A connection may also wait without any schedule, or after its schedule has done its part.
            crons = troubles.schedules[status.state].cron_id or crons
        elif status.part is Part.HELPERS:
            crons = troubles.helpers[status.state]
        action = self.env["ir.actions.act_window"]._for_xml_id("base.ir_cron_act")
        action["context"] = {"active_test": False}
        if len(crons) == 1:
            action.update(res_id=crons.id, views=[(False, "form")])
        else:
            action["domain"] = [("id", "in", crons.ids)]
        return action

    @api.model
    def _can_fix(self) -> bool:
        return self.env.user.has_group("base.group_system") and not self._is_hosted()

    @api.model
    def _advice(self) -> str:
        if self._is_hosted():
            return self.env._("Tell your provider.")
        return self.env._("Tell your administrator.")

    @api.model
    def _status_text(self, status: EngineStatus, troubles: _Troubles) -> EngineText:
        """What a user reads: title and explanation."""
        beat = self._last_beat()
        troubled = troubles.schedules.get(status.state, self.env["sync.schedule"]).mapped("name")
        if status.state is EngineState.LATE:
            troubled += [run.connection_name or run.reference for run in troubles.waiting]
        values = {
            "actions": ", ".join(troubles.helpers.get(status.state, self.env["ir.cron"]).mapped("name")),
            "action": self._queue().name,
            "host": self.env._("your provider") if self._is_hosted() else beat.host,
            "minutes": str(status.late_minutes),
            "schedules": ", ".join([*troubled[:_MOST_NAMED], *(["…"] if len(troubled) > _MOST_NAMED else [])]),
            "time": format_datetime(self.env, beat.date, dt_format="short") if beat else "",
        }
        return EngineText(*(fill(self.env._(text), values) for text in engine_text(status, seen=bool(beat))))

    # -- Status for monitors ---------------------------------------------------------------------------------------

    @api.model
    def _health(self, *, detailed: bool) -> dict:
        """What a monitor may know: ages in seconds, instants in ISO 8601, UTC."""
        troubles = self._troubles()
        status = self._status(troubles)
        beat = self._last_beat()
        health = {
            "state": status.state,
            "late_minutes": status.late_minutes,
            "heartbeat_age": round((fields.Datetime.now() - beat.date).total_seconds()) if beat else None,
            "late_schedules": len(troubles.schedules[EngineState.LATE]),
            "late_connections": len(troubles.waiting),
        }
        if detailed:
            health["hosts"] = {
                heartbeat.host: f"{heartbeat.date.isoformat()}Z" for heartbeat in beat.search([], order="host")
            }
            health["schedules"] = {state: schedules.mapped("name") for state, schedules in troubles.schedules.items()}
            health["actions"] = {state: crons.mapped("name") for state, crons in troubles.helpers.items()}
        return health

    # -- Facts -----------------------------------------------------------------------------------------------------

    @api.model
    def _troubles(self, companies=None) -> _Troubles:
        """What does not go as it should for some companies, or for all of the database."""
        return _Troubles(
            self._schedules_in_trouble(companies), self._waiting_too_long(companies), self._helpers_in_trouble()
        )

    @api.model
    def _status(self, troubles: _Troubles) -> EngineStatus:
        """How the engine stands for those whose troubles these are."""
        queue = self._queue()
        beat = self._last_beat()
        schedules, waiting, helpers = troubles
        overdue = schedules[EngineState.LATE].mapped("next_run")
        return engine_status(
            EngineFacts(
                now=fields.Datetime.now().replace(tzinfo=UTC),
                interval=timedelta(**{queue.interval_type: queue.interval_number})
                if queue.interval_type != "months"
                else timedelta(days=31 * queue.interval_number),
                due=queue.nextcall.replace(tzinfo=UTC),
                active=queue.active,
                heartbeat=beat.date.replace(tzinfo=UTC) if beat else None,
                failures=queue.failure_count,
                overdue=min(overdue).replace(tzinfo=UTC) if overdue else None,
                waiting=min(waiting.values()).replace(tzinfo=UTC) if waiting else None,
                switched_off=len(schedules[EngineState.OFF]),
                failing=len(schedules[EngineState.FAILING]),
                helpers_off=len(helpers[EngineState.OFF]),
                helpers_failing=len(helpers[EngineState.FAILING]),
            )
        )

    @api.model
    def _schedules_in_trouble(self, companies=None) -> dict:
        """Schedules that are on but do not run, by what is wrong with them."""
        # Scheduled actions are for administrators; who asks learns of schedules of the given companies only.
        Schedule = self.env["sync.schedule"].sudo().with_context(active_test=False)
        watched = Schedule._watched_domain()
        if companies is not None:
            watched = [*watched, ("company_id", "in", companies.ids)]
        late = fields.Datetime.now() - GRACE
        return {
            EngineState.OFF: Schedule.search([*watched, ("cron_id.active", "=", False)]),
            EngineState.FAILING: Schedule.search([*watched, ("cron_id.failure_count", ">", 0)]),
            EngineState.LATE: Schedule.search(
                [
                    *watched,
                    ("cron_id.active", "=", True),
                    ("cron_id.nextcall", "<", late),
                ]
            ),
        }

    @api.model
    def _waiting_too_long(self, companies=None) -> dict:
        """The oldest run of each connection that nobody has worked on for too long, and since when.

        A connection that a worker is at is not waiting, whatever else was asked of it meanwhile.
        """
        # As in ``_schedules_in_trouble``.
        Run = self.env["sync.run"].sudo()
        domain = [("state", "!=", "finished"), ("connection_id", "not in", (False, 0))]
        if companies is not None:
            domain.append(("company_id", "in", companies.ids))
        aggregates = ["date_worked:max", "create_date:min", "state:array_agg", "id:min"]
        groups = Run._read_group(domain, ["service_id", "connection_id"], aggregates)
        late = fields.Datetime.now() - GRACE
        return {
            Run.browse(run_id): worked or asked
            for _service, _connection, worked, asked, states, run_id in groups
            if "queued" in states and (worked or asked) < late
        }

    @api.model
    def _helpers_in_trouble(self) -> dict:
        """The engine's other scheduled actions, those that alert, mail and seal, by what is wrong with them."""
        # As in ``_queue``.
        ours = self.env["ir.model.data"].sudo().search([("module", "=", "sync_hub"), ("model", "=", "ir.cron")])
        helpers = self.env["ir.cron"].sudo().browse(ours.mapped("res_id")).exists() - self._queue()
        return {
            EngineState.OFF: helpers.filtered(lambda cron: not cron.active),
            EngineState.FAILING: helpers.filtered("failure_count"),
        }

    @api.model
    def _queue(self):
        # Whether it is on, when it comes and whether it fails is what everybody may know of it.
        return self.env.ref("sync_hub.ir_cron_queue").sudo()

    @api.model
    def _last_beat(self):
        # As in ``_queue``: host and time of the last sign of life.
        return self.env["sync.heartbeat"].sudo().search([], limit=1)


class SyncSchedule(models.Model):
    _inherit = "sync.schedule"

    @api.model
    def _watched_domain(self) -> list:
        """Schedules that are meant to run by themselves now."""
        return [("active", "=", True)]
