# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterator

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..snapshot import SnapshotWriter
from .sync_exchange_wire import Terms

_AT_ONCE = 1000


class SyncExchangeSnapshotKind(models.Model):
    _inherit = "sync.exchange.snapshot.kind"

    def _write_to(self, writer: SnapshotWriter) -> dict:
        """Write the records of this kind; where the next snapshot goes on."""
        snapshot = self.snapshot_id
        # Numbers of records only.
        outbox = self.env["sync.exchange.change"].sudo()
        writer.begin(self.model, self._schema(), cursor="")
        terms = self._terms()
        done = 0
        if snapshot.previous_id:
            cursor = snapshot.previous_id.kind_ids.filtered(lambda kind: kind.model == self.model).cursor
            if not cursor or outbox._is_expired(cursor):
                raise UserError(
                    self.env._("The snapshot before is so old that changes since then are not known. Make a full one.")
                )
        else:
            cursor = None
        position = outbox._position()
        for records, gone in self._changes(cursor, terms) if cursor else self._everything(terms):
            for record in records:
                if record["ids"]:
                    writer.add(record)
            for names in gone:
                writer.gone(names)
            done += len(records) + len(gone)
            snapshot._progress(done)
        return position

    def _terms(self) -> Terms:
        languages = {code for code, _name in self.env["res.lang"].get_installed()} - {"en_US"}
        models_ = frozenset(self.snapshot_id.kind_ids.mapped("model"))
        return Terms(self.snapshot_id._watcher(), models_, ("en_US", *sorted(languages)))

    def _everything(self, terms: Terms) -> Iterator[tuple[list, list]]:
        reckoning = self.env["sync.exchange.reckoning"]
        for _last, records in reckoning._pages(self.model, self._wanted(), list(self._domain()), terms):
            yield list(records.values()), []

    def _changes(self, cursor: dict, terms: Terms) -> Iterator[tuple[list, list]]:
        outbox = self.env["sync.exchange.change"].sudo()
        Model = self.env[self.model].with_context(active_test=False)
        more = True
        while more:
            page = outbox._page(self.model, cursor, _AT_ONCE, terms.peer)
            records = Model.search(Domain("id", "in", page.written) & self._domain(), order="id")
            read = self.env["sync.exchange.wire"]._read_records(records, self._wanted(), terms)
            yield list(read.values()), [names for _id, names in page.gone]
            self.env.invalidate_all()
            cursor, more = page.cursor, page.more
