# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
import uuid
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from odoo import models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.fields import Domain

from ..records import ConversionError, canonical_id, names_in, token
from .conversation import CHUNK, LANES, Conversation
from .sync_exchange_link import Agreed
from .sync_exchange_mapping import Rule
from .sync_exchange_mapping_rows import as_sent
from .sync_exchange_wire import PEER, renamed
from .waiting_texts import field_at, missing_reference

# A record that changes there between two words of ours is asked for again so often.
_ROUNDS = 3
# So many messages with quantities are remembered of a record whose answers did not come.
_PENDING = 5


@dataclass(slots=True)
class _Chunk:
    """Records on their way.

    :param packed: see ``_pack``
    :param gone: deleted ones: ids and names
    :param cursor: where sending stands when they have arrived
    :param rows: how many records were looked at, for the progress of the run
    """

    packed: list
    gone: list
    cursor: dict
    rows: int
    answers: Future | None = None

    def follows(self, others: Iterable["_Chunk"]) -> bool:
        """Whether it leads to records of other chunks, deletes some or has some of them too."""
        names = {name for other in others for _id, message, _marks in other.packed for name in message["ids"]}
        if self.gone:
            return True
        return any(
            not names.isdisjoint(message["ids"]) or not names.isdisjoint(names_in(message["values"]))
            for _id, message, _marks in self.packed
        )


class SyncExchangeMapping(models.Model):
    """How records are sent: what differs from what both sides agreed, chunk by chunk.

    The other side commits first. A worker that is killed before it has noted the answer sends the chunk once more, and
    the other side finds that it has it already.
    """

    _inherit = "sync.exchange.mapping"

    def _send(self, talk: Conversation) -> bool:
        """Send what has changed here; at the first time, everything.

        :return: whether all of it left
        """
        cursor = self.send_cursor
        now, known = self._watch_here(talk, anew=not cursor)
        # Whether a number of the database is too old; nothing is read of any record.
        if not cursor or not known or self.env["sync.exchange.change"].sudo()._is_expired(cursor["cursor"]):
            cursor = {"phase": "rows", "after": 0, "cursor": now}
            # Whatever happens on the way: what is deleted from now on is told to the other side.
            self.send_cursor = cursor
            self.env.cr.commit()
            self._send_earlier_deletions(talk)
        talk.lap()
        with ThreadPoolExecutor(LANES, thread_name_prefix="sync_hub_exchange") as lanes:
            return self._send_in_lanes(cursor, lanes, talk)

    def _send_in_lanes(self, cursor: dict, lanes: ThreadPoolExecutor, talk: Conversation) -> bool:
        """Send chunk after chunk; while the other side takes one in, the next one is made.

        The cursor moves when a chunk has been answered, in the order of the chunks.
        """
        travelling: deque[_Chunk] = deque()
        more = first = True
        # However short a slice is, one chunk of it gets through.
        while travelling or (more and (first or not talk.is_over)):
            if more and len(travelling) < LANES and (first or not talk.is_over):
                first = False
                chunk, cursor, more = self._make_chunk(cursor, talk)
                # What leads to records that are on their way would not find them there yet.
                while travelling and chunk.follows(travelling):
                    self._finish_chunk(travelling.popleft(), talk)
                chunk.answers = lanes.submit(self._taker(chunk, talk)) if chunk.packed else None
                travelling.append(chunk)
            else:
                self._finish_chunk(travelling.popleft(), talk)
        return not more

    def _make_chunk(self, cursor: dict, talk: Conversation) -> tuple["_Chunk", dict, bool]:
        ids, gone, cursor, more = self._next_to_send(cursor, talk)
        chunk = _Chunk(self._pack(ids, talk), gone, cursor, len(ids) + len(gone))
        # Nothing is locked and no transaction is open while the other side works.
        self.env.cr.commit()
        return chunk, cursor, more

    def _taker(self, chunk: "_Chunk", talk: Conversation):
        """What asks the other side to take a chunk; it sees no record, so that another thread can do it."""
        model, wanted, keys = self.model, self._wanted(there=True), self._keys_there()
        records = [message for _res_id, message, _marks in chunk.packed]
        return lambda: talk.ask_in_lane(model, "take", wanted=wanted, records=records, keys=keys)

    def _finish_chunk(self, chunk: "_Chunk", talk: Conversation) -> None:
        self.env.cr.commit()
        if chunk.answers:
            again = self._note_answers(chunk.packed, chunk.answers.result(), talk)
            self.env.cr.commit()
            self._send_records(again, talk)
        self._send_deletions(chunk.gone, talk)
        self.send_cursor = chunk.cursor
        talk.run._advance(chunk.rows, talk.lap())
        self.env.cr.commit()

    def _watch_here(self, talk: Conversation, *, anew: bool) -> tuple[dict, bool]:
        """Have changes noted here.

        :param anew: nothing has been sent so far
        :return: the cursor from which all of them are seen; whether they were noted all the time
        """
        # Numbers of the database only.
        outbox = self.env["sync.exchange.change"].sudo()
        known = self.env["sync.exchange.watch"]._watch(talk.uuid, self._watched())
        self.env.cr.commit()
        if not known or anew:
            if not outbox._wait_for_older():
                raise Fault(FaultKind.UNEXPECTED, detail="a transaction runs here for long")
            self.env.cr.commit()
        return outbox._position(), known

    def _next_to_send(self, cursor: dict, talk: Conversation) -> tuple[list, list, dict, bool]:
        """Ids of records that may have to be sent, deleted ones, where to go on, and whether there is more."""
        Model = self.env[self.model].with_context(active_test=False)
        if cursor["phase"] == "rows":
            records = Model.search(
                Domain.AND([Domain("id", ">", cursor["after"]), Domain(self._domain())]), order="id", limit=CHUNK
            )
            if len(records) == CHUNK:
                return records.ids, [], {**cursor, "after": records.ids[-1]}, True
            return records.ids, [], {"phase": "changes", "cursor": cursor["cursor"]}, True
        # Numbers of records only.
        page = self.env["sync.exchange.change"].sudo()._page(self.model, cursor["cursor"], CHUNK, talk.uuid)
        records = Model.search(Domain.AND([Domain("id", "in", page.written), Domain(self._domain())]))
        return records.ids, page.gone, {"phase": "changes", "cursor": page.cursor}, page.more

    # -- Records -----------------------------------------------------------------------------------------------------

    def _send_records(self, ids: list[int], talk: Conversation, *, again: bool = False) -> None:
        """Send records, and what they have become meanwhile.

        :param again: what has nothing to send any more need not be sent again
        """
        for _round in range(_ROUNDS):
            if not ids:
                return
            packed = self._pack(ids, talk, again=again)
            if not packed:
                return
            begun = time.monotonic()
            # Nothing is locked and no transaction is open while the other side works.
            self.env.cr.commit()
            answers = talk.ask_of(
                self.model,
                "take",
                wanted=self._wanted(there=True),
                records=[message for _res_id, message, _marks in packed],
                keys=self._keys_there(),
            )
            ids = self._note_answers(packed, answers, talk)
            self.env.cr.commit()
            talk.run._advance(len(packed), time.monotonic() - begun)

    def _keys_there(self) -> list[str]:
        names = {rule.name: rule.there for rule in self._rules()}
        return [names.get(name, name) for name in self._keys()]

    def _pack(self, ids: list[int], talk: Conversation, *, again: bool = False) -> list[tuple[int, dict, dict]]:
        """What of these records is to be sent: (id, message, field -> token here).

        :param again: see ``_send_records``
        """
        records = self.env[self.model].browse(self.env["sync.exchange.taking"]._readable(self.model, ids))
        read = self.env["sync.exchange.wire"]._read_records(records, self._wanted(), talk.terms)
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, records.ids)
        all_marks = {
            res_id: {name: token(value) for name, value in record["values"].items()} for res_id, record in read.items()
        }
        asked, questions, links = self._still_asked(read, all_marks, links)
        codes = self.env["sync.exchange.code"].with_context(**{PEER: self.peer_id.id})
        counterparts = codes._references_there(self._led_to(), talk.terms)
        rules = self._rules()
        with_rows = [rule for rule in rules if rule.row_keys is not None]
        packed, done = [], set(ids) - read.keys()
        for res_id, record in sorted(read.items()):
            link = links.get(res_id)
            if link and link.gone_there:
                done.add(res_id)
                continue
            base = (link.base or {}) if link else {}
            if res_id in questions:
                base = as_sent(base, questions[res_id])
            marks = all_marks[res_id]
            changed = {
                name
                for name, mark in marks.items()
                if base.get(name, [""])[0] != mark and name not in asked.get(res_id, ())
            }
            if link and not changed:
                done.add(res_id)
                continue
            if with_rows:
                rows = [rule for rule in with_rows if rule.name in changed]
                marks = self._marks_with_rows(marks, record, base, rows, questions.get(res_id, {}))
            # By what the other side calls it; whether it has changed is told by what it is here.
            record["values"] = renamed(records, record["values"], counterparts)
            try:
                message = {**_to_there(record, changed, base, rules), **talk.by_their_clock(record)}
            except ConversionError as error:
                self.env["sync.exchange.waiting"]._wait(
                    self, "send", canonical_id(record["ids"]), "code", self._no_counterpart(error), res_id=res_id,
                    title=self._title(res_id),
                )
                talk.run._count(skipped=1)
                continue
            additive = {rule.name: rule for rule in rules if rule.additive and rule.name in changed & base.keys()}
            if additive:
                message["once"] = uuid.uuid4().hex
                link.sent = [*(link.sent or [])[1 - _PENDING :], _pending(message, marks, additive)]
            if link and not base:
                # Somebody has decided that it is to be there again.
                message["again"] = True
            packed.append((res_id, message, marks))
        if again:
            self._send_no_more(links, done)
        return packed

    def _led_to(self) -> set[str]:
        """Models to which the fields of this data, and of its rows, lead."""
        fields = [self.env[self.model]._fields[line.name] for line in self.line_ids]
        for line in self.line_ids.filtered(lambda line: line.ttype == "one2many"):
            rows = self.env[self.env[self.model]._fields[line.name].comodel_name]
            fields += [rows._fields[name] for name in line._parts()]
        return {field.comodel_name for field in fields if field.comodel_name}

    def _send_no_more(self, links: dict, ids: set[int]) -> None:
        """These have nothing to send."""
        for res_id in ids & links.keys():
            if links[res_id].resend:
                links[res_id].resend = False
        self.env["sync.exchange.waiting"].search(
            [("mapping_id", "=", self.id), ("direction", "=", "send"), ("res_id", "in", list(ids))]
        ).unlink()

    def _no_counterpart(self, error: ConversionError) -> str:
        return self.env._(
            "“%s” has no counterpart in the table of this field. Add it under “Data”, then try again.", error.value
        )

    def _note_answers(self, packed: list, answers: list[dict], talk: Conversation) -> list[int]:
        """What became of what was sent.

        :return: ids of the records that are to be sent once more, because they had changed there
        """
        rules = self._rules()
        agreed, learned, met, other, settled = [], [], [], [], []
        waiting = self.env["sync.exchange.waiting"]
        counts = dict.fromkeys(("created", "updated", "skipped", "failed"), 0)
        for (res_id, message, marks), answer in zip(packed, answers, strict=True):
            key = canonical_id(message["ids"])
            match answer["state"]:
                case "made" | "taken" | "same":
                    agreed.append(self._agreed_there(res_id, message, marks, answer, rules))
                    learned.append((res_id, answer["ids"]))
                    missing = {name.partition(".")[0] for name in answer.get("missing") or ()}
                    if answer["state"] == "made":
                        counts["created"] += 1
                    elif answer["state"] == "taken":
                        counts["updated" if message["values"].keys() - missing else "skipped"] += 1
                    if answer.get("differs"):
                        other.append((res_id, answer["record"]))
                    if missing:
                        self._wait_to_send(res_id, message, answer, key)
                    else:
                        settled.append(key)
                case "stale" | "met":
                    met.append((res_id, answer["record"]))
                case "waiting":
                    counts["skipped"] += 1
                    self._wait_to_send(res_id, message, answer, key)
                case "deleted":
                    self._deleted_there(res_id, talk)
                case _:
                    reason, text = self._refusal_told(answer)
                    counts["failed" if reason == "refused" else "skipped"] += 1
                    talk.refused.add((self.id, res_id))
                    waiting._wait(self, "send", key, reason, text, res_id=res_id, title=self._title(res_id))
        self.env["sync.exchange.link"]._remember(self.peer_id, self.model, agreed)
        self._learn(learned)
        waiting._settle(self, "send", settled)
        talk.run._count(**{name: number for name, number in counts.items() if number})
        if met or other:
            # What has changed there meanwhile is judged as if it had been received; then the rest is sent.
            self._learn([(res_id, record["ids"]) for res_id, record in met])
            self._take_records([record for _res_id, record in (*met, *other)], talk)
        return [res_id for res_id, _record in met]

    def _agreed_there(self, res_id: int, message: dict, marks: dict, answer: dict, rules: list[Rule]) -> Agreed:
        """What both sides have agreed on by an answer."""
        missing = {name.partition(".")[0] for name in answer.get("missing") or ()}
        differs = set(answer.get("differs") or ())
        more = set(answer.get("more") or ())
        base = {}
        for rule in rules:
            name, there = rule.name, rule.there
            if there in differs or there in more:
                # Not what was sent: the other side has the last word, as if somebody had changed it there.
                base[name] = [marks[name], ""]
            elif there in missing:
                # As soon as what it leads to is there, it is sent again.
                base[name] = ["", answer["tokens"][there]]
            elif there in message["values"] and there in answer["tokens"]:
                base[name] = [marks[name], answer["tokens"][there]]
        return Agreed(res_id, base, _amounts(message, rules), bool(missing or more), sent=[])

    def _learn(self, names: list[tuple[int, list[str]]]) -> None:
        """The other side's names of records here."""
        records = [{"ids": ids} for _res_id, ids in names]
        found = {position: res_id for position, (res_id, _ids) in enumerate(names)}
        if records:
            self.env["sync.exchange.taking"]._learn_names(self.model, records, found)

    def _wait_to_send(self, res_id: int, message: dict, answer: dict, key: str) -> None:
        name, target = next(iter(answer["missing"].items()))
        own = {rule.there: rule.name for rule in self._rules()}
        first, dot, rest = name.partition(".")
        path = own[first] + dot + rest
        reason, text = missing_reference(self.env[self.model], path, target, there=True)
        if reason == "code":
            model = field_at(self.env[self.model], path).comodel_name
            self.env["sync.exchange.code"]._ask_for(self.peer_id, model, target, "send")
        self.env["sync.exchange.waiting"]._wait(
            self, "send", key, reason, text, res_id=res_id, title=self._title(res_id)
        )

    def _title(self, res_id: int) -> str:
        return self.env[self.model].browse(res_id).display_name


def _to_there(record: dict, changed: set[str], base: dict, rules: list) -> dict:
    """What is sent of a record.

    :raises ConversionError: when a table does not have a value
    """
    values, seen = {}, {}
    for rule in rules:
        if rule.name in changed:
            values[rule.there] = rule.conversion.there(record["values"][rule.name])
            if rule.name in base:
                seen[rule.there] = base[rule.name][1]
    message = {name: record[name] for name in ("ids", "check") if name in record}
    return {**message, "values": values, **({"seen": seen} if seen else {})}


def _amounts(message: dict, rules: list[Rule]) -> dict:
    """Additive fields of a message, by their names here."""
    return {
        rule.name: rule.conversion.here(message["values"][rule.there])
        for rule in rules
        if rule.additive and message["values"].get(rule.there) is not None
    }


def _pending(message: dict, marks: dict, additive: dict) -> dict:
    """What is to be remembered of a message with quantities until it is answered."""
    sent = {name: message["values"][rule.there] for name, rule in additive.items()}
    return {
        "once": message["once"],
        "base": {name: [marks[name], token(value)] for name, value in sent.items()},
        "amounts": {name: rule.conversion.here(sent[name]) for name, rule in additive.items()},
    }
