# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_error


class SyncBankCredentials(models.TransientModel):
    """Enter the keys of a service anew, with the answer of the service before anything is saved."""

    _name = "sync.bank.credentials"
    _description = "Update Credentials"

    provider_id = fields.Many2one("sync.bank.provider", required=True, readonly=True, ondelete="cascade")
    connection_id = fields.Many2one("sync.bank.connection", readonly=True, ondelete="cascade")
    application_id = fields.Char(
        string="Application ID", compute="_compute_application_id", store=True, readonly=False, required=True
    )
    # Never stored: it goes to the vault in the same transaction.
    private_key = fields.Text(store=False, help="Leave it empty to keep the one that is stored.")

    def _compute_application_id(self):
        for wizard in self:
            wizard.application_id = wizard.provider_id.application_id

    def action_save(self):
        """Button: save the keys if the service accepts them, and synchronize."""
        self.ensure_one()
        provider = self.provider_id
        values = {"application_id": self.application_id}
        if self.private_key:
            values["private_key"] = self.private_key
        provider.write(values)
        try:
            # A refusal undoes the write above with the whole transaction.
            provider._check_keys()
        except Fault as fault:
            raise fault_error(self.env, fault) from fault
        waiting = provider.connection_ids.filtered(lambda connection: connection.state == "credentials")
        waiting.state = "connected"
        if waiting:
            return waiting.action_sync_now() | {"next": {"type": "ir.actions.act_window_close"}}
        return {"type": "ir.actions.act_window_close"}
