# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Models that are not exchanged record by record, each with the way that leads to what was wanted."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_VARIANTS = _lt(
    "Variants, their attributes and values on a product travel with their product as one unit. Choose “Product” "
    "instead, and the variants among its fields."
)
_STOCK = _lt(
    "Quantities in stock are not copied record by record: they would be added up or overwritten without a stock move. "
    "Use “Align stock” (addon Sync Hub Stock), which sets them through inventory adjustments."
)
_ENTRIES = _lt(
    "Journal items travel with their invoice or bill. Choose “Journal Entry” instead, and the invoice lines among its "
    "fields."
)
_ROWS = _lt(
    "These rows travel with the record to which they belong. Choose that one instead, and the rows among its fields."
)
CLOSED = _lt(
    "Users, rights, keys, settings and messages are not exchanged: each database has its own. Choose another kind of "
    "data."
)

REFUSED = {
    "product.product": _VARIANTS,
    "product.template.attribute.line": _VARIANTS,
    "product.template.attribute.value": _VARIANTS,
    "stock.quant": _STOCK,
    "stock.move": _STOCK,
    "stock.move.line": _STOCK,
    "account.move.line": _ENTRIES,
    "account.partial.reconcile": _ENTRIES,
    "account.full.reconcile": _ENTRIES,
    "account.tax.repartition.line": _ROWS,
    "account.payment.term.line": _ROWS,
    "product.pricelist.item": _ROWS,
}
