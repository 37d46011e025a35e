# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_datetime

from ..faults import Fault, FaultKind
from .fault_texts import fault_error, fault_text

# Headers by which a bank knows that its customer is present, as the attended run keeps them.
_ATTENDED_HEADERS = {
    "user_agent": "User-Agent",
    "referer": "Referer",
    "accept": "Accept",
    "accept_charset": "Accept-Charset",
    "accept_encoding": "Accept-Encoding",
    "accept_language": "Accept-Language",
}


# A concrete model names them once more, so that their translations are its own addon's: Odoo loads ours before that
# model exists.
CONNECTION_STATES = [
    ("draft", "Not connected"),
    ("connected", "Connected"),
    ("reconnect", "Reconnect"),
    ("credentials", "Update credentials"),
    ("closed", "Disconnected"),
]


class SyncConnectionMixin(models.AbstractModel):
    """A company's authorised link to an outside system.

    A concrete model implements ``_synchronize``, ``_sync_service_xmlid`` and the buttons that its faults offer. What
    came out of the last run is read from the run: no outcome is kept here.
    """

    _name = "sync.connection.mixin"
    _description = "Connection to an Outside System"
    _inherit = ["mail.thread", "mail.activity.mixin", "sync.company.mixin", "sync.secret.mixin"]

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Messages about the connection are written in this user's language.",
    )
    state = fields.Selection(
        selection=CONNECTION_STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    automatic = fields.Boolean(
        string="Automatic Synchronization",
        default=True,
        tracking=True,
        help="Off: it synchronizes only when somebody presses “Synchronize now”.",
    )
    not_before = fields.Datetime(
        string="Next Call Allowed", readonly=True, copy=False, help="The other side wants no call before this time."
    )
    # Pointers only: the outcome stands in the run.
    last_run_id = fields.Many2one("sync.run", readonly=True, copy=False, ondelete="set null")
    last_outcome = fields.Selection(related="last_run_id.outcome")
    last_success_run_id = fields.Many2one("sync.run", readonly=True, copy=False, ondelete="set null")
    last_success = fields.Datetime(related="last_success_run_id.date_end", string="Last Success")
    current_run_id = fields.Many2one("sync.run", compute="_compute_current_run")
    live_progress = fields.Json(string="Progress", compute="_compute_live_progress")
    schedule_id = fields.Many2one("sync.schedule", compute="_compute_schedule")
    next_run = fields.Datetime(compute="_compute_schedule")

    # -- To be implemented -----------------------------------------------------------------------------------------

    @api.model
    def _sync_service_xmlid(self) -> str:
        """External id of the service that synchronizes connections of this model."""
        raise NotImplementedError

    def _synchronize(self, run, deadline: float) -> bool:
        """Do the work of a run in steps that are committed one by one.

        :param run: the run, in its company and as its operator; its ``checkpoint`` is what the last slice left
        :param deadline: monotonic second after which no new step is begun
        :return: whether the work is finished; False asks for another slice
        :raises Fault: when it cannot go on; what was committed stays
        """
        raise NotImplementedError

    def action_update_credentials(self):
        """Button: ask for the secrets anew."""
        raise NotImplementedError

    def action_reconnect(self):
        """Button: renew the consent."""
        raise NotImplementedError

    def action_fetch_accounts(self):
        """Button: ask which accounts can be reached now."""
        raise NotImplementedError

    def action_disconnect(self):
        """Button: end the consent at the other side."""
        raise NotImplementedError

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.model
    def _sync_service(self):
        return self.env.ref(self._sync_service_xmlid())

    def _compute_current_run(self):
        current = self._unfinished_runs()._current_by("connection_id")
        for connection in self:
            connection.current_run_id = current.get(connection._origin.id, False)

    @api.depends("current_run_id", "last_run_id")
    def _compute_live_progress(self):
        for connection in self:
            connection.live_progress = connection.current_run_id._progress_after(connection.last_run_id)

    @api.depends("company_id", "automatic", "state")
    def _compute_schedule(self):
        # A schedule that is switched off runs nothing, also where past connections are listed. One that waits for a
        # key keeps its connection from running by the company's.
        schedules = self.env["sync.schedule"].with_context(active_test=False).search(
            [
                "|",
                ("active", "=", True),
                ("key_removed", "=", True),
                ("service_id", "=", self._sync_service().id),
                ("company_id", "in", self.company_id.ids),
                ("connection_id", "in", [False, 0, *self.ids]),
            ]
        )
        by_target = {(schedule.company_id, schedule.connection_id or 0): schedule for schedule in schedules}
        for connection in self:
            # A schedule for this connection alone comes before the company's.
            schedule = (
                by_target.get((connection.company_id, connection._origin.id))
                or by_target.get((connection.company_id, 0))
                or schedules.browse()
            )
            schedule = schedule.filtered(lambda schedule: not schedule.key_removed)
            connection.schedule_id = schedule
            connection.next_run = (
                schedule.next_run if connection._runs_by_itself() and connection.state == "connected" else False
            )

    def unlink(self):
        """Override of ``base``: schedules of a connection alone go with it; runs that wait for it will be skipped."""
        # Whoever may delete the connection may delete what only serves it.
        schedules = self.env["sync.schedule"].sudo().with_context(active_test=False)
        schedules.search(
            [("service_id.connection_model", "=", self._name), ("connection_id", "in", self.ids)]
        ).unlink()
        return super().unlink()

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_sync_now(self):
        """Button: ask for a run. A worker does it at once, never the web request."""
        return self._ask_for_runs()

    def _ask_for_runs(self, schedule=None) -> dict:
        """Ask for a run of each of these connections, as the user.

        :param schedule: where it was asked for, and the outcome is looked for; also one that is switched off. None for
            the schedule by which each connection runs
        :return: an action that says so
        :raises UserError: when one of them cannot synchronize now
        """
        self.check_access("read")
        for connection in self:
            connection._check_can_sync()
        # Users may ask for runs of connections that they can read, and write nothing else into them.
        queue = self.env["sync.run"].sudo()
        runs = queue.browse()
        by_schedule = {schedule: self} if schedule else self.grouped("schedule_id")
        for schedule, connections in by_schedule.items():
            # The outcome of a schedule is that of all connections that were asked for together.
            asked_anew = connections.filtered(lambda connection: not queue._waiting(connection))
            together = schedule and len(asked_anew) > 1
            parent = queue._queue_sum(schedule, "manual", user=self.env.user) if together else None
            for connection in connections:
                runs |= queue._queue(
                    connection,
                    "manual",
                    user=self.env.user,
                    schedule=schedule,
                    parent=parent if connection in asked_anew else None,
                    attended=self._attended_user(),
                )
        queue._wake_queue()
        runs._push_progress()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Synchronizing: what is new will appear here by itself."),
            },
        }

    def action_cancel_run(self):
        """Button: stop what goes on and what waits. What has been committed stays."""
        self.check_access("read")
        return self._unfinished_runs().action_cancel()

    def action_open_runs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub.action_sync_run")
        action["domain"] = self._runs_domain()
        return action

    # -- For the engine --------------------------------------------------------------------------------------------

    def _check_can_sync(self) -> None:
        """:raises UserError: with the cure, when a run would be useless now"""
        self.ensure_one()
        if self._is_held_back():
            sentence, _remedy = fault_text(self.env, FaultKind.RATE_LIMITED, texts=self._fault_texts())
            raise UserError(
                self.env._(
                    "%(sentence)s Synchronize again after %(moment)s.",
                    sentence=sentence,
                    moment=format_datetime(self.env, self.not_before),
                )
            )
        kinds = {"reconnect": FaultKind.CONSENT_EXPIRED, "credentials": FaultKind.CREDENTIALS_REJECTED}
        if self.state in kinds:
            raise fault_error(self.env, Fault(kinds[self.state]), self._fault_texts())
        if not self._can_sync():
            raise UserError(self.env._("%s is not connected.", self.display_name))

    def _can_sync(self) -> bool:
        """Whether a run makes sense now."""
        self.ensure_one()
        return self.active and self.state == "connected" and not self._is_held_back()

    def _is_due(self) -> bool:
        """Whether automatic runs are wanted and allowed now."""
        return self._runs_by_itself() and self._can_sync()

    def _runs_by_itself(self) -> bool:
        """Whether automatic runs are wanted at all."""
        return self.automatic

    @api.model
    def _checkpoint_after_kill(self, checkpoint: dict) -> dict:
        """What a new run takes over from the checkpoint of one that was killed."""
        return checkpoint

    def _runs_domain(self) -> list:
        """Domain: the runs of these connections."""
        return [("service_id", "=", self._sync_service().id), ("connection_id", "in", self.ids)]

    def _unfinished_runs(self):
        return self.env["sync.run"].search([*self._runs_domain(), ("state", "!=", "finished")])

    def _is_held_back(self) -> bool:
        """Whether the other side wants no call now."""
        return bool(self.not_before and self.not_before > fields.Datetime.now())

    def _run_finished(self, run) -> None:
        """Called by the engine when a run of this connection has ended, however."""
        if run.outcome == "skipped":
            return
        values = {"last_run_id": run.id}
        if run.outcome in ("done", "nothing_new"):
            values.update(last_success_run_id=run.id, not_before=False)
        self.write(values)

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _message_language(self) -> str:
        """Language in which this connection speaks to its people."""
        return self.user_id.sudo().lang or self.company_id.partner_id.sudo().lang or self.env.lang or "en_US"

    @api.model
    def _attended_user(self) -> dict[str, str] | None:
        """Who is in front of the screen, as banks want to know; None outside a web request."""
        if not request:
            return None
        headers = request.httprequest.headers
        present = {name: headers.get(header, "") for name, header in _ATTENDED_HEADERS.items()}
        return {"ip_address": request.httprequest.remote_addr or "", **present}
