# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..consent import DEFAULT_DAYS, parse_days


class ResCompany(models.Model):
    """How a company wants to hear of consents that end."""

    _inherit = "res.company"

    sync_consent_days = fields.Char(
        string="Announce the End of a Consent (days before)",
        default=DEFAULT_DAYS,
        help="On so many days before a consent at a bank ends, its responsible user gets an activity and an e-mail. "
        "Empty: never.",
    )

    @api.constrains("sync_consent_days")
    def _check_sync_consent_days(self):
        for company in self:
            try:
                parse_days(company.sync_consent_days or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._("“%s” is no list of days: write numbers from 1 to 365, such as 14, 7, 1.",
                               company.sync_consent_days)
                ) from error

    def _consent_days(self) -> tuple[int, ...]:
        return parse_days(self.sync_consent_days or "")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sync_consent_days = fields.Char(related="company_id.sync_consent_days", readonly=False)
