# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# A peer that has not asked for so long has to begin anew.
_FORGOTTEN = timedelta(days=90)


class SyncExchangeWatch(models.Model):
    """Which models a peer wants to hear of."""

    _name = "sync.exchange.watch"
    _description = "Model That a Peer Watches"
    _order = "model, peer"

    peer = fields.Char(required=True, help="Identity of the database that asks.")
    model = fields.Char(required=True)
    # Of parts: the field that leads from a row to the record to which it belongs.
    owner_field = fields.Char()
    asked_at = fields.Datetime(required=True)

    _peer_model_unique = models.Constraint("UNIQUE (peer, model)", "A peer watches a model once.")

    @api.model
    def _watched_models(self) -> dict[str, str]:
        """See ``sync.exchange.change._watched``."""
        # Read for everybody who writes a record: which models are exchanged is no secret.
        rows = self.sudo().search_fetch([], ["model", "owner_field"]).filtered(lambda row: row._is_sound())
        parts_first = rows.sorted(lambda row: bool(row.owner_field), reverse=True)
        return {row.model: row.owner_field or "" for row in parts_first}

    def _is_sound(self) -> bool:
        """Whether such records can be told to whom they belong. Peers say what they like, and addons come and go; none
        of it may keep people here from saving their work."""
        self.ensure_one()
        if self.model not in self.env:
            return False
        owner = self.env[self.model]._fields.get(self.owner_field)
        return not self.owner_field or (owner is not None and owner.type == "many2one" and not owner.groups)

    @api.model
    def _watch(self, peer: str, wanted: dict[str, str]) -> bool:
        """Note changes of these models for a peer from now on.

        :param wanted: model -> owner field
        :return: whether all of them were watched before
        """
        now = fields.Datetime.now()
        # Peers may ask for what their key's user may read; the list itself is nobody's to change by hand.
        watches = self.sudo()
        known = {row.model: row for row in watches.search([("peer", "=", peer)])}
        new = {model: owner for model, owner in wanted.items() if model not in known}
        stale = [row.id for row in known.values() if row.asked_at < now - timedelta(days=1)]
        if stale:
            watches.browse(stale).asked_at = now
        if not new:
            return True
        # Two runs of a peer may ask for the first time together.
        for model, owner in new.items():
            self.env.cr.execute(
                SQL(
                    "INSERT INTO sync_exchange_watch (peer, model, owner_field, asked_at, create_date, create_uid) "
                    "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    peer, model, owner or None, now, now, self.env.uid,
                )
            )
        watches.invalidate_model()
        self.env.registry.clear_cache()
        return False

    @api.autovacuum
    def _gc_watches(self):
        """Note nothing more for peers that do not ask any more."""
        gone = self.search([("asked_at", "<", fields.Datetime.now() - _FORGOTTEN)])
        if gone:
            gone.unlink()
            self.env.registry.clear_cache()
