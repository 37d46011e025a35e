# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What lies in locations, read exactly, and locked while it is changed."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from odoo.fields import Domain

from ..aligning import Here, StockKey, rounded


def decimal_of(value: float) -> Decimal:
    """The number that a float of the database stands for: the shortest that reads back the same."""
    return Decimal(repr(value))


def quantity_digits(env) -> int:
    """How many decimals quantities have."""
    return env["decimal.precision"].precision_get("Product Unit")


def key_of(quant) -> StockKey:
    """What a quant is the quantity of."""
    lot, owner, package = quant.lot_id.id or 0, quant.owner_id.id or 0, quant.package_id.id or 0
    return StockKey(quant.product_id.id, quant.location_id.id, lot, owner, package)


def shown(quantity: Decimal) -> str:
    """A quantity in a sentence, without zeros that say nothing."""
    return format(quantity.normalize(), "f")


def stock_here(env, locations, products=None) -> dict[StockKey, Here]:
    """What lies in locations.

    :param products: only of these; all by default
    """
    digits = quantity_digits(env)
    domain = Domain("location_id", "in", locations.ids)
    if products is not None:
        domain &= Domain("product_id", "in", products.ids)
    groups = env["stock.quant"]._read_group(
        domain,
        ["product_id", "location_id", "lot_id", "owner_id", "package_id"],
        ["quantity:sum", "reserved_quantity:sum", "inventory_quantity_set:bool_or"],
    )
    return {
        StockKey(product.id, location.id, lot.id or 0, owner.id or 0, package.id or 0): Here(
            rounded(decimal_of(quantity or 0.0), digits), rounded(decimal_of(reserved or 0.0), digits), bool(counted)
        )
        for product, location, lot, owner, package, quantity, reserved, counted in groups
    }


def sum_of(quants) -> Here:
    """What quants hold together."""
    digits = quantity_digits(quants.env)
    return Here(
        rounded(sum((decimal_of(quant.quantity) for quant in quants), Decimal(0)), digits),
        rounded(sum((decimal_of(quant.reserved_quantity) for quant in quants), Decimal(0)), digits),
        any(quant.inventory_quantity_set for quant in quants),
    )


def locked_quants(env, keys: Iterable[StockKey]) -> tuple[dict[StockKey, object], set[StockKey]]:
    """The quants of keys, one for each that has any, so that nobody else moves them before the end of the transaction.

    :return: the quants, and the keys at which somebody else is at this moment
    """
    keys = set(keys)
    quants = _quants(env, keys)
    if any(len(each) > 1 for each in quants.values()):
        # Two transfers at the same moment leave two quants of the same goods; Odoo makes one of them from time to time.
        doubled = env["stock.quant"].union(*(each for each in quants.values() if len(each) > 1))
        doubled._merge_quants()
        quants = _quants(env, keys)
    every = env["stock.quant"].union(*quants.values())
    locked = every.try_lock_for_update(allow_referencing=True)
    taken = {key for key, each in quants.items() if each - locked}
    return {key: each for key, each in quants.items() if key not in taken}, taken


def _quants(env, keys: set[StockKey]) -> dict[StockKey, object]:
    found = defaultdict(env["stock.quant"].browse)
    quants = env["stock.quant"].search(
        [
            ("product_id", "in", list({key.product for key in keys})),
            ("location_id", "in", list({key.location for key in keys})),
        ]
    )
    for quant in quants:
        if (key := key_of(quant)) in keys:
            found[key] |= quant
    return dict(found)
