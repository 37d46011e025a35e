# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..records import token
from .sync_exchange_link import Agreed
from .sync_exchange_store import Item


class SyncExchangeMapping(models.Model):
    """What becomes of a conflict when a person has decided. Nothing is asked of the other side for that."""

    _inherit = "sync.exchange.mapping"

    def _solve_conflict(self, conflict, choices: dict) -> None:
        """Store what was chosen there, and let what was chosen here be sent, with the rights of whoever decides.

        :param choices: line of the conflict -> "here" or "there"
        :raises UserError: when a value of the other side cannot be stored
        """
        self.ensure_one()
        record = self._record_of(conflict)
        # Also where nothing is written here, one who decides has to be one who may.
        record.check_access("write")
        taken = {line.name: line.there_value["value"] for line, choice in choices.items() if choice == "there"}
        terms = self.peer_id._terms()
        before = self._tokens_here(record, terms)
        stray: set[str] = set()
        if taken:
            item = Item(self._names_of(record), taken, record.id, before=before)
            # What was decided here is this database's own doing; the peer gets nothing that it has already.
            self.env["sync.exchange.store"]._store(self.model, [item], self.peer_id.remote_uuid or "")
            if item.error or item.missing:
                raise UserError(
                    self.env._(
                        "“%(record)s” cannot be taken: %(error)s",
                        record=conflict.title,
                        error=item.error or self.env._("something that it needs is not here."),
                    )
                )
            after = self.env["sync.exchange.wire"]._read_records(record, self._wanted(), terms)
            stray = self.env["sync.exchange.taking"]._strayed(self.model, [item], after, terms)[record.id]
        marks = self._tokens_here(record, terms)
        receives_only = self.direction == "receive"
        base = {
            # What is not sent at all counts as agreed: it was decided, and is not asked again.
            line.name: [marks[line.name] if choice == "there" or receives_only else "", line.there_token]
            for line, choice in choices.items()
            if line.name in marks
        }
        known = self.env["sync.exchange.link"]._of(self.peer_id, self.model, record.ids).get(record.id)
        for name in stray:
            pair = base.get(name) or (known and (known.base or {}).get(name))
            if pair:
                base[name] = ["", pair[1]]
        resend = not receives_only and (any(pair[0] == "" for pair in base.values()) or bool(known and known.resend))
        amounts = {
            line.name: line.there_value["value"]
            for line in choices
            if line.name in self.line_ids.filtered("additive").mapped("name") and line.there_value["value"] is not None
        }
        self.env["sync.exchange.link"]._remember(
            self.peer_id, self.model, [Agreed(record.id, base, amounts, resend)]
        )

    def _solve_deletion(self, conflict, choice: str) -> None:
        """A record that was deleted there and changed here is sent again, or deleted here too."""
        self.ensure_one()
        record = self._record_of(conflict)
        record.check_access("write" if choice == "here" else "unlink")
        # Whoever decides writes the record; what both sides have agreed is kept by the engine alone.
        links = self.env["sync.exchange.link"].sudo()
        links._of(self.peer_id, self.model, record.ids).get(record.id, links).unlink()
        if choice == "here":
            links._remember(self.peer_id, self.model, [Agreed(record.id, {}, {}, True)])
            return
        how = "archive" if self.deletion == "keep" else self.deletion
        outcome = self.env["sync.exchange.taking"]._remove_one(record, how, self.peer_id.remote_uuid or "")
        if outcome["state"] == "refused":
            raise UserError(
                self.env._("“%(record)s” cannot be deleted: %(error)s", record=conflict.title, error=outcome["error"])
            )
        if outcome["state"] == "archived":
            marks = self._tokens_here(record, self.peer_id._terms())
            links._remember(
                self.peer_id, self.model, [Agreed(record.id, {name: [mark, ""] for name, mark in marks.items()}, {})]
            )
            links._of(self.peer_id, self.model, record.ids)[record.id].gone_there = True

    def _record_of(self, conflict):
        """:raises UserError: when it is gone"""
        record = self.env[self.model].browse(conflict.res_id).exists()
        if not record:
            raise UserError(
                self.env._("“%s” is not here any more. With the next exchange this conflict ends.", conflict.title)
            )
        return record

    def _names_of(self, record) -> list[str]:
        return self.env["sync.exchange.identity"]._names_of(record, make=False)[record.id]

    def _tokens_here(self, record, terms) -> dict[str, str]:
        read = self.env["sync.exchange.wire"]._read_records(record, self._wanted(), terms)
        return {name: token(value) for name, value in read[record.id]["values"].items()}
