# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class SyncExchangePeer(models.Model):
    """How a peer is connected and disconnected. Nothing is exchanged before a check has succeeded."""

    _inherit = "sync.exchange.peer"

    # -- Computed fields -----------------------------------------------------------------------------------------------

    @api.depends("checked_at")
    def _compute_fault(self):
        """Override of ``sync_hub``: a check that succeeded after the fault has cured it."""
        result = super()._compute_fault()
        self._forget_cured(lambda peer: peer.checked_at)
        return result

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_connect(self):
        """Button: look at everything that the exchange needs, and begin it if all is well."""
        check = self._check()
        if check.succeeded:
            self._connected()
        return check._action_show()

    def action_check(self):
        """Button: look at everything once more. No record moves."""
        check = self._check()
        if check.succeeded and self.state in ("credentials", "reconnect"):
            self._connected()
        elif check.refused and self.state == "connected":
            self.state = "credentials"
        return check._action_show()

    def action_reconnect(self):
        """Implementation of ``sync.connection.mixin``."""
        self.ensure_one()
        return self.action_connect() if self._secret_hints("api_key") else self.action_update_credentials()

    def action_update_credentials(self):
        """Button: enter another key; it is tried before it is saved."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Update Credentials"),
            "res_model": "sync.exchange.credentials",
            "view_mode": "form",
            "target": "new",
            "context": {"default_peer_id": self.id},
        }

    def action_disconnect(self):
        """Button: forget the key. What waits and what was agreed stays, for the day on which it is connected again."""
        self.check_access("write")
        for peer in self:
            peer._keep_secret("api_key", "")
            peer.write({"state": "closed", "checked_at": False})
        return True

    def action_sync_now(self):
        """Override of ``sync_hub``: somebody may press it on a list where some receive only when asked."""
        self._refuse_without_data("receive")
        return super().action_sync_now()

    def action_send_now(self):
        """Button: send what has changed here, at once."""
        self.check_access("read")
        self._refuse_without_data("send")
        return self.sending_ids.action_sync_now()

    def action_cancel_run(self):
        """Override of ``sync_hub``: both halves stop."""
        result = super().action_cancel_run()
        self.sending_ids.action_cancel_run()
        return result

    def _refuse_without_data(self, direction: str) -> None:
        for peer in self:
            if not peer.mapping_ids.filtered(lambda mapping: mapping.direction in ("both", direction)):
                raise UserError(
                    self.env._("No data is chosen for this direction yet: press “Add data” on %s.", peer.display_name)
                )

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _connected(self) -> None:
        """Everything is well."""
        for half in (self, self.sending_ids):
            half.write({"not_before": False, "retry_at": False})
        self.state = "connected"

    def _met(self, hello: dict) -> bool:
        """Remember who answered.

        :return: whether it is another database than before
        """
        other = bool(self.remote_uuid) and self.remote_uuid != hello["uuid"]
        values = {"remote_uuid": hello["uuid"], "remote_version": hello["version"]}
        if other:
            values |= {"remote_company_id": False, "remote_company": False}
        self.write(values)
        if other:
            # What was agreed was agreed with another database.
            links = self.env["sync.exchange.link"].sudo()
            links.search([("peer_id", "=", self.id)]).unlink()
            self.with_context(active_test=False).mapping_ids._start_again()
        self.env["sync.exchange.company"]._keep(self, hello["companies"])
        self.invalidate_recordset(["there_ids", "company_there_id"])
        return other
