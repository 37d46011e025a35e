# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the pages of accounts are read: one after the other, or some accounts ahead of the one that is imported.

Pure Python: threads see adapters and values, never a record or a cursor.
"""

from .ahead import FetchAhead
from .source import Direct, Source

__all__ = ["Direct", "FetchAhead", "Source"]
