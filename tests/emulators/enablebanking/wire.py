# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The switches that travel between processes."""

from __future__ import annotations

from ..wire import switches_of
from .switches import Switches

SWITCHES = switches_of(Switches)
