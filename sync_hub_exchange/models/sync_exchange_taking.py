# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from odoo import api, models
from odoo.fields import Domain

from ..records import is_standard, strayed, token
from .doubt import JOINED, OURS, THEIRS, Doubt
from .sync_exchange_stamp import Edit
from .sync_exchange_store import QUIET, Item, refusal_of
from .sync_exchange_wire import Terms, key_of

# Stored with fewer digits, or smaller, than they came; nothing that the other side has to follow.
_ROUNDED = frozenset({"float", "monetary", "binary", "image"})


class _Undo(Exception):
    """Leaves a block whose writes are not to stay."""


@contextlib.contextmanager
def undone(env) -> Iterator[None]:
    """What is written in this block is gone at its end; what it answered is what would happen."""
    with contextlib.suppress(_Undo), env.cr.savepoint():
        yield
        env.flush_all()
        raise _Undo


class SyncExchangeTaking(models.AbstractModel):
    """How records of a peer find theirs here, and what the door takes of them."""

    _name = "sync.exchange.taking"
    _description = "Taking of Sent Records"

    # -- Finding -------------------------------------------------------------------------------------------------------

    @api.model
    def _find_records(
        self,
        model: str,
        records: list[dict],
        keys: list[str],
        twins: Callable[[list[int]], set[int]] = lambda _positions: set(),
    ) -> tuple[dict[int, int], dict[int, Doubt]]:
        """Which records here are those of the peer.

        :param records: with "ids" and "values"
        :param keys: fields by which one is recognized that is known by no name
        :param twins: which of some records, by position, are not alone with their keys at the peer
        :return: position -> id; position -> why it cannot be told
        """
        identity = self.env["sync.exchange.identity"]
        by_name = identity._named(model, {name for record in records for name in record["ids"]})
        found, doubtful, unknown, owners = {}, {}, [], {}
        for position, record in enumerate(records):
            ids = {by_name[name] for name in record["ids"] if name in by_name}
            if len(ids) > 1:
                doubtful[position] = Doubt(JOINED, count=len(ids))
            elif ids:
                found[position] = owners[position] = ids.pop()
            else:
                unknown.append(position)
        if keys and unknown:
            self._recognize(model, records, keys, unknown, twins, found, doubtful)
        taken = set(owners.values())
        for position in [position for position in found if position not in owners]:
            # By its key it seems to be one that another record of the peer is already.
            if found[position] in taken:
                del found[position]
            else:
                taken.add(found[position])
        return found, doubtful

    @api.model
    def _lookalikes(
        self, model: str, records: list[dict], keys: list[str], positions: Sequence[int]
    ) -> dict[int, list]:
        """Records here that have the same keys as those of a peer, by position."""
        Model = self.env[model].with_context(active_test=False, lang="en_US")
        unit = self.env["sync.exchange.unit"]._of(model)
        find = unit._alike if unit._own_keys.intersection(keys) else partial(self._alike, Model)
        return find(records, keys, positions)

    @api.model
    def _recognize(self, model, records, keys, positions, twins, found: dict, doubtful: dict) -> None:
        Model = self.env[model].with_context(active_test=False, lang="en_US")
        alike = self._lookalikes(model, records, keys, positions)
        same_side = self.env["sync.exchange.identity"]._names_of(
            Model.browse({record.id for group in alike.values() for record in group}), make=False
        )
        crowds = Counter(frozenset(record.id for record in group) for group in alike.values())
        candidates = {}
        for position, group in alike.items():
            modules = {name.partition(".")[0] for name in records[position]["ids"] if not is_standard(name)}
            candidates[position] = [
                record
                for record in group
                # One that is known by a name of that side is another record there.
                if not modules & {name.partition(".")[0] for name in same_side[record.id]}
            ]
        crowded = {place for place in candidates if crowds[frozenset(record.id for record in alike[place])] > 1}
        alone = [place for place, free in candidates.items() if len(free) == 1 and place not in crowded]
        crowded |= twins(alone) if alone else set()
        for position, free in candidates.items():
            if free and position in crowded:
                doubtful[position] = Doubt.about(THEIRS, keys, free)
            elif len(free) > 1:
                doubtful[position] = Doubt.about(OURS, keys, free)
            elif free:
                found[position] = free[0].id

    def _alike(self, Model, records: list[dict], keys: list[str], positions: list[int]) -> dict[int, list]:
        """Records here whose keys have the values of those of a peer, by position."""
        led = {name: Model._fields[name].comodel_name for name in keys if Model._fields[name].type == "many2one"}
        references = self.env["sync.exchange.wire"]._find_references(
            {
                comodel: [value for position in positions if (value := records[position]["values"].get(name))]
                for name, comodel in led.items()
            }
        )
        wanted = {}
        for position in positions:
            values = records[position]["values"]
            key = tuple(_plain(values.get(name)) for name in keys if name not in led)
            leads = tuple(
                references.get((comodel, key_of(values[name]))) if values.get(name) else False
                for name, comodel in led.items()
            )
            # Of what leads to nothing here, nothing can be the same.
            if all(key) and None not in leads:
                wanted[position] = key + leads
        if not wanted:
            return {}
        names = [*(name for name in keys if name not in led), *led]
        domain = Domain.AND(
            [Domain(name, "in", list({key[index] for key in wanted.values()})) for index, name in enumerate(names)]
        )
        if "company_id" in Model._fields:
            domain &= Domain("company_id", "in", [False, *self.env.company.root_id.ids, *self.env.company.ids])
        candidates = defaultdict(list)
        for candidate in Model.search(domain, order="id"):
            key = tuple(candidate[name].id if name in led else candidate[name] for name in names)
            candidates[key].append(candidate)
        return {position: candidates[key] for position, key in wanted.items() if key in candidates}

    @api.model
    def _readable(self, model: str, ids) -> set[int]:
        return set(self.env[model].with_context(active_test=False).search([("id", "in", list(ids))]).ids)

    @api.model
    def _learn_names(self, model: str, records: list[dict], found: dict[int, int]) -> None:
        """Give records here the names by which the peer knows them too."""
        known = self.env["sync.exchange.identity"]._names_of(self.env[model].browse(set(found.values())), make=False)
        pairs = [
            (name, res_id)
            for position, res_id in found.items()
            for name in records[position]["ids"]
            if name not in known[res_id] and not is_standard(name)
        ]
        if pairs:
            self.env["sync.exchange.identity"]._give(model, pairs)
            # Other peers hear of the new name with the record.
            self.env["sync.exchange.change"]._note(self.env[model].browse({res_id for _name, res_id in pairs}))

    # -- For the door --------------------------------------------------------------------------------------------------

    @api.model
    def _take_sent(self, model: str, wanted: list, records: list[dict], keys: list[str], terms: Terms) -> list[dict]:
        """See ``sync.exchange.door.take``."""
        wire = self.env["sync.exchange.wire"]
        # The sender knows which of its records have the same keys, on whatever chunk they come.
        twins = {position for position, record in enumerate(records) if record.get("twins")}
        found, doubtful = self._find_records(model, records, keys, twins.intersection)
        readable = self._readable(model, found.values())
        here = wire._read_records(self.env[model].browse(readable), wanted, terms)
        graves = self.env["sync.exchange.tombstone"]._graves(
            {name for position, record in enumerate(records) if position not in found for name in record["ids"]}
        )
        as_here = wire._as_here(
            self.env[model], {place: records[place]["values"] for place in found if found[place] in here}, terms
        )
        results: dict[int, dict] = {}
        work: dict[int, Item] = {}
        for position, record in enumerate(records):
            res_id = found.get(position)
            if position in doubtful:
                doubt = doubtful[position]
                results[position] = {
                    "state": "refused",
                    "error": doubt.sentence(self.env[model]),
                    "doubt": doubt.to_wire(),
                }
            elif res_id is None and any(name in graves for name in record["ids"]) and not record.get("again"):
                results[position] = {"state": "deleted"}
            elif res_id is None:
                work[position] = Item(record["ids"], record["values"], check=record.get("check") or {})
            elif res_id not in readable:
                results[position] = {"state": "refused", "error": self._not_readable()}
            else:
                results[position], item = self._compare(model, record, as_here[position], here[res_id], res_id)
                if item:
                    work[position] = item
        self._learn_names(model, records, {position: found[position] for position in found if found[position] in here})
        self.env["sync.exchange.store"]._store(model, list(work.values()), terms.peer)
        taken = {
            item.res_id: records[place].get("once") for place, item in work.items() if item.res_id and not item.error
        }
        self.env["sync.exchange.receipt"]._give(
            terms.peer, model, {res_id: once for res_id, once in taken.items() if once}
        )
        edits = {place: Edit.of(record) for place, record in enumerate(records)}
        self.env["sync.exchange.stamp"]._stamp(
            model,
            {
                item.res_id: max([edits[place], *([Edit.of(here[item.res_id])] if item.res_id in here else [])])
                for place, item in work.items()
                if item.res_id and not item.error
            },
        )
        self._tell(model, wanted, work, results, terms)
        return [results[position] for position in range(len(records))]

    def _compare(self, model: str, record: dict, as_here: dict, here: dict, res_id: int) -> tuple[dict, Item | None]:
        """What is to be written of a record that is here already.

        :return: the answer, where nothing is; the rest
        """
        tokens = {name: token(value) for name, value in here["values"].items()}
        answer = {"tokens": tokens, "ids": here["ids"], "at": here["at"]}
        changed = {name: record["values"][name] for name, value in as_here.items() if token(value) != tokens.get(name)}
        if not changed or any(map(is_standard, here["ids"])):
            rows = self._rows_in_other_words(model, record["values"], here["values"], tokens)
            return {"state": "same", **answer, **({"rows": rows} if rows else {})}, None
        seen = record.get("seen")
        if not seen or any(seen.get(name) != tokens.get(name) for name in changed):
            return {"state": "stale" if seen else "met", "record": here}, None
        return {}, Item(record["ids"], changed, res_id, before=tokens, check=record.get("check") or {})

    def _tell(self, model: str, wanted: list, work: dict[int, Item], results: dict, terms: Terms) -> None:
        """What became of the records that were to be written, with what is stored of them now."""
        stored = [item.res_id for item in work.values() if item.res_id and not item.error]
        after = self.env["sync.exchange.wire"]._read_records(self.env[model].browse(stored), wanted, terms)
        marks = {res_id: marks_of(record) for res_id, record in after.items()}
        differing = self._strayed(model, [item for item in work.values() if item.res_id in after], marks, terms)
        for position, item in work.items():
            if item.error:
                results[position] = {"state": "refused", "error": item.error}
            elif item.is_waiting:
                results[position] = {"state": "waiting", "missing": item.missing}
            else:
                record = after[item.res_id]
                differs = sorted(differing[item.res_id])
                tokens = marks[item.res_id]
                rows = self._rows_in_other_words(model, item.values, record["values"], tokens)
                results[position] = {
                    "state": "made" if item.made else "taken",
                    "tokens": tokens,
                    "ids": record["ids"],
                    "at": record["at"],
                    **({"rows": rows} if rows else {}),
                    **({"missing": item.missing} if item.missing else {}),
                    **({"more": sorted(item.more)} if item.more else {}),
                    **({"differs": differs, "record": record} if differs else {}),
                }

    def _rows_in_other_words(self, model: str, sent: dict, stored: dict, tokens: dict[str, str]) -> dict[str, list]:
        """Rows that are not called here by the names by which they were sent, or not those to which they lead: the
        other side can compare them row by row only if it knows.

        :param tokens: of what is stored
        """
        fields = self.env[model]._fields
        return {
            name: stored.get(name)
            for name, value in sent.items()
            if isinstance(value, list) and fields[name].type == "one2many" and token(value) != tokens.get(name)
        }

    @api.model
    def _strayed(self, model: str, items: list[Item], marks: dict[int, dict], terms: Terms) -> dict[int, set[str]]:
        """Fields of stored records that have become something else than what was sent, by id.

        :param marks: tokens of the records as they are now, by id
        """
        Model = self.env[model]
        rounded = {name for name, field in Model._fields.items() if field.type in _ROUNDED}
        sent = self.env["sync.exchange.wire"]._as_here(Model, {item.res_id: item.values for item in items}, terms)
        result = {}
        for item in items:
            wanted = {name: token(value) for name, value in sent[item.res_id].items()}
            lacking = {name.partition(".")[0] for name in item.missing}
            result[item.res_id] = strayed(item.before, wanted, marks[item.res_id], rounded) - lacking
        return result

    @api.model
    def _remove_sent(self, model: str, wanted: list, records: list[dict], how: str, terms: Terms) -> list[dict]:
        """See ``sync.exchange.door.remove``."""
        found, _doubtful = self._find_records(model, records, [])
        readable = self._readable(model, found.values())
        here = self.env["sync.exchange.wire"]._read_records(self.env[model].browse(readable), wanted, terms)
        results = []
        for position, record in enumerate(records):
            res_id = found.get(position)
            if res_id is None:
                results.append({"state": "same"})
            elif res_id not in readable:
                results.append({"state": "refused", "error": self._not_readable()})
            elif any(map(is_standard, here[res_id]["ids"])):
                results.append({"state": "same"})
            elif any(record["seen"].get(name, mark) != mark for name, mark in marks_of(here[res_id]).items()):
                results.append({"state": "stale", "record": here[res_id]})
            else:
                results.append(self._remove_one(self.env[model].browse(res_id), how, terms.peer))
        return results

    @api.model
    def _remove_one(self, record, how: str, origin: str) -> dict:
        """Delete a record, or archive it where that is wanted or where others need it.

        :return: {"state": "deleted" | "archived" | "refused", "error"}
        """
        changes = self.env["sync.exchange.change"]
        changes._mark_origin(record._name, record.ids, origin)
        try:
            return self._delete_or_archive(record.with_context(**QUIET), how)
        finally:
            changes._forget_origins()

    def _delete_or_archive(self, record, how: str) -> dict:
        error = None
        if how == "delete":
            error = refusal_of(self.env, record.unlink)
            if not error:
                return {"state": "deleted"}
        if "active" in record._fields:
            if not record.active:
                return {"state": "archived"}
            error = refusal_of(self.env, record.action_archive)
            if not error:
                return {"state": "archived"}
        return {"state": "refused", "error": error or self.env._("Records of this kind cannot be archived.")}

    def _not_readable(self) -> str:
        return self.env._(
            "The record is here, but the user %(user)s may not see it. Check the companies and rights of this user.",
            user=self.env.user.login,
        )


def marks_of(record: dict) -> dict[str, str]:
    return {name: token(value) for name, value in record["values"].items()}


def _plain(value):
    """The value of a key: texts in several languages are compared in English."""
    return value.get("en_US") if isinstance(value, dict) else value
