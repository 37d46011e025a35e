# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResPartner(models.Model):
    """A customer of a practice can be enabled for the accountant's site like a company."""

    _name = "res.partner"
    _inherit = ["res.partner", "sync.portal.subject"]

    def _sync_portal_company(self):
        """Implementation of ``sync.portal.subject``."""
        return self.env.company

    def _sync_portal_links_domain(self):
        """Implementation of ``sync.portal.subject``."""
        ours = [("customer_id", "in", self._origin.ids)] if self else [("customer_id", "!=", False)]
        return [("company_id", "=", self.env.company.id), *ours]
