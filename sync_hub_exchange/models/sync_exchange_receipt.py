# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

_KEPT = timedelta(days=60)


class SyncExchangeReceipt(models.Model):
    """Which message with quantities was taken last of a peer, for a peer that has not heard the answer.

    Of all else it is enough to compare: a value that is there already is not written again. A quantity that was taken
    and has changed again since looks like one that was never taken.
    """

    _name = "sync.exchange.receipt"
    _description = "Receipt for a Peer"
    _rec_name = "once"

    peer = fields.Char(required=True, help="Identity of the database that sent it.")
    model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    once = fields.Char(required=True, help="Number of the message.")
    taken_at = fields.Datetime(required=True)

    _record_unique = models.Constraint("UNIQUE (peer, model, res_id)", "Only the last one is kept.")

    @api.model
    def _give(self, peer: str, model: str, taken: dict[int, str]) -> None:
        """:param taken: id of a record -> number of the message"""
        if not taken:
            return
        # One statement for a chunk; a later message takes the place of an earlier one.
        self.env.cr.execute(
            SQL(
                "INSERT INTO sync_exchange_receipt (peer, model, res_id, once, taken_at) "
                "SELECT %s, %s, res_id, once, now() AT TIME ZONE 'UTC' FROM unnest(%s::int[], %s::text[]) "
                "AS taken(res_id, once) ON CONFLICT (peer, model, res_id) "
                "DO UPDATE SET once = EXCLUDED.once, taken_at = EXCLUDED.taken_at",
                peer,
                model,
                list(taken),
                list(taken.values()),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _of(self, peer: str, model: str, ids) -> dict[int, str]:
        """Numbers of the messages that were taken last, by id of the record."""
        # A number that only its sender knows what to do with.
        found = self.sudo().search_fetch(
            [("peer", "=", peer), ("model", "=", model), ("res_id", "in", list(ids))], ["res_id", "once"]
        )
        return {receipt.res_id: receipt.once for receipt in found}

    @api.autovacuum
    def _gc_receipts(self):
        """Whoever has not asked for so long compares everything anew."""
        self.search([("taken_at", "<", fields.Datetime.now() - _KEPT)], limit=100_000).unlink()
