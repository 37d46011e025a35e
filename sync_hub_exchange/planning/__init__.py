# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In which order kinds of data are exchanged.

Pure Python: nothing here knows Odoo.
"""

from .order import in_order

__all__ = ["in_order"]
