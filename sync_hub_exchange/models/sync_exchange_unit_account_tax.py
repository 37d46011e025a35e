# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SyncExchangeUnitAccountTax(models.AbstractModel):
    """Taxes with their distribution. Those of the chart of accounts are known by their place in it and never changed;
    others are made, and only as a whole: a tax that lacks a part would come to other amounts."""

    _name = "sync.exchange.unit.account.tax"
    _inherit = "sync.exchange.unit"
    _description = "Exchange of Taxes"

    _needed = frozenset({"children_tax_ids", "tax_group_id"})
