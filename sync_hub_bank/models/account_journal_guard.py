# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountJournal(models.Model):
    """What the card shows of a connection that is blocked, or not protected yet."""

    _inherit = "account.journal"

    def _sync_dashboard_data(self, account, states, waiting_count):
        """Override."""
        data = super()._sync_dashboard_data(account, states, waiting_count)
        connection = account.connection_id
        blocked = bool(connection.blocked_reason)
        data.update(blocked=blocked, confirm=connection.is_responsible and blocked, verify=connection.contact_missing)
        if blocked:
            what, sentence, remedy = connection._blocked_sentences()
            data.update(
                state_label=self.env._("Blocked"), error=sentence, remedy=f"{what}. {remedy}", reference="", button=""
            )
        return data

    def action_confirm_identity(self):
        """Button of the dashboard card: confirm by code."""
        self.ensure_one()
        return self.sync_account_ids.connection_id.action_confirm_identity()
