# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from collections import defaultdict
from collections.abc import Iterable

from odoo import api, models
from odoo.tools import SQL

from ..records import adopted, is_standard

# Charts of accounts are loaded per company: the number of the company stands in the name.
_OF_COMPANY = re.compile(r"account\.(\d+)_(.+)", re.DOTALL)
_OF_ANY_COMPANY = "account.@_"


class SyncExchangeIdentity(models.AbstractModel):
    """By which names both sides know a record: its external ids."""

    _name = "sync.exchange.identity"
    _description = "Identity of Exchanged Records"

    @api.model
    def _names_of(self, records, *, make: bool) -> dict[int, list[str]]:
        """External ids of records, by id.

        :param make: give those a name that have none
        """
        # External ids tell nothing but that a record is there; whoever has the record may know them.
        rows = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch([("model", "=", records._name), ("res_id", "in", records.ids)], ["module", "name", "res_id"])
        )
        found = defaultdict(list)
        for row in rows:
            name = self._outward(f"{row.module}.{row.name}")
            if name:
                found[row.res_id].append(name)
        if make and (nameless := [record.id for record in records if record.id not in found]):
            names = {res_id: self._own_name(records._name, res_id) for res_id in nameless}
            self._give(records._name, [(name, res_id) for res_id, name in names.items()])
            found.update({res_id: [name] for res_id, name in names.items()})
        return {record.id: sorted(found[record.id]) for record in records}

    @api.model
    def _named(self, model: str, names: Iterable[str]) -> dict[str, int]:
        """Ids of the records that are known here by these names."""
        inward = {self._inward(name): name for name in names}
        # Where a record of an addon came without its addon.
        for name in [name for name in inward if is_standard(name)]:
            inward.setdefault(adopted(name), inward[name])
        modules = defaultdict(list)
        for name in inward:
            module, _, rest = name.partition(".")
            modules[module].append(rest)
        found = {}
        for module, rest in modules.items():
            # As above; the record itself is read with the rights of whoever asks.
            rows = (
                self.env["ir.model.data"]
                .sudo()
                .search_fetch(
                    [("module", "=", module), ("name", "in", rest), ("model", "=", model)], ["name", "res_id"]
                )
            )
            for row in rows:
                found.setdefault(inward[f"{module}.{row.name}"], row.res_id)
        # PostgreSQL deletes rows of its own accord, and leaves their names behind.
        alive = set(self.env[model].browse(set(found.values())).exists().ids)
        return {name: res_id for name, res_id in found.items() if res_id in alive}

    @api.model
    def _give(self, model: str, pairs: list[tuple[str, int]]) -> None:
        """Give records further names: (external id, id).

        A name that is taken meanwhile makes PostgreSQL refuse this transaction, which is then repeated: two workers
        cannot make the same record twice. In the name of an addon nothing is named: whoever may exchange records must
        not be able to make addons take them for their own.
        """
        if not pairs:
            return
        names, ids = zip(*((adopted(self._inward(name)), res_id) for name, res_id in pairs), strict=True)
        # Not ``_update_xmlids``, which would take a name away from the record that has it.
        self.env.cr.execute(
            SQL(
                "INSERT INTO ir_model_data "
                "(module, name, model, res_id, noupdate, create_date, write_date, create_uid) "
                "SELECT split_part(name, '.', 1), substr(name, strpos(name, '.') + 1), %s, res_id, true, "
                "now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', %s FROM unnest(%s::text[], %s::int[]) "
                "AS given(name, res_id) "
                # Rows that PostgreSQL deleted with their record have left their names behind.
                "ON CONFLICT (module, name) DO UPDATE SET res_id = EXCLUDED.res_id "
                "WHERE ir_model_data.model = EXCLUDED.model "
                "AND NOT EXISTS (SELECT FROM %s AS owner WHERE owner.id = ir_model_data.res_id)",
                model,
                self.env.uid,
                list(names),
                list(ids),
                SQL.identifier(self.env[model]._table),
            )
        )
        self.env["ir.model.data"].invalidate_model(flush=False)

    @api.model
    def _own_name(self, model: str, res_id: int) -> str:
        uuid = self.env["sync.exchange.peer"]._own_uuid()
        return f"__sync_{uuid[:8]}__.{self.env[model]._table}_{res_id}"

    @api.model
    def _outward(self, name: str) -> str:
        """How a name reads for a peer; an empty text for one that belongs to another company."""
        if not (found := _OF_COMPANY.fullmatch(name)):
            return name
        own = int(found[1]) == self.env.company.root_id.id
        return f"{_OF_ANY_COMPANY}{found[2]}" if own else ""

    @api.model
    def _inward(self, name: str) -> str:
        """The reverse of ``_outward``."""
        if not name.startswith(_OF_ANY_COMPANY):
            return name
        return f"account.{self.env.company.root_id.id}_{name.removeprefix(_OF_ANY_COMPANY)}"
