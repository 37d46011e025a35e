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
        vals_list = [values for _item, values in work]
        # What a company hands down to its contacts is read on that way, also what is not shown to every user.
        handed_down = [Model._fields[name] for name in Model._commercial_fields()]
        members = any(values.get("parent_id") for values in vals_list)
        if members and not all(Model._has_field_access(field, "read") for field in handed_down):
            return Model.create(vals_list)
        return Model._load_records_create(vals_list)
