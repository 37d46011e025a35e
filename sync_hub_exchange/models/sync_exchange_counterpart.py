# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..records import canonical_id
from .sync_exchange_wire import key_of


class SyncExchangeCounterpart(models.Model):
    """A record of the other database that can be chosen as the counterpart of one here: a tax, an account, a unit..."""

    _name = "sync.exchange.counterpart"
    _description = "Code of a Peer Database"
    _inherit = ["sync.company.mixin"]
    _order = "peer_id, model, name, id"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    model = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    reference = fields.Json(readonly=True, help="How it travels.")

    _key_unique = models.Constraint("UNIQUE (peer_id, model, key)", "A record of the other database is listed once.")

    @api.model
    def _keep(self, peer, model: str, references: list[dict]) -> dict:
        """Remember records of the other database.

        :param references: as they travel
        :return: key of each reference, see ``key_of`` -> its row
        """
        # Written by nobody by hand: whoever may check a peer may be told what it has.
        rows = self.sudo()
        known = {row.key: row for row in rows.search([("peer_id", "=", peer.id), ("model", "=", model)])}
        kept = {}
        for reference in references:
            key = canonical_id(reference["ids"]) or key_of(reference)
            if not key:
                continue
            values = {"name": reference.get("name") or key, "reference": reference}
            row = known.get(key)
            if row is None:
                row = rows.create({"peer_id": peer.id, "model": model, "key": key, **values})
                known[key] = row
            elif row.name != values["name"] or row.reference != reference:
                row.write(values)
            kept[key_of(reference)] = row.sudo(False)
        return kept
