# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: the sync operator works for new companies too."""
        companies = super().create(vals_list)
        companies._admit_sync_operator()
        return companies

    def _admit_sync_operator(self) -> None:
        # Whoever may create a company may let the operator in; it can read and write nothing but what its groups
        # say, and nobody can log in as it.
        operator = self.env.ref("sync_hub.user_operator", raise_if_not_found=False)
        if operator:
            operator.sudo().write({"company_ids": [Command.link(company.id) for company in self]})

    def unlink(self):
        """Override of ``base``: schedules go with their company, and their scheduled actions with them."""
        # Whoever may delete the company may delete what only serves it.
        schedules = self.env["sync.schedule"].sudo().with_context(active_test=False)
        schedules.search([("company_id", "in", self.ids)]).unlink()
        return super().unlink()
