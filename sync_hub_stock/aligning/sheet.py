# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .csv_table import read_csv
from .decimals import decimal_mark, parse_quantity
from .file_faults import CellFault, CellProblem, FileProblem, UnreadableFile
from .headings import PRODUCTS, QUANTITIES, Column, known_headings, meaning
from .table import MAX_BYTES, Cell, Table
from .values import Key, SourceLine
from .xlsx_table import read_xlsx

# What an .xlsx begins with, and what the workbooks before 2007, and those with a password, begin with.
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
# Lists have a title and a date above their headings; not more than this.
_ROWS_ABOVE = 20
# "[DESK] Large desk": a product as Odoo shows it.
_SHOWN = re.compile(r"\[(?P<code>[^\]]+)\]\s*(?P<name>.+)\Z", re.DOTALL)
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says: the rows that can be used, and why the others cannot."""

    lines: tuple[SourceLine, ...]
    faults: tuple[CellFault, ...]


def read_file(content: bytes, mark: str = "") -> Sheet:
    """Read a list of goods from a CSV file or an Excel workbook (.xlsx).

    The first row with headings for a product and for a quantity counts as headings; columns may stand in any order, and
    those that nobody knows are left aside.

    :param mark: the mark before the decimals in a text file, comma or point; empty to find it out
    :raises UnreadableFile: when nothing of it can be used
    """
    table = _table(content)
    headings_row, columns = _headings(table)
    header = next(cells for number, cells in table if number == headings_row)
    names = {column: header[place].text for column, place in columns.items()}
    quantity = next(column for column in QUANTITIES if column in columns)
    body = [(number, cells) for number, cells in table if number > headings_row]
    if not body:
        raise UnreadableFile(FileProblem.NO_ROWS)
    if not mark:
        mark = _mark(body, columns[quantity], names[quantity])
    reader = _Rows(columns, names, quantity, mark, len(header))
    read = [reader.read_row(number, cells) for number, cells in body]
    return Sheet(
        tuple(row for row in read if isinstance(row, SourceLine)),
        tuple(row for row in read if isinstance(row, CellFault)),
    )


def _table(content: bytes) -> Table:
    if len(content) > MAX_BYTES:
        raise UnreadableFile(FileProblem.TOO_LARGE)
    if not content.strip():
        raise UnreadableFile(FileProblem.EMPTY)
    if content.startswith(_OLE):
        raise UnreadableFile(FileProblem.OLD_OR_PROTECTED)
    read = read_xlsx if content.startswith(_ZIP) else read_csv
    table = read(content, known_headings)
    if not table.rows:
        raise UnreadableFile(FileProblem.EMPTY)
    return table


def _headings(table: Table) -> tuple[int, dict[Column, int]]:
    """The row of the headings, and where each column stands."""
    fullest: set[Column] = set()
    for number, cells in table.rows[:_ROWS_ABOVE]:
        columns: dict[Column, int] = {}
        twice = None
        for place, cell in enumerate(cells):
            column = meaning(cell.text)
            if column and column in columns:
                # A name and a description beside it are both of the product, and both come last.
                twice = twice if column == Column.PRODUCT_NAME else cell.text
            elif column:
                columns[column] = place
        if columns.keys() & {*PRODUCTS} and columns.keys() & {*QUANTITIES}:
            if twice:
                raise UnreadableFile(FileProblem.COLUMN_TWICE, row=number, column=twice)
            return number, columns
        fullest = max(fullest, set(columns), key=len)
    raise UnreadableFile(FileProblem.NO_QUANTITY if fullest & {*PRODUCTS} else FileProblem.NO_PRODUCT)


def _mark(body: list[tuple[int, tuple[Cell, ...]]], place: int, heading: str) -> str:
    texts = {
        cells[place].text: number
        for number, cells in reversed(body)
        if place < len(cells) and cells[place].number is None and not cells[place].error
    }
    try:
        return decimal_mark(reversed(texts))
    except UnreadableFile as fault:
        raise UnreadableFile(fault.problem, row=texts[fault.value], column=heading, value=fault.value) from None


class _Rows:
    """Reads rows below their headings."""

    def __init__(
        self, columns: Mapping[Column, int], names: Mapping[Column, str], quantity: Column, mark: str, width: int
    ):
        self._columns = columns
        self._names = names
        self._quantity = quantity
        self._mark = mark
        self._width = width

    def read_row(self, number: int, cells: tuple[Cell, ...]) -> SourceLine | CellFault:
        if any(cell.text for cell in cells[self._width :]):
            # A comma too many moves everything behind it into the wrong column.
            extra = next(cell.text for cell in cells[self._width :] if cell.text)
            return CellFault(number, "", CellProblem.TOO_MANY_CELLS, extra)
        found = {column: cells[place] for column, place in self._columns.items() if place < len(cells)}
        for column, cell in found.items():
            if cell.error:
                return CellFault(number, self._names[column], CellProblem.ERROR_VALUE, cell.text)
        texts = {column: cell.text for column, cell in found.items()}
        barcode = texts.get(Column.BARCODE, "")
        if _ROUNDED.match(barcode):
            return CellFault(number, self._names[Column.BARCODE], CellProblem.ROUNDED_CODE, barcode)
        product = _product(texts)
        if not product:
            column = next(column for column in PRODUCTS if column in self._columns)
            return CellFault(number, self._names[column], CellProblem.NO_PRODUCT)
        cell = found.get(self._quantity, Cell())
        if not cell.text:
            return CellFault(number, self._names[self._quantity], CellProblem.NO_QUANTITY, goods=str(product))
        quantity = cell.number if cell.number is not None else parse_quantity(cell.text, self._mark)
        if quantity is None:
            return CellFault(number, self._names[self._quantity], CellProblem.NO_NUMBER, cell.text, str(product))
        return SourceLine(
            product=product,
            quantity=quantity,
            location=_key(texts, Column.LOCATION_ID, Column.LOCATION),
            lot=texts.get(Column.LOT, ""),
            owner=_key(texts, None, Column.OWNER),
            package=texts.get(Column.PACKAGE, ""),
            unit=_key(texts, None, Column.UNIT),
            row=number,
        )


def _product(texts: Mapping[Column, str]) -> Key:
    code, barcode = texts.get(Column.CODE, ""), texts.get(Column.BARCODE, "")
    name = texts.get(Column.PRODUCT_NAME, "")
    shown = texts.get(Column.PRODUCT, "")
    if shown:
        match = _SHOWN.match(shown)
        # A column that only says "product" may hold any of them.
        code = code or (match["code"] if match else shown)
        barcode = barcode or ("" if match else shown)
        name = name or (match["name"] if match else shown)
    identifier = texts.get(Column.PRODUCT_ID, "")
    return Key((identifier,) if identifier else (), code, barcode, name)


def _key(texts: Mapping[Column, str], by_id: Column | None, by_name: Column) -> Key:
    identifier = texts.get(by_id, "") if by_id else ""
    name = texts.get(by_name, "")
    # What stands there may be a reference, a barcode, or a name.
    return Key((identifier,) if identifier else (), name, name, name)
