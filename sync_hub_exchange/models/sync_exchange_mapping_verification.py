# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable, Iterable, Iterator

from odoo import models
from odoo.tools import SQL

from ..records import ConversionError, canonical_id, is_standard, token
from .conversation import Conversation
from .sync_exchange_mapping_receiving import _from_there, _title
from .sync_exchange_wire import PEER, renamed

# Canonical id of a record here, the tokens that it is believed to have there, and its id.
Believed = tuple[str, dict[str, str], int]


class SyncExchangeMapping(models.Model):
    """Comparison of records of a kind with those of the other side, without sending them.

    Of each field this side tells what it believes the other side to have: where its own value is still the one about
    which both have agreed, the value that was agreed there, however it was converted or normalized; otherwise its own,
    converted. So what both sides hold differently on purpose is no difference.
    """

    _inherit = "sync.exchange.mapping"

    # -- What is told ------------------------------------------------------------------------------------------------

    def _compared_rules(self) -> list:
        # What always becomes the same there tells nothing about a record that is only received.
        return [rule for rule in self._rules() if not (rule.conversion.one_way and self.direction == "receive")]

    def _believed(
        self, talk: Conversation, after: int, hold: Callable[[str], bool] | None = None
    ) -> Iterator[tuple[int, list[Believed]]]:
        """Pages of records here, as they are believed to be there, with the last id of each page.

        :param after: the last id of the page before
        :param hold: see ``sync.exchange.reckoning``
        """
        rules = self._compared_rules()
        reckoning = self.env["sync.exchange.reckoning"]
        Model = self.env[self.model]
        pages = reckoning._pages(self.model, self._wanted(), self._domain(), talk.terms, after, hold=hold)
        for last, records in pages:
            links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, records)
            codes = self.env["sync.exchange.code"].with_context(**{PEER: self.peer_id.id})
            called_there = codes._references_there(self._led_to(), talk.terms)
            believed = []
            for res_id, record in records.items():
                name = canonical_id(record["ids"])
                link = links.get(res_id)
                unknown_there = link.gone_there if link else self.direction == "receive"
                if name and not is_standard(name) and not unknown_there:
                    base = (link.base or {}) if link else {}
                    there = renamed(Model, record["values"], called_there)
                    believed.append((name, _believed_tokens(record["values"], there, base, rules), res_id))
            yield last, believed

    def _wanted_there(self) -> list:
        own = {rule.name for rule in self._compared_rules()}
        return [line._wanted(True) for line in self.line_ids if line.name in own]

    def _ask_page(self, talk: Conversation, method: str, after: int, **arguments) -> dict:
        return talk.ask_of(
            self.model, method, wanted=self._wanted_there(), domain=self._domain(), after=after, **arguments
        )

    def _look_up(self, names: list[str], talk: Conversation) -> dict:
        return talk.ask_of(self.model, "look_up", wanted=self._wanted(there=True), names=names)

    # -- Record by record --------------------------------------------------------------------------------------------

    def _compare_records(self, records: list[dict], talk: Conversation) -> tuple[list[dict], set[int]]:
        """Compare records that are there with those here.

        :return: values of ``sync.exchange.verification.line``; ids of those that are here too
        """
        lines = []
        self = self.with_context(**{PEER: self.peer_id.id})
        taking = self.env["sync.exchange.taking"]
        rules = self._compared_rules()
        incoming, unreadable = [], []
        for record in records:
            try:
                incoming.append(_from_there(record, rules))
            except ConversionError as error:
                unreadable.append((record, str(error)))
        for record, message in unreadable:
            name = canonical_id(record["ids"])
            lines.append({"difference": "different", "title": _title(record), "name": name, "detail": message})
        found, _doubtful = taking._find_records(self.model, incoming, self._keys())
        readable = taking._readable(self.model, found.values())
        own = self.env["sync.exchange.wire"]._read_records(
            self.env[self.model].browse(sorted(readable)), self._wanted(), talk.terms
        )
        as_here = self._as_here(
            [record for position, record in enumerate(incoming) if found.get(position) in own], talk
        )
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, own)
        graves = self.env["sync.exchange.tombstone"]._graves(
            {name for position, record in enumerate(incoming) if position not in found for name in record["ids"]}
        )
        for position, record in enumerate(incoming):
            res_id = found.get(position)
            name = canonical_id(record["ids"])
            if res_id is None:
                if kind := self._kind_of_missing(record, graves):
                    lines.append({"difference": kind, "title": _title(record), "name": name})
            elif res_id in own:
                link = links.get(res_id)
                names = _differing(own[res_id], record, as_here[id(record)], (link.base or {}) if link else {})
                if names:
                    detail = self._differences(own[res_id]["values"], as_here[id(record)], names)
                    told = {"difference": "different", "title": _title(record), "name": name}
                    lines.append({**told, "res_id": res_id, "detail": detail})
        return lines, set(own)

    def _kind_of_missing(self, record: dict, graves: dict) -> str:
        """What it means that a record of the other side is not here; an empty text for nothing."""
        if not any(name in graves for name in record["ids"]):
            return "" if self.direction == "send" else "only_there"
        archived = self.deletion == "archive" and not record["values"].get("active")
        # It is there because the deletion policy keeps it there.
        return "" if self.deletion == "keep" or archived else "deleted_here"

    def _compare_missing(self, ids: list[int], talk: Conversation) -> list[dict]:
        """Records here that were not found there by their canonical id: by any of their names, or not there at all.

        :return: values of ``sync.exchange.verification.line``
        """
        identity = self.env["sync.exchange.identity"]
        # Somebody may have deleted one meanwhile.
        records = self.env[self.model].browse(ids).exists()
        names = identity._names_of(records, make=False)
        answer = self._look_up([name for own in names.values() for name in own], talk)
        lines, settled = self._compare_records(answer["records"], talk)
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, records.ids)
        for record in records:
            if record.id in settled:
                continue
            # What both have agreed about was there.
            deleted = record.id in links or not set(names[record.id]).isdisjoint(answer["deleted"])
            kind = "deleted_there" if deleted else "only_here"
            name = canonical_id(names[record.id])
            lines.append({"difference": kind, "title": record.display_name, "name": name, "res_id": record.id})
        return lines

    # -- What PostgreSQL deleted by itself -----------------------------------------------------------------------------

    def _bury_vanished(self) -> int:
        """Note the deletion of records that were exchanged and are gone although nobody has deleted them by Odoo.

        :return: how many
        """
        # A left join over two large tables, of which the ORM knows one.
        rows = self.env.execute_query(
            SQL(
                "SELECT link.res_id FROM sync_exchange_link link LEFT JOIN %s record ON record.id = link.res_id "
                "WHERE link.peer_id = %s AND link.model = %s AND record.id IS NULL LIMIT 10000",
                SQL.identifier(self.env[self.model]._table),
                self.peer_id.id,
                self.model,
            )
        )
        ids = [res_id for (res_id,) in rows]
        names = self.env["sync.exchange.identity"]._free_vanished(self.model, ids)
        changed = self.env["sync.exchange.change"]._changed()
        changed.update({(self.model, res_id): known for res_id, known in names.items()})
        if self.direction == "receive":
            self.env["sync.exchange.link"].search(
                [("peer_id", "=", self.peer_id.id), ("model", "=", self.model), ("res_id", "in", ids)]
            ).unlink()
        return len(names)


def _believed_tokens(values: dict, there: dict, base: dict, rules: Iterable) -> dict[str, str]:
    """Token there of each field.

    :param there: the values with references as the other side calls them
    """
    tokens = {}
    for rule in rules:
        mark = token(values[rule.name])
        agreed = base.get(rule.name, ["", ""])
        if agreed[0] == mark and agreed[1]:
            tokens[rule.there] = agreed[1]
            continue
        try:
            tokens[rule.there] = token(rule.conversion.there(there[rule.name]))
        except ConversionError:
            # It has no counterpart, so it cannot be there.
            tokens[rule.there] = ""
    return tokens


def _differing(here: dict, there: dict, as_here: dict, base: dict) -> list[str]:
    """Fields in which two records differ, but for what both sides have agreed to hold differently."""
    return [
        name
        for name, value in as_here.items()
        if name in here["values"]
        and token(here["values"][name]) != token(value)
        and list(base.get(name, ()))[:2] != [token(here["values"][name]), there["tokens"][name]]
    ]
