# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is looked at before records are exchanged: do both databases have what the exchange needs?

Pure Python: nothing here knows Odoo. The rooms:

- ``findings``: :class:`Finding`, one thing that was looked at, and how it is.
- ``schemas``: :func:`compare`, the fields of a kind of data here and there.
"""

from .findings import Finding, Kind, Severity, is_good
from .schemas import Wanted, compare, compare_versions

__all__ = ["Finding", "Kind", "Severity", "Wanted", "compare", "compare_versions", "is_good"]
