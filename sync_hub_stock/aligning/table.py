# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .file_faults import FileProblem, UnreadableFile

# More than any warehouse lists; a file of this size is something else.
MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text; ``number`` where the file itself says that it is one; ``error`` for #N/A and the like."""

    text: str = ""
    number: Decimal | None = None
    error: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their numbers as spreadsheets count them; those without any text are left out.

    ``delimiter`` is what separates the cells of a text file.
    """

    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    delimiter: str = ""

    def __iter__(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        return iter(self.rows)


def check_size(rows: int, columns: int) -> None:
    """:raises UnreadableFile: for a table that is larger than any list of goods"""
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise UnreadableFile(FileProblem.TOO_LARGE, row=rows)
