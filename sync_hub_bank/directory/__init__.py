# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The directory of banks: names as people type them, and the same bank in the lists of several services. No Odoo."""

from .names import bank_name, lexemes, sorting_name, typed_words
from .same_bank import Entry, bank_keys

__all__ = ["Entry", "bank_keys", "bank_name", "lexemes", "sorting_name", "typed_words"]
