# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class Base(models.AbstractModel):
    """Changes of records that are exchanged are noted in the transaction that makes them, wherever they come from."""

    _inherit = "base"

    def _create(self, data_list):
        """Override of ``base``: below ``create``, so that no override of it goes unseen."""
        records = super()._create(data_list)
        self.env["sync.exchange.change"]._note_new(records)
        return records

    def _write_multi(self, vals_list):
        """Override of ``base``: all that is written passes here, stored computed fields too."""
        result = super()._write_multi(vals_list)
        self.env["sync.exchange.change"]._note(self)
        return result

    def unlink(self):
        """Override of ``base``: by what name a record was known is told while it still has one."""
        self.env["sync.exchange.change"]._note_unlink(self)
        return super().unlink()
