# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How another database says what lies there: pages of JSON, each row with what its records are called.

A page: ``{"rows": [...], "after": number of the last row or null at the end, "state": "..."}``. A row: ``key``, the
numbers that its records have there; ``product``, ``location``, ``owner`` and ``unit``, each as ``{"ids", "code",
"barcode", "name"}`` or null; ``lot`` and ``package``, their names; ``quantity``, as a text with a point. The code of a
location is its path below the warehouse, whose short name may be another one here; among its ids is its place, such as
``warehouse:lot_stock_id/Shelf 1``, because what Odoo makes with each warehouse is called otherwise in each language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from typing import Any

from .values import Key, SourceLine


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with the numbers of their records there; ``after``: where the next page begins, 0 for none.

    ``state`` stays the same as long as nothing moves there.
    """

    rows: tuple[tuple[tuple[int, ...], SourceLine], ...]
    after: int
    state: str


def read_page(answer: Any) -> Page:
    """
    :raises ValueError: for what is no such page

    >>> row = {"key": [1, 2, 0, 0, 0], "product": {"code": "D1"}, "location": {"code": "Stock"}, "quantity": "2.5"}
    >>> page = read_page({"rows": [row], "after": None, "state": "1"})
    >>> page.rows[0][1].quantity, page.after
    (Decimal('2.5'), 0)
    """
    try:
        rows = tuple((tuple(int(number) for number in row["key"]), _line(row)) for row in answer["rows"])
        return Page(rows, int(answer["after"] or 0), str(answer["state"]))
    except (KeyError, TypeError, ValueError, AttributeError, DecimalException) as error:
        raise ValueError("no page of quantities") from error


def _line(row: Mapping[str, Any]) -> SourceLine:
    quantity = Decimal(row["quantity"])
    if not quantity.is_finite():
        raise ValueError(row["quantity"])
    return SourceLine(
        product=read_key(row["product"]),
        quantity=quantity,
        location=read_key(row["location"]),
        lot=str(row.get("lot") or ""),
        owner=read_key(row.get("owner")),
        package=str(row.get("package") or ""),
        unit=read_key(row.get("unit")),
    )


def read_key(value: Mapping[str, Any] | None) -> Key:
    """What a record is called there.

    >>> read_key({"ids": ["shop.desk"], "code": "D1"}).code, bool(read_key(None))
    ('D1', False)
    """
    if not value:
        return Key()
    texts = (str(value.get(name) or "") for name in ("code", "barcode", "name"))
    return Key(tuple(str(identifier) for identifier in value.get("ids") or ()), *texts)


def gathered(rows: Iterable[tuple[tuple[int, ...], SourceLine]]) -> list[SourceLine]:
    """One line for each key of the other side: the same goods may lie there in several rows, which count together.

    >>> line = SourceLine(Key(code="D1"), Decimal(2))
    >>> [each.quantity for each in gathered([((1, 2), line), ((1, 3), line), ((1, 2), line)])]
    [Decimal('4'), Decimal('2')]
    """
    found: dict[tuple[int, ...], SourceLine] = {}
    for key, line in rows:
        known = found.get(key)
        found[key] = replace(known, quantity=known.quantity + line.quantity) if known else line
    return [*found.values()]
