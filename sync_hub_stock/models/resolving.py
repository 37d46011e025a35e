# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the lines of a source mean here: which product, in which location, in which unit, or why none."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..aligning import (
    Flaw,
    SourceLine,
    StockKey,
    Wanted,
    converted,
    tracking_flaw,
)
from .finding import Finder, location_catalogue
from .quantities import decimal_of, quantity_digits


@dataclass(frozen=True, slots=True)
class Refused:
    """A line of the source that cannot be followed, as far as it was understood. ``values`` are for the sentence."""

    line: SourceLine
    flaw: Flaw
    product: int = 0
    location: int = 0
    candidates: tuple[int, ...] = ()
    values: dict = field(default_factory=dict)


class _Flawed(Exception):
    def __init__(self, flaw: Flaw, *, product=0, location=0, candidates: tuple[int, ...] = (), **values: str):
        super().__init__(flaw)
        self.flaw = flaw
        self.product = product
        self.location = location
        self.candidates = candidates
        self.values = values


class Resolver:
    """Finds out what the lines of a source mean for an alignment.

    :param alignment: the document: its company, its locations, and what may be made that is not here yet
    """

    def __init__(self, alignment, lines: Iterable[SourceLine]):
        self._lines = [*lines]
        self._alignment = alignment
        env, company = alignment.env, alignment.company_id
        self._env = env
        self._digits = quantity_digits(env)
        ours = env["product.product"]._check_company_domain(company)
        self._products = Finder(
            env["product.product"],
            (line.product for line in self._lines),
            ours,
            code="default_code",
            barcode="barcode",
            archived=True,
        )
        self._owners = Finder(
            env["res.partner"],
            (line.owner for line in self._lines),
            env["res.partner"]._check_company_domain(company),
            code="ref",
        )
        # Dozens are archived until somebody wants them, and are twelve all the same.
        self._units = Finder(env["uom.uom"], (line.unit for line in self._lines), archived=True)
        self._chosen = alignment._locations()
        self._places = location_catalogue(alignment.warehouse_id, self._chosen)
        left = alignment._locations(whole=True) - self._chosen
        self._left_out = location_catalogue(alignment.warehouse_id, left)
        self._lots = self._load_lots()
        self._packages = self._load_packages()

    def resolve(self) -> tuple[list[Wanted], list[Refused]]:
        """What is wanted where, and what cannot be followed; lines of locations that are not aligned are left out."""
        wanted, refused = [], []
        for line in self._lines:
            if not self._places.find(line.location).ids and self._left_out.find(line.location).ids:
                continue
            try:
                wanted.append(self._wanted(line))
            except _Flawed as flawed:
                refused.append(
                    Refused(line, flawed.flaw, flawed.product, flawed.location, flawed.candidates, flawed.values)
                )
        return wanted, refused

    # -- One line ------------------------------------------------------------------------------------------------------

    def _wanted(self, line: SourceLine) -> Wanted:
        product = self._product(line)
        location = self._location(line, product)
        known = {"product": product.id, "location": location.id}
        quantity = self._quantity(line, product, known)
        if flaw := tracking_flaw(product.tracking, line.lot, quantity):
            raise _Flawed(flaw, **known)
        key = StockKey(
            product.id,
            location.id,
            self._lot(line, product, known),
            self._owner(line, known),
            self._package(line, known),
        )
        return Wanted(key, quantity, line)

    def _product(self, line: SourceLine):
        match = self._products.find(line.product)
        if not match.ids:
            raise _Flawed(Flaw.PRODUCT_UNKNOWN, location=self._places.find(line.location).id)
        products = self._env["product.product"].browse(match.ids)
        if len(products) > 1:
            names = ", ".join(products.mapped("display_name"))
            raise _Flawed(Flaw.PRODUCT_SEVERAL, candidates=match.ids, names=names)
        if not products.active:
            raise _Flawed(Flaw.PRODUCT_ARCHIVED, product=products.id)
        if not products.is_storable:
            raise _Flawed(Flaw.NOT_STORABLE, product=products.id)
        return products

    def _location(self, line: SourceLine, product):
        if not line.location:
            usual = self._alignment.location_id
            if usual not in self._chosen:
                raise _Flawed(Flaw.LOCATION_UNKNOWN, product=product.id, location_name=usual.display_name)
            return usual
        match = self._places.find(line.location)
        if not match.id:
            flaw = Flaw.LOCATION_SEVERAL if match.ids else Flaw.LOCATION_UNKNOWN
            raise _Flawed(flaw, product=product.id, location_name=str(line.location))
        return self._env["stock.location"].browse(match.id)

    def _quantity(self, line: SourceLine, product, known):
        unit = product.uom_id
        if line.unit:
            match = self._units.find(line.unit)
            if not match.id:
                flaw = Flaw.UNIT_SEVERAL if match.ids else Flaw.UNIT_UNKNOWN
                raise _Flawed(flaw, **known, unit=str(line.unit))
            unit = self._env["uom.uom"].browse(match.id)
        if not unit._has_common_reference(product.uom_id):
            raise _Flawed(Flaw.UNIT_OTHER, **known, unit=unit.name, unit_here=product.uom_id.name)
        return converted(line.quantity, decimal_of(unit.factor), decimal_of(product.uom_id.factor), self._digits)

    def _lot(self, line: SourceLine, product, known) -> int | str:
        if not line.lot:
            return 0
        number = self._lots.get((product.id, line.lot))
        if not number and not self._alignment.create_lots:
            raise _Flawed(Flaw.LOT_UNKNOWN, **known, lot=line.lot)
        return number or line.lot

    def _owner(self, line: SourceLine, known) -> int:
        if not line.owner:
            return 0
        if not self._env.user.has_group("stock.group_tracking_owner"):
            # Nobody would see whose they are, and each product would seem to be there twice.
            raise _Flawed(Flaw.OWNER_UNUSED, **known, owner=str(line.owner))
        match = self._owners.find(line.owner)
        if not match.id:
            flaw = Flaw.OWNER_SEVERAL if match.ids else Flaw.OWNER_UNKNOWN
            raise _Flawed(flaw, **known, owner=str(line.owner))
        return match.id

    def _package(self, line: SourceLine, known) -> int | str:
        if not line.package:
            return 0
        if not self._env.user.has_group("stock.group_tracking_lot"):
            raise _Flawed(Flaw.PACKAGE_UNUSED, **known, package=line.package)
        numbers = self._packages.get(line.package, ())
        if len(numbers) > 1:
            raise _Flawed(Flaw.PACKAGE_SEVERAL, **known, package=line.package)
        if not numbers and not self._alignment.create_packages:
            raise _Flawed(Flaw.PACKAGE_UNKNOWN, **known, package=line.package)
        return numbers[0] if numbers else line.package

    # -- Loading -------------------------------------------------------------------------------------------------------

    def _load_lots(self) -> dict[tuple[int, str], int]:
        products = {number for line in self._lines if line.lot for number in self._products.find(line.product).ids}
        lots = self._env["stock.lot"].search(
            [
                ("product_id", "in", list(products)),
                ("name", "in", list({line.lot for line in self._lines if line.lot})),
                ("company_id", "in", (False, self._alignment.company_id.id)),
            ]
        )
        return {(lot.product_id.id, lot.name): lot.id for lot in lots}

    def _load_packages(self) -> dict[str, list[int]]:
        packages = self._env["stock.package"].search(
            [
                ("name", "in", list({line.package for line in self._lines if line.package})),
                ("company_id", "in", (False, self._alignment.company_id.id)),
            ]
        )
        found = defaultdict(list)
        for package in packages:
            found[package.name].append(package.id)
        return found
