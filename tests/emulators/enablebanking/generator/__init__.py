# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Believable business movements, the same ones for the same seed.

``plan`` decides when, of what kind and how much; ``kinds`` writes each row's texts; ``names``
and ``parties`` say who; ``invoices`` pays real invoices; ``stream`` puts it together.
"""

from .stream import MovementStream

__all__ = ["MovementStream"]
