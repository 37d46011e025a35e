# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import ROUND_HALF_UP, Decimal, localcontext


def converted(quantity: Decimal, unit: Decimal, into: Decimal, digits: int) -> Decimal:
    """A quantity in another unit.

    :param unit: how many of their common reference unit the unit of ``quantity`` contains, e.g. 12 for a dozen
    :param into: the same of the wanted unit
    :param digits: decimals of quantities here; what lies beyond is rounded half up, as counts are in Odoo

    >>> converted(Decimal(3), Decimal(12), Decimal(1), 2), converted(Decimal(3), Decimal(1), Decimal(12), 2)
    (Decimal('36.00'), Decimal('0.25'))
    """
    with localcontext() as context:
        context.prec = 60
        return rounded(quantity if unit == into else quantity * unit / into, digits)


def rounded(quantity: Decimal, digits: int) -> Decimal:
    """A quantity with as many decimals as quantities have here.

    >>> rounded(Decimal("2.345"), 2), rounded(Decimal("-0.001"), 2)
    (Decimal('2.35'), Decimal('0.00'))
    """
    result = quantity.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    # A zero with a sign would look like a difference.
    return result or abs(result)
