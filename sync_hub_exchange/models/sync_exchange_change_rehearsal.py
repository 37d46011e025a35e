# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class SyncExchangeChange(models.Model):
    _inherit = "sync.exchange.change"

    @api.model
    def _of_this_transaction(self, model: str, asking: str) -> list[int]:
        """Records that the current transaction has changed so far, but for what came from a peer.

        A cursor shows them once the transaction is committed, which that of a rehearsal never is.
        """
        self.env.cr.flush()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT res_id FROM sync_exchange_change WHERE model = %s AND names IS NULL "
                "AND txid = pg_current_xact_id() AND origin IS DISTINCT FROM %s",
                model,
                asking,
            )
        )
        return [res_id for (res_id,) in rows]


class SyncExchangeWatch(models.Model):
    _inherit = "sync.exchange.watch"

    @api.model
    def _is_watched(self, peer: str, wanted) -> bool:
        """Whether all of these models are watched for a peer by now."""
        # Who asks learns of its own watches only.
        return set(wanted) <= set(self.sudo().search([("peer", "=", peer)]).mapped("model"))
