# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From what a bank sent to what accounting keeps: the rules, without Odoo.

- ``identity``: what makes two rows the same movement.
- ``matching``: known or new, for the rows of one fetch.
- ``settling``: one and the same after all, when the whole fetch has come.
- ``finding``: what a landing would make of a fetch, without one.
- ``transcript``: a row as JSON, while a user looks at it.
- ``window``: from which day to ask.
- ``decision``: book, wait, or propose, with the reason.
- ``twins``: which rows the journal has already, from elsewhere.
- ``grouping``: which statement a day belongs to.
- ``label``: the words on the statement line.
- ``balance``: since when the books differ from the bank.
"""

from .balance import BalanceCheck, FirstDifference, Ledger, Moved, day_end, first_difference
from .decision import Decision, InboxState, Reason, decide
from .finding import Finding, Found, Survey
from .grouping import StatementPeriod, period_key
from .identity import fingerprint
from .label import label
from .matching import KnownRow, KnownRows, Match, MatchKind
from .settling import Settlement, Verdict, settle
from .transcript import read_back, write_down
from .twins import NEAR, Entry, Likeness, Twin, find_twins, fold
from .window import OVERLAP, fetch_from, first_day

__all__ = [
    "NEAR",
    "OVERLAP",
    "BalanceCheck",
    "Decision",
    "Entry",
    "Finding",
    "FirstDifference",
    "Found",
    "InboxState",
    "KnownRow",
    "KnownRows",
    "Ledger",
    "Likeness",
    "Match",
    "MatchKind",
    "Moved",
    "Reason",
    "Settlement",
    "StatementPeriod",
    "Survey",
    "Twin",
    "Verdict",
    "day_end",
    "decide",
    "fetch_from",
    "find_twins",
    "fingerprint",
    "first_day",
    "first_difference",
    "fold",
    "label",
    "period_key",
    "read_back",
    "settle",
    "write_down",
]
