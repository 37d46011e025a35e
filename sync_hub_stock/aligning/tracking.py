# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from .flaws import Flaw


def tracking_flaw(tracking: str, lot: str, quantity: Decimal) -> Flaw | None:
    """What speaks against a quantity of a product that is tracked so.

    A tracked product must name its lot or serial number: Odoo would keep goods that belong to none, and nobody could
    deliver them. A product that is not tracked has no place for one.

    :param tracking: none, lot or serial
    :param lot: the lot or serial number that the source names

    >>> tracking_flaw("none", "", Decimal(3)), tracking_flaw("serial", "S1", Decimal(2))
    (None, <Flaw.SERIAL_QUANTITY: 'serial_quantity'>)
    """
    if tracking == "none":
        return Flaw.LOT_UNUSED if lot else None
    if not lot:
        # None of it without a number says nothing of those that have one.
        return Flaw.LOT_MISSING
    if tracking == "serial" and quantity not in (0, 1):
        return Flaw.SERIAL_QUANTITY
    return None
