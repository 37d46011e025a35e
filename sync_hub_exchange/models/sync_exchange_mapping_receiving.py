# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from concurrent.futures import ThreadPoolExecutor

from odoo import models

from ..records import ConversionError, canonical_id, decide, is_standard, newer, token
from .conversation import CHUNK, Conversation
from .sync_exchange_link import Agreed
from .sync_exchange_mapping import Rule
from .sync_exchange_mapping_rows import is_to_be_sent
from .sync_exchange_stamp import Edit
from .sync_exchange_store import Item
from .sync_exchange_taking import marks_of
from .sync_exchange_wire import PEER
from .waiting_texts import field_at, missing_reference


class SyncExchangeMapping(models.Model):
    """How records are received: page by page, each page with its cursor in one transaction."""

    _inherit = "sync.exchange.mapping"

    def _receive(self, talk: Conversation) -> bool:
        """Receive what has changed there; at the first time, everything.

        :return: whether all of it came
        """
        cursor = self.receive_cursor
        now, known = talk.watch(self._watched_there(), anew=not cursor)
        if not cursor or not known:
            cursor = {"phase": "rows", "after": 0, "cursor": now}
            self.receive_cursor = cursor
            self.env.cr.commit()
        # While a page is taken in, the next one is on its way.
        with ThreadPoolExecutor(1, thread_name_prefix="sync_hub_exchange") as reader:
            coming = reader.submit(self._page_reader(talk, cursor))
            while True:
                self.env.cr.commit()
                page = coming.result()
                if page.get("expired"):
                    cursor = {"phase": "rows", "after": 0, "cursor": now}
                    coming = reader.submit(self._page_reader(talk, cursor))
                    continue
                cursor, more = self._after(cursor, page)
                over = talk.is_over
                if more and not over:
                    coming = reader.submit(self._page_reader(talk, cursor))
                self._take_page(page, talk)
                self.receive_cursor = cursor
                self.env.cr.commit()
                if not more or over:
                    return not more

    def _page_reader(self, talk: Conversation, cursor: dict):
        """What asks for the page at a cursor; it sees no record, so that another thread can do it."""
        model, wanted, domain = self.model, self._wanted(there=True), self._domain()
        if cursor["phase"] == "rows":
            return lambda: talk.ask_of(
                model, "rows", wanted=wanted, domain=domain, after=cursor["after"], limit=CHUNK
            )
        return lambda: talk.ask_of(
            model, "changes", wanted=wanted, domain=domain, cursor=cursor["cursor"], limit=CHUNK
        )

    def _after(self, cursor: dict, page: dict) -> tuple[dict, bool]:
        """Where to go on, and whether there is more."""
        if cursor["phase"] == "rows":
            if page["more"]:
                return {**cursor, "after": page["after"]}, True
            # Everything has come; from here on what has changed since the beginning.
            return {"phase": "changes", "cursor": cursor["cursor"]}, True
        return {"phase": "changes", "cursor": page["cursor"]}, page["more"]

    def _watched_there(self) -> dict[str, str]:
        return self._watched()

    def _take_page(self, page: dict, talk: Conversation) -> None:
        begun = time.monotonic()
        records, gone = page["records"], page.get("gone") or []
        if not records and not gone:
            return
        talk.run._count(fetched=len(records) + len(gone))
        self._take_records(records, talk)
        self._take_deletions(gone, talk)
        talk.run._advance(len(records) + len(gone), time.monotonic() - begun)

    # -- Records -----------------------------------------------------------------------------------------------------

    def _take_records(self, records: list[dict], talk: Conversation, *, again: bool = False) -> None:
        """Take in records of the other side.

        :param again: also those that were deleted here
        """
        # Mapped codes of the peer count.
        self = self.with_context(**{PEER: self.peer_id.id})
        taking, wire = self.env["sync.exchange.taking"], self.env["sync.exchange.wire"]
        rules = self._rules()
        incoming = []
        for record in records:
            try:
                incoming.append(_from_there(record, rules))
            except ConversionError as error:
                self._wait_for(record, "code", self._no_counterpart(error), talk)
        found, doubtful = taking._find_records(
            self.model, incoming, self._keys(), lambda positions: self._twins_there(incoming, positions, talk)
        )
        readable = taking._readable(self.model, found.values())
        here = wire._read_records(self.env[self.model].browse(readable), self._wanted(), talk.terms)
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, readable)
        known = [record for position, record in enumerate(incoming) if found.get(position) in here]
        as_here = self._as_here(known, talk)
        graves = self.env["sync.exchange.tombstone"]._graves(
            {name for position, record in enumerate(incoming) if position not in found for name in record["ids"]}
        )
        additive = frozenset(rule.name for rule in rules if rule.additive)
        at_one: list[int] = []
        work: list[tuple[dict, Item, dict]] = []
        agreed: list[Agreed] = []
        for position, record in enumerate(incoming):
            res_id = found.get(position)
            if position in doubtful:
                self._wait_for(record, "doubtful", doubtful[position].sentence(self.env[self.model]), talk)
            elif res_id is None:
                # A record that was deleted here comes back only if somebody has worked on it there since.
                died = [graves[name] for name in record["ids"] if name in graves]
                if again or not died or talk.by_our_clock(record).at > max(died):
                    work.append((record, Item(record["ids"], record["values"], check=record["check"]), {}))
                else:
                    talk.run._count(skipped=1)
            elif res_id not in here:
                self._wait_for(record, "refused", taking._not_readable(), talk)
            elif any(map(is_standard, here[res_id]["ids"])):
                talk.run._count(skipped=1)
            else:
                item, base, asked = self._merge(
                    record, here[res_id], as_here[id(record)], links.get(res_id), res_id, additive, talk
                )
                if not asked:
                    at_one.append(res_id)
                if item:
                    work.append((record, item, base))
                else:
                    agreed.append(self._agreement(res_id, record, base, additive, here[res_id]["values"]))
        taking._learn_names(self.model, incoming, {p: found[p] for p in found if found[p] in here})
        self.env["sync.exchange.store"]._store(self.model, [item for _record, item, _base in work], talk.uuid)
        self._stamp(work, here, talk)
        agreed += self._settle_work(work, additive, talk)
        self.env["sync.exchange.conflict"]._drop(self, at_one)
        self.env["sync.exchange.link"]._remember(self.peer_id, self.model, agreed)
        waiting = self.env["sync.exchange.waiting"]
        clean = [record for record, item, _base in work if not item.error and not item.missing]
        untouched = [record for position, record in enumerate(incoming) if found.get(position) in here]
        done = {canonical_id(record["ids"]) for record in (*clean, *untouched)}
        done -= {canonical_id(record["ids"]) for record, item, _base in work if item.error or item.missing}
        waiting._settle(self, "receive", done)

    def _stamp(self, work: list, here: dict[int, dict], talk: Conversation) -> None:
        """What was written is as new as what it was made of."""
        edits = {}
        for record, item, _base in work:
            if item.res_id and not item.error:
                known = [Edit.of(here[item.res_id])] if item.res_id in here else []
                edits[item.res_id] = max([talk.by_our_clock(record), *known])
        self.env["sync.exchange.stamp"]._stamp(self.model, edits)

    def _merge(self, record, here, as_here, link, res_id, additive, talk):
        """Compare a record with the one here.

        :return: what is to be written, or None; field -> [token here or None if it changes, token there]; fields of
            which a person is asked
        """
        marks = {name: token(value) for name, value in here["values"].items()}
        marks_as_here = {name: token(value) for name, value in as_here.items()}
        there = record["tokens"]
        base = dict(link.base or {}) if link else {}
        amounts = dict(link.amounts or {}) if link else {}
        if link and link.sent:
            _hear_of_lost_answers(link.sent, record, base, amounts)
        there_is_newer = newer(Edit.of(here), talk.by_our_clock(record))
        decision = decide(
            self._policy(),
            marks,
            there,
            marks_as_here,
            {name: tuple(pair[:2]) for name, pair in base.items()},
            there_is_newer=there_is_newer,
            additive=additive if link else frozenset(),
        )
        decision, merged = self._merge_rows(decision, record, here, as_here, base, there_is_newer=there_is_newer)
        values = {name: record["values"][name] for name in decision.take}
        values.update({name: rows.rows for name, rows in merged.items() if rows.takes})
        for name in decision.add:
            # Of an amount whose last value there is not known, nothing can be said but that it is newer.
            values[name] = here["values"][name] + record["values"][name] - amounts.get(name, record["values"][name])
        new_base = {}
        for name, mark in record["fixed"].items():
            if base.get(name, [""])[-1] != mark:
                # There it is something else than what it always is.
                new_base[name] = ["", mark]
        for name in there:
            if name in merged:
                new_base[name] = self._pair_of_rows(merged[name], marks[name], there[name])
            elif name in decision.ask:
                continue
            elif name in values:
                new_base[name] = [None if name in decision.take else "", there[name]]
            elif name in decision.keep:
                new_base[name] = ["", there[name]]
            elif marks[name] == marks_as_here[name] or name in base:
                new_base[name] = [marks[name], there[name]]
            else:
                new_base[name] = ["", there[name]]
        self._plan_rows(record, as_here, base, new_base, decision, merged)
        if decision.ask:
            self.env["sync.exchange.conflict"]._raise(
                self,
                self.env[self.model].browse(res_id),
                "values",
                {
                    name: (here["values"][name], as_here[name], there[name])
                    for name in decision.ask
                    if name not in merged
                },
                questions=[(name, there[name], asked) for name, rows in merged.items() for asked in rows.asks],
                check=record["check"],
            )
            talk.run._count(skipped=1)
        if decision.clash:
            self._log_clash(res_id, decision, talk)
        item = Item(record["ids"], values, res_id, before=marks, check=record["check"]) if values else None
        return item, new_base, frozenset(decision.ask)

    def _log_clash(self, res_id: int, decision, talk: Conversation) -> None:
        record = self.env[self.model].browse(res_id)
        labels = [record._fields[name]._description_string(self.env) for name in decision.clash]
        how = "asked" if decision.ask else "added" if decision.add else "there" if decision.take else "here"
        talk.run._log(f"exchange_clash_{how}", record=record, record_name=record.display_name, fields=", ".join(labels))

    def _settle_work(self, work: list, additive: frozenset[str], talk: Conversation) -> list[Agreed]:
        """Count what was written, note what was not, and tell what both sides have agreed now."""
        stored = {item.res_id for _record, item, _base in work if item.res_id and not item.error}
        after = self.env["sync.exchange.wire"]._read_records(
            self.env[self.model].browse(stored), self._wanted(), talk.terms
        )
        all_marks = {res_id: marks_of(record) for res_id, record in after.items()}
        strayed = self.env["sync.exchange.taking"]._strayed(
            self.model, [item for _record, item, _base in work if item.res_id in after], all_marks, talk.terms
        )
        counts = dict.fromkeys(("created", "updated", "failed", "skipped"), 0)
        agreed = []
        for record, item, base in work:
            if item.error:
                counts["failed"] += 1
                self._wait_for(record, "refused", item.error, talk, res_id=item.res_id, count=False)
                continue
            if item.missing:
                self._wait_for_reference(record, item, talk)
                if item.is_waiting:
                    counts["skipped"] += 1
                    continue
            counts["created" if item.made else "updated"] += 1
            marks = all_marks[item.res_id]
            pairs = base or {
                **{name: ["", mark] for name, mark in record["fixed"].items()},
                **{name: [None, mark] for name, mark in record["tokens"].items()},
            }
            final = {
                name: [marks[name] if pair[0] is None else pair[0], pair[1]]
                for name, pair in pairs.items()
                if name in marks
            }
            for name in strayed[item.res_id] & final.keys():
                # Odoo has made something else of it here: the other side is to hear of that.
                final[name] = ["", pairs[name][1]]
            for name in {name.partition(".")[0] for name in item.missing}:
                # Not agreed: as soon as what it leads to is here, it is taken.
                final[name] = [marks[name], ""]
            for name in item.more & final.keys():
                final[name] = ["", final[name][1]]
            if item.made:
                self._plan_rows_made(record)
            agreed.append(
                self._agreement(item.res_id, record, final, additive, after[item.res_id]["values"], item.missing)
            )
        talk.run._count(**{name: number for name, number in counts.items() if number})
        return agreed

    def _agreement(self, res_id: int, record: dict, base: dict, additive, values: dict, missing=()) -> Agreed:
        """What is to be remembered of a record.

        :param values: what it is here now
        :param missing: paths of what could not be taken yet
        """
        amounts = {name: record["values"][name] for name in additive if record["values"].get(name) is not None}
        # What stands here and is not there yet goes with the next sending.
        base = self._with_rows(base, record, values, missing)
        resend = self.direction != "receive" and any(map(is_to_be_sent, base.values()))
        return Agreed(res_id, base, amounts, resend)

    # -- Values ------------------------------------------------------------------------------------------------------

    def _as_here(self, incoming: list[dict], talk: Conversation) -> dict[int, dict]:
        """Values as they would be read here if they were stored: references by the names that records have here.

        :return: identity of each incoming record -> values
        """
        return self.env["sync.exchange.wire"]._as_here(
            self.env[self.model], {id(record): record["values"] for record in incoming}, talk.terms
        )

    # -- What waits --------------------------------------------------------------------------------------------------

    def _wait_for(self, record, reason: str, message: str, talk: Conversation, *, res_id=None, count=True) -> None:
        self.env["sync.exchange.waiting"]._wait(
            self,
            "receive",
            canonical_id(record["ids"]),
            reason,
            message,
            title=_title(record),
            record=record.get("raw", record),
            **({"res_id": res_id} if res_id else {}),
        )
        if count:
            talk.run._count(**{"failed" if reason == "refused" else "skipped": 1})

    def _wait_for_reference(self, record: dict, item: Item, talk: Conversation) -> None:
        name, target = next(iter(item.missing.items()))
        reason, message = missing_reference(self.env[self.model], name, target)
        if reason == "code":
            model = field_at(self.env[self.model], name).comodel_name
            self.env["sync.exchange.code"]._ask_for(self.peer_id, model, target, "receive")
        self._wait_for(record, reason, message, talk, res_id=item.res_id, count=False)


def _from_there(record: dict, rules: list[Rule]) -> dict:
    """A record of the other side, with the names and values of this one, and the tokens of what it was there.

    :raises ConversionError: when a table does not have a value
    """
    values, tokens, fixed, row_keys = {}, {}, {}, {}
    for rule in rules:
        if rule.there not in record["values"]:
            continue
        value = record["values"][rule.there]
        if rule.conversion.one_way:
            fixed[rule.name] = token(value)
        else:
            values[rule.name] = rule.conversion.here(value)
            tokens[rule.name] = token(value)
            if rule.row_keys is not None:
                row_keys[rule.name] = rule.row_keys
    return {
        "ids": record["ids"], "at": record["at"], "by": record.get("by") or "",
        "values": values, "tokens": tokens, "fixed": fixed, "check": record.get("check") or {}, "raw": record,
        # Of fields with rows: by what rows are known, what was remembered of them, and what is to be; of those of which
        # a person is asked, whether others are to be sent.
        "row_keys": row_keys, "kept": {}, "plans": {}, "asked": {},
    }


def _hear_of_lost_answers(sent: list[dict], record: dict, base: dict, amounts: dict) -> None:
    """Of a message with quantities whose answer did not come it shows that it was taken: that much is agreed."""
    for message in sent:
        if message["once"] == record["raw"].get("once"):
            base.update(message["base"])
            amounts.update(message["amounts"])


def _title(record: dict) -> str:
    name = record["values"].get("name") or record["values"].get("display_name")
    if isinstance(name, dict):
        name = next(filter(None, name.values()), "")
    return str(name or canonical_id(record["ids"]))
