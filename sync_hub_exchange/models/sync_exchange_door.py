# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError


class SyncExchangeDoor(models.AbstractModel):
    """What this database offers to its peers over ``/json/2``. Whoever knocks works with the rights of the key's user."""

    _name = "sync.exchange.door"
    _description = "Door for Peer Databases"

    @api.model
    def _admit(self) -> None:
        """:raises AccessError: when the user to whom the key belongs is no user for exchanges"""
        if not self.env.user.has_group("sync_hub_exchange.group_exchange"):
            raise AccessError(
                self.env._(
                    "The user %(user)s may not exchange records with other databases. Give this user the right “Record "
                    "exchange” in this database, or use the API key of a user who has it.",
                    user=self.env.user.login,
                )
            )
