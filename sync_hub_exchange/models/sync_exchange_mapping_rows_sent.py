# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..records import agreed, remember, token
from .sync_exchange_link import Agreed
from .sync_exchange_mapping_rows import Marks


class SyncExchangeMapping(models.Model):
    """What is remembered of rows that were sent."""

    _inherit = "sync.exchange.mapping"

    def _still_asked(self, read: dict[int, dict], marks: dict[int, dict], links: dict) -> tuple[dict, dict]:
        """What waits for a person; conflicts of which both sides have become the same end.

        :param read: records here, as they travel
        :param marks: id -> field -> token
        :param links: by id
        :return: id -> fields that are not sent meanwhile; the links
        """
        conflicts, known = self.env["sync.exchange.conflict"], self.env["sync.exchange.link"]
        asked = conflicts._open_fields(self, read)
        if asked:
            ended = conflicts._end_equal(self, {res_id: marks[res_id] for res_id in asked}, read)
            again = [Agreed(res_id, ended[res_id], {}, links[res_id].resend) for res_id in ended.keys() & links.keys()]
            known._remember(self.peer_id, self.model, again)
            links = known._of(self.peer_id, self.model, read)
            asked = conflicts._open_fields(self, read)
        return asked, links

    def _agreed_there(self, res_id, message, marks, answer, rules):
        """Override of ``sync_hub_exchange``: with what is to be remembered of rows."""
        result = super()._agreed_there(res_id, message, marks, answer, rules)
        rows = marks.rows if isinstance(marks, Marks) else {}
        for rule in rules if rows else ():
            pair = result.base.get(rule.name)
            if pair and rule.name in rows:
                here, kept = rows[rule.name]
                # Where something was not taken as it was sent, what was remembered holds on.
                if all(pair):
                    kept = self._kept_of_sent(rule, here, message["values"][rule.there] or [], pair[1], answer)
                if kept is not None:
                    pair.append(kept)
        return result

    def _kept_of_sent(self, rule, here: list, sent: list, mark: str, answer: dict) -> dict | None:
        """What is to be remembered of rows that are here and there now; None if it cannot be told.

        :param here: the rows here
        :param sent: the same as they were sent
        :param mark: token of what is there now
        """
        if token(sent) == mark:
            return remember(agreed(sent, here, rule.row_keys), here, rule.row_keys)
        told = answer.get("rows") or {}
        if rule.there not in told:
            return None
        # The other side calls some of them, or something that they lead to, by other names.
        there = told[rule.there] or []
        values = {0: {rule.name: there}}
        as_here = self.env["sync.exchange.wire"]._as_here(self.env[self.model], values, self.peer_id._terms())
        return remember(agreed(there, as_here[0][rule.name], rule.row_keys), here, rule.row_keys)
