# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from odoo import models
from odoo.tools import SQL

from ..records import ConversionError, canonical_id, is_standard, token
from ..verification import Checksums, Record, Suspects, bits_for, compare, differing_buckets, listing
from .conversation import CHUNK, Conversation
from .sync_exchange_mapping_receiving import _from_there, _title
from .sync_exchange_wire import PEER, renamed

# Records in differing buckets that are looked into at a time: what is held in memory.
_MOST_LISTED = 50_000
MOST_LINES = 1000


@dataclass(slots=True)
class Comparison:
    """What a comparison has found: values of ``sync.exchange.verification.kind`` and of its lines."""

    counts: dict[str, int] = field(default_factory=dict)
    lines: list[dict] = field(default_factory=list)

    def add(self, **values) -> None:
        self.counts["difference_count"] = self.counts.get("difference_count", 0) + 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(values)


class SyncExchangeMapping(models.Model):
    """Comparison of all records of a kind with those of the other side, without sending them.

    Of each field this side tells what it believes the other side to have: where its own value is still the one about
    which both have agreed, the value that was agreed there, however it was converted or normalized; otherwise its own,
    converted. So what both sides hold differently on purpose is no difference.
    """

    _inherit = "sync.exchange.mapping"

    def _compare_with(self, talk: Conversation, progress: Callable[[], None]) -> Comparison:
        result = Comparison()
        here = Checksums(bits_for(self.env[self.model].with_context(active_test=False).search_count(self._domain())))
        for name, tokens, _res_id in self._believed(talk, progress):
            here.add(name, tokens)
        there = Checksums(here.bits)
        for page in self._ask_pages(talk, "checksums", bits=here.bits):
            there.merge(Checksums.from_wire(page["sums"]))
        differing = differing_buckets(here, there)
        suspects = _first(differing, here, there)
        result.counts = {
            "here_count": here.count,
            "there_count": there.count,
            "bucket_count": 1 << differing.bits,
            "differing_count": len(differing.buckets),
            "unlisted_count": len(differing.buckets) - len(suspects.buckets),
            "difference_count": 0,
        }
        if suspects:
            self._look_into(suspects, result, talk)
        return result

    def _look_into(self, suspects: Suspects, result: Comparison, talk: Conversation) -> None:
        ids: dict[str, int] = {}

        def suspected() -> Iterator[Record]:
            for name, tokens, res_id in self._believed(talk):
                if suspects.hold(name):
                    ids[name] = res_id
                    yield name, tokens

        here = listing(suspected(), suspects)
        there: dict[str, str] = {}
        for page in self._ask_pages(talk, "listing", suspects=suspects.to_wire()):
            there.update(page["digests"])
        difference = compare(here, there)
        settled: set[int] = set()
        names = [*difference.different, *difference.only_there]
        for start in range(0, len(names), CHUNK):
            answer = self._look_up(names[start : start + CHUNK], talk)
            settled |= self._compare_records(answer["records"], result, talk)
        left = [ids[name] for name in (*difference.different, *difference.only_here) if ids[name] not in settled]
        for start in range(0, len(left), CHUNK):
            self._compare_missing(left[start : start + CHUNK], result, talk)

    # -- What is told ------------------------------------------------------------------------------------------------

    def _compared_rules(self) -> list:
        # What always becomes the same there tells nothing about a record that is only received.
        return [rule for rule in self._rules() if not (rule.conversion.one_way and self.direction == "receive")]

    def _believed(
        self, talk: Conversation, progress: Callable[[], None] | None = None
    ) -> Iterator[tuple[str, dict[str, str], int]]:
        """Canonical id of each record here, the tokens that it is believed to have there, and its id."""
        rules = self._compared_rules()
        reckoning = self.env["sync.exchange.reckoning"]
        Model = self.env[self.model]
        for _last, records in reckoning._pages(self.model, self._wanted(), self._domain(), talk.terms):
            links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, records)
            codes = self.env["sync.exchange.code"].with_context(**{PEER: self.peer_id.id})
            called_there = codes._references_there(self._led_to(), talk.terms)
            for res_id, record in records.items():
                name = canonical_id(record["ids"])
                link = links.get(res_id)
                unknown_there = link.gone_there if link else self.direction == "receive"
                if name and not is_standard(name) and not unknown_there:
                    base = (link.base or {}) if link else {}
                    there = renamed(Model, record["values"], called_there)
                    yield name, _believed_tokens(record["values"], there, base, rules), res_id
            if progress:
                progress()

    def _wanted_there(self) -> list:
        own = {rule.name for rule in self._compared_rules()}
        return [line._wanted(True) for line in self.line_ids if line.name in own]

    def _ask_pages(self, talk: Conversation, method: str, **arguments) -> Iterator[dict]:
        after, more = 0, True
        while more:
            page = talk.ask_of(
                self.model, method, wanted=self._wanted_there(), domain=self._domain(), after=after, **arguments
            )
            yield page
            after, more = page["after"], page["more"]

    def _look_up(self, names: list[str], talk: Conversation) -> dict:
        return talk.ask_of(self.model, "look_up", wanted=self._wanted(there=True), names=names)

    # -- Record by record --------------------------------------------------------------------------------------------

    def _compare_records(self, records: list[dict], result: Comparison, talk: Conversation) -> set[int]:
        """Records that are there with those here; ids of those that are here too."""
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
            result.add(difference="different", title=_title(record), name=canonical_id(record["ids"]), detail=message)
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
                    result.add(difference=kind, title=_title(record), name=name)
            elif res_id in own:
                link = links.get(res_id)
                names = _differing(own[res_id], record, as_here[id(record)], (link.base or {}) if link else {})
                if names:
                    detail = self._differences(own[res_id]["values"], as_here[id(record)], names)
                    result.add(difference="different", title=_title(record), name=name, res_id=res_id, detail=detail)
        return set(own)

    def _kind_of_missing(self, record: dict, graves: dict) -> str:
        """What it means that a record of the other side is not here; an empty text for nothing."""
        if not any(name in graves for name in record["ids"]):
            return "" if self.direction == "send" else "only_there"
        archived = self.deletion == "archive" and not record["values"].get("active")
        # It is there because the deletion policy keeps it there.
        return "" if self.deletion == "keep" or archived else "deleted_here"

    def _compare_missing(self, ids: list[int], result: Comparison, talk: Conversation) -> None:
        """Records here that were not found there by their canonical id: by any of their names, or not there at all."""
        identity = self.env["sync.exchange.identity"]
        names = identity._names_of(self.env[self.model].browse(ids), make=False)
        answer = self._look_up([name for own in names.values() for name in own], talk)
        settled = self._compare_records(answer["records"], result, talk)
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, ids)
        for record in self.env[self.model].browse(ids):
            if record.id in settled:
                continue
            # What both have agreed about was there.
            deleted = record.id in links or not set(names[record.id]).isdisjoint(answer["deleted"])
            kind = "deleted_there" if deleted else "only_here"
            result.add(
                difference=kind, title=record.display_name, name=canonical_id(names[record.id]), res_id=record.id
            )

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
        and list(base.get(name, ())) != [token(here["values"][name]), there["tokens"][name]]
    ]


def _first(differing: Suspects, here: Checksums, there: Checksums) -> Suspects:
    """As many of the differing buckets as can be looked into at a time; one in any case."""
    counts = [
        max(mine[0], theirs[0])
        for mine, theirs in zip(here.coarser(differing.bits), there.coarser(differing.bits), strict=True)
    ]
    chosen, total = set(), 0
    for bucket in sorted(differing.buckets):
        total += counts[bucket]
        if chosen and total > _MOST_LISTED:
            break
        chosen.add(bucket)
    return Suspects(differing.bits, frozenset(chosen))
