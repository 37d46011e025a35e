# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from collections.abc import Iterable
from decimal import Decimal

from .file_faults import FileProblem, UnreadableFile

# What stands between thousands: ordinary, narrow and unbreakable blanks, and the Swiss apostrophes.
_BLANKS = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")
_MINUS = str.maketrans("\u2212\u2013", "--")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)\Z", re.ASCII)
_FIGURES = re.compile(r"[+-]?[\d.,]+-?\Z", re.ASCII)
_GROUPED = {mark: re.compile(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+\Z", re.ASCII) for mark in ",."}


def decimal_mark(texts: Iterable[str]) -> str:
    """The mark before the decimals in a column of quantities: comma or point.

    One number that can be read in a single way decides for all. ``1,234`` may be a thousand pieces or little more than
    one: where nothing decides, it is not guessed.

    >>> decimal_mark(["1,234", "0,5"]), decimal_mark(["1,234", "2,000.00"]), decimal_mark(["12", "7"])
    (',', '.', '.')

    :raises UnreadableFile: of ``DECIMAL_MARK``, when a number can be read in two ways, or two numbers contradict each
        other; ``value`` is one of them
    """
    doubtful = ""
    found: dict[str, str] = {}
    for text in texts:
        plain = text.translate(_BLANKS)
        mark = _mark_of(plain)
        if mark:
            found.setdefault(mark, text)
        elif not doubtful and any(grouped.match(plain) for grouped in _GROUPED.values()):
            doubtful = text
    if len(found) > 1 or (doubtful and not found):
        raise UnreadableFile(FileProblem.DECIMAL_MARK, value=doubtful or found[","])
    return next(iter(found), ".")


def _mark_of(plain: str) -> str:
    """The mark that a single number proves; empty where it proves none."""
    last = max(plain.rfind(","), plain.rfind("."))
    if last < 0 or not _FIGURES.match(plain):
        return ""
    mark = plain[last]
    other = "." if mark == "," else ","
    if other in plain:
        # 1.234,56
        return mark if plain.count(mark) == 1 else ""
    if plain.count(mark) > 1:
        # 1.234.567: what stands more than once stands between thousands.
        return other if _GROUPED[mark].match(plain) else ""
    # 1,2345 or 12345,678 or ,5 or 0,125: no thousands are written so.
    whole = plain[:last].lstrip("+-")
    if len(plain) - last - 1 != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0"):
        return mark
    return ""


def parse_quantity(text: str, mark: str) -> Decimal | None:
    """A quantity; None for what is no number.

    :param mark: the mark before the decimals

    >>> parse_quantity("1.234,5", ","), parse_quantity("(3)", "."), parse_quantity("12 pcs", ".")
    (Decimal('1234.5'), None, None)
    """
    plain = text.translate(_BLANKS).translate(_MINUS)
    # SAP and others write the sign behind.
    if plain.endswith("-") and not plain.startswith("-"):
        plain = f"-{plain[:-1]}"
    thousands = "." if mark == "," else ","
    whole, separator, decimals = plain.partition(mark)
    if thousands in whole:
        if not _GROUPED[thousands].match(whole):
            return None
        whole = whole.replace(thousands, "")
    plain = f"{whole}.{decimals}" if separator else whole
    return Decimal(plain) if _NUMBER.match(plain) else None
