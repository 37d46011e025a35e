# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from .sync_exchange_wire import Terms


class SyncExchangeDoor(models.AbstractModel):
    """For peers that recognize records by their keys."""

    _inherit = "sync.exchange.door"

    @api.model
    def twins(
        self,
        terms: dict,
        company: int,
        model: str,
        wanted: list,
        domain: list,
        keys: list[str],
        names: list[list[str]],
    ) -> list[list[list[str]]]:
        """Which further records here have the same keys.

        :param wanted: fields that are exchanged
        :param domain: only such records count
        :param names: external ids of each record that is asked about
        :return: for each of them the external ids of each of the others
        """
        door = self._admit(company)
        Model = door._model(model, wanted).with_context(active_test=False)
        agreed = Terms.from_wire(terms)
        identity, wire = door.env["sync.exchange.identity"], door.env["sync.exchange.wire"]
        known = identity._named(model, {name for ids in names for name in ids})
        asked = [next((known[name] for name in ids if name in known), 0) for ids in names]
        readable = Model.search(Domain("id", "in", asked))
        of_keys = [item for item in wanted if (item if isinstance(item, str) else item["name"]) in keys]
        read = wire._read_records(readable, of_keys, agreed)
        places = {res_id: place for place, res_id in enumerate(read)}
        alike = door.env["sync.exchange.taking"]._lookalikes(model, list(read.values()), keys, range(len(read)))
        groups = {res_id: [one.id for one in alike.get(place, ())] for res_id, place in places.items()}
        others = {res_id for group in groups.values() for res_id in group}
        exchanged = Model.search(Domain.AND([Domain("id", "in", list(others)), Domain(domain)]))
        told = identity._names_of(exchanged, make=True)
        return [
            [told[other] for other in groups.get(res_id, ()) if other != res_id and other in told] for res_id in asked
        ]
