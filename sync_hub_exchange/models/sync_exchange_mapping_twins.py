# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain

from .conversation import Conversation
from .doubt import Doubt
from .sync_exchange_wire import PEER


class SyncExchangeMapping(models.Model):
    """Records that have the same keys on the side from which they come. Wherever they stand, in one chunk or in two,
    none of them is taken for the one record of the other side: somebody has to say which it is."""

    _inherit = "sync.exchange.mapping"

    # -- Receiving ---------------------------------------------------------------------------------------------------

    def _twins_there(self, incoming: list[dict], positions: list[int], talk: Conversation) -> set[int]:
        """Those of the received records that seem to be one here, and whose keys further records have there.

        :param positions: of the records in question
        """
        # Nothing is locked and no transaction is open while the other side looks.
        self.env.cr.commit()
        others = talk.ask_in_lane(
            self.model,
            "twins",
            wanted=self._wanted(there=True),
            domain=self._domain(),
            keys=self._keys_there(),
            names=[incoming[position]["ids"] for position in positions],
        )
        names = {name for groups in others for ids in groups for name in ids}
        # One that has its record here already cannot be this one.
        known = self.env["sync.exchange.identity"]._named(self.model, names)
        return {
            position
            for position, groups in zip(positions, others, strict=True)
            if any(known.keys().isdisjoint(ids) for ids in groups)
        }

    # -- Sending -----------------------------------------------------------------------------------------------------

    def _pack(self, ids, talk, *, again=False):
        """Override of ``sync_hub_exchange``: say of records that are sent for the first time that others here have the
        same keys."""
        packed = super()._pack(ids, talk, again=again)
        keys = self._keys()
        links = self.env["sync.exchange.link"]
        if keys and packed:
            noted = links._of(self.peer_id, self.model, [res_id for res_id, _message, _marks in packed])
            new = [res_id for res_id, _message, _marks in packed if res_id not in noted]
            twins = self._twins_here(new, keys, talk) if new else set()
            for res_id, message, _marks in packed:
                if res_id in twins:
                    message["twins"] = True
        return packed

    def _twins_here(self, ids: list[int], keys: list[str], talk: Conversation) -> set[int]:
        """Those of these records whose keys another one has that is exchanged and was not sent either."""
        taking, wire = self.env["sync.exchange.taking"], self.env["sync.exchange.wire"]
        wanted = [item for item in self._wanted() if (item if isinstance(item, str) else item["name"]) in keys]
        read = wire._read_records(self.env[self.model].browse(ids), wanted, talk.terms)
        records = list(read.values())
        # What it is here, whatever it is mapped to.
        alike = taking.with_context(**{PEER: False})._lookalikes(self.model, records, keys, range(len(records)))
        groups = {res_id: {one.id for one in alike.get(place, ())} - {res_id} for place, res_id in enumerate(read)}
        others = set().union(*groups.values())
        if not others:
            return set()
        others -= self.env["sync.exchange.link"]._of(self.peer_id, self.model, others).keys()
        Model = self.env[self.model].with_context(active_test=False)
        exchanged = set(Model.search(Domain.AND([Domain("id", "in", list(others)), Domain(self._domain())])).ids)
        return {res_id for res_id, group in groups.items() if group & exchanged}

    def _refusal_told(self, answer: dict) -> tuple[str, str]:
        """Why the other side did not take a record: reason and sentence, see ``sync.exchange.waiting``."""
        if not answer.get("doubt"):
            return "refused", self.env._("The other database says: %s", answer.get("error", ""))
        own = {rule.there: rule.name for rule in self._rules()}
        doubt = Doubt.from_wire(answer["doubt"])
        doubt = doubt._replace(fields=tuple(own.get(name, name) for name in doubt.fields))
        return "doubtful", doubt.sentence(self.env[self.model], sent=True)
