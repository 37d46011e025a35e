# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, models

from .ready_made import READY_MADE, ReadyMade

# What nobody wants to travel unless he says so: each database has its own.
_NOT_BY_ITSELF = frozenset({"company_id", "company_ids", "sequence", "color", "priority", "user_id", "user_ids"})
_OWN_RELATIONS = ("res.users", "res.company", "res.groups")
_PICTURES = frozenset({"image_1920"})


class SyncExchangeMapping(models.Model):
    """How a kind of data is filled in: from the ready-made ones, or with all fields that make sense."""

    _inherit = "sync.exchange.mapping"

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: data that is chosen without fields is exchanged with all that make sense."""
        mappings = super().create(vals_list)
        for mapping in mappings:
            if not mapping.line_ids:
                mapping.line_ids = mapping._usual_lines()
        return mappings

    @api.onchange("model_id")
    def _onchange_model_id(self):
        if self.model_id:
            ready = next((ready for ready in READY_MADE if ready.model == self.model), None)
            if ready:
                self.update(self._ready_values(ready))
            else:
                self.update({"domain": "[]", "line_ids": [Command.clear(), *self._usual_lines()]})

    # -- Ready-made --------------------------------------------------------------------------------------------------

    @api.model
    def _ready_made(self) -> list[ReadyMade]:
        """Those whose models are installed here."""
        return [ready for ready in READY_MADE if ready.model in self.env]

    @api.model
    def _ready_values(self, ready: ReadyMade) -> dict:
        """Values of a mapping; what is not installed or cannot be written is left out."""
        Model = self.env[ready.model]
        names = [name for name in ready.fields if self._travels(Model, name)]
        keys = ready.keys if set(ready.keys) <= {*names, *ready.parts} else ()
        lines = [{"name": name, "is_key": name in keys} for name in names]
        for name, parts in ready.parts.items():
            if self._travels(Model, name):
                rows = self.env[Model._fields[name].comodel_name]
                known = [part for part in parts if self._travels(rows, part)]
                lines.append({"name": name, "part_fields": ", ".join(known), "is_key": name in keys})
        return {
            "domain": repr([condition for condition in ready.domain if condition[0] in Model._fields]),
            "direction": ready.direction,
            "policy": ready.policy,
            "deletion": ready.deletion,
            "line_ids": [Command.clear(), *self._line_commands(ready.model, lines)],
        }

    def _usual_lines(self) -> list:
        """Commands for all fields of the model that make sense."""
        Model = self.env[self.model]
        names = [
            name
            for name, told in self.env["sync.exchange.schema"]._fields_of(self.model).items()
            if self._is_usual(Model._fields[name], told)
        ]
        return self._line_commands(self.model, [{"name": name} for name in names])

    @api.model
    def _is_usual(self, field, told: dict) -> bool:
        if field.name in _NOT_BY_ITSELF or told.get("relation") in _OWN_RELATIONS or field.type in ("one2many", "json"):
            return False
        if field.type in ("binary", "image"):
            return field.name in _PICTURES
        # What Odoo computes, it computes on the other side too.
        return bool(field.store) and not (field.compute and not field.required)

    @api.model
    def _travels(self, Model, name: str) -> bool:
        field = Model._fields.get(name)
        return field is not None and self.env["sync.exchange.schema"]._can_travel(Model, field)

    @api.model
    def _line_commands(self, model: str, lines: list[dict]) -> list:
        fields = self.env["ir.model.fields"]
        return [
            Command.create(
                {
                    "sequence": 10 * place,
                    "field_id": fields._get(model, line["name"]).id,
                    **{name: value for name, value in line.items() if name != "name"},
                }
            )
            for place, line in enumerate(lines, 1)
        ]
