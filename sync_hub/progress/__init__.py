# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How fast a run goes on and how long it will still take, from what is committed. Pure Python."""

from .pace import Pace, pace

__all__ = ["Pace", "pace"]
