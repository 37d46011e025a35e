# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``sync_hub``: a new company has the schedule of bank transactions too."""
        companies = super().create(vals_list)
        companies._create_bank_schedules()
        return companies

    def _create_bank_schedules(self) -> None:
        """The schedule that synchronizes all bank connections of a company, once per company."""
        # Whoever may create a company gets its schedule with it, with or without a right of Sync Hub; it does nothing
        # before a bank is connected.
        environment = self.sudo().env
        service = environment.ref("sync_hub_bank.service_bank_transactions", raise_if_not_found=False)
        if not service:
            return
        # During an installation the name of the model in the message would stay English: translations come later.
        Schedule = environment["sync.schedule"].with_context(active_test=False, mail_create_nolog=True)
        for company in self:
            if Schedule.search_count([("service_id", "=", service.id), ("company_id", "=", company.id)]):
                continue
            Schedule.create(service._schedule_values(company))
