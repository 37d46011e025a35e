# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError

from ..records import Plan, remember, settle_rows, token
from .sync_exchange_link import Agreed
from .sync_exchange_mapping_rows import ASKED, kept_of
from .sync_exchange_store import Item
from .sync_exchange_taking import marks_of


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
        terms = self.peer_id._terms()
        values = self._values_here(record, terms)
        before = {name: token(value) for name, value in values.items()}
        known = self.env["sync.exchange.link"]._of(self.peer_id, self.model, record.ids).get(record.id)
        plain = {line: choice for line, choice in choices.items() if not line.row_key}
        rows = self._rows_chosen(choices, values, (known and known.base) or {})
        taken = {line.name: line.there_value["value"] for line, choice in plain.items() if choice == "there"}
        taken.update({name: chosen.rows for name, chosen in rows.items() if chosen.takes})
        stray: set[str] = set()
        if taken:
            item = Item(
                self._names_of(record), taken, record.id, before=before, check=conflict.there_check or {}
            )
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
            stray = self.env["sync.exchange.taking"]._strayed(
                self.model, [item], {record.id: marks_of(after[record.id])}, terms
            )[record.id]
        values = self._values_here(record, terms)
        marks = {name: token(value) for name, value in values.items()}
        receives_only = self.direction == "receive"
        base = {
            # What is not sent at all counts as agreed: it was decided, and is not asked again.
            line.name: [marks[line.name] if choice == "there" or receives_only else "", line.there_token]
            for line, choice in plain.items()
            if line.name in marks
        }
        for name, chosen in rows.items():
            # What else has changed in the rows here has waited for this decision.
            base[name] = chosen.agreed(marks[name] if receives_only else "", values[name])
        for name in stray:
            pair = base.get(name) or (known and (known.base or {}).get(name))
            if pair:
                base[name] = ["", *pair[1:]]
        resend = not receives_only and (any(pair[0] == "" for pair in base.values()) or bool(known and known.resend))
        amounts = {
            line.name: line.there_value["value"]
            for line in plain
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

    def _rows_chosen(self, choices: dict, values: dict, base: dict) -> dict[str, "_Chosen"]:
        """What was decided about single rows, by the field that has them.

        :param values: of the record here
        :param base: what was agreed
        """
        keys = {rule.name: rule.row_keys or () for rule in self._rules()}
        answers = defaultdict(list)
        for line, choice in choices.items():
            if line.row_key and line.name in keys:
                answers[line.name].append(line._answer(take=choice == "there"))
        result = {}
        for name, said in answers.items():
            kept = kept_of(base.get(name, ())) or {"of": [], "rows": {}}
            rows, plan = settle_rows(values[name] or (), said, kept, keys[name])
            there = kept.get("asked", ASKED)[1]
            result[name] = _Chosen(rows, any(answer.take for answer in said), plan, there, keys[name])
        return result

    def _values_here(self, record, terms) -> dict:
        return self.env["sync.exchange.wire"]._read_records(record, self._wanted(), terms)[record.id]["values"]

    def _tokens_here(self, record, terms) -> dict[str, str]:
        return {name: token(value) for name, value in self._values_here(record, terms).items()}


class _Chosen(NamedTuple):
    """Rows as a person wants them.

    :param takes: whether something of the other side is among them
    :param there: token of the field there
    """

    rows: list
    takes: bool
    plan: Plan
    there: str
    keys: tuple[str, ...]

    def agreed(self, here: str, rows: list) -> list:
        return [here, self.there, remember(self.plan, rows or (), self.keys)]
