# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "sync.portal.subject"]

    def _sync_portal_company(self):
        """Implementation of ``sync.portal.subject``."""
        return self

    def _sync_portal_links_domain(self):
        """Implementation of ``sync.portal.subject``."""
        ours = [("company_id", "in", self._origin.ids)] if self else []
        return [("customer_id", "=", False), *ours]
