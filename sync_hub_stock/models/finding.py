# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which records here the names of a source mean: the few that may be meant are loaded, never whole tables."""

from collections import defaultdict
from collections.abc import Iterable

from odoo.fields import Domain
from odoo.tools import split_every

from ..aligning import Candidate, Catalogue, Key, Match, folded
from .places import places_of

# How many values one search names at a time.
_BATCH = 5000


class Finder:
    """Finds the records of one model by keys; those that are archived only where no other is meant.

    :param domain: which records may be meant at all
    :param code: field with the internal reference, ``barcode`` likewise; empty where the model has none
    :param archived: whether records that are archived may be meant
    """

    def __init__(self, records, keys: Iterable[Key], domain=(), *, code="", barcode="", archived=False):
        self._records = records.with_context(active_test=not archived)
        translated = records._fields["name"].translate
        self._languages = dict.fromkeys((records.env.lang, "en_US") if translated else (records.env.lang,))
        self._domain = Domain(domain)
        self._code = code
        self._barcode = barcode
        keys = {key for key in keys if key}
        found = self._by_ids(keys)
        if code:
            found |= self._by_field(code, {key.code for key in keys})
        if barcode:
            found |= self._by_field(barcode, {key.barcode for key in keys})
        self._load(found)
        # Names last: of those that are known otherwise they would only add what is not meant.
        if names := {folded(key.name): key.name for key in keys if key.name and not self.find(key).ids}:
            self._load(found | self._by_name([*names.values()]))

    def find(self, key: Key) -> Match:
        """The numbers of the records that a key may mean."""
        match = self._catalogue.find(key)
        return match if match.ids else self._archived.find(key)

    # -- Loading -------------------------------------------------------------------------------------------------------

    def _load(self, records) -> None:
        """Have these records stand for themselves."""
        active, archived = [], []
        for record in records:
            ids = tuple(self._ids.get(record.id, ()))
            code = (record[self._code] or "") if self._code else ""
            barcode = (record[self._barcode] or "") if self._barcode else ""
            candidates = [
                Candidate(record.id, ids, code, barcode, record.with_context(lang=lang).name or "")
                for lang in self._languages
            ]
            if "active" not in record._fields or record.active:
                active.extend(candidates)
            else:
                # Its external id says that it is meant; its reference may have gone to another one.
                active.append(Candidate(record.id, ids))
                archived.extend(candidates)
        self._catalogue = Catalogue(active)
        self._archived = Catalogue(archived)

    def _by_ids(self, keys: set[Key]):
        """The records that external ids name, and which id names which."""
        self._ids: dict[int, list[str]] = defaultdict(list)
        wanted = {identifier for key in keys for identifier in key.ids if "." in identifier}
        for batch in split_every(_BATCH, sorted(wanted)):
            pairs = [identifier.split(".", 1) for identifier in batch]
            # What external ids name is no secret in itself; the records are searched as the user.
            data = self._records.env["ir.model.data"].sudo()
            domain = [
                ("model", "=", self._records._name),
                ("module", "in", list({module for module, _name in pairs})),
                ("name", "in", list({name for _module, name in pairs})),
            ]
            for row in data.search_read(domain, ["module", "name", "res_id"]):
                identifier = f"{row['module']}.{row['name']}"
                if identifier in wanted:
                    self._ids[row["res_id"]].append(identifier)
        return self._search(Domain("id", "in", list(self._ids)))

    def _by_field(self, name: str, values: set[str]):
        found = self._records.browse()
        for batch in split_every(_BATCH, sorted(values - {""})):
            found |= self._search(Domain(name, "in", list(batch)))
        return found

    def _by_name(self, names: list[str]):
        """Whatever the case in which people write them, in the language of the user or in English."""
        found = self._records.browse()
        for batch in split_every(100, names):
            domain = Domain.OR(Domain("name", "=ilike", _literally(" ".join(name.split()))) for name in batch)
            for lang in self._languages:
                found |= self._records.with_context(lang=lang).search(domain & self._domain)
        return found

    def _search(self, domain):
        return self._records.search(domain & self._domain)


def location_catalogue(warehouse, locations) -> Catalogue:
    """Locations of a warehouse: by external id or by their place in a warehouse, by their path with or without the
    warehouse, by barcode, and by their own name alone where only one has it."""
    root = f"{warehouse.view_location_id.complete_name}/"
    ids = locations._get_external_ids()
    places = places_of(warehouse, locations)
    candidates = []
    for location in locations:
        path = location.complete_name
        known = (*ids[location.id], places.get(location.id, ""))
        candidates.append(Candidate(location.id, known, path, location.barcode or "", location.name or ""))
        candidates.append(Candidate(location.id, code=path.removeprefix(root)))
    return Catalogue(candidates)


def _literally(text: str) -> str:
    """A text in which nothing stands for anything else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
