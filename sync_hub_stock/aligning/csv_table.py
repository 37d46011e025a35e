# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io
from collections.abc import Callable

from .file_faults import FileProblem, UnreadableFile
from .table import Cell, Table, check_size

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What spreadsheets write where nobody asked them for Unicode: in western and in central Europe.
_CODE_PAGES = ("cp1252", "cp1250")
_DELIMITERS = (";", ",", "\t", "|")
# A cell of a list of goods is short; the limit keeps a forgotten quote from swallowing a whole file.
_CELL_LIMIT = 10_000
# How many rows are looked at to find out how a file is written.
_SAMPLE = 40


def read_csv(content: bytes, known: Callable[[tuple[str, ...]], int]) -> Table:
    """The table of a text file, whichever way its program writes it.

    Encoding and separator are those with which its headings make sense: a guess by the letters alone takes Polish for
    French, and one by the number of commas takes decimals for columns.

    :param known: how many cells of a row are headings that mean something
    :raises UnreadableFile:
    """
    if b"\x00" in content[:4096] and not any(content.startswith(bom) for bom, _encoding in _BOMS[1:]):
        raise UnreadableFile(FileProblem.NO_TABLE)
    best: tuple[int, str, str] | None = None
    for text in _texts(content):
        for delimiter in _delimiters(text):
            score = max((known(row) for row in _sample(text, delimiter)), default=0)
            if best is None or score > best[0]:
                best = (score, text, delimiter)
    if best is None:
        raise UnreadableFile(FileProblem.ENCODING)
    _score, text, delimiter = best
    return _table(text, delimiter)


def _texts(content: bytes) -> list[str]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decoded(content, (encoding,))
    return _decoded(content, ("utf-8",)) or _decoded(content, _CODE_PAGES)


def _decoded(content: bytes, encodings: tuple[str, ...]) -> list[str]:
    texts = []
    for encoding in encodings:
        try:
            texts.append(content.decode(encoding))
        except UnicodeError:
            continue
    return texts


def _delimiters(text: str) -> tuple[str, ...]:
    """Excel may say it itself, in a first line ``sep=;``."""
    first = text.partition("\n")[0].strip()
    if first[:4].lower() == "sep=" and len(first) == 5:
        return (first[4],)
    return _DELIMITERS


def _sample(text: str, delimiter: str) -> list[tuple[str, ...]]:
    lines = text.splitlines()[:_SAMPLE]
    try:
        return [tuple(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return []


def _table(text: str, delimiter: str) -> Table:
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            check_size(number, len(cells))
            if number == 1 and cells and cells[0].lower().startswith("sep="):
                continue
            if any(len(cell) > _CELL_LIMIT for cell in cells):
                raise UnreadableFile(FileProblem.QUOTES, row=number)
            if any(cell.strip() for cell in cells):
                rows.append((number, tuple(_cell(cell) for cell in cells)))
    except csv.Error as error:
        raise UnreadableFile(FileProblem.QUOTES, row=number + 1) from error
    return Table(tuple(rows), delimiter)


def _cell(text: str) -> Cell:
    text = text.strip()
    # Spreadsheets are made to keep the zeros of a code with ="00123".
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    return Cell(text, error=text.startswith("#") and text.rstrip("!?").upper() in _ERRORS)


_ERRORS = {"#N/A", "#REF", "#VALUE", "#DIV/0", "#NAME", "#NUM", "#NULL"}
