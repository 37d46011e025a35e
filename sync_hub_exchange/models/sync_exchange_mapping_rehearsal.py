# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..records import canonical_id
from .rehearsal import Rehearsal
from .sync_exchange_conflict import _shown


class SyncExchangeMapping(models.Model):
    """What is told of records while an exchange is only tried out: the work is that of a real run."""

    _inherit = "sync.exchange.mapping"

    def _check_codes(self, talk):
        """Override of ``sync_hub_exchange``: a list of codes that does not stay helps nobody."""
        return None if isinstance(talk, Rehearsal) else super()._check_codes(talk)

    # -- Receiving ---------------------------------------------------------------------------------------------------

    def _merge(self, record, here, *rest):
        """Override of ``sync_hub_exchange``: remember what the record is before it is written."""
        item, base, asked = super()._merge(record, here, *rest)
        talk = rest[-1]
        if isinstance(talk, Rehearsal):
            if asked:
                talk.outcome.counts["conflict"] += 1
                talk.outcome.counts["skip"] -= 1
                as_here = rest[0]
                told = self._differences(here["values"], as_here, sorted(asked))
                talk.outcome.note("conflict", self._told(here), told)
            if item and talk.outcome.wants("update"):
                talk.before[item.res_id] = here["values"]
        return item, base, asked

    def _settle_work(self, work, additive, talk):
        """Override of ``sync_hub_exchange``: say what would be written."""
        agreed = super()._settle_work(work, additive, talk)
        if isinstance(talk, Rehearsal):
            outcome = talk.outcome
            for record, item, _base in work:
                if item.is_waiting:
                    outcome.counts["skip"] -= 1
                elif not item.error:
                    kind = "create" if item.made else "update"
                    if outcome.wants(kind):
                        before = talk.before.get(item.res_id, {})
                        outcome.note(kind, self._told(record), self._differences(before, item.values))
            talk.before.clear()
        return agreed

    def _wait_for(self, record, reason, message, talk, *, res_id=None, count=True):
        """Override of ``sync_hub_exchange``: say what would wait, and why."""
        result = super()._wait_for(record, reason, message, talk, res_id=res_id, count=count)
        if isinstance(talk, Rehearsal):
            if reason == "refused":
                talk.outcome.note("error", self._told(record), message)
            else:
                talk.outcome.counts["skip"] -= 1 if count else 0
                talk.outcome.note("waiting", self._told(record), message)
        return result

    def _take_deletion(self, record, here, link, talk):
        """Override of ``sync_hub_exchange``: say that a deletion would be asked about."""
        if not isinstance(talk, Rehearsal):
            return super()._take_deletion(record, here, link, talk)
        conflicts = self.env["sync.exchange.conflict"]
        domain = [("mapping_id", "=", self.id), ("res_id", "=", record.id), ("kind", "=", "deleted_there")]
        name, before = record.display_name, dict(talk.outcome.counts)
        result = super()._take_deletion(record, here, link, talk)
        counts = talk.outcome.counts
        if counts["update"] > before["update"]:
            talk.outcome.note("update", name, self.env._("Deleted there: deleted or archived here"))
        elif counts["skip"] > before["skip"] and conflicts.search_count([*domain, ("state", "=", "open")], limit=1):
            counts["skip"] -= 1
            counts["conflict"] += 1
            talk.outcome.note("conflict", name, self.env._("Deleted there, changed here"))
        return result

    # -- Sending -----------------------------------------------------------------------------------------------------

    def _watch_here(self, talk, *, anew):
        """Override of ``sync_hub_exchange``: nothing is noted for a rehearsal."""
        if isinstance(talk, Rehearsal):
            known = self.env["sync.exchange.watch"]._is_watched(talk.uuid, self._watched())
            # A number of the database only.
            return self.env["sync.exchange.change"].sudo()._position(), known
        return super()._watch_here(talk, anew=anew)

    def _next_to_send(self, cursor, talk):
        """Override of ``sync_hub_exchange``: with what the rehearsal has changed itself by then."""
        ids, gone, after, more = super()._next_to_send(cursor, talk)
        if isinstance(talk, Rehearsal) and not more:
            # Numbers of records only.
            own = self.env["sync.exchange.change"].sudo()._of_this_transaction(self.model, talk.uuid)
            records = (
                self.env[self.model]
                .with_context(active_test=False)
                .search([("id", "in", [res_id for res_id in own if res_id not in ids]), *self._domain()])
            )
            ids = [*ids, *records.ids]
        return ids, gone, after, more

    def _make_chunk(self, cursor, talk):
        """Override of ``sync_hub_exchange``: what both sides have already is passed over, however much it is."""
        chunk, cursor, more = super()._make_chunk(cursor, talk)
        if isinstance(talk, Rehearsal):
            chunk.rows = len(chunk.packed)
        return chunk, cursor, more

    def _pack(self, ids, talk, *, again=False):
        """Override of ``sync_hub_exchange``: what cannot even be sent waits."""
        before = talk.outcome.counts["skip"] if isinstance(talk, Rehearsal) else 0
        packed = super()._pack(ids, talk, again=again)
        if isinstance(talk, Rehearsal):
            talk.outcome.counts["skip"] = before
        return packed

    def _note_answers(self, packed, answers, talk):
        """Override of ``sync_hub_exchange``: say what the other side would do."""
        if not isinstance(talk, Rehearsal):
            return super()._note_answers(packed, answers, talk)
        answers = [talk.assume(answer, message) for (_id, message, _marks), answer in zip(packed, answers, strict=True)]
        own = {line.remote_name or line.name: line.name for line in self.line_ids}
        outcome = talk.outcome
        for (res_id, message, _marks), answer in zip(packed, answers, strict=True):
            state = answer["state"]
            missing = {name.partition(".")[0] for name in answer.get("missing") or ()}
            if state == "waiting" or (state == "taken" and missing and not message["values"].keys() - missing):
                # What waits is counted at the end.
                outcome.counts["skip"] -= 1
            if state == "made":
                talk.made_there.update(message["ids"], answer["ids"])
            refused = self._refusal_told(answer)[1] if state == "refused" else ""
            if answer.get("doubt"):
                # As above.
                outcome.counts["skip"] -= 1
                state = "waiting"
            kind = {"made": "create", "taken": "update", "refused": "error", "waiting": "waiting"}.get(state)
            if kind and outcome.wants(kind):
                here = {own.get(name, name): value for name, value in message["values"].items()}
                there = {own.get(name, name): value for name, value in answer.get("before", {}).items()}
                outcome.note(kind, self._title(res_id), refused or self._differences(here, there))
        return super()._note_answers(packed, answers, talk)

    def _number_waiting(self, direction: str) -> int:
        """How many records wait for something; refused ones are counted as such."""
        domain = [("mapping_id", "=", self.id), ("direction", "=", direction), ("reason", "!=", "refused")]
        return self.env["sync.exchange.waiting"].search_count(domain)

    # -- Words -------------------------------------------------------------------------------------------------------

    def _told(self, record: dict) -> str:
        name = record["values"].get("name") or record["values"].get("display_name")
        return _shown(name) or canonical_id(record["ids"])

    def _differences(self, here: dict, there: dict, fields=None) -> str:
        """Fields with both values, one per line."""
        lines = []
        for name in fields or (there if len(there) < len(here) and there else here or there):
            field = self.env[self.model]._fields.get(name)
            label = field._description_string(self.env) if field else name
            sides = [_short(_shown(values.get(name))) for values in (here, there)]
            if sides[0] != sides[1]:
                lines.append(self._side_by_side(label, *sides))
        return "\n".join(lines)

    def _side_by_side(self, label: str, here: str, there: str) -> str:
        return self.env._("%(field)s: here “%(here)s”, there “%(there)s”", field=label, here=here, there=there)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
