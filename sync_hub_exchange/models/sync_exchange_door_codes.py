# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from .sync_exchange_wire import Terms, key_of

_CLOSED = ("ir.", "sync.", "res.users")


class SyncExchangeDoor(models.AbstractModel):
    """What peers ask about codes before the first record moves."""

    _inherit = "sync.exchange.door"

    @api.model
    def known(self, terms: dict, company: int, references: dict[str, list[dict]]) -> dict[str, list[bool]]:
        """Which references lead to a record here.

        :param references: model -> references as they travel
        :return: model -> of each reference whether it was found
        """
        door = self._admit(company)
        here = {
            model: asked
            for model, asked in references.items()
            if model in door.env and not door.env[model]._abstract
        }
        found = door.env["sync.exchange.wire"]._find_references(here)
        return {
            model: [(model, key_of(reference)) in found for reference in asked] for model, asked in references.items()
        }

    @api.model
    def used(self, terms: dict, company: int, model: str, wanted: list, domain: list) -> dict[str, list[dict]]:
        """Which records that are not exchanged are used by those of a model.

        :param wanted: fields that are exchanged
        :return: their model -> references with names
        """
        door = self._admit(company)
        door._model(model, wanted).check_access("read")
        return door.env["sync.exchange.code"]._used(model, wanted, list(Domain(domain)), Terms.from_wire(terms))

    @api.model
    def offer(self, terms: dict, company: int, models: list[str]) -> dict[str, list[dict]]:
        """What can be chosen here as a counterpart; of models that the user of the key may read.

        :return: model -> references with names
        """
        door = self._admit(company)
        return {
            name: door.env["sync.exchange.code"]._offered(name, Terms.from_wire(terms))
            for name in models
            if name in door.env and not name.startswith(_CLOSED) and door.env[name].has_access("read")
        }
