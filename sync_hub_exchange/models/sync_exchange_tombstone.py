# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

_KEPT = timedelta(days=365)


class SyncExchangeTombstone(models.Model):
    """By which names deleted records were known, so that a peer that is late does not bring them back."""

    _name = "sync.exchange.tombstone"
    _description = "Deleted Exchanged Record"
    _rec_name = "external_id"

    model = fields.Char(required=True)
    external_id = fields.Char(string="External ID", required=True)
    deleted_at = fields.Datetime(required=True)

    _external_id_unique = models.Constraint("UNIQUE (external_id)", "A record is deleted once.")

    @api.model
    def _bury(self, deleted: list[tuple[str, str]]) -> None:
        """:param deleted: models and external ids"""
        if not deleted:
            return
        models_, names = zip(*deleted, strict=True)
        # Called at the moment of the commit; a name that was used again has its last end here.
        self.env.cr.execute(
            SQL(
                "INSERT INTO sync_exchange_tombstone (model, external_id, deleted_at) "
                "SELECT DISTINCT ON (name) model, name, clock_timestamp() AT TIME ZONE 'UTC' "
                "FROM unnest(%s::text[], %s::text[]) AS gone(model, name) "
                "ON CONFLICT (external_id) DO UPDATE SET deleted_at = EXCLUDED.deleted_at",
                list(models_),
                list(names),
            )
        )

    @api.model
    def _graves(self, names) -> dict[str, datetime]:
        """When records of these names were deleted here, by name; aware."""
        # What is gone tells nothing but that it is gone.
        found = self.sudo().search_fetch([("external_id", "in", list(names))], ["external_id", "deleted_at"])
        return {grave.external_id: grave.deleted_at.replace(tzinfo=UTC) for grave in found}

    @api.autovacuum
    def _gc_tombstones(self):
        """A year is enough for any peer."""
        self.search([("deleted_at", "<", fields.Datetime.now() - _KEPT)], limit=100_000).unlink()
