# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import models

from ..records import Answer, agreed, remember, settle_rows, still_asked, token
from .sync_exchange_link import Agreed
from .sync_exchange_mapping_rows import ASKED, kept_of


class Sent(NamedTuple):
    """Rows that are sent.

    :param here: as they are here
    :param rows: the same, with what the other side has where a person is asked
    :param kept: what was remembered of them
    :param asked: what a person is asked
    """

    here: list
    rows: list
    kept: dict | None
    asked: list[Answer]


class Marks(dict):
    """Token of each field of a record that is sent, and its rows.

    :ivar rows: field -> ``Sent``
    """

    rows: dict[str, Sent]


class SyncExchangeMapping(models.Model):
    """What is sent of rows while a person is asked about some of them, and what is remembered of them then."""

    _inherit = "sync.exchange.mapping"

    def _still_asked(self, read: dict[int, dict], marks: dict[int, dict], links: dict) -> tuple[dict, dict, dict]:
        """What waits for a person; conflicts of which both sides have become the same end.

        :param read: records here, as they travel
        :param marks: id -> field -> token
        :param links: by id
        :return: id -> fields that are not sent meanwhile; id -> field -> what is asked of its rows; the links
        """
        conflicts, known = self.env["sync.exchange.conflict"], self.env["sync.exchange.link"]
        asked = conflicts._open_fields(self, read)
        if not asked:
            return {}, {}, links
        ended = conflicts._end_equal(self, {res_id: marks[res_id] for res_id in asked}, read)
        again = [Agreed(res_id, ended[res_id], {}, links[res_id].resend) for res_id in ended.keys() & links.keys()]
        known._remember(self.peer_id, self.model, again)
        links = known._of(self.peer_id, self.model, read)
        return conflicts._open_fields(self, read), conflicts._open_rows(self, read), links

    def _marks_with_rows(self, marks: dict, record: dict, base: dict, rules: list, questions: dict) -> Marks:
        """Tokens of a record that is sent, with its rows.

        :param record: gets what the other side has where a person is asked
        :param rules: of fields with rows that are sent
        :param questions: field -> what is asked of its rows
        """
        result = Marks(marks)
        result.rows = {}
        for rule in rules:
            here = rows = record["values"][rule.name] or []
            kept, asked = kept_of(base.get(rule.name, ())), questions.get(rule.name) or []
            if asked and kept:
                rows, _plan = settle_rows(here, asked, kept, rule.row_keys)
                record["values"][rule.name] = rows
            result.rows[rule.name] = Sent(here, rows, kept, asked)
        return result

    def _agreed_there(self, res_id, message, marks, answer, rules):
        """Override of ``sync_hub_exchange``: with what is to be remembered of rows."""
        result = super()._agreed_there(res_id, message, marks, answer, rules)
        rows = marks.rows if isinstance(marks, Marks) else {}
        for rule in rules if rows else ():
            pair, sent = result.base.get(rule.name), rows.get(rule.name)
            if not pair or not sent:
                continue
            kept = sent.kept
            # Where something was not taken as it was sent, what was remembered holds on.
            if all(pair):
                kept = self._kept_of_sent(rule, sent, message["values"][rule.there] or [], pair[1], answer)
            if sent.asked and sent.kept:
                kept = {**(kept or sent.kept), "asked": pair if all(pair) else ["", pair[1]]}
                pair = list(ASKED)
            if kept is not None:
                result.base[rule.name] = [*pair, kept]
        return result

    def _kept_of_sent(self, rule, sent: Sent, there: list, mark: str, answer: dict) -> dict | None:
        """What is to be remembered of rows that are here and there now; None if it cannot be told.

        :param there: the rows as they were sent
        :param mark: token of what is there now
        """
        as_here = sent.rows
        if token(there) != mark:
            told = answer.get("rows") or {}
            if rule.there not in told:
                return None
            # The other side calls some of them, or something that they lead to, by other names.
            there = told[rule.there] or []
            values = {0: {rule.name: there}}
            wire = self.env["sync.exchange.wire"]
            as_here = wire._as_here(self.env[self.model], values, self.peer_id._terms())[0][rule.name]
        plan = agreed(there, as_here, rule.row_keys)
        if sent.asked:
            plan = still_asked(plan, sent.asked, sent.kept or {"of": [], "rows": {}})
        return remember(plan, sent.here, rule.row_keys)
