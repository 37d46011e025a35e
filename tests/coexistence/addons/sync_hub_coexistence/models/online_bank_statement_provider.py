# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class OnlineBankStatementProvider(models.Model):
    """OCA's importer, whose service "dummy" brings what the context says: rows of the sandbox bank."""

    _inherit = "online.bank.statement.provider"

    def _obtain_statement_data(self, date_since, date_until):
        if self.service != "dummy":
            return super()._obtain_statement_data(date_since, date_until)
        rows = self.env.context.get("rows_of_the_bank", ())
        return [dict(row) for row in rows], {}
