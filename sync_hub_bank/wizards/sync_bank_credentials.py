# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.sync_secret_mixin import Secret


class SyncBankCredentials(models.TransientModel):
    """Enter the keys of a service anew, with the answer of the service before anything is saved."""

    _name = "sync.bank.credentials"
    _description = "Update Credentials"
    _inherit = ["sync.secret.mixin"]

    provider_id = fields.Many2one(
        "sync.bank.provider", string="Service", required=True, readonly=True, ondelete="cascade"
    )
    connection_id = fields.Many2one("sync.bank.connection", readonly=True, ondelete="cascade")
    application_id = fields.Char(
        string="Application ID",
        compute="_compute_application_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    # The dialog saves before it calls the button, in a request of its own: until then the vault keeps what was typed.
    private_key = Secret(string="Private Key", help="Leave it empty to keep the one that is stored.")

    @api.depends("provider_id")
    def _compute_application_id(self):
        for wizard in self:
            wizard.application_id = wizard.provider_id.application_id

    def action_save(self):
        """Button: save the keys if the service accepts them, and synchronize."""
        self.ensure_one()
        provider = self.provider_id
        values = {"application_id": self.application_id}
        private_key = self._secret("private_key")
        if private_key:
            values["private_key"] = private_key
        provider.write(values)
        try:
            # A refusal undoes the write above with the whole transaction.
            provider._check_keys()
        except Fault as fault:
            raise fault_error(self.env, fault) from fault
        self._keep_secret("private_key", "")
        close = {"type": "ir.actions.act_window_close"}
        waiting = provider.connection_ids.filtered(lambda connection: connection.state == "credentials")
        waiting.state = "connected"
        if waiting:
            notification = waiting.action_sync_now()
            return {**notification, "params": {**notification["params"], "next": close}}
        return close
