# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .sync_exchange_unit import Added


class SyncExchangeUnitProductProduct(models.AbstractModel):
    """Variants as rows of their product: each with its combination of attribute values, by which it is known."""

    _name = "sync.exchange.unit.product.product"
    _inherit = "sync.exchange.unit"
    _description = "Exchange of Variants"

    _row_keys = ("combination",)
    _added = {"combination": Added("product.attribute.value")}

    @api.model
    def _rows(self, rows):
        """Override of ``sync_hub_exchange``: one for each combination; not those that are left over from values which
        the product does not have any more."""
        return rows.browse(variant.id for variant in self._by_combination(rows).values())

    @api.model
    def _complete(self, records, terms, result):
        """Override of ``sync_hub_exchange``: with the combination."""
        values = records.product_template_attribute_value_ids.product_attribute_value_id
        references = self.env["sync.exchange.wire"]._refer(values, terms)
        for variant in records:
            result[variant.id]["values"]["combination"] = [
                references[value.id]
                for value in variant.product_template_attribute_value_ids.product_attribute_value_id
            ]

    @api.model
    def _by_combination(self, variants) -> dict[tuple[int, frozenset[int]], object]:
        """(id of the product, ids of attribute values) -> variant, as far as Odoo offers it or could."""
        lines = {
            template.id: set(template.valid_product_template_attribute_line_ids._without_no_variant_attributes().ids)
            for template in variants.product_tmpl_id
        }
        found = {}
        # Odoo prefers active ones, then the first that was made.
        for variant in variants.sorted(lambda variant: (not variant.active, variant.id)):
            values = variant.product_template_attribute_value_ids
            offered = (
                all(value.ptav_active for value in values)
                and set(values.attribute_line_id.ids) == lines[variant.product_tmpl_id.id]
            )
            if offered or variant.active:
                key = (variant.product_tmpl_id.id, frozenset(values.product_attribute_value_id.ids))
                found.setdefault(key, variant)
        return found
