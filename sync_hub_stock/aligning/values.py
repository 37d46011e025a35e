# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the source says, what lies here, and how the two are told apart."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Key:
    """By what a record of the source is looked for here, the strongest first.

    ``ids`` are external ids ("module.name"), ``code`` an internal reference, ``name`` what people call it; of a
    location the name is its whole path.
    """

    ids: tuple[str, ...] = ()
    code: str = ""
    barcode: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.ids or self.code or self.barcode or self.name)

    def __str__(self) -> str:
        """For a person who looks for it in the source.

        >>> str(Key(code="DESK", name="Desk")), str(Key(ids=("shop.desk",)))
        ('[DESK] Desk', 'shop.desk')
        """
        if self.code and self.name not in ("", self.code):
            return f"[{self.code}] {self.name}"
        return self.name or self.code or self.barcode or next(iter(self.ids), "")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How much of something lies somewhere, as the source says it.

    ``row`` is the row of a file as spreadsheets count them, 0 where there is no file. ``location``, ``owner`` and
    ``unit`` are empty where the source does not name one. ``quantity`` is in ``unit``.
    """

    product: Key
    quantity: Decimal
    location: Key = Key()
    lot: str = ""
    owner: Key = Key()
    package: str = ""
    unit: Key = Key()
    row: int = 0

    def __str__(self) -> str:
        """What it speaks of, without the quantity.

        >>> str(SourceLine(Key(code="DESK"), Decimal(1), Key(name="WH/Stock"), lot="L1"))
        'DESK, WH/Stock, L1'
        """
        parts = (str(self.product), str(self.location), self.lot, self.package, str(self.owner))
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class StockKey:
    """What has one quantity here: a product in a location, of a lot, of an owner, in a package.

    By the numbers of their records, 0 for none; a lot and a package that have to be made first by their names.
    """

    product: int
    location: int
    lot: int | str = 0
    owner: int = 0
    package: int | str = 0


@dataclass(frozen=True, slots=True)
class Here:
    """What lies here under a key, in the product's unit. ``counted``: somebody has entered a count not yet applied."""

    quantity: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    counted: bool = False


NOTHING = Here()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The quantity, in the product's unit, that a line of the source wants under a key."""

    key: StockKey
    quantity: Decimal
    line: SourceLine
