# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.tools import SQL

# In ``cr.precommit.data``: what has changed since it was written last.
_CHANGED = "sync_exchange_changed"
# In ``cr.cache``: what of it comes from a peer; Odoo runs what waits for the commit at each savepoint too.
_ORIGINS = "sync_exchange_origins"
# Context of what makes records for a peer: its identity.
ORIGIN = "sync_exchange_origin"
# So long changes are kept; a peer that asks later compares everything anew.
KEPT = timedelta(days=60)
_STILL_GOOD = timedelta(days=55)
# A transaction may run for long; what it changes and nobody noted is found by the verification. Seconds.
PATIENCE, PAUSE = 30.0, 0.2


class Page(NamedTuple):
    """A page of changes: ids that were written, names of records that were deleted, and where to go on.

    :param gone: of each deleted record its id and all its external ids
    :param more: whether the next page is there already
    """

    written: list[int]
    gone: list[tuple[int, list[str]]]
    cursor: dict
    more: bool


class SyncExchangeChange(models.Model):
    """The outbox: which records have changed, in the order of PostgreSQL's transactions.

    A cursor is a snapshot of PostgreSQL's. What is visible now and was not visible in it is new: equal times, clocks
    that differ and transactions that commit late cannot hide a change, because no time takes part.
    """

    _name = "sync.exchange.change"
    _description = "Change of an Exchanged Record"
    _order = "id"

    model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    # External ids of a record that was deleted; it cannot be asked any more.
    names = fields.Json()
    origin = fields.Char(help="Identity of the database from which this change came.")
    noted_at = fields.Datetime(required=True)

    def init(self):
        """Number of the transaction: a type that fields do not have, filled by PostgreSQL itself."""
        self.env.cr.execute(
            SQL(
                "ALTER TABLE sync_exchange_change "
                "ADD COLUMN IF NOT EXISTS txid xid8 NOT NULL DEFAULT pg_current_xact_id()"
            )
        )
        self.env.cr.execute(
            SQL("CREATE INDEX IF NOT EXISTS sync_exchange_change_feed ON sync_exchange_change (model, txid, id)")
        )

    # -- Noting --------------------------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache(cache="default")
    def _watched(self) -> dict[str, str]:
        """Models whose changes are noted: model -> name of the field that leads to the record to which it belongs, or
        an empty text."""
        return self.env["sync.exchange.watch"]._watched_models()

    @api.model
    def _note_new(self, records) -> None:
        origin = self.env.context.get(ORIGIN)
        if origin and origin[0] == records._name:
            self._mark_origin(records._name, records.ids, origin[1])
        self._note(records)

    @api.model
    def _note(self, records) -> None:
        if not self.pool.ready or records._name not in (watched := self._watched()):
            return
        owner = watched[records._name]
        owners = records[owner] if owner else records
        changed = self._changed()
        for record in owners:
            if record.id:
                changed.setdefault((owners._name, record.id), None)

    @api.model
    def _note_unlink(self, records) -> None:
        if not self.pool.ready or records._name not in (watched := self._watched()):
            return
        if watched[records._name]:
            self._note(records)
            return
        changed = self._changed()
        for res_id, names in self.env["sync.exchange.identity"]._names_of(records, make=False).items():
            # Without a name only that something was; another transaction may be giving it one at this moment.
            changed[records._name, res_id] = names or None

    @api.model
    def _changed(self) -> dict:
        """(model, id) -> external ids if it was deleted; of this transaction. Written when it is committed."""
        precommit = self.env.cr.precommit
        if _CHANGED not in precommit.data:
            precommit.data[_CHANGED] = {}
            precommit.add(self._write_changes)
        return precommit.data[_CHANGED]

    @api.model
    def _mark_origin(self, model: str, ids, origin: str) -> None:
        """Say that what this transaction will change of these records came from a peer, which need not get it back."""
        origins = self.env.cr.cache.setdefault(_ORIGINS, {})
        origins.update(dict.fromkeys(((model, res_id) for res_id in ids), origin))

    @api.model
    def _forget_origins(self) -> None:
        """What changes from now on is this database's own doing."""
        self.env.cr.cache.pop(_ORIGINS, None)

    @api.model
    def _write_changes(self) -> None:
        changed = self.env.cr.precommit.data.pop(_CHANGED, {})
        origins = self.env.cr.cache.get(_ORIGINS, {})
        if not changed:
            return
        rows = [
            (model, res_id, json.dumps(names) if names else None, origins.get((model, res_id)))
            for (model, res_id), names in changed.items()
        ]
        models_, ids, names, senders = zip(*rows, strict=True)
        # At the moment of the commit the ORM has been flushed already; one statement, whatever the number of rows.
        self.env.cr.execute(
            SQL(
                "INSERT INTO sync_exchange_change (model, res_id, names, origin, noted_at) "
                "SELECT model, res_id, names::jsonb, origin, clock_timestamp() AT TIME ZONE 'UTC' "
                "FROM unnest(%s::text[], %s::int[], %s::text[], %s::text[]) AS change(model, res_id, names, origin)",
                list(models_),
                list(ids),
                list(names),
                list(senders),
            )
        )
        deleted = [(model, name) for model, _id, _names, _origin in rows for name in changed[model, _id] or ()]
        self.env["sync.exchange.tombstone"]._bury(deleted)

    # -- Reading -------------------------------------------------------------------------------------------------------

    @api.model
    def _position(self) -> dict:
        """A cursor from which all later changes are seen."""
        [(snapshot,)] = self.env.execute_query(SQL("SELECT pg_current_snapshot()::text"))
        return {"since": snapshot, "at": datetime.now(UTC).isoformat()}

    @api.model
    def _clock(self) -> datetime:
        """What time it is for the database, which says when records were written; aware."""
        [(now,)] = self.env.execute_query(SQL("SELECT clock_timestamp() AT TIME ZONE 'UTC'"))
        return now.replace(tzinfo=UTC)

    @api.model
    def _is_expired(self, cursor: dict) -> bool:
        """Whether changes after a cursor may be gone: it is old, or the database came to another server, where the
        numbers of transactions began anew."""
        if datetime.fromisoformat(cursor["at"]) < datetime.now(UTC) - _STILL_GOOD:
            return True
        [(ahead,)] = self.env.execute_query(
            SQL(
                "SELECT pg_snapshot_xmin(%s::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())", cursor["since"]
            )
        )
        return ahead

    @api.model
    def _page(self, model: str, cursor: dict, limit: int, asking: str) -> Page:
        """Changes of a model after a cursor, each record once.

        :param asking: identity of the peer that asks; what came from it is left out
        """
        until = cursor.get("until") or self._position()["since"]
        rows = self.env.execute_query(
            SQL(
                "SELECT id, txid::text, res_id, names, origin FROM sync_exchange_change WHERE %s "
                "ORDER BY txid, id LIMIT %s",
                self._follow(model, cursor, until),
                limit,
            )
        )
        more = len(rows) == limit
        now = datetime.now(UTC).isoformat()
        if more:
            after = {"since": cursor["since"], "until": until, "txid": rows[-1][1], "id": rows[-1][0]}
            # What the cursor promises is as old as its snapshot.
            after["at"] = cursor["at"]
        else:
            after = {"since": until, "at": cursor["at"] if cursor.get("until") else now}
        foreign = [row for row in rows if row[4] != asking]
        written = list(dict.fromkeys(row[2] for row in foreign if not row[3]))
        return Page(written, [(row[2], row[3]) for row in foreign if row[3]], after, more)

    @api.model
    def _follow(self, model: str, cursor: dict, until: str) -> SQL:
        """The changes of a model after a cursor that were visible in a snapshot, as a condition."""
        # Snapshots and numbers of transactions are unknown to the ORM.
        return SQL(
            "model = %(model)s AND txid >= pg_snapshot_xmin(%(since)s::pg_snapshot) "
            "AND NOT pg_visible_in_snapshot(txid, %(since)s::pg_snapshot) "
            "AND pg_visible_in_snapshot(txid, %(until)s::pg_snapshot) "
            "AND (txid, id) > (%(txid)s::xid8, %(last)s)",
            model=model,
            since=cursor["since"],
            until=until,
            txid=cursor.get("txid", "0"),
            last=cursor.get("id", 0),
        )

    @api.model
    def _changed_after(self, model: str, cursor: dict, asking: str) -> tuple[SQL, SQL]:
        """Ids of the records of a model that were written after a cursor, and of those that were deleted, as queries.

        :param asking: see ``_page``
        """
        following = self._follow(model, cursor, cursor.get("until") or self._position()["since"])
        query = SQL(
            "SELECT res_id FROM sync_exchange_change WHERE %s AND origin IS DISTINCT FROM %s", following, asking
        )
        return SQL("(%s AND names IS NULL)", query), SQL("(%s AND names IS NOT NULL)", query)

    @api.model
    def _running_since(self, moment: str | None) -> tuple[bool, str]:
        """Whether transactions still run that began before a moment, which do not know yet what is watched.

        Not those in which Odoo's scheduler holds a scheduled action while that is done, in a transaction of its own:
        they are open as long as it works, the one that asks included, and write no record.

        :param moment: what this method returned before; None to begin
        :return: whether some do; the moment to ask for
        """
        if moment is None:
            [(now,)] = self.env.execute_query(SQL("SELECT clock_timestamp()::text"))
            return True, now
        # The transaction in which Odoo keeps a scheduled action locked lasts as long as the action, which may be the
        # one that waits here. It has locked the action and deleted what triggered it, and writes no records. Whoever
        # triggers an action has used a number for that, and is waited for.
        [(running,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM pg_stat_activity AS other WHERE datname = current_database() "
                "AND pid != pg_backend_pid() AND xact_start < %s::timestamptz AND NOT EXISTS ("
                "SELECT FROM pg_locks LEFT JOIN pg_index ON indexrelid = relation "
                "WHERE pid = other.pid AND locktype = 'relation' "
                "HAVING bool_or(relation = 'ir_cron'::regclass AND mode = 'RowShareLock') AND bool_and("
                "mode != 'RowExclusiveLock' OR COALESCE(indrelid, relation) = 'ir_cron_trigger'::regclass))",
                moment,
            )
        )
        return bool(running), moment

    @api.model
    def _wait_for_older(self) -> bool:
        """Wait, and commit meanwhile, until transactions have ended that began before what is watched now.

        :return: whether they have; False when our patience ended first
        """
        # Other workers hear of it now; those that are in the middle of a transaction do not.
        self.env.registry.signal_changes()
        running, moment = self._running_since(None)
        until = time.monotonic() + PATIENCE
        while running and time.monotonic() < until:
            self.env.cr.commit()
            time.sleep(PAUSE)
            running, moment = self._running_since(moment)
        return not running

    @api.autovacuum
    def _gc_changes(self):
        """Forget changes that every peer has had the time to fetch."""
        self.search([("noted_at", "<", fields.Datetime.now() - KEPT)], limit=100_000).unlink()
