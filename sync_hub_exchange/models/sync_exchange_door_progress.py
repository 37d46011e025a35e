# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .sync_exchange_wire import Terms


class SyncExchangeDoor(models.AbstractModel):
    """For peers that show how far they have come."""

    _inherit = "sync.exchange.door"

    @api.model
    def ahead(self, terms: dict, company: int, feeds: list[dict]) -> list[int]:
        """How many records are still to be read: for each feed those that are left of all, or what has changed.

        :param feeds: of each kind of data {"model", "domain", "cursor": where reading stands, or null}
        """
        door = self._admit(company)
        agreed = Terms.from_wire(terms)
        reckoning = door.env["sync.exchange.reckoning"]
        return [
            reckoning._ahead(door._model(feed["model"])._name, feed["domain"], feed["cursor"], agreed.peer)
            for feed in feeds
        ]
