# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from datetime import UTC, datetime

from odoo import models
from odoo.exceptions import UserError

from ..planning import in_order
from .sync_exchange_change import PATIENCE, PAUSE

# A round that brings fewer changes than this is followed by the last one, which is a single transaction.
_FEW = 2000
_MOST_ROUNDS = 10
_FIRST_PHASE = "begin"
_END = "end"


class SyncExchangeSnapshot(models.Model):
    """How a snapshot is written: in as many slices as it takes, and still of one moment.

    As a base backup of PostgreSQL is taken while it is worked with: the place in the outbox is noted, all records are
    copied part by part, and then what has changed meanwhile is written behind them, again and again until it is
    little. What is left then is written in one transaction, which sees the data of one moment: with it the parts say
    what there was at that moment. Each part is a file that is committed along with the checkpoint.
    """

    _inherit = "sync.exchange.snapshot"

    def _generate(self, until: float) -> bool:
        """Write the file: the step of the work."""
        work = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids, lang="en_US", tz="UTC"
        )
        while (phase := work.checkpoint.get("phase", _FIRST_PHASE)) != _END:
            if not getattr(work, f"_phase_{phase}")(until) or time.monotonic() >= until:
                break
        return work.checkpoint.get("phase") == _END

    # -- Phases: each returns False when the time is up ----------------------------------------------------------------

    def _phase_begin(self, until: float) -> bool:
        """Have changes noted."""
        self._name_it()
        self._make_part_key()
        cursors = self._cursors_before()
        known = self._watch_chain()
        if cursors and not known:
            raise self._too_old()
        self._reach(phase="follow" if cursors else "wait", cursors=cursors, round=1, place=0, wrote=0, after=0)
        self.env.cr.commit()
        return True

    def _phase_wait(self, until: float) -> bool:
        """Wait for transactions that began before, and do not know that their changes are to be noted."""
        # The outbox is closed to users; here nothing of it is read, only time passes.
        outbox = self.env["sync.exchange.change"].sudo()
        moment = self.checkpoint.get("moment")
        if not moment:
            # Other workers hear of it now, even if the one that noted it was killed before it said so; those that are
            # in the middle of a transaction do not.
            self.env.registry.clear_cache()
            self.env.registry.signal_changes()
            _running, moment = outbox._running_since(None)
            self._reach(moment=moment, waits_since=time.time())
        while outbox._running_since(moment)[0]:
            if time.time() - self.checkpoint["waits_since"] > PATIENCE:
                raise UserError(
                    self.env._(
                        "Something in this database, say an import or a report, has been at work since before the "
                        "snapshot was begun, and does not end: what it changes could be missing in the snapshot. "
                        "Generate it again when that has ended. Your administrator sees what it is in PostgreSQL's "
                        "list of activities (pg_stat_activity)."
                    )
                )
            self.env.cr.commit()
            if time.monotonic() >= until:
                return False
            time.sleep(PAUSE)
        # From here on a transaction that sees what these have left.
        self.env.cr.commit()
        position = outbox._position()
        self._reach(phase="copy", cursors={kind.model: position for kind in self.kind_ids})
        self.env.cr.commit()
        return True

    def _phase_copy(self, until: float) -> bool:
        """Copy all records, kind by kind, part by part."""
        kinds = self._kinds_in_order()
        while (place := self.checkpoint["place"]) < len(kinds):
            after, count, complete = kinds[place]._copy_part(self.checkpoint["after"], until)
            self._tell(done_count=self.done_count + count)
            if complete:
                self._reach(place=place + 1, after=0)
            else:
                self._reach(after=after)
            self.env.cr.commit()
            if time.monotonic() >= until:
                return False
        self._reach(phase="follow", place=0)
        self.env.cr.commit()
        return True

    def _phase_follow(self, until: float) -> bool:
        """Write what has changed meanwhile, in rounds, until it is little."""
        kinds = self._kinds_in_order()
        while (place := self.checkpoint["place"]) < len(kinds):
            kind = kinds[place]
            buffer = kind._buffer(copied=False)
            cursor, more = self.checkpoint["cursors"][kind.model], True
            while more and not buffer.is_full:
                cursor, more = kind._follow_page(cursor, buffer)
                if time.monotonic() >= until:
                    break
            buffer.end()
            self._note_followed(kind, cursor, buffer.count)
            self._reach(place=place if more else place + 1, wrote=self.checkpoint["wrote"] + buffer.count)
            self.env.cr.commit()
            if time.monotonic() >= until:
                return False
        number = self.checkpoint["round"]
        if self.checkpoint["wrote"] < _FEW or number >= _MOST_ROUNDS:
            self._reach(phase="close")
        else:
            self._reach(round=number + 1, place=0, wrote=0)
        self.env.cr.commit()
        return True

    def _phase_close(self, until: float) -> bool:
        """Write the last changes in one transaction: it sees the moment of which the snapshot is."""
        for kind in self._kinds_in_order():
            buffer = kind._buffer(copied=False)
            cursor, more = self.checkpoint["cursors"][kind.model], True
            while more:
                cursor, more = kind._follow_page(cursor, buffer)
            if not self.previous_id:
                kind._reconcile(buffer)
            buffer.end()
            self._note_followed(kind, cursor, buffer.count)
        self._reach(phase="settle", closed_at=datetime.now(UTC).isoformat(timespec="seconds"))
        self.env.cr.commit()
        return True

    def _note_followed(self, kind, cursor: dict, count: int) -> None:
        self._tell(done_count=self.done_count + count)
        self._reach(cursors={**self.checkpoint["cursors"], kind.model: cursor})

    # -- Helpers -----------------------------------------------------------------------------------------------------

    def _kinds_in_order(self):
        """The kinds of data so that each comes after those to which it leads."""
        kinds = {kind.model: kind for kind in self.kind_ids}
        needs = {
            model: {field.comodel_name for field in self.env[model]._fields.values() if field.type == "many2one"}
            for model in kinds
        }
        return [kinds[model] for model in in_order(needs)]

    def _cursors_before(self) -> dict[str, dict]:
        """Where the snapshot before has ended, by model; empty for a full one.

        :raises UserError: when changes since then are not known any more
        """
        outbox = self.env["sync.exchange.change"].sudo()  # nothing of it is read
        cursors = {kind.model: kind.cursor for kind in self.previous_id.kind_ids}
        if any(not cursor or outbox._is_expired(cursor) for cursor in cursors.values()):
            raise self._too_old()
        return cursors

    def _too_old(self) -> UserError:
        return UserError(
            self.env._("The snapshot before is so old that changes since then are not known. Make a full one.")
        )

    def _watch_chain(self) -> bool:
        """Have changes noted for this snapshot and the next ones of its chain.

        :return: whether all of them were noted before
        """
        watched = {}
        for kind in self.kind_ids:
            watched[kind.model] = ""
            for part in kind._wanted():
                if isinstance(part, dict):
                    field = self.env[kind.model]._fields[part["name"]]
                    watched.setdefault(field.comodel_name, field.inverse_name)
        return self.env["sync.exchange.watch"]._watch(self._watcher(), watched)

    def _watcher(self) -> str:
        return f"snapshot:{self.chain_uuid}"
