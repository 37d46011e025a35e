# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a quantity may be set now: the last look, with the goods locked."""

from decimal import Decimal

from .flaws import Flaw
from .values import Here


def flaw_of_setting(wanted: Decimal, previewed: Decimal, now: Here, *, below_reserved: bool) -> Flaw | None:
    """What speaks against setting a quantity.

    Goods that moved since the preview are set aside: who looked at the preview has not seen the movement, and the
    source may not know of it. Only where the wanted quantity is there already nothing is left to decide.

    :param wanted: the quantity of the source
    :param previewed: what lay here when the user looked
    :param now: what lies here, locked
    :param below_reserved: the user wants it so even where less is left than what is reserved

    >>> flaw_of_setting(Decimal(5), Decimal(8), Here(Decimal(7)), below_reserved=False)
    <Flaw.MOVED: 'moved'>
    >>> flaw_of_setting(Decimal(5), Decimal(8), Here(Decimal(8), reserved=Decimal(6)), below_reserved=False)
    <Flaw.SHORTAGE: 'shortage'>
    """
    if now.quantity == wanted:
        return None
    if now.counted:
        return Flaw.COUNTED
    if now.quantity != previewed:
        return Flaw.MOVED
    if shortage(wanted, now) and not below_reserved:
        return Flaw.SHORTAGE
    return None


def shortage(wanted: Decimal, now: Here) -> Decimal:
    """How much of what is reserved could not be delivered any more; 0 where the quantity grows.

    Where less than nothing is to be left, no more can be missing than what is reserved.

    >>> shortage(Decimal(5), Here(Decimal(8), reserved=Decimal(6))), shortage(Decimal(9), Here(Decimal(8), Decimal(10)))
    (Decimal('1'), Decimal('0'))
    >>> shortage(Decimal(-3), Here(Decimal(4)))
    Decimal('0')
    """
    if wanted >= now.quantity:
        return Decimal(0)
    return max(now.reserved - max(wanted, Decimal(0)), Decimal(0))
