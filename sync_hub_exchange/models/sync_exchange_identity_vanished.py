# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable

from odoo import api, models


class SyncExchangeIdentity(models.AbstractModel):
    """Names of records that PostgreSQL deleted along with others: Odoo has not noticed, so the names are left."""

    _inherit = "sync.exchange.identity"

    @api.model
    def _free_vanished(self, model: str, ids: Iterable[int]) -> dict[int, list[str]]:
        """Free the names of records that are gone.

        :param ids: of records; those that exist are left alone
        :return: id -> names
        """
        gone = set(ids) - set(self.env[model].browse(ids).exists().ids)
        # Names of nothing: nobody loses what anybody could have.
        left = self.env["ir.model.data"].sudo().search([("model", "=", model), ("res_id", "in", list(gone))])
        names: dict[int, list[str]] = {}
        for row in left:
            if name := self._outward(f"{row.module}.{row.name}"):
                names.setdefault(row.res_id, []).append(name)
        left.unlink()
        return names
