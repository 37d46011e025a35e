# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable, Iterator

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..records import canonical_id, is_standard, token
from ..verification import Record
from .sync_exchange_wire import Terms

_AT_ONCE = 1000


class SyncExchangeReckoning(models.AbstractModel):
    """All records of a kind, one after the other, without holding them in memory."""

    _name = "sync.exchange.reckoning"
    _description = "Reading of Many Records"

    @api.model
    def _pages(
        self,
        model: str,
        wanted: list,
        domain: list,
        terms: Terms,
        after: int = 0,
        *,
        hold: Callable[[str], bool] | None = None,
    ) -> Iterator[tuple[int, dict[int, dict]]]:
        """Records as they travel, in the order of their ids: the last id of each page, and id -> record.

        :param hold: tells by its canonical id whether a record is wanted; the others are not read
        """
        Model = self.env[model].with_context(active_test=False)
        wire = self.env["sync.exchange.wire"]
        while True:
            ids = Model.search(Domain.AND([Domain("id", ">", after), Domain(domain)]), order="id", limit=_AT_ONCE).ids
            if not ids:
                return
            after = ids[-1]
            if hold:
                names = self.env["sync.exchange.identity"]._names_of(Model.browse(ids), make=model in terms.models)
                ids = [res_id for res_id in ids if hold(canonical_id(names[res_id]))]
            yield after, wire._read_records(Model.browse(ids), wanted, terms)
            # What was read is not needed any more.
            self.env.invalidate_all()

    @api.model
    def _ahead(self, model: str, domain: list, cursor: dict | None, asking: str) -> int:
        """How many records there are after a cursor of receiving or sending: those that are left of all, or what has
        changed.

        :param asking: identity of the other side; what came from it is left out
        """
        Model = self.env[model].with_context(active_test=False)
        # Numbers of records only.
        outbox = self.env["sync.exchange.change"].sudo()
        if cursor and cursor["phase"] == "changes" and not outbox._is_expired(cursor["cursor"]):
            written, gone = outbox._changed_after(model, cursor["cursor"], asking)
            # How many were deleted is no more than their peer learns in any case.
            [(deleted,)] = self.env.execute_query(SQL("SELECT count(*) FROM %s AS gone", gone))
            return deleted + Model.search_count(Domain.AND([Domain("id", "in", written), Domain(domain)]))
        after = cursor["after"] if cursor and cursor["phase"] == "rows" else 0
        return Model.search_count(Domain.AND([Domain("id", ">", after), Domain(domain)]))

    @api.model
    def _tokens(self, records: dict[int, dict]) -> Iterator[Record]:
        """Canonical id and tokens of those records that are not an addon's own."""
        for record in records.values():
            name = canonical_id(record["ids"])
            if name and not is_standard(name):
                yield name, {field: token(value) for field, value in record["values"].items()}
