# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

_KEPT = timedelta(days=60)


class Edit(NamedTuple):
    """The last time that somebody, not an exchange, changed a record. The later one is the greater one; at the same
    moment the database decides, so that all sides come to the same answer.

    :param at: by the clock of the database that is asked; aware
    :param by: identity of the database in which it was changed
    """

    at: datetime
    by: str

    @classmethod
    def of(cls, record: dict) -> "Edit":
        """Of a record as it travels."""
        return cls(datetime.fromisoformat(record["at"]), record.get("by") or "")


class SyncExchangeStamp(models.Model):
    """Who changed a record last, where an exchange has written it since: what was passed on is no newer for that.

    Without it the same change would look newer with each database that it reaches, and of two changes each would
    overtake the other for ever, round a ring of databases.
    """

    _name = "sync.exchange.stamp"
    _description = "Last Change of an Exchanged Record"
    _rec_name = "model"

    model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    # When the exchange wrote the record; whoever wrote it later is somebody else.
    written_at = fields.Datetime(required=True)
    edited_at = fields.Datetime(required=True)
    edited_by = fields.Char(required=True)

    _record_unique = models.Constraint("UNIQUE (model, res_id)", "A record was changed last once.")

    @api.model
    def _edits_of(self, model: str, written: dict[int, datetime]) -> dict[int, Edit]:
        """:param written: id of each record -> its naive ``write_date``"""
        own = self.env["sync.exchange.peer"]._own_uuid()
        # When a record was changed, and where, may be known to whoever sees the record.
        stamps = self.sudo().search_fetch(
            [("model", "=", model), ("res_id", "in", list(written))], ["res_id", "written_at", "edited_at", "edited_by"]
        )
        passed_on = {
            stamp.res_id: Edit(stamp.edited_at.replace(tzinfo=UTC), stamp.edited_by)
            for stamp in stamps
            if written[stamp.res_id] <= stamp.written_at
        }
        return {
            res_id: passed_on.get(res_id) or Edit(moment.replace(tzinfo=UTC), own) for res_id, moment in written.items()
        }

    @api.model
    def _stamp(self, model: str, edits: dict[int, Edit]) -> None:
        """Say of records that this transaction has written by whom they were changed.

        :param edits: by id
        """
        if not edits:
            return
        self.env.flush_all()
        # One statement for a chunk, with the very moment that stands in the records.
        self.env.cr.execute(
            SQL(
                "INSERT INTO sync_exchange_stamp (model, res_id, written_at, edited_at, edited_by) "
                "SELECT %s, edit.res_id, record.write_date, edit.at, edit.by FROM "
                "unnest(%s::int[], %s::timestamp[], %s::text[]) AS edit(res_id, at, by) "
                "JOIN %s AS record ON record.id = edit.res_id ON CONFLICT (model, res_id) DO UPDATE SET "
                "written_at = EXCLUDED.written_at, edited_at = EXCLUDED.edited_at, edited_by = EXCLUDED.edited_by",
                model,
                list(edits),
                [edit.at.astimezone(UTC).replace(tzinfo=None) for edit in edits.values()],
                [edit.by for edit in edits.values()],
                SQL.identifier(self.env[model]._table),
            )
        )
        self.invalidate_model(flush=False)

    @api.autovacuum
    def _gc_stamps(self):
        """After so long both sides have agreed."""
        self.search([("written_at", "<", fields.Datetime.now() - _KEPT)], limit=100_000).unlink()
