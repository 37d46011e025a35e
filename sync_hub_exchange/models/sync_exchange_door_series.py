# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SyncExchangeDoor(models.AbstractModel):
    """Fiscal series: what a peer must know so that no series is numbered twice."""

    _inherit = "sync.exchange.door"

    @api.model
    def series(self) -> list[dict]:
        """The series that this database uses and those that it knows of others, of the companies of the key's user.

        :return: dicts with ``tax_number``, ``document_model``, ``series``, ``kind``, ``database`` (identity of the one
            that uses it) and ``name``, see ``as_row``
        :raises AccessError: when the key's user may not exchange records
        """
        self._admit()
        return self.env["sync.exchange.series"]._rows()
