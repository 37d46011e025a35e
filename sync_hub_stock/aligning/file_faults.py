# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is wrong with a file, or with a cell of it: typed, so that the sentence is made where the language is known."""

from dataclasses import dataclass
from enum import StrEnum


class FileProblem(StrEnum):
    """Why nothing of a file can be used."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_TABLE = "no_table"
    OLD_OR_PROTECTED = "old_or_protected"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    QUOTES = "quotes"
    NO_PRODUCT = "no_product"
    NO_QUANTITY = "no_quantity"
    COLUMN_TWICE = "column_twice"
    DECIMAL_MARK = "decimal_mark"
    NO_ROWS = "no_rows"


class UnreadableFile(Exception):
    """Nothing of a file can be used.

    :param row: where it was noticed, as spreadsheets count rows; 0 for the file as a whole
    :param column: heading of the column, where one is to blame
    :param value: what stands there
    """

    def __init__(self, problem: FileProblem, *, row: int = 0, column: str = "", value: str = ""):
        super().__init__(problem, row, column, value)
        self.problem = problem
        self.row = row
        self.column = column
        self.value = value


class CellProblem(StrEnum):
    """Why a row of a file cannot be used; the others can."""

    NO_PRODUCT = "no_product"
    NO_QUANTITY = "no_quantity"
    NO_NUMBER = "no_number"
    # A spreadsheet has made 8.00E+12 of a barcode: the digits are gone.
    ROUNDED_CODE = "rounded_code"
    ERROR_VALUE = "error_value"
    TOO_MANY_CELLS = "too_many_cells"


@dataclass(frozen=True, slots=True)
class CellFault:
    """A row that cannot be used: its number as spreadsheets count, and the heading of the cell that is to blame.

    ``goods``: what the row speaks of, where that could be read.
    """

    row: int
    column: str
    problem: CellProblem
    value: str = ""
    goods: str = ""
