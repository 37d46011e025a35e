# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is kept to in files that are handed over: names that every system can unpack, cells that no sheet computes. Pure
Python."""

from .cells import harmless
from .names import safe_name, unique_name

__all__ = ["harmless", "safe_name", "unique_name"]
