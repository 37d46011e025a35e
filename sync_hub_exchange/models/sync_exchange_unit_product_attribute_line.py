# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SyncExchangeUnitProductAttributeLine(models.AbstractModel):
    """Attributes of a product: each with its values and what they cost extra."""

    _name = "sync.exchange.unit.product.template.attribute.line"
    _inherit = "sync.exchange.unit"
    _description = "Exchange of Attributes of Products"

    _own = frozenset({"product_template_value_ids"})
    _always = ("attribute_id", "value_ids")
    _row_keys = ("attribute_id",)

    @api.model
    def _rows(self, rows):
        """Override of ``sync_hub_exchange``: not those that Odoo keeps, archived, for old variants."""
        return rows.filtered(lambda line: line.active and line.value_ids)

    @api.model
    def _complete(self, records, terms, result):
        """Override of ``sync_hub_exchange``: with the values that cost extra."""
        dear = records.product_template_value_ids.filtered(lambda value: value.ptav_active and value.price_extra)
        references = self.env["sync.exchange.wire"]._refer(dear.product_attribute_value_id, terms)
        for line in records:
            result[line.id]["values"]["product_template_value_ids"] = []
        for value in dear:
            result[value.attribute_line_id.id]["values"]["product_template_value_ids"].append(
                {
                    "ids": [],
                    "values": {
                        "product_attribute_value_id": references[value.product_attribute_value_id.id],
                        "price_extra": value.price_extra,
                    },
                }
            )
