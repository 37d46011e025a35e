# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.addons.sync_hub.models.sync_secret_mixin import Secret

from ..providers import get_provider


class SyncBankConnection(models.Model):
    """What the access log tells of a connection by its state."""

    _inherit = "sync.bank.connection"

    def write(self, vals):
        """Override of ``base``: the end of a consent is recorded, whoever finds it."""
        event = {"reconnect": "consent_expired", "closed": "disconnected"}.get(vals.get("state"))
        ended = self.filtered(lambda connection: connection.state not in ("draft", vals["state"])) if event else ()
        result = super().write(vals)
        for connection in ended:
            self.env["sync.bank.audit"]._record(connection, event)
        return result

    def unlink(self):
        """Override of ``sync_hub``: the access log stays, and tells who deleted the connection."""
        for connection in self:
            self.env["sync.bank.audit"]._record(connection, "deleted")
        return super().unlink()

    def action_open_audit(self):
        """Button: who had access to the data of this connection."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_audit")
        # Keys belong to the service and serve all its connections.
        of_service = ["&", ("provider_id", "=", self.provider_id.id), ("connection_name", "=", False)]
        action["domain"] = ["|", ("connection_id", "=", self.id), *of_service]
        action["context"] = {"sync_one_connection": True}
        return action


class SyncBankProvider(models.Model):
    """The access log tells when the keys of a service were changed."""

    _inherit = "sync.bank.provider"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: the first keys are recorded too."""
        providers = super().create(vals_list)
        for provider, vals in zip(providers, vals_list, strict=True):
            provider._record_keys(vals)
        return providers

    def write(self, vals):
        """Override of ``base``: new keys are recorded, whichever screen they came from."""
        result = super().write(vals)
        for provider in self:
            provider._record_keys(vals)
        return result

    def _record_keys(self, vals: dict) -> None:
        secrets = {name for name, field in self._fields.items() if isinstance(field, Secret)}
        # The address decides to whom the keys are shown.
        keys = {*secrets, *get_provider(self.code).required_settings, "api_url"}
        if keys & {name for name, value in vals.items() if value}:
            self.env["sync.bank.audit"]._record(self.connection_ids.browse(), "keys_changed", provider=self)
