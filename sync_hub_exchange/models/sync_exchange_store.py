# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import psycopg2
from odoo import Command, api, models
from odoo.exceptions import ConcurrencyError, RedirectWarning, UserError

from .sync_exchange_change import ORIGIN
from .sync_exchange_wire import key_of, kind_of, walk

_logger = logging.getLogger(__name__)

# Nobody is told of records that a peer brings, and none of them begins a conversation.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_automation_skip": True,
    "active_test": False,
    "import_file": False,
}
# Not refused but to be repeated, or at an end: a collision with another transaction, a lost database.
NO_REFUSALS = (psycopg2.OperationalError, psycopg2.InterfaceError, ConcurrencyError)
# So long in a message, at most.
_LONGEST_SENTENCE = 1000


@dataclass(slots=True)
class Item:
    """A record that is to be written here, and what became of it.

    :param ids: external ids by which the other side knows it
    :param values: of the fields to be written, as they travel
    :param res_id: the record here; None makes one
    :param before: token of each field before it is written
    :ivar missing: field -> reference that leads to nothing here
    :ivar error: why it was refused; an empty text if it was not
    """

    ids: list[str]
    values: dict
    res_id: int | None = None
    missing: dict[str, dict] = field(default_factory=dict)
    error: str = ""
    made: bool = False
    before: dict[str, str] | None = None
    # Of translated fields: language -> values, besides the first language.
    translations: dict[str, dict] = field(default_factory=dict)
    # Of fields with rows: ids of those that stay, and external ids of each new one.
    parts: dict[str, tuple[set[int], list[list[str]]]] = field(default_factory=dict)
    # Texts of rows: model, external ids, and language -> values.
    row_texts: list[tuple[str, list[str], dict[str, dict]]] = field(default_factory=list)
    # Whether it is a row: nobody has looked yet if it is here.
    is_row: bool = False
    # What travels to be compared, see ``sync.exchange.unit``.
    check: dict = field(default_factory=dict)
    # Values that the unit writes; rows as (external ids, values).
    own: dict = field(default_factory=dict)
    # Fields of which more stands here now than the other side has: it is sent.
    more: set[str] = field(default_factory=set)

    @property
    def is_waiting(self) -> bool:
        """Whether it was not written because something that it needs is not here."""
        return not self.error and self.res_id is None


class SyncExchangeStore(models.AbstractModel):
    """How values that have travelled become records: in bulk, and where one is refused, that one alone."""

    _name = "sync.exchange.store"
    _description = "Writing of Exchanged Records"

    @api.model
    def _store(self, model: str, items: list[Item], origin: str) -> None:
        """Make and write records; each item then says what became of it.

        :param origin: identity of the peer from which they come
        """
        # Also where somebody has sent more than what was agreed.
        self.env["sync.exchange.schema"]._refuse_closed(model, values=[item.values for item in items])
        Model = self.env[model].with_context(**QUIET, **{ORIGIN: (model, origin)})
        changes = self.env["sync.exchange.change"]
        changes._mark_origin(model, [item.res_id for item in items if item.res_id], origin)
        try:
            while items:
                items = self._store_ready(Model, items)
        finally:
            # What waits for the commit has been noted: the blocks of the bulk end with that.
            changes._forget_origins()

    @api.model
    def _store_ready(self, Model, items: list[Item]) -> list[Item]:
        """Write those items that lead to none which comes with them and is not here yet.

        :return: the others, whose turn it is now; where they need each other, none is left
        """
        references = self.env["sync.exchange.wire"]._find_references(self._references_in(Model, items))
        coming = {name for item in items if item.res_id is None for name in item.ids}
        ready, later = [], []
        for item in items:
            item.missing, item.translations, item.own, item.row_texts, item.parts = {}, {}, {}, [], {}
            values = self._inward(Model, item, references)
            needs = any(coming.intersection(target["ids"]) for target in item.missing.values())
            (later if needs else ready).append((item, values))
        if not ready:
            ready, later = later, []
        new, known = [], []
        needed = self.env["sync.exchange.unit"]._of(Model._name)._needed
        for item, values in ready:
            if item.res_id is not None:
                if values or item.translations or item.own:
                    known.append((item, values))
            # Of rows, all are taken or none.
            elif not any("." in name or name in needed or Model._fields[name].required for name in item.missing):
                new.append((item, values))
        self._in_bulk(new, self._create_all, Model)
        self._in_bulk(known, self._write_all, Model)
        return [item for item, _values in later]

    @api.model
    def _in_bulk(self, work: list[tuple[Item, dict]], step, Model) -> None:
        """Do a step with all items; where something is refused, with halves of them, until those are found."""
        if not work:
            return
        try:
            with self.env.cr.savepoint():
                step(Model, work)
                self.env.flush_all()
        except NO_REFUSALS:
            raise
        except Exception as error:  # whatever an addon may bring, it is this record's alone
            for item, _values in work:
                if item.made:
                    item.res_id, item.made = None, False
            if len(work) == 1:
                work[0][0].error = _sentence(error)
                return
            middle = len(work) // 2
            self._in_bulk(work[:middle], step, Model)
            self._in_bulk(work[middle:], step, Model)

    @api.model
    def _create_all(self, Model, work: list[tuple[Item, dict]]) -> None:
        unit = self.env["sync.exchange.unit"]._of(Model._name)
        records = unit._create_records(Model, work)
        pairs = []
        for (item, _values), record in zip(work, records, strict=True):
            item.res_id, item.made = record.id, True
            pairs += [(name, record.id) for name in item.ids]
            self._translate(record, item)
            self._name_parts(record, item)
        self.env["sync.exchange.identity"]._give(Model._name, pairs)
        unit._finish(records, [item for item, _values in work])
        self._translate_rows(Model, [item for item, _values in work])

    @api.model
    def _write_all(self, Model, work: list[tuple[Item, dict]]) -> None:
        # One recordset: what Odoo reads for one of them, it reads for all.
        records = Model.browse([item.res_id for item, _values in work])
        unit = self.env["sync.exchange.unit"]._of(Model._name)
        for (item, values), record in zip(work, records, strict=True):
            unit._write_record(record, values, item)
            self._translate(record, item)
            self._name_parts(record, item)
        unit._finish(records, [item for item, _values in work])
        self._translate_rows(Model, [item for item, _values in work])

    @api.model
    def _translate(self, record, item: Item) -> None:
        for language, values in item.translations.items():
            record.with_context(lang=language).write(values)

    @api.model
    def _translate_rows(self, Model, items: list[Item]) -> None:
        """Texts of rows in the other languages, where they differ: by now all rows are here and have their names."""
        texts = defaultdict(list)
        for item in items:
            for model, ids, translations in item.row_texts:
                texts[model].append((ids, translations))
        for model, rows in texts.items():
            known = self.env["sync.exchange.identity"]._named(model, {name for ids, _texts in rows for name in ids})
            here = Model.env[model].browse(set(known.values()))
            for ids, translations in rows:
                res_id = next((known[name] for name in ids if name in known), None)
                for language, values in translations.items() if res_id else ():
                    row = here.browse(res_id).with_prefetch(here._prefetch_ids).with_context(lang=language)
                    differing = {name: text for name, text in values.items() if (row[name] or False) != text}
                    if differing:
                        row.write(differing)

    # -- Values --------------------------------------------------------------------------------------------------------

    @api.model
    def _references_in(self, Model, items: list[Item]) -> dict[str, list[dict]]:
        wanted = defaultdict(dict)
        for item in items:
            for comodel, reference in walk(Model, item.values):
                wanted[comodel][key_of(reference)] = reference
        return {model: list(references.values()) for model, references in wanted.items()}

    @api.model
    def _inward(self, Model, item: Item, references: dict) -> dict:
        """Values for ``create`` and ``write``; what leads to nothing here is left out and noted in the item."""
        values = {}
        unit = self.env["sync.exchange.unit"]._of(Model._name)
        for name, value in item.values.items():
            field = kind_of(Model, name)
            match field.type:
                case "many2one":
                    res_id = value and references.get((field.comodel_name, key_of(value)))
                    if value and not res_id:
                        item.missing[name] = value
                    else:
                        values[name] = res_id or False
                case "many2many":
                    found = [references.get((field.comodel_name, key_of(part))) for part in value or ()]
                    if not all(found):
                        item.missing[name] = value[found.index(None)]
                    if all(found) or name not in unit._needed:
                        values[name] = [Command.set([res_id for res_id in found if res_id])]
                case "one2many":
                    rows = self._inward_rows(item, field, value or [], references)
                    if rows is not None:
                        own = name in unit._own
                        values[name] = _unpacked(rows) if own else self._part_commands(Model, item, field, rows)
                case "datetime":
                    values[name] = value and datetime.fromisoformat(value).replace(tzinfo=None)
                case "date":
                    values[name] = value and date.fromisoformat(value)
                case _ if field.translate and isinstance(value, dict):
                    self._inward_texts(item, values, name, value)
                case _:
                    values[name] = False if value is None else value
        item.own = {name: values.pop(name) for name in unit._own & values.keys()}
        return values

    @api.model
    def _inward_rows(self, item: Item, field, rows: list[dict], references: dict) -> list[tuple[Item, dict]] | None:
        """Rows with their values; None if something that one of them leads to is not here, so that no half of them is
        taken for the whole."""
        Rows = self.env[field.comodel_name]
        result, whole = [], True
        for row in rows:
            part = Item(row["ids"], row["values"], is_row=True)
            result.append((part, self._inward(Rows, part, references)))
            item.missing.update({f"{field.name}.{name}": target for name, target in part.missing.items()})
            whole = whole and not part.missing
        if not whole:
            return None
        for part, _values in result:
            item.row_texts += part.row_texts
            if part.translations:
                item.row_texts.append((Rows._name, part.ids, part.translations))
        return result

    @api.model
    def _inward_texts(self, item: Item, values: dict, name: str, texts: dict) -> None:
        languages = dict(self.env["res.lang"].get_installed())
        texts = {language: text or False for language, text in texts.items() if language in languages}
        own = self.env.context.get("lang") or "en_US"
        first = own if own in texts else next(iter(texts), None)
        if first is None:
            return
        values[name] = texts[first]
        for language, text in texts.items():
            if language != first and (text != texts[first] or item.res_id or item.is_row):
                item.translations.setdefault(language, {})[name] = text

    @api.model
    def _part_commands(self, Model, item: Item, field, rows: list[tuple[Item, dict]]) -> list:
        """Commands that make the rows of a record those of the other side; rows keep their identity."""
        known = self.env["sync.exchange.identity"]._named(
            field.comodel_name, {name for part, _values in rows for name in part.ids}
        )
        here = set(Model.browse(item.res_id)[field.name].ids) if item.res_id else set()
        commands, kept, new = [], set(), []
        owned = Model.env[field.comodel_name].browse(here)
        alone = all(kind_of(Model, name).type == "one2many" for name in item.values)
        for part, values in rows:
            res_id = next((known[name] for name in part.ids if known.get(name) in here), None)
            if res_id:
                kept.add(res_id)
                row = owned.browse(res_id).with_prefetch(owned._prefetch_ids)
                # Of a long list, as a rule, one row has changed. That one is written as a whole, and all are where the
                # record itself is written: Odoo fills in by itself what follows from another value.
                if not alone or not all(is_same(row, name, value) for name, value in values.items()):
                    commands.append(Command.update(res_id, values))
            else:
                new.append(part.ids)
                commands.append(Command.create(values))
        item.parts[field.name] = (kept, new)
        return [*(Command.delete(res_id) for res_id in here - kept), *commands]

    @api.model
    def _name_parts(self, record, item: Item) -> None:
        """Give new rows the names by which the other side knows them: they were made in the order of its rows."""
        identity = self.env["sync.exchange.identity"]
        for name, (kept, new) in item.parts.items():
            rows = (record[name] - record[name].browse(kept)).sorted("id") if new else ()
            # Of rows that Odoo made by itself nothing is known.
            if new and len(new) == len(rows):
                pairs = [(external, row.id) for ids, row in zip(new, rows, strict=True) for external in ids]
                identity._give(rows._name, pairs)


def _unpacked(rows: list[tuple[Item, dict]]) -> list[tuple[list[str], dict]]:
    return [(part.ids, {**values, **part.own}) for part, values in rows]


def ids_in(commands: list) -> list[int]:
    """Of commands that set references, those to which they lead."""
    return [res_id for command in commands for res_id in command[2]]


def is_same(record, name: str, value) -> bool:
    """Whether a field has a value already, as ``write`` takes it."""
    here = record[name]
    match record._fields[name].type:
        case "many2one":
            return here.id == (value or False)
        case "many2many":
            return set(here.ids) == set(ids_in(value))
        case "binary" | "image":
            return (here.decode() if isinstance(here, bytes) else here or False) == (value or False)
    return (here or False) == (value or False)


def refusal_of(env, step: Callable[[], object]) -> str:
    """Do one thing; why it was refused, or an empty text."""
    try:
        with env.cr.savepoint():
            step()
            env.flush_all()
    except NO_REFUSALS:
        raise
    except Exception as error:  # whatever an addon may bring, it is this record's alone
        return _sentence(error)
    return ""


def _sentence(error: Exception) -> str:
    """What was refused, as far as a person is told."""
    if isinstance(error, psycopg2.Error):
        return str(error).strip().splitlines()[0]
    said = str(error.args[0] if error.args else error).strip()
    if not isinstance(error, (UserError, RedirectWarning)):
        _logger.warning("A record of a peer was refused", exc_info=error)
        said = f"{type(error).__name__}: {said}"
    return said[:_LONGEST_SENTENCE]
