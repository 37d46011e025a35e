# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Mapping
from typing import Any

from .values import token

# A field that both sides have never agreed about; no value has this mark.
NEVER = "!"
# So many digits of a token tell whether a value of a known row has changed.
_DIGITS = 8

# Of each row, by its key, and of each field: its mark here and its mark there, when both sides agreed. Here None stands
# for what the row has become when the outcome has been written.
Plan = dict[str, dict[str, tuple[str | None, str]]]


def mark(value: Any) -> str:
    """A short token of a value in a row; an empty text for a value that says nothing, as most of them do.

    >>> mark("Rossi") == token("Rossi")[:8], mark(0), mark(None)
    (True, '', '')
    """
    return token(value)[:_DIGITS] if value else ""


class Memory:
    """Marks of rows as both sides last agreed, as they are kept: short, for a list may have thousands of rows.

    Kept is ``{"of": names of fields, "rows": {key: marks}}``. The key is the hash of the row's identity; the marks of
    its fields stand one after the other, a dot for an empty one; those of the other side only where they differ.

    >>> plan = {"k": {"price": ("", "0123abcd"), "name": ("89ef4567", "89ef4567")}}
    >>> kept = Memory.kept(plan)
    >>> kept
    {'of': ['name', 'price'], 'rows': {'k': ['89ef4567.', '89ef45670123abcd']}}
    >>> Memory(kept).rows == plan
    True
    """

    def __init__(self, kept: Mapping[str, Any]):
        names = kept["of"]
        self.rows: Plan = {}
        for key, marks in kept["rows"].items():
            here, there = (marks, marks) if isinstance(marks, str) else marks
            self.rows[key] = dict(zip(names, zip(_parted(here), _parted(there), strict=True), strict=True))

    @staticmethod
    def kept(plan: Plan) -> dict[str, Any]:
        names = sorted({name for row in plan.values() for name in row})
        rows = {}
        for key, row in plan.items():
            pairs = [row.get(name, (NEVER, NEVER)) for name in names]
            here, there = ("".join(pair[side] or "." for pair in pairs) for side in (0, 1))
            rows[key] = here if here == there else [here, there]
        return {"of": names, "rows": rows}


def _parted(marks: str) -> list[str]:
    """The marks of a row, which stand one after the other."""
    result, place = [], 0
    while place < len(marks):
        size = 1 if marks[place] in (".", NEVER) else _DIGITS
        part = marks[place : place + size]
        result.append("" if part == "." else part)
        place += size
    return result
