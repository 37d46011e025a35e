# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.addons.sync_hub.faults import Fault, FaultKind

from .conversation import Conversation


class SyncExchangeMapping(models.Model):
    """How much a run has before it, so that its progress bar shows a percentage."""

    _inherit = "sync.exchange.mapping"

    def _ahead(self, direction: str, talk: Conversation) -> dict[int, int]:
        """How many records of each of these kinds are still to be received or sent: id of the mapping -> number.

        Nothing where the other side is older and cannot say.
        """
        if direction == "send":
            reckoning = self.env["sync.exchange.reckoning"]
            return {
                mapping.id: reckoning._ahead(mapping.model, mapping._domain(), mapping.send_cursor, talk.uuid)
                for mapping in self
            }
        feeds = [
            {"model": mapping.model, "domain": mapping._domain(), "cursor": mapping.receive_cursor or None}
            for mapping in self
        ]
        self.env.cr.commit()
        try:
            numbers = talk.ask("ahead", company=talk.company, feeds=feeds)
        except Fault as fault:
            if fault.kind is not FaultKind.REQUEST_REFUSED:
                raise
            # If it is more than a bar without a number, the steps of the run will tell.
            return {}
        return dict(zip(self.ids, numbers, strict=True))
