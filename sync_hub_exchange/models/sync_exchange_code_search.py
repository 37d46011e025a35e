# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..preflight import Finding, Kind
from .sync_exchange_wire import PEER, Terms, key_of, names_of, split

# So many names stand in a sentence; the list shows all.
_SHOWN = 5
# Of one field, so many different values are looked at.
MOST_VALUES = 1000
MOST_OFFERED = 2000
_DOOR = "sync.exchange.door"


class SyncExchangeCode(models.Model):
    """Which codes are used on one side and unknown on the other: looked for before the first run."""

    _inherit = "sync.exchange.code"

    @api.model
    def _look_for(self, peer, remote, mappings, terms: Terms) -> list[Finding]:
        """Look for codes without counterpart, and list them, so that somebody can map them.

        :param mappings: kinds of data whose fields both sides have
        """
        common = {"terms": terms.to_wire(), "company": peer.remote_company_id}
        here, there = defaultdict(dict), defaultdict(dict)
        for mapping in mappings:
            if mapping.direction != "receive":
                _collect(here, self._used(mapping.model, mapping._wanted(), mapping._domain(), terms))
            if mapping.direction != "send":
                wanted, domain = mapping._wanted(there=True), mapping._domain()
                used = remote.ask(_DOOR, "used", model=mapping.model, wanted=wanted, domain=domain, **common)
                _collect(there, used)
        unknown_there = self._unknown_there(remote, here, terms, common)
        unknown_here = self._unknown_here(there)
        models_ = sorted({*unknown_there, *unknown_here})
        offered = remote.ask(_DOOR, "offer", models=models_, **common) if models_ else {}
        return [
            *self._list_here(peer, unknown_there, offered, terms),
            *self._list_there(peer, unknown_here),
            *([] if unknown_there or unknown_here else [Finding(Kind.CODES)]),
            *self._list_mapped(peer),
        ]

    # -- Looking -------------------------------------------------------------------------------------------------------

    @api.model
    def _used(self, model: str, wanted: list, domain: list, terms: Terms) -> dict[str, list[dict]]:
        """References to records that are not exchanged, as records of a model use them: their model -> references."""
        found = defaultdict(set)
        self._gather(self.env[model].with_context(active_test=False), wanted, Domain(domain), terms, found)
        return {name: self._named_references(self.env[name].browse(ids), terms) for name, ids in found.items() if ids}

    def _gather(self, Model, wanted: list, domain: Domain, terms: Terms, found: dict[str, set]) -> None:
        names, parts = split(wanted)
        for name in names:
            field = Model._fields[name]
            # What is not stored cannot be counted, and follows from what is.
            if field.type in ("many2one", "many2many") and field.store and field.comodel_name not in terms.models:
                groups = Model._read_group(domain, [name], limit=MOST_VALUES)
                found[field.comodel_name].update(target.id for (target,) in groups if target)
        for part in parts:
            field = Model._fields[part["name"]]
            rows = Model.env[field.comodel_name]
            if rows._fields[field.inverse_name].store:
                self._gather(rows, part["fields"], Domain(field.inverse_name, "any", domain), terms, found)

    @api.model
    def _named_references(self, targets, terms: Terms) -> list[dict]:
        """References as they travel, each with the name that people know."""
        references = self.env["sync.exchange.wire"]._refer(targets, terms)
        # As in ``_refer``: what a record leads to may be named with it.
        names = {target.id: target.display_name for target in targets.sudo().exists()}
        return [{**reference, "name": names.get(res_id) or ""} for res_id, reference in references.items()]

    @api.model
    def _offered(self, model: str, terms: Terms) -> list[dict]:
        """What can be chosen of a model as a counterpart."""
        Model = self.env[model]
        domain = Domain.TRUE
        if "company_id" in Model._fields:
            domain = Domain("company_id", "in", [False, *self.env.company.parent_ids.ids])
        elif "company_ids" in Model._fields:
            domain = Domain("company_ids", "in", self.env.company.parent_ids.ids)
        return self._named_references(Model.search(domain, limit=MOST_OFFERED), terms)

    def _unknown_there(self, remote, here: dict, terms: Terms, common: dict) -> dict[str, list[dict]]:
        mapped = self._references_there(here, terms)
        asked = {
            model: [reference for key, reference in references.items() if key and (model, key) not in mapped]
            for model, references in here.items()
        }
        answers = remote.ask(_DOOR, "known", references=asked, **common) if any(asked.values()) else {}
        return _pick(asked, lambda model, position: not answers[model][position])

    def _unknown_here(self, there: dict) -> dict[str, list[dict]]:
        asked = {
            model: [reference for key, reference in references.items() if key]
            for model, references in there.items()
            if model in self.env
        }
        found = self.env["sync.exchange.wire"]._find_references(asked)
        return _pick(asked, lambda model, position: (model, key_of(asked[model][position])) not in found)

    # -- Listing -------------------------------------------------------------------------------------------------------

    def _list_here(self, peer, unknown: dict, offered: dict, terms: Terms) -> list[Finding]:
        """Rows for codes of this database, and what the other one offers for them."""
        findings = []
        counterparts = self.env["sync.exchange.counterpart"]
        for model, references in offered.items():
            if model in self.env:
                counterparts._keep(peer, model, references)
        for model, references in unknown.items():
            found = self.env["sync.exchange.wire"]._find_references({model: references})
            listed = set(self._rows(peer, model).mapped("res_id"))
            for res_id in dict.fromkeys(found.values()):
                if res_id not in listed:
                    self._list(peer, model, res_id=res_id)
            findings.append(self._finding(Kind.CODES_HERE, model, references))
        return findings

    def _list_there(self, peer, unknown: dict) -> list[Finding]:
        """Rows for codes of the other database."""
        findings = []
        for model, references in unknown.items():
            listed = self._rows(peer, model).there_id
            for row in self.env["sync.exchange.counterpart"]._keep(peer, model, references).values():
                if row not in listed:
                    self._list(peer, model, there_id=row.id)
            findings.append(self._finding(Kind.CODES_THERE, model, references))
        return findings

    def _list_mapped(self, peer) -> list[Finding]:
        """What somebody has mapped already, and to what."""
        mapped = self.search([("peer_id", "=", peer.id), ("state", "=", "mapped")])
        return [
            self._finding(Kind.CODES_MAPPED, model, [{"name": code.display_name} for code in codes])
            for model, codes in mapped.grouped("model").items()
        ]

    @api.model
    def _ask_for(self, peer, model: str, reference: dict, direction: str) -> None:
        """List a code on which a record waits, so that somebody can map it.

        :param direction: ``receive`` if it is unknown here, ``send`` if it is unknown there
        """
        if direction == "receive":
            self._list_there(peer, {model: [reference]})
        else:
            # What it is here, whatever it is mapped to.
            wire = self.env["sync.exchange.wire"].with_context(**{PEER: False})
            listed = set(self._rows(peer, model).mapped("res_id"))
            for res_id in set(wire._find_references({model: [reference]}).values()) - listed:
                self._list(peer, model, res_id=res_id)

    def _rows(self, peer, model: str):
        return self.search([("peer_id", "=", peer.id), ("model", "=", model)])

    def _list(self, peer, model: str, **values) -> None:
        self.create({"peer_id": peer.id, "model_id": self.env["ir.model"]._get_id(model), **values})

    def _finding(self, kind: Kind, model: str, references: list[dict]) -> Finding:
        names = [reference.get("name") or names_of(reference)[0] for reference in references]
        shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
        values = {"count": str(len(names)), "names": shown, "data": self.env["ir.model"]._get(model).name}
        return Finding(kind, values, model)


def _collect(collected: dict[str, dict], used: dict[str, list[dict]]) -> None:
    for model, references in used.items():
        collected[model].update({key_of(reference): reference for reference in references})


def _pick(asked: dict[str, list], unknown) -> dict[str, list[dict]]:
    picked = {
        model: [reference for position, reference in enumerate(references) if unknown(model, position)]
        for model, references in asked.items()
    }
    return {model: references for model, references in picked.items() if references}
