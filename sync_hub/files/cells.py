# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cells of tables that a person opens in a sheet."""

# What a sheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The text of a cell, with an apostrophe where a sheet would compute it: names of customers come from outside.

    >>> [harmless(cell) for cell in ("=1+1", "@sum", "-", "-12,50", "+39", "Rossi")]
    ["'=1+1", "'@sum", "'-", '-12,50', '+39', 'Rossi']
    """
    # A number may be negative.
    is_number = cell.startswith(("+", "-")) and cell[1:].replace(".", "").replace(",", "").isdecimal()
    return f"'{cell}" if cell.startswith(_FORMULA) and not is_number else cell
