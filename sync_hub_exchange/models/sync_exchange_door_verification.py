# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import api, models

from ..records import canonical_id, token
from ..verification import Checksums, Suspects, listing, record_digest
from .sync_exchange_wire import Terms

# So long one answer may take; the peer then asks for the rest.
_SECONDS = 20.0
_MOST_NAMES = 2000


class SyncExchangeDoor(models.AbstractModel):
    """For peers that compare their records with those here."""

    _inherit = "sync.exchange.door"

    @api.model
    def checksums(
        self, terms: dict, company: int, model: str, wanted: list, domain: list, bits: int, after: int = 0
    ) -> dict:
        """Count and checksum of the records of each bucket, for as many records as fit into one answer.

        :param wanted: fields that are compared
        :param bits: there are 2^bits buckets
        :param after: ``after`` of the answer before
        :return: ``sums``, ``after`` and whether there is ``more``
        """
        sums = Checksums(bits)

        def count(records):
            for name, tokens in records:
                sums.add(name, tokens)

        after, more = self._reckon(terms, company, model, wanted, domain, after, count)
        return {"sums": sums.to_wire(), "after": after, "more": more}

    @api.model
    def listing(
        self, terms: dict, company: int, model: str, wanted: list, domain: list, suspects: dict, after: int = 0
    ) -> dict:
        """Digests of the records in some buckets, by canonical id; paged as ``checksums``."""
        self._admit(company)
        suspected = Suspects.from_wire(suspects)
        digests: dict[str, str] = {}

        def note(records):
            digests.update(listing(records, suspected))

        after, more = self._reckon(terms, company, model, wanted, domain, after, note, suspected.hold)
        return {"digests": digests, "after": after, "more": more}

    @api.model
    def look_up(self, terms: dict, company: int, model: str, wanted: list, names: list[str]) -> dict:
        """Records by their names.

        :return: ``records``, and which of the names are those of ``deleted`` records
        """
        door = self._admit(company)
        door._model(model, wanted)
        names = names[:_MOST_NAMES]
        found = door.env["sync.exchange.identity"]._named(model, names)
        readable = door.env["sync.exchange.taking"]._readable(model, found.values())
        records = door.env[model].browse(sorted(readable))
        read = door.env["sync.exchange.wire"]._read_records(records, wanted, Terms.from_wire(terms))
        return {
            "records": list(read.values()),
            "deleted": sorted(door.env["sync.exchange.tombstone"]._graves(set(names) - found.keys())),
        }

    @api.model
    def digests(self, terms: dict, company: int, model: str, wanted: list, names: list[str]) -> dict[str, str]:
        """Digests of single records, by the names by which they are asked for; what is not here is left out.

        For a peer that only sends: it knows which records it has sent, and not which ones there are here besides.
        """
        door = self._admit(company)
        door._model(model, wanted)
        found = door.env["sync.exchange.identity"]._named(model, names[:_MOST_NAMES])
        records = door.env[model].browse(sorted(door.env["sync.exchange.taking"]._readable(model, found.values())))
        read = door.env["sync.exchange.wire"]._read_records(records, wanted, Terms.from_wire(terms))
        digests = {
            res_id: record_digest(
                canonical_id(record["ids"]), {name: token(value) for name, value in record["values"].items()}
            )
            for res_id, record in read.items()
        }
        return {name: f"{digests[res_id]:032x}" for name, res_id in found.items() if res_id in digests}

    def _reckon(self, terms, company, model, wanted, domain, after, step, hold=None) -> tuple[int, bool]:
        door = self._admit(company)
        door._model(model, wanted)
        reckoning = door.env["sync.exchange.reckoning"]
        until = time.monotonic() + _SECONDS
        for last, records in reckoning._pages(model, wanted, domain, Terms.from_wire(terms), after, hold=hold):
            step(reckoning._tokens(records))
            after = last
            if time.monotonic() > until:
                return after, True
        return after, False
