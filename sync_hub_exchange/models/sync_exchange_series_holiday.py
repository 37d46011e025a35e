# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..series import Holiday


class SyncExchangeSeriesHoliday(models.Model):
    """A day on which no deadline that counts business days ends."""

    _name = "sync.exchange.series.holiday"
    _inherit = ["sync.exchange.series.law"]
    _description = "Holiday for Fiscal Deadlines"
    _order = "date, id"

    name = fields.Char(string="Holiday", required=True, translate=True)
    active = fields.Boolean(default=True)
    date = fields.Date(required=True)
    yearly = fields.Boolean(
        string="Every Year", default=True, help="On that day of every year since. Off: only on that very day."
    )
    state_id = fields.Many2one(
        "res.country.state",
        string="Federal Unit",
        domain="[('country_id.code', '=', 'BR')]",
        ondelete="restrict",
        help="Empty: it is one in the whole country.",
    )
    source = fields.Char(help="The law that makes it one.")

    # -- Values --------------------------------------------------------------------------------------------------------

    @api.model
    def _all_holidays(self) -> list[Holiday]:
        """All holidays, as values."""
        # Known to everybody, like the rules.
        found = self.sudo().search([("active", "=", True)])
        return [Holiday(day.date, yearly=day.yearly, uf=day.state_id.code or None) for day in found]
