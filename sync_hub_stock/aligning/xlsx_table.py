# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl

from .file_faults import FileProblem, UnreadableFile
from .table import Cell, Table, check_size

# A sheet of text packs to a tenth or less; what unpacks to far more was made to fill the memory.
_MAX_UNPACKED = 512 * 1024 * 1024
# Excel has no rows below; a row that says so would be waited for through millions of empty ones.
_LAST_ROW = 1_048_576


def read_xlsx(content: bytes, known: Callable[[tuple[str, ...]], int]) -> Table:
    """The table of an Excel workbook: the sheet whose headings make most sense, the first of equals.

    Of formulas the values are read that the spreadsheet program saved with them.

    :param known: how many cells of a row are headings that mean something
    :raises UnreadableFile:
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise UnreadableFile(FileProblem.TOO_LARGE)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged part makes of it
        raise UnreadableFile(FileProblem.DAMAGED) from error
    try:
        tables = [_table(sheet) for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    except UnreadableFile:
        raise
    except Exception as error:  # parts are opened only when they are read
        raise UnreadableFile(FileProblem.DAMAGED) from error
    finally:
        workbook.close()
    return max(tables, key=lambda table: _score(table, known), default=Table(()))


def _score(table: Table, known: Callable[[tuple[str, ...]], int]) -> int:
    return max((known(tuple(cell.text for cell in cells)) for _number, cells in table.rows[:40]), default=0)


def _table(sheet: Any) -> Table:
    # The size that a file names may be wrong: some programs write A1.
    sheet.reset_dimensions()
    rows = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _LAST_ROW:
            raise UnreadableFile(FileProblem.DAMAGED, row=number)
        cells = _trimmed(_cell(cell) for cell in row)
        if any(cell.text for cell in cells):
            rows.append((number, cells))
            check_size(len(rows), len(cells))
    return Table(tuple(rows))


def _trimmed(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Without the empty cells at the end, which only have a border or a colour."""
    kept = [*cells]
    while kept and not kept[-1].text:
        kept.pop()
    return tuple(kept)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell()
    if cell.data_type == "e":
        return Cell(str(value), error=True)
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, (int, float)):
        number = Decimal(repr(value))
        return Cell(_digits(number, cell.number_format or ""), number)
    if isinstance(value, datetime) and not value.time():
        value = value.date()
    if isinstance(value, (date, datetime, time)):
        return Cell(value.isoformat())
    return Cell(str(value).strip())


def _digits(number: Decimal, number_format: str) -> str:
    """A number as a code: no decimals where it has none, and the zeros in front that its format shows.

    >>> _digits(Decimal("1001.0"), "General"), _digits(Decimal(42), "00000"), _digits(Decimal("2.5"), "0.00")
    ('1001', '00042', '2.5')
    """
    if not number.is_finite() or number != number.to_integral_value():
        return str(number)
    text = str(int(number))
    if number_format and set(number_format) == {"0"} and number >= 0:
        return text.zfill(len(number_format))
    return text
