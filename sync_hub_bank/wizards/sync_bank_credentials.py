# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_error


class SyncBankCredentials(models.TransientModel):
    """Enter the keys of a service anew, with the answer of the service before anything is saved.

    The dialog saves before it calls the button, in a request of its own: until then the vault keeps what was typed.
    """

    _name = "sync.bank.credentials"
    _description = "Update Credentials"
    _inherit = ["sync.bank.keys.mixin"]

    provider_id = fields.Many2one(
        "sync.bank.provider", string="Service", required=True, readonly=True, ondelete="cascade"
    )
    connection_id = fields.Many2one("sync.bank.connection", readonly=True, ondelete="cascade")
    code = fields.Selection(related="provider_id.code", string="Code of the Service")

    @api.model
    def default_get(self, fields):
        """Override of ``base``: the settings as they are; secrets stay with the service until new ones are typed."""
        values = super().default_get(fields)
        return {**self._settings_of(values.get("provider_id")), **values}

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: what is not said stays as it is."""
        return super().create([{**self._settings_of(values.get("provider_id")), **values} for values in vals_list])

    @api.model
    def _settings_of(self, provider_id: int | None) -> dict:
        provider = self.env["sync.bank.provider"].browse(provider_id)
        return {name: provider[name] for name in self._setting_names(provider.code)} if provider else {}

    def action_save(self):
        """Button: save the keys if the service accepts them, and synchronize."""
        self.ensure_one()
        provider = self.provider_id
        typed = {name: self._secret(name) for name in self._secret_names(provider.code)}
        provider.write(
            {
                **{name: self[name] for name in self._setting_names(provider.code)},
                **{name: value for name, value in typed.items() if value},
            }
        )
        try:
            # A refusal undoes the write above with the whole transaction.
            provider._check_keys()
        except Fault as fault:
            raise fault_error(self.env, fault) from fault
        for name in typed:
            self._keep_secret(name, "")
        close = {"type": "ir.actions.act_window_close"}
        waiting = provider.connection_ids.filtered(lambda connection: connection.state == "credentials")
        waiting.state = "connected"
        # The keys are good also where a consent has ended meanwhile.
        waiting = waiting.filtered(lambda connection: connection._can_sync())
        if waiting:
            notification = waiting.action_sync_now()
            return {**notification, "params": {**notification["params"], "next": close}}
        return close
