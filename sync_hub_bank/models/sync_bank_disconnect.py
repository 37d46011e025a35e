# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .disconnect_texts import disconnect_text


class SyncBankConnection(models.Model):
    """What is said when a connection has been ended."""

    _inherit = "sync.bank.connection"

    def _tell_disconnected(self) -> dict:
        """Say in the chatter, and in a dialog, what was ended at the service and what remains to be done there."""
        self.ensure_one()
        env = self.with_context(lang=self._message_language()).env
        self.message_post(body=disconnect_text(env, self.provider_id.code), subtype_xmlid="mail.mt_note")
        dialog = self.env["sync.bank.disconnected"].create({"connection_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Disconnected: %s", self.display_name),
            "res_model": dialog._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }
