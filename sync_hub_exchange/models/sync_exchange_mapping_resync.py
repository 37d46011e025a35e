# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..records import token
from .conversation import Conversation


class SyncExchangeMapping(models.Model):
    """Exchange of single records that a verification has found to differ."""

    _inherit = "sync.exchange.mapping"

    def _resync(self, lines, talk: Conversation) -> None:
        """:param lines: of ``sync.exchange.verification.line``; where one asks, it has an answer"""
        kinds = lines.grouped(lambda line: (line.difference, line.choice if line.asks else False))
        for (difference, choice), group in kinds.items():
            match difference, choice:
                case "only_here", _:
                    self._send_records(group.mapped("res_id"), talk)
                case "deleted_there", "recreate":
                    self._send_anew(group.mapped("res_id"), talk)
                case "deleted_there", "delete":
                    self._delete_here(group.mapped("res_id"), talk)
                case "deleted_here", "delete":
                    self._delete_there(group.mapped("name"), talk)
                case "different", _:
                    self._resync_different(group, talk)
                case _:
                    records = self._look_up(group.mapped("name"), talk)["records"]
                    self._take_records(records, talk, again=True)
            self.env.cr.commit()

    def _resync_different(self, lines, talk: Conversation) -> None:
        if self.direction != "send":
            self._take_records(self._look_up(lines.mapped("name"), talk)["records"], talk)
            self.env.cr.commit()
        if self.direction != "receive":
            self._send_records(lines.mapped("res_id"), talk)

    def _send_anew(self, ids: list[int], talk: Conversation) -> None:
        """Records that were deleted there come back: somebody said so."""
        links = self.env["sync.exchange.link"]
        links.search([("peer_id", "=", self.peer_id.id), ("model", "=", self.model), ("res_id", "in", ids)]).unlink()
        packed = self._pack(ids, talk)
        records = [{**message, "again": True} for _res_id, message, _marks in packed]
        self.env.cr.commit()
        answers = talk.ask_of(
            self.model, "take", wanted=self._wanted(there=True), records=records, keys=self._keys_there()
        )
        self._note_answers(packed, answers, talk)

    def _delete_here(self, ids: list[int], talk: Conversation) -> None:
        taking = self.env["sync.exchange.taking"]
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, ids)
        for record in self.env[self.model].browse(taking._readable(self.model, ids)):
            outcome = taking._remove_one(record, "delete", talk.uuid)
            if link := links.get(record.id):
                link.gone_there = True
            if outcome["state"] == "deleted" and link:
                link.unlink()

    def _delete_there(self, names: list[str], talk: Conversation) -> None:
        records = [
            {"ids": record["ids"], "seen": {name: token(value) for name, value in record["values"].items()}}
            for record in self._look_up(names, talk)["records"]
        ]
        self.env.cr.commit()
        talk.ask_of(self.model, "remove", wanted=self._wanted(there=True), records=records, how="delete")
