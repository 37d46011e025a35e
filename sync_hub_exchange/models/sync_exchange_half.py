# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.addons.sync_hub.faults import FaultKind

# Faults that a check which succeeds has cured.
_CURED = {
    FaultKind.CREDENTIALS_REJECTED,
    FaultKind.CREDENTIALS_MISSING,
    FaultKind.CONSENT_EXPIRED,
    FaultKind.PROVIDER_DOWN,
    FaultKind.NETWORK_UNREACHABLE,
    FaultKind.NETWORK_UNTRUSTED,
    FaultKind.BAD_DATA,
    FaultKind.REQUEST_REFUSED,
    FaultKind.VAULT_KEY_MISSING,
    "exchange_unfit",
}


class SyncExchangeHalf(models.AbstractModel):
    """What receiving and sending have in common: each has a schedule of its own."""

    _name = "sync.exchange.half"
    _description = "Receiving from a Peer, or Sending to It"

    def _make_own_schedule(self):
        """The schedule of this half alone; it waits for the key if there is none yet."""
        self.ensure_one()
        values = self._sync_service()._schedule_values(self.company_id)
        effective = self.schedule_id
        if effective:
            values |= {"user_id": effective.user_id.id, "tz": effective.tz}
        has_key = bool((self.peer_id if "peer_id" in self._fields else self)._secret_hints("api_key"))
        # Whoever may set the interval of a connection gets its schedule; that one waits for a key is told by the
        # engine's own field.
        schedule = self.env["sync.schedule"].sudo().create({**values, "connection_id": self.id, "active": has_key})
        if not has_key:
            schedule.key_removed = True
        self.invalidate_recordset(["schedule_id", "next_run"])
        return schedule.sudo(False)

    def _forget_cured(self, checked_at) -> None:
        """Show no fault that a later check has cured.

        :param checked_at: of a connection: when it was checked
        """
        for half in self:
            ended = half.last_run_id.date_end
            if half.fault_line_id.kind in _CURED and ended and checked_at(half) and ended < checked_at(half):
                half.update(dict.fromkeys(("fault_line_id", "fault_message", "fault_remedy"), False))
                half.update(dict.fromkeys(("fault_reference", "fault_button"), False))
