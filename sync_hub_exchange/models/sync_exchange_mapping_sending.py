# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from odoo import models
from odoo.fields import Domain

from ..records import canonical_id, names_in, token
from .conversation import CHUNK, LANES, Conversation
from .sync_exchange_link import Agreed
from .sync_exchange_wire import PEER, renamed
from .waiting_texts import missing_reference

# A record that changes there between two words of ours is asked for again so often.
_ROUNDS = 3


@dataclass(slots=True)
class _Chunk:
    """Records on their way.

    :param packed: see ``_pack``
    :param gone: deleted ones: ids and names
    :param cursor: where sending stands when they have arrived
    """

    packed: list
    gone: list
    cursor: dict
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
        if not cursor:
            cursor = {"phase": "rows", "after": 0, "cursor": self._watch_here(talk)}
        outbox = self.env["sync.exchange.change"].sudo()
        if outbox._is_expired(cursor["cursor"]):
            cursor = {"phase": "rows", "after": 0, "cursor": outbox._position()}
        self._send_again(talk)
        with ThreadPoolExecutor(LANES, thread_name_prefix="sync_hub_exchange") as lanes:
            return self._send_in_lanes(cursor, lanes, talk)

    def _send_in_lanes(self, cursor: dict, lanes: ThreadPoolExecutor, talk: Conversation) -> bool:
        """Send chunk after chunk; while the other side takes one in, the next one is made.

        The cursor moves when a chunk has been answered, in the order of the chunks.
        """
        travelling: deque[_Chunk] = deque()
        more = True
        while travelling or (more and not talk.is_over):
            if more and len(travelling) < LANES and not talk.is_over:
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
        chunk = _Chunk(self._pack(ids, talk), gone, cursor)
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
        begun = time.monotonic()
        if chunk.answers:
            again = self._note_answers(chunk.packed, chunk.answers.result(), talk)
            self.env.cr.commit()
            self._send_records(again, talk)
        self._send_deletions(chunk.gone, talk)
        self.send_cursor = chunk.cursor
        talk.run._advance(len(chunk.packed), time.monotonic() - begun)
        self.env.cr.commit()

    def _watch_here(self, talk: Conversation) -> dict:
        """Have changes noted here; the cursor from which all of them are seen."""
        outbox = self.env["sync.exchange.change"].sudo()
        self.env["sync.exchange.watch"]._watch(talk.uuid, self._watched())
        self.env.cr.commit()
        self.env.registry.signal_changes()
        running, moment = outbox._running_since(None)
        until = time.monotonic() + 30
        while running and time.monotonic() < until:
            self.env.cr.commit()
            time.sleep(0.2)
            running, moment = outbox._running_since(moment)
        self.env.cr.commit()
        return outbox._position()

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

    def _send_again(self, talk: Conversation) -> None:
        """What could not be taken there before."""
        links = self.env["sync.exchange.link"].search(
            [("peer_id", "=", self.peer_id.id), ("model", "=", self.model), ("resend", "=", True)], limit=5 * CHUNK
        )
        waiting = self.env["sync.exchange.waiting"].search(
            [("mapping_id", "=", self.id), ("direction", "=", "send"), ("res_id", "!=", 0)]
        )
        ids = sorted({*links.mapped("res_id"), *waiting.mapped("res_id")})
        for start in range(0, len(ids), CHUNK):
            if talk.is_over:
                return
            self._send_records(ids[start : start + CHUNK], talk)
            self.env.cr.commit()

    # -- Records -----------------------------------------------------------------------------------------------------

    def _send_records(self, ids: list[int], talk: Conversation) -> None:
        for _round in range(_ROUNDS):
            if not ids:
                return
            packed = self._pack(ids, talk)
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
        names = {line.name: line.remote_name or line.name for line in self.line_ids}
        return [names.get(name, name) for name in self._keys()]

    def _pack(self, ids: list[int], talk: Conversation) -> list[tuple[int, dict, dict]]:
        """What of these records is to be sent: (id, message, field -> token here)."""
        records = self.env[self.model].browse(self.env["sync.exchange.taking"]._readable(self.model, ids))
        read = self.env["sync.exchange.wire"]._read_records(records, self._wanted(), talk.terms)
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, records.ids)
        asked = self.env["sync.exchange.conflict"]._open_fields(self, records.ids)
        codes = self.env["sync.exchange.code"].with_context(**{PEER: self.peer_id.id})
        counterparts = codes._references_there(self._led_to(), talk.terms)
        packed = []
        for res_id, record in sorted(read.items()):
            link = links.get(res_id)
            if link and link.gone_there:
                continue
            base = (link.base or {}) if link else {}
            marks = {name: token(value) for name, value in record["values"].items()}
            changed = {
                name
                for name, mark in marks.items()
                if base.get(name, [""])[0] != mark and name not in asked.get(res_id, ())
            }
            if link and not changed and not link.resend:
                continue
            # By what the other side calls it; whether it has changed is told by what it is here.
            record["values"] = renamed(records, record["values"], counterparts)
            message = self._to_there(record, changed or set(marks), base if link else {})
            packed.append((res_id, message, marks))
        return packed

    def _led_to(self) -> set[str]:
        """Models to which the fields of this data, and of its rows, lead."""
        fields = [self.env[self.model]._fields[line.name] for line in self.line_ids]
        for line in self.line_ids.filtered(lambda line: line.ttype == "one2many"):
            rows = self.env[self.env[self.model]._fields[line.name].comodel_name]
            fields += [rows._fields[name] for name in line._parts()]
        return {field.comodel_name for field in fields if field.comodel_name}

    def _to_there(self, record: dict, changed: set[str], base: dict) -> dict:
        values, seen = {}, {}
        for line in self.line_ids:
            if line.name in changed:
                name = line.remote_name or line.name
                values[name] = line._conversion().there(record["values"][line.name])
                if line.name in base:
                    seen[name] = base[line.name][1]
        message = {name: record[name] for name in ("ids", "at", "check") if name in record}
        return {**message, "values": values, **({"seen": seen} if seen else {})}

    def _note_answers(self, packed: list, answers: list[dict], talk: Conversation) -> list[int]:
        """What became of what was sent.

        :return: ids of the records that are to be sent once more, because they had changed there
        """
        names = {line.name: line.remote_name or line.name for line in self.line_ids}
        agreed, learned, met, again = [], [], [], []
        waiting = self.env["sync.exchange.waiting"]
        counts = dict.fromkeys(("created", "updated", "skipped", "failed"), 0)
        settled = []
        for (res_id, message, marks), answer in zip(packed, answers, strict=True):
            key = canonical_id(message["ids"])
            match answer["state"]:
                case "made" | "taken" | "same":
                    missing = {name.partition(".")[0] for name in answer.get("missing") or ()}
                    # What the other side has more than was sent is heard of by asking for it with the next sending.
                    unsaid = {*missing, *(answer.get("more") or ())}
                    base = {
                        name: [marks[name], "" if there in unsaid else answer["tokens"][there]]
                        for name, there in names.items()
                        if there in message["values"] and there in answer["tokens"]
                    }
                    agreed.append(Agreed(res_id, base, self._amounts(res_id, message), bool(unsaid)))
                    learned.append((res_id, answer["ids"]))
                    if answer["state"] != "same":
                        counts["created" if answer["state"] == "made" else "updated"] += 1
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
                    counts["failed"] += 1
                    waiting._wait(
                        self, "send", key, "refused", answer.get("error", ""), res_id=res_id, title=self._title(res_id)
                    )
        self.env["sync.exchange.link"]._remember(self.peer_id, self.model, agreed)
        self._learn(learned)
        waiting._settle(self, "send", settled)
        talk.run._count(**{name: number for name, number in counts.items() if number})
        if met:
            # What has changed there meanwhile is judged as if it had been received; then the rest is sent.
            self._learn([(res_id, record["ids"]) for res_id, record in met])
            self._take_records([record for _res_id, record in met], talk)
            again = [res_id for res_id, _record in met]
        return again

    def _amounts(self, res_id: int, message: dict) -> dict:
        additive = self.line_ids.filtered("additive")
        return {
            line.name: line._conversion().here(message["values"][line.remote_name or line.name])
            for line in additive
            if message["values"].get(line.remote_name or line.name) is not None
        }

    def _learn(self, names: list[tuple[int, list[str]]]) -> None:
        """The other side's names of records here."""
        records = [{"ids": ids} for _res_id, ids in names]
        found = {position: res_id for position, (res_id, _ids) in enumerate(names)}
        if records:
            self.env["sync.exchange.taking"]._learn_names(self.model, records, found)

    def _wait_to_send(self, res_id: int, message: dict, answer: dict, key: str) -> None:
        name, target = next(iter(answer["missing"].items()))
        own = {line.remote_name or line.name: line.name for line in self.line_ids}
        first, dot, rest = name.partition(".")
        reason, text = missing_reference(self.env[self.model], own[first] + dot + rest, target)
        self.env["sync.exchange.waiting"]._wait(
            self, "send", key, reason, text, res_id=res_id, title=self._title(res_id)
        )

    def _title(self, res_id: int) -> str:
        return self.env[self.model].browse(res_id).display_name

    # -- Deletions ---------------------------------------------------------------------------------------------------

    def _deleted_there(self, res_id: int, talk: Conversation) -> None:
        """A record that is sent was deleted there."""
        record = self.env[self.model].browse(res_id)
        here = self.env["sync.exchange.wire"]._read_records(record, self._wanted(), talk.terms)
        link = self.env["sync.exchange.link"]._of(self.peer_id, self.model, [res_id]).get(res_id)
        if here:
            self._take_deletion(record, here[res_id], link, talk)

    def _send_deletions(self, gone: list[tuple[int, list[str]]], talk: Conversation) -> None:
        """Records that were deleted here."""
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, [res_id for res_id, _names in gone])
        names = {line.name: line.remote_name or line.name for line in self.line_ids}
        known = [(links[res_id], ids) for res_id, ids in gone if res_id in links]
        if not known:
            return
        records = [
            {
                "ids": ids,
                "seen": {names[name]: pair[1] for name, pair in (link.base or {}).items() if name in names},
            }
            for link, ids in known
        ]
        how = "archive" if self.deletion == "archive" else "delete"
        if self.deletion == "keep":
            answers = [{"state": "same"} for _record in records]
        else:
            self.env.cr.commit()
            answers = talk.ask_of(
                self.model, "remove", wanted=self._wanted(there=True), records=records, how=how
            )
        for (link, ids), answer in zip(known, answers, strict=True):
            if answer["state"] == "stale":
                # It was changed there meanwhile: whoever worked on it there is heard first.
                if self.policy == "local":
                    talk.ask_of(
                        self.model,
                        "remove",
                        wanted=self._wanted(there=True),
                        records=[{"ids": ids, "seen": {}}],
                        how=how,
                    )
                else:
                    link.unlink()
                    self._take_records([answer["record"]], talk, again=True)
                    continue
            elif answer["state"] == "refused":
                talk.run._log("exchange_not_deleted", "warning", record_name=", ".join(ids), reason=answer["error"])
                talk.run._count(failed=1)
            elif answer["state"] != "same":
                talk.run._count(updated=1)
            link.unlink()
        talk.run._count(fetched=len(known))
