# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC

from odoo import models
from odoo.fields import Domain

from ..records import canonical_id, is_standard, token
from ..snapshot import Link, Manifest, ModelData, Place, Snapshot, is_gone
from .sync_exchange_conflict import _shown
from .sync_exchange_store import Item
from .sync_exchange_taking import undone
from .sync_exchange_wire import Terms, key_of, walk

_AT_ONCE = 500
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
    # Of records that lead to something that is not here.
    incomplete: list[str] = field(default_factory=list)
    # (model, key) -> what people call it
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def problem(self, text: str) -> None:
        self.problems.append(text)


class SyncExchangeRestore(models.Model):
    """How the rows of a snapshot become records: found by their names, compared, and what differs written.

    The checkpoint: the snapshots in their ``order`` and the ``number`` of the one that is written; the ``step`` (each
    kind of data, and then each once more), the ``place`` of the next row, and the ``lines`` that tell the outcome.
    """

    _inherit = "sync.exchange.restore"

    @staticmethod
    def _first_step() -> dict:
        return {"step": 0, "place": [0, 0], "lines": {}}

    def _phase_write(self, until: float, dry: bool) -> None:
        """Go on with the snapshot that is written, by at least a page of rows."""
        key = self.checkpoint["order"][self.checkpoint["number"]]
        with self._open_proven(key) as snapshot:
            manifest = snapshot.manifest
            terms = Terms(
                # What comes from a copy has no peer that need not hear of it.
                f"restore:{manifest.snapshot}",
                frozenset(data.model for data in manifest.models),
                ("en_US", *sorted({code for code, _name in self.env["res.lang"].get_installed()} - {"en_US"})),
            )
            # What leads to a record that came after it finds it the second time.
            steps = [(data, again) for again in ((False,) if dry else (False, True)) for data in manifest.models]
            for data, again in steps[self.checkpoint["step"] :]:
                if not self._write_model(snapshot, data, terms, until, dry=dry, again=again):
                    return
        if not dry:
            # What an incremental snapshot has to continue is known by the work alone.
            self.sudo().applied = {"database": manifest.database, "link": list(_pair(manifest.link))}
        number = self.checkpoint["number"] + 1
        phase = "write" if number < len(self.checkpoint["order"]) else "end"
        self._reach(phase=phase, number=number, **self._first_step())
        self.env.cr.commit()

    def _write_model(
        self, snapshot: Snapshot, data: ModelData, terms: Terms, until: float, *, dry: bool, again: bool
    ) -> bool:
        """Go on with the rows of a kind of data, page by page, each with its place in one transaction.

        :param again: for the second time
        :return: False when there was no time for all
        """
        line = self._line_of(snapshot.manifest, data.model)
        place = Place(*self.checkpoint["place"])
        known = self._is_known(data.model)
        if not known and not again:
            tally = Tally(missing=data.count)
            tally.problem(self.env._("This kind of data is not known here: its app is not installed."))
            line._add(tally)
        if known and (not again or line.missing_count or place != Place()):
            codes = self.env["sync.exchange.restore.code"]._known(self)
            for rows, after in _in_pages(snapshot.rows_from(data.model, place)):
                tally = Tally()
                with undone(self.env) if dry else contextlib.nullcontext():
                    self._apply_rows(data, rows, terms, codes, tally, dry)
                if again and place == Place():
                    # Those that still lead to nothing are counted anew.
                    line.missing_count = 0
                place = after
                self._note_tally(line, tally, dry=dry, again=again)
                self._tell(done_count=self.done_count + (0 if again else len(rows)))
                self._reach(place=list(place))
                self.env.cr.commit()
                self.env.invalidate_all()
                if time.monotonic() >= until:
                    return False
        self._reach(step=self.checkpoint["step"] + 1, place=list(Place()))
        self.env.cr.commit()
        return True

    def _is_known(self, model: str) -> bool:
        return model in self.env and self.env["sync.exchange.snapshot.kind"]._is_data(model)

    def _line_of(self, manifest: Manifest, model: str):
        """What tells the outcome of a kind of data of the snapshot that is written."""
        # Who may restore may know what comes of it; nobody writes that by hand.
        lines = self.env["sync.exchange.restore.line"].sudo()
        numbers = self.checkpoint["lines"]
        if model not in numbers:
            # Odoo wants it without a zone.
            made_at = manifest.created_at.astimezone(UTC).replace(tzinfo=None)
            line = lines.create(
                {"restore_id": self.id, "kind": manifest.kind, "made_at": made_at, "model": model}
            )
            self._reach(lines={**numbers, model: line.id})
            return line
        return lines.browse(numbers[model])

    def _note_tally(self, line, tally: Tally, *, dry: bool, again: bool) -> None:
        if again:
            # All else was counted at the first time; what only waited for another record is new now.
            tally = Tally(
                create=tally.create, missing=tally.missing, problems=tally.incomplete, codes=tally.codes
            )
        elif not dry:
            # What leads to nothing yet may find it at the second time.
            tally.codes = {}
        else:
            tally.problems = [*tally.problems, *tally.incomplete]
        line._add(tally)
        if tally.codes:
            self._list_codes(tally.codes)

    def _list_codes(self, codes: dict[tuple[str, str], str]) -> None:
        listed = {(code.model, code.key) for code in self.code_ids}
        new = [(*key, label) for key, label in codes.items() if key not in listed]
        # Whoever restores is told which codes are missing; they are listed by the work alone.
        self.env["sync.exchange.restore.code"].sudo().create(
            [
                {"restore_id": self.id, "model": model, "key": key, "label": label}
                for model, key, label in new[: max(_MOST_CODES - len(listed), 0)]
            ]
        )

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
            tally.incomplete.append(f"{_name(record)}: {', '.join(f'{name} = {text}' for name, text in told.items())}")
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


def _in_pages(rows: Iterator[tuple[Place, dict]]) -> Iterator[tuple[list[dict], Place]]:
    """Pages of rows, with the place behind each."""
    page: list[dict] = []
    names: set[str] = set()
    after = Place()
    for place, row in rows:
        # A record that comes twice, and a deletion and a record after it under the same name, keep their order.
        if page and (
            len(page) == _AT_ONCE or is_gone(page[-1]) != is_gone(row) or not names.isdisjoint(row["ids"])
        ):
            yield page, after
            page, names = [], set()
        page.append(row)
        names.update(row["ids"])
        after = place
    if page:
        yield page, after


def _pair(link: Link) -> tuple[str, str]:
    return link.snapshot, link.manifest_sha256


def _name(record: dict) -> str:
    values = record["values"]
    return _shown(values.get("name") or values.get("display_name")) or canonical_id(record["ids"])
