# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records on their way between two databases, and what becomes of one that both sides have changed.

Pure Python: nothing here knows Odoo. The rooms:

- ``values``: what a value looks like on its way, and the token by which two of them are told apart.
- ``merge``: :func:`decide`, what is taken, kept, added or asked when both sides have changed a record.
- ``rows``: :func:`merge_rows`, the same row by row, for rows that belong to their record.
- ``row_memory``: :class:`Memory`, what is remembered of such rows, in few bytes.
- ``strayed``: :func:`strayed`, what has become something else than what was written.
- ``convert``: how a value of one side becomes one of the other: tables, factors, forms of texts.
"""

from .closed import is_closed, is_secret
from .convert import Conversion, ConversionError
from .merge import Base, Decision, Policy, decide, newer
from .row_memory import Memory, Plan, mark
from .rows import Answer, Question, RowMerge, agreed, merge_rows, remember, row_of, settle_rows, still_asked
from .strayed import strayed
from .values import Reference, Wire, adopted, canonical_id, is_record, is_reference, is_standard, names_in, token

__all__ = [
    "Answer",
    "Base",
    "Conversion",
    "ConversionError",
    "Decision",
    "Memory",
    "Plan",
    "Policy",
    "Question",
    "Reference",
    "RowMerge",
    "Wire",
    "adopted",
    "agreed",
    "canonical_id",
    "decide",
    "is_closed",
    "is_record",
    "is_reference",
    "is_secret",
    "is_standard",
    "mark",
    "merge_rows",
    "names_in",
    "newer",
    "remember",
    "row_of",
    "settle_rows",
    "still_asked",
    "strayed",
    "token",
]
