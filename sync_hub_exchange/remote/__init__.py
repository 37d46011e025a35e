# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How another database is spoken to."""

from .database import RemoteDatabase

__all__ = ["RemoteDatabase"]
