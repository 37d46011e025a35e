# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SyncExchangeUnitResPartner(models.AbstractModel):
    """Contacts: addresses and commercial data of many are settled at once, as when a file is imported."""

    _name = "sync.exchange.unit.res.partner"
    _inherit = ["sync.exchange.unit"]
    _description = "Exchange of Contacts"

    @api.model
    def _create_records(self, Model, work: list[tuple]):
        """Override of ``sync.exchange.unit``: the way of Odoo's own imports."""
        return Model._load_records_create([values for _item, values in work])
