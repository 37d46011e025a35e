# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Minutes of the units of a schedule.
_MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60, "weeks": 7 * 24 * 60}
_LONGEST = 24 * 60
_OFTEN = 5


class SyncExchangePeer(models.Model):
    """When records are received and when they are sent: two schedules of the engine, seen from the peer."""

    _inherit = "sync.exchange.peer"

    sending_id = fields.Many2one("sync.exchange.sending", compute="_compute_sending_id", string="Sending Half")
    automatic = fields.Boolean(
        string="Receive by Itself", help="Off: it receives only when somebody presses “Force update”."
    )
    send_automatic = fields.Boolean(
        string="Send by Itself",
        related="sending_ids.automatic",
        readonly=False,
        default=True,
        help="Off: it sends only when somebody presses “Send now”.",
    )
    receive_interval = fields.Integer(
        string="Receive Every (Minutes)",
        compute="_compute_intervals",
        inverse="_inverse_receive_interval",
        aggregator=None,
        help="Time between two attempts to receive what has changed there.",
    )
    send_interval = fields.Integer(
        string="Send Every (Minutes)",
        compute="_compute_intervals",
        inverse="_inverse_send_interval",
        aggregator=None,
        help="Time between two attempts to send what has changed here.",
    )
    every_five_minutes = fields.Boolean(
        string="Automatic Update (5 min)",
        compute="_compute_intervals",
        inverse="_inverse_every_five_minutes",
        help="On: it receives and sends every five minutes. Off: neither happens by itself, and the intervals become "
        "what they were.",
    )
    # What the intervals were before the switch: of receiving and of sending.
    former_intervals = fields.Json(readonly=True, copy=False)

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: what is chosen for the other half before it is made counts too."""
        peers = super().create([_by_switch(vals) for vals in vals_list])
        for peer, vals in zip(peers, vals_list, strict=True):
            if vals.get("send_automatic") is False:
                peer.sending_ids.automatic = vals.get("every_five_minutes", False)
        return peers

    def write(self, vals):
        """Override of ``base``: the switch says more than the intervals that are saved with it."""
        return super().write(_by_switch(vals))

    # -- Computed fields -----------------------------------------------------------------------------------------------

    @api.depends("sending_ids")
    def _compute_sending_id(self):
        for peer in self:
            peer.sending_id = peer.sending_ids[:1]

    @api.depends("schedule_id", "sending_ids.schedule_id", "automatic", "sending_ids.automatic")
    def _compute_intervals(self):
        for peer in self:
            peer.receive_interval = peer._interval_of(peer)
            peer.send_interval = peer._interval_of(peer.sending_id)
            peer.every_five_minutes = peer._is_often()

    @api.model
    def _interval_of(self, half) -> int:
        """Minutes between two runs.

        :param half: a peer, which receives, or its sending
        """
        # A schedule that waits for the key, and before there is one, what the service gives it.
        rule = half.schedule_id or half._origin._own_schedule() or half._sync_service()
        return rule.interval_number * _MINUTES[rule.interval_type]

    def _inverse_receive_interval(self):
        for peer in self:
            peer._set_interval(peer, peer.receive_interval)

    def _inverse_send_interval(self):
        # A peer that is saved for the first time.
        self._make_sendings()
        for peer in self:
            peer._set_interval(peer.sending_ids, peer.send_interval)

    def _inverse_every_five_minutes(self):
        self._make_sendings()
        for peer in self:
            halves = {"receive": peer, "send": peer.sending_ids}
            if peer.every_five_minutes == peer._is_often():
                # Saved with the rest of the form, and not touched.
                continue
            if peer.every_five_minutes:
                peer.former_intervals = {name: self._interval_of(half) for name, half in halves.items()}
                for half in halves.values():
                    self._set_interval(half, _OFTEN)
                    half._own_schedule().write({"active": True})
                    half.automatic = True
            else:
                former = peer.former_intervals or {}
                for name, half in halves.items():
                    self._set_interval(half, former.get(name) or self._default_interval(half))
                    half.automatic = False
                peer.former_intervals = False
        self.invalidate_recordset(["receive_interval", "send_interval"])

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _is_often(self) -> bool:
        """Whether both halves run by themselves every five minutes."""
        return all(
            half.automatic and half.schedule_id | half._origin._own_schedule() and self._interval_of(half) == _OFTEN
            for half in (self, self.sending_ids)
        )

    @api.model
    def _default_interval(self, half) -> int:
        service = half._sync_service()
        return service.interval_number * _MINUTES[service.interval_type]

    @api.model
    def _set_interval(self, half, minutes: int) -> None:
        """Let one half of the exchange run so often, by a schedule of its own.

        :raises ValidationError: for less than a minute or more than a day
        """
        if not 0 < minutes <= _LONGEST:
            raise ValidationError(
                self.env._(
                    "An interval has 1 to 1440 minutes. For longer ones, open the schedule and choose days or weeks."
                )
            )
        schedule = half._own_schedule()
        if schedule and self._minutes(schedule) == minutes:
            return
        if not schedule:
            if not half.schedule_id and minutes == self._default_interval(half):
                # The key will bring a schedule with just this interval.
                return
            schedule = half._make_own_schedule()
        schedule.write({"interval_number": minutes, "interval_type": "minutes"})
        half.invalidate_recordset(["schedule_id", "next_run"])

    @api.model
    def _minutes(self, schedule) -> int:
        return schedule.interval_number * _MINUTES[schedule.interval_type]

    def action_open_receive_schedule(self):
        """Button: hours, weekdays and the user as whom it receives."""
        return self._open_schedule(self)

    def action_open_send_schedule(self):
        """Button: hours, weekdays and the user as whom it sends."""
        return self._open_schedule(self.sending_id)

    def _open_schedule(self, half):
        self.ensure_one()
        schedule = half._own_schedule() or half.schedule_id or half._make_own_schedule()
        return schedule.get_formview_action()


def _by_switch(vals: dict) -> dict:
    if not vals.get("every_five_minutes"):
        return vals
    return {name: value for name, value in vals.items() if name not in ("receive_interval", "send_interval")}
