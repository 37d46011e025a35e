# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SyncExchangeSeriesLaw(models.AbstractModel):
    """What deadlines of fiscal documents follow from: rules and holidays. Whoever changes it changes them."""

    _name = "sync.exchange.series.law"
    _description = "Law on Fiscal Series"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: deadlines follow."""
        made = super().create(vals_list)
        self._deadlines_follow()
        return made

    def write(self, vals):
        """Override of ``base``: deadlines follow."""
        result = super().write(vals)
        self._deadlines_follow()
        return result

    def unlink(self):
        """Override of ``base``: deadlines follow."""
        result = super().unlink()
        self._deadlines_follow()
        return result

    def _deadlines_follow(self) -> None:
        self.env["sync.exchange.series.document"]._rules_changed()
