# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from odoo import models
from odoo.fields import Domain

from .sync_exchange_snapshot_part import PartBuffer
from .sync_exchange_wire import Terms

_AT_ONCE = 1000


class SyncExchangeSnapshotKind(models.Model):
    """How the records of a kind are written: all of them, and then what has changed meanwhile."""

    _inherit = "sync.exchange.snapshot.kind"

    def _buffer(self, *, copied: bool) -> PartBuffer:
        return PartBuffer(self.snapshot_id, self.model, copied=copied)

    def _terms(self) -> Terms:
        languages = {code for code, _name in self.env["res.lang"].get_installed()} - {"en_US"}
        models_ = frozenset(self.snapshot_id.kind_ids.mapped("model"))
        return Terms(self.snapshot_id._watcher(), models_, ("en_US", *sorted(languages)))

    def _records(self, domain: Domain):
        return self.env[self.model].with_context(active_test=False).search(domain & self._domain(), order="id")

    # -- All records -------------------------------------------------------------------------------------------------

    def _copy_part(self, after: int, until: float) -> tuple[int, int, bool]:
        """Write the next part of all records, at least a page of them.

        :param after: number of the last record that was copied
        :return: number of the last one now, how many these were, and whether all are copied
        """
        buffer = self._buffer(copied=True)
        pages = self.env["sync.exchange.reckoning"]._pages(
            self.model, self._wanted(), list(self._domain()), self._terms(), after
        )
        complete = True
        for last, records in pages:
            after = last
            for res_id, record in records.items():
                if record["ids"]:
                    buffer.add(res_id, record)
            if buffer.is_full or time.monotonic() >= until:
                complete = False
                break
        buffer.end()
        return after, buffer.count, complete

    # -- Changes -----------------------------------------------------------------------------------------------------

    def _follow_page(self, cursor: dict, buffer: PartBuffer) -> tuple[dict, bool]:
        """Write the next page of what has changed.

        :return: where to go on, and whether there is more
        """
        # Numbers of records only.
        page = self.env["sync.exchange.change"].sudo()._page(self.model, cursor, _AT_ONCE, self._terms().peer)
        self._tell_states(page.written, dict(page.gone), buffer)
        self.env.invalidate_all()
        return page.cursor, page.more

    def _tell_states(self, written: Iterable[int], gone: dict[int, list[str]], buffer: PartBuffer) -> None:
        """Write what records are now; those that are none of this kind any more are gone.

        :param gone: external ids of records that were deleted, by number
        """
        written = list(written)
        read = self.env["sync.exchange.wire"]._read_records(
            self._records(Domain("id", "in", written)), self._wanted(), self._terms()
        )
        gone = {**self._names_of_lost(set(written) - read.keys() - gone.keys()), **gone}
        used_again = {name for record in read.values() for name in record["ids"]}
        # A name may have been taken from a deleted record by a new one: then the deletion comes first. Otherwise it
        # comes last, when nothing leads to the record any more.
        first = {res_id for res_id, names in gone.items() if used_again.intersection(names)}
        for res_id in sorted(first):
            buffer.gone(res_id, gone[res_id])
        for res_id, record in read.items():
            if record["ids"]:
                buffer.add(res_id, record)
        for res_id in sorted(gone.keys() - first):
            buffer.gone(res_id, gone[res_id])

    def _names_of_lost(self, ids: set[int]) -> dict[int, list[str]]:
        """External ids of records that were deleted unnoticed, or do not pass the filter any more."""
        identity = self.env["sync.exchange.identity"]
        # By which names records are known is no secret; those that are not there any more have left theirs behind.
        names = identity._names_of(self.env[self.model].sudo().browse(sorted(ids)), make=False)
        return {res_id: found or [identity._own_name(self.model, res_id)] for res_id, found in names.items()}

    # -- The last look -----------------------------------------------------------------------------------------------

    def _reconcile(self, buffer: PartBuffer) -> None:
        """Compare which records there are with those that were written, and write what differs.

        PostgreSQL deletes rows along with others without anybody noticing, and whether a record passes a filter may
        depend on other records.
        """
        buffer.end()
        for after, last, written in self._ranges():
            domain = Domain("id", ">", after)
            if last:
                domain &= Domain("id", "<=", last)
            there = set(self._records(domain).ids)
            new = sorted(there - written)
            for start in range(0, len(new), _AT_ONCE):
                self._tell_states(new[start : start + _AT_ONCE], {}, buffer)
            for res_id, names in self._names_of_lost(written - there).items():
                buffer.gone(res_id, names)
            self.env.invalidate_all()

    def _ranges(self) -> Iterator[tuple[int, int, set[int]]]:
        """The records that were written: those after a number, up to another one (0: to the end)."""
        parts = self.snapshot_id._parts(self.model)
        latest = {}
        for part in parts.filtered(lambda part: not part.copied):
            latest.update((abs(number), number > 0) for number in part._numbers())
        changed = sorted(latest)
        after = 0
        for last, numbers in [
            *((part.last_id, part._numbers) for part in parts.filtered("copied")),
            (0, list),
        ]:
            begin, end = bisect_right(changed, after), bisect_right(changed, last) if last else len(changed)
            own = changed[begin:end]
            written = set(numbers()).difference(own)
            written.update(res_id for res_id in own if latest[res_id])
            yield after, last, written
            after = last
