# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From what a source says that there is to what is to be set here: the rules, without Odoo.

- ``values``: what the source says, and under which key goods have one quantity.
- ``sheet``: a list of goods from a CSV file or an Excel workbook (``csv_table``, ``xlsx_table``, ``headings``,
  ``decimals``), with ``file_faults``.
- ``wire``: the same list as another database sends it.
- ``matching``: which record here a name of the source means.
- ``measuring``, ``tracking``: quantities in other units, lots and serial numbers.
- ``comparing``: there against here.
- ``verdicts``: the last look before a quantity is set.
- ``flaws``: why one is not set.
"""

from .comparing import Difference, Doubt, Kind, compare
from .file_faults import CellFault, CellProblem, FileProblem, UnreadableFile
from .flaws import Flaw
from .matching import Candidate, Catalogue, Match, folded
from .measuring import converted, rounded
from .sheet import Sheet, read_file
from .tracking import tracking_flaw
from .values import NOTHING, Here, Key, SourceLine, StockKey, Wanted
from .verdicts import flaw_of_setting, shortage
from .wire import Page, gathered, read_key, read_page

__all__ = [
    "NOTHING",
    "Candidate",
    "Catalogue",
    "CellFault",
    "CellProblem",
    "Difference",
    "Doubt",
    "FileProblem",
    "Flaw",
    "Here",
    "Key",
    "Kind",
    "Match",
    "Page",
    "Sheet",
    "SourceLine",
    "StockKey",
    "UnreadableFile",
    "Wanted",
    "compare",
    "converted",
    "flaw_of_setting",
    "folded",
    "gathered",
    "read_file",
    "read_key",
    "read_page",
    "rounded",
    "shortage",
    "tracking_flaw",
]
