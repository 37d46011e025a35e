# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From where a user looks at the bank: the card of a journal, an account, a connection."""

from odoo import models
from odoo.exceptions import UserError


class SyncBankConnection(models.Model):
    _inherit = "sync.bank.connection"

    def action_preview(self):
        """Button: what the next fetch would bring, without fetching."""
        self.ensure_one()
        return self.env["sync.bank.find"].create(
            {"purpose": "preview", "connection_id": self.id, "company_id": self.company_id.id}
        ).action_look()


class SyncBankAccount(models.Model):
    _inherit = "sync.bank.account"

    def action_find_missing(self):
        """Button: compare some days with the bank."""
        self.ensure_one()
        find = self.env["sync.bank.find"].create({"account_id": self.id, "company_id": self.company_id.id})
        return find._action_show()

    def action_preview(self):
        """Button: what the next fetch of this account would bring, without fetching."""
        self.ensure_one()
        return self.env["sync.bank.find"].create(
            {"purpose": "preview", "account_id": self.id, "company_id": self.company_id.id}
        ).action_look()


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def action_find_missing(self):
        """Menu of the dashboard card, and button: compare some days with the bank."""
        self.ensure_one()
        if not self.sync_account_ids:
            raise UserError(self.env._("This journal is not connected to a bank: press “Connect the bank” first."))
        return self.sync_account_ids.action_find_missing()
