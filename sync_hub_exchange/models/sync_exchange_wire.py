# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..records import Reference, Wire, is_reference
from .natural_keys import NATURAL_KEYS

# Types of fields that travel as they are.
_PLAIN = frozenset({"char", "text", "html", "selection", "integer", "float", "monetary", "boolean", "json"})
_TIMES = frozenset({"date", "datetime"})
_REFERENCES = frozenset({"many2one", "many2many"})
_FILES = frozenset({"binary", "image"})
# Context of what is done for a peer of this database: its id. Its mapped codes count then.
PEER = "sync_exchange_peer"
TYPES = _PLAIN | _TIMES | _REFERENCES | _FILES | {"one2many"}


class Terms(NamedTuple):
    """What both sides have agreed on for one conversation.

    :param peer: identity of the database that asks
    :param models: names of all models that are exchanged: their records get a name if they have none
    :param languages: codes of the languages in which texts travel, English first
    """

    peer: str
    models: frozenset[str]
    languages: tuple[str, ...]

    @classmethod
    def from_wire(cls, terms: dict) -> "Terms":
        return cls(
            str(terms["peer"]), frozenset(map(str, terms["models"])), tuple(map(str, terms["languages"])) or ("en_US",)
        )

    def to_wire(self) -> dict:
        return {"peer": self.peer, "models": sorted(self.models), "languages": list(self.languages)}


class SyncExchangeWire(models.AbstractModel):
    """How records become values that travel."""

    _name = "sync.exchange.wire"
    _description = "Records on Their Way"

    @api.model
    def _read_records(self, records, wanted: Iterable[str | dict], terms: Terms) -> dict[int, dict]:
        """What records are on their way, by id; only those that exist.

        :param wanted: names of fields; of parts {"name": one2many field, "fields": wanted of the rows}
        :return: id -> {"ids": external ids, "values": {name: value}, "at": when and "by": in which
            database somebody changed it last}, and "once": the number
            of the last message with quantities that was taken of the peer
        """
        records = records.exists()
        names, parts = split(wanted)
        plain = [name for name in names if not self._is_translated(records, name)]
        rows = {row["id"]: row for row in records.read([*plain, "write_date"], load=None)} if records else {}
        ids = self.env["sync.exchange.identity"]._names_of(records, make=records._name in terms.models)
        references = self._references_of(records, rows, plain, terms)
        edits = self.env["sync.exchange.stamp"]._edits_of(
            records._name, {res_id: row["write_date"] for res_id, row in rows.items()}
        )
        result = {}
        for record in records:
            row = rows[record.id]
            values = {name: _outward(records._fields[name], row[name], references) for name in plain}
            result[record.id] = {
                "ids": ids[record.id],
                "values": values,
                "at": edits[record.id].at.isoformat(),
                "by": edits[record.id].by,
            }
        for name in set(names) - set(plain):
            self._read_translated(records, name, terms, result)
        for part in parts:
            self._read_parts(records, part, terms, result)
        self.env["sync.exchange.unit"]._of(records._name)._complete(records, terms, result)
        for res_id, once in self.env["sync.exchange.receipt"]._of(terms.peer, records._name, result).items():
            result[res_id]["once"] = once
        return result

    @api.model
    def _is_translated(self, records, name: str) -> bool:
        return bool(records._fields[name].translate)

    def _read_translated(self, records, name: str, terms: Terms, result: dict) -> None:
        for language in terms.languages:
            for record in records.with_context(lang=language):
                result[record.id]["values"].setdefault(name, {})[language] = record[name] or ""

    def _read_parts(self, records, part: dict, terms: Terms, result: dict) -> None:
        rows = records.with_context(active_test=False)[part["name"]]
        unit = self.env["sync.exchange.unit"]._of(rows._name)
        rows = unit._rows(rows)
        read = self._read_records(rows, list(dict.fromkeys((*part["fields"], *unit._always))), terms)
        inverse = records._fields[part["name"]].inverse_name
        lines = defaultdict(list)
        for row in rows:
            owner = row[inverse].id
            lines[owner].append({"ids": read[row.id]["ids"], "values": read[row.id]["values"]})
            # A record is as new as its newest row.
            result[owner]["at"] = max(result[owner]["at"], read[row.id]["at"])
        for record in records:
            result[record.id]["values"][part["name"]] = lines[record.id]

    def _references_of(self, records, rows: dict, names: list[str], terms: Terms) -> dict[tuple[str, int], dict]:
        """The records to which these lead, as they travel: (model, id) -> reference."""
        wanted = defaultdict(set)
        for name in names:
            field = records._fields[name]
            if field.type == "many2one":
                wanted[field.comodel_name].update(row[name] for row in rows.values() if row[name])
            elif field.type == "many2many":
                wanted[field.comodel_name].update(*(row[name] for row in rows.values()))
        return {
            (model, res_id): reference
            for model, ids in wanted.items()
            for res_id, reference in self._refer(self.env[model].browse(ids), terms).items()
        }

    @api.model
    def _refer(self, targets, terms: Terms) -> dict[int, dict]:
        """References to records of one model, as they travel, by id."""
        # What a record leads to may be read with it: its name, no more.
        targets = targets.sudo().with_context(lang="en_US", active_test=False).exists()
        key = NATURAL_KEYS.get(targets._name, ())
        codes = {target: {path: _text(target, path) for path in key} for target in targets}
        identity = self.env["sync.exchange.identity"]
        ids = identity._names_of(targets, make=targets._name in terms.models)
        # One that neither side could tell from another gets a name too, by which somebody can map it.
        nameless = [target.id for target, code in codes.items() if not ids[target.id] and not any(code.values())]
        ids |= identity._names_of(targets.browse(nameless), make=True)
        result = {}
        for target, code in codes.items():
            # A standard record is known by its name alone.
            code = code if all(code.values()) or not ids[target.id] else {}
            name = "" if ids[target.id] and not code else target.display_name
            result[target.id] = Reference(tuple(ids[target.id]), tuple(sorted(code.items())), name).to_wire()
        return result

    # -- The way in ----------------------------------------------------------------------------------------------------

    @api.model
    def _find_references(self, wanted: dict[str, list[dict]]) -> dict[tuple[str, str], int]:
        """Records here to which references lead.

        :param wanted: model -> references as they travel
        :return: (model, key of the reference) -> id; see ``key_of``
        """
        found = {}
        mapped = self.env["sync.exchange.code"]._ids_here(wanted)
        for model, references in wanted.items():
            identity = self.env["sync.exchange.identity"]
            known = identity._named(model, {name for reference in references for name in reference["ids"]})
            codes = {}
            for reference in references:
                # What somebody has said counts more than equal names.
                names = names_of(reference) if mapped else ()
                res_id = next((mapped[model, name] for name in names if (model, name) in mapped), None)
                if res_id is None:
                    res_id = next((known[name] for name in reference["ids"] if name in known), None)
                if res_id is None and reference.get("code"):
                    codes.setdefault(key_of(reference), reference)
                elif res_id is not None:
                    found[model, key_of(reference)] = res_id
            for key, reference in codes.items():
                res_id = self._find_by_code(model, reference)
                if res_id:
                    found[model, key] = res_id
        return found

    @api.model
    def _as_here(self, Model, values: dict[int, dict], terms: Terms) -> dict[int, dict]:
        """Values of the other side as they would be read here: references and parts by the names that they have here.

        :param values: any key -> {field: value}
        """
        wanted = defaultdict(dict)
        for record in values.values():
            for comodel, reference in walk(Model, record):
                wanted[comodel][key_of(reference)] = reference
        found = self._find_references({model: list(items.values()) for model, items in wanted.items()})
        here = {
            (model, res_id): reference
            for model in wanted
            for res_id, reference in self._refer(
                self.env[model].browse({res_id for (name, _key), res_id in found.items() if name == model}), terms
            ).items()
        }
        names = {(model, key): here[model, res_id] for (model, key), res_id in found.items() if (model, res_id) in here}
        return {key: renamed(Model, record, names) for key, record in values.items()}

    @api.model
    def _find_by_code(self, model: str, reference: dict) -> int | None:
        """The one record here that has this code; None when there is none, or when there are several."""
        key = NATURAL_KEYS.get(model)
        code = reference["code"]
        if not key or set(code) != set(key):
            return None
        domain = Domain.AND([Domain(path, "=", code[path] or False) for path in key])
        Model = self.env[model].with_context(lang="en_US", active_test=False)
        if "company_id" in Model._fields:
            domain &= Domain("company_id", "in", [False, *self.env.company.root_id.ids, *self.env.company.ids])
        records = Model.search(domain, limit=3)
        if len(records) > 1 and "active" in Model._fields:
            records = records.filtered("active")
        return records.id if len(records) == 1 else None


def key_of(reference: dict) -> str:
    """By what a reference is told from others of its model, on its way."""
    code = reference.get("code")
    return reference["ids"][0] if reference["ids"] else repr(sorted(code.items())) if code else ""


def kind_of(Model, name: str):
    """The field of this name, or what the unit of a model adds to its fields."""
    return Model._fields.get(name) or Model.env["sync.exchange.unit"]._of(Model._name)._added[name]


def names_of(reference: dict) -> list[str]:
    """All by which a reference may be met again: a record may get further external ids, or a code without one."""
    return [*reference["ids"], *([key_of({**reference, "ids": []})] if reference.get("code") else [])]


def walk(Model, values: dict) -> Iterator[tuple[str, dict]]:
    """All references in values, with the models to which they lead; rows of parts too."""
    for name, value in values.items():
        field = kind_of(Model, name)
        if field.type == "many2one" and is_reference(value):
            yield field.comodel_name, value
        elif field.type == "many2many":
            for part in value or ():
                yield field.comodel_name, part
        elif field.type == "one2many":
            for row in value or ():
                yield field.comodel_name, {"ids": row["ids"]}
                yield from walk(Model.env[field.comodel_name], row["values"])


def renamed(Model, values: dict, names: dict[tuple[str, str], dict]) -> dict:
    """Values with other references.

    :param names: (model, key of a reference) -> the one that takes its place
    """
    result = dict(values)
    for name, value in values.items():
        field = kind_of(Model, name)
        if field.type == "many2one" and value:
            result[name] = names.get((field.comodel_name, key_of(value)), value)
        elif field.type == "many2many":
            result[name] = [names.get((field.comodel_name, key_of(part)), part) for part in value or ()]
        elif field.type == "one2many":
            Rows = Model.env[field.comodel_name]
            result[name] = [
                {
                    "ids": names.get((field.comodel_name, key_of(row)), row)["ids"],
                    "values": renamed(Rows, row["values"], names),
                }
                for row in value or ()
            ]
    return result


def split(wanted: Iterable[str | dict]) -> tuple[list[str], list[dict]]:
    wanted = list(wanted)
    return [item for item in wanted if isinstance(item, str)], [item for item in wanted if isinstance(item, dict)]


def _outward(field: fields.Field, value: Any, references: dict) -> Wire:
    match field.type:
        case "many2one":
            return references.get((field.comodel_name, value)) if value else None
        case "many2many":
            found = (references.get((field.comodel_name, res_id)) for res_id in value)
            return [reference for reference in found if reference]
        case "date" | "datetime" if isinstance(value, (date, datetime)):
            return value.isoformat()
        case "boolean" | "integer" | "float" | "monetary":
            return value
        case "binary" | "image":
            return value.decode() if isinstance(value, bytes) else value or None
    return str(value) if field.type == "html" and value else value or None


def _text(record, path: str) -> str:
    for name in path.split("."):
        record = record[name]
    return str(record or "")
