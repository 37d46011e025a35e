# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SyncCompanyMixin(models.AbstractModel):
    """Records of a company, which are not given to another one behind its back."""

    _name = "sync.company.mixin"
    _description = "Record of a Company"

    def write(self, vals):
        """Override of ``base``: core looks at record rules before a write, so that what the write does to the company
        goes unseen."""
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")
        return result
