# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from odoo import models
from odoo.fields import Domain

from ..records import canonical_id, is_standard, token
from ..snapshot import ModelData, Snapshot, is_gone
from .sync_exchange_conflict import _shown
from .sync_exchange_store import Item
from .sync_exchange_taking import undone
from .sync_exchange_wire import Terms, key_of, walk

_AT_ONCE = 500
_MOST_PROBLEMS = 20
_MOST_CODES = 300


@dataclass(slots=True)
class Tally:
    """What became of one kind of data."""

    create: int = 0
    update: int = 0
    same: int = 0
    gone: int = 0
    error: int = 0
    missing: int = 0
    problems: list[str] = field(default_factory=list)
    # (model, key) -> what people call it
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def problem(self, text: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(text)

    def values(self) -> dict:
        names = ("create", "update", "same", "gone", "error", "missing")
        return {
            **{f"{name}_count": getattr(self, name) for name in names},
            "problems": "\n".join(self.problems) or False,
        }


class SyncExchangeRestore(models.Model):
    """How the rows of a snapshot become records: found by their names, compared, and what differs written."""

    _inherit = "sync.exchange.restore"

    def _apply(self, snapshot: Snapshot, *, dry: bool) -> None:
        manifest = snapshot.manifest
        terms = Terms(
            # What comes from a copy has no peer that need not hear of it.
            f"restore:{manifest.snapshot}",
            frozenset(data.model for data in manifest.models),
            ("en_US", *sorted({code for code, _name in self.env["res.lang"].get_installed()} - {"en_US"})),
        )
        known = self.env["sync.exchange.restore.code"]._known(self)
        tallies = {}
        for data in manifest.models:
            tallies[data.model] = self._apply_model(snapshot, data, terms, known, dry)
        if not dry and any(tally.missing for tally in tallies.values()):
            # What leads to a record that came after it finds it now.
            for data in manifest.models:
                if tallies[data.model].missing:
                    again = self._apply_model(snapshot, data, terms, known, dry)
                    tallies[data.model].missing = again.missing
                    tallies[data.model].codes = again.codes
        self.sudo()._note_tallies(manifest, tallies)
        self.env.cr.commit()

    def _note_tallies(self, manifest, tallies: dict[str, Tally]) -> None:
        told = f"{manifest.kind} {manifest.created_at:%Y-%m-%d %H:%M}"
        self.env["sync.exchange.restore.line"].create(
            [
                {"restore_id": self.id, "snapshot": told, "model": model, **tally.values()}
                for model, tally in tallies.items()
            ]
        )
        listed = {(code.model, code.key) for code in self.code_ids}
        found = {key: label for tally in tallies.values() for key, label in tally.codes.items() if key not in listed}
        self.env["sync.exchange.restore.code"].create(
            [
                {"restore_id": self.id, "model": model, "key": key, "label": label}
                for (model, key), label in list(found.items())[:_MOST_CODES]
            ]
        )

    def _apply_model(self, snapshot: Snapshot, data: ModelData, terms: Terms, known: dict, dry: bool) -> Tally:
        tally = Tally()
        if data.model not in self.env or not self.env["sync.exchange.snapshot.kind"]._is_data(data.model):
            tally.missing = data.count
            tally.problem(self.env._("This kind of data is not known here: its app is not installed."))
            return tally
        done = 0
        for rows in _in_pages(snapshot.rows(data.model)):
            with undone(self.env) if dry else contextlib.nullcontext():
                self._apply_rows(data, rows, terms, known, tally, dry)
            if not dry:
                self.env.cr.commit()
            self.env.invalidate_all()
            done += len(rows)
            self._progress(done)
        return tally

    def _apply_rows(
        self, data: ModelData, rows: list[dict], terms: Terms, known: dict, tally: Tally, dry: bool
    ) -> None:
        records = [row for row in rows if not is_gone(row)]
        if records:
            self._write_records(data, records, terms, known, tally, dry)
        gone = [row["ids"] for row in rows if is_gone(row)]
        if gone:
            self._remove_records(data.model, gone, terms, tally)

    # -- Records -----------------------------------------------------------------------------------------------------

    def _write_records(self, data, records: list[dict], terms: Terms, known: dict, tally: Tally, dry: bool) -> None:
        Model = self.env[data.model]
        # A file may name anything; what is written is what an exchange may write.
        names = data.schema.keys() & self.env["sync.exchange.schema"]._fields_of(data.model).keys()
        records = [
            {**record, "values": {name: value for name, value in record["values"].items() if name in names}}
            for record in records
        ]
        self._put_codes(Model, records, known)
        wanted = _wanted(Model, records)
        taking, wire = self.env["sync.exchange.taking"], self.env["sync.exchange.wire"]
        found, doubtful = taking._find_records(data.model, records, [])
        readable = taking._readable(data.model, found.values())
        here = wire._read_records(Model.browse(sorted(readable)), wanted, terms)
        as_here = wire._as_here(
            Model, {place: record["values"] for place, record in enumerate(records) if found.get(place) in here}, terms
        )
        work: list[tuple[dict, Item]] = []
        for place, record in enumerate(records):
            res_id = found.get(place)
            if place in doubtful or (res_id is not None and res_id not in here):
                tally.error += 1
                reason = doubtful[place].sentence(Model) if place in doubtful else taking._not_readable()
                tally.problem(f"{_name(record)}: {reason}")
            elif res_id is None:
                work.append((record, Item(record["ids"], record["values"], check=record.get("check") or {})))
            else:
                now, then = here[res_id]["values"], as_here[place]
                changed = {name for name, value in then.items() if token(value) != token(now.get(name))}
                if changed:
                    values = {name: record["values"][name] for name in changed}
                    work.append((record, Item(record["ids"], values, res_id, check=record.get("check") or {})))
                else:
                    tally.same += 1
        self.env["sync.exchange.store"]._store(data.model, [item for _record, item in work], terms.peer)
        for record, item in work:
            self._count(Model, record, item, terms, tally, dry)

    def _count(self, Model, record: dict, item: Item, terms: Terms, tally: Tally, dry: bool) -> None:
        comodels = self._comodels(Model, item.missing)
        # In a trial nothing stays: what is in the snapshot too would be here by then.
        missing = {
            name: target
            for name, target in item.missing.items()
            if not (dry and comodels[name] in terms.models and not any(map(is_standard, target["ids"])))
        }
        if item.error:
            tally.error += 1
            tally.problem(f"{_name(record)}: {item.error}")
            return
        if missing:
            tally.missing += 1
            told = {name: _shown(target) for name, target in missing.items()}
            tally.problem(f"{_name(record)}: {', '.join(f'{name} = {text}' for name, text in told.items())}")
            tally.codes.update({(comodels[name], key_of(missing[name])): told[name] for name in missing})
        if item.is_waiting:
            tally.create += 1 if dry and not missing else 0
        elif item.made:
            tally.create += 1
        elif set(item.values) - {name.partition(".")[0] for name in item.missing}:
            tally.update += 1
        else:
            tally.same += 1

    @staticmethod
    def _comodels(Model, names) -> dict[str, str]:
        """Models to which fields lead; those of rows are named with the field of the rows before them."""
        result = {}
        for name in names:
            own, _, part = name.partition(".")
            field_ = Model._fields[own]
            result[name] = Model.env[field_.comodel_name]._fields[part].comodel_name if part else field_.comodel_name
        return result

    def _put_codes(self, Model, records: list[dict], known: dict) -> None:
        """Let references lead to what somebody has chosen for them."""
        if not known:
            return
        identity = self.env["sync.exchange.identity"]
        for record in records:
            for comodel, reference in walk(Model, record["values"]):
                if res_id := known.get((comodel, key_of(reference))):
                    target = self.env[comodel].browse(res_id)
                    reference.update(ids=identity._names_of(target, make=True)[res_id], code={})

    # -- Deletions ---------------------------------------------------------------------------------------------------

    def _remove_records(self, model: str, gone: list[list[str]], terms: Terms, tally: Tally) -> None:
        taking = self.env["sync.exchange.taking"]
        by_name = self.env["sync.exchange.identity"]._named(
            model, {name for names in gone for name in names if not is_standard(name)}
        )
        readable = taking._readable(model, by_name.values())
        for record in self.env[model].with_context(active_test=False).search(Domain("id", "in", list(readable))):
            name = record.display_name
            outcome = taking._remove_one(record, "delete", terms.peer)
            if outcome["state"] == "refused":
                tally.error += 1
                tally.problem(f"{name}: {outcome['error']}")
            else:
                tally.gone += 1


def _wanted(Model, records: list[dict]) -> list:
    """Fields of these records, as ``sync.exchange.wire`` reads them; of rows what the rows have."""
    names = sorted({name for record in records for name in record["values"]})
    wanted = []
    for name in names:
        if Model._fields[name].type == "one2many":
            rows = [row for record in records for row in record["values"].get(name) or ()]
            wanted.append({"name": name, "fields": sorted({part for row in rows for part in row["values"]})})
        else:
            wanted.append(name)
    return wanted


def _in_pages(rows: Iterator[dict]) -> Iterator[list[dict]]:
    page: list[dict] = []
    for row in rows:
        # A deletion and a record that came after it under the same name keep their order.
        if page and (len(page) == _AT_ONCE or is_gone(page[-1]) != is_gone(row)):
            yield page
            page = []
        page.append(row)
    if page:
        yield page


def _name(record: dict) -> str:
    values = record["values"]
    return _shown(values.get("name") or values.get("display_name")) or canonical_id(record["ids"])
