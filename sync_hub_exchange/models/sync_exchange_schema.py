# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Sequence

from odoo import api, models
from odoo.exceptions import AccessError

from ..records import is_closed, is_secret
from .sync_exchange_wire import TYPES, split

# Fields that every database fills by itself.
_OWN = frozenset(models.MAGIC_COLUMNS) | {"display_name", "parent_path", "message_main_attachment_id"}
# Conversations, activities and the like stay where they are.
_OWN_MODELS = ("mail.", "ir.", "bus.", "sync.", "rating.", "website")


class SyncExchangeSchema(models.AbstractModel):
    """What can be exchanged of a model."""

    _name = "sync.exchange.schema"
    _description = "Fields That Can Be Exchanged"

    @api.model
    def _fields_of(self, model: str) -> dict[str, dict]:
        """Fields of a model that can be written, as a peer needs to know them."""
        Model = self.env[model]
        # Defaults that somebody has set are read by whoever makes a record.
        given = self.env["ir.default"].sudo()._get_model_defaults(model)
        return {
            name: {
                "type": field.type,
                "label": field.string or name,
                **({"relation": field.comodel_name} if field.comodel_name else {}),
                **({"required": True} if field.required else {}),
                **({"filled": True} if field.default or field.compute or name in given else {}),
                **({"translate": True} if field.translate else {}),
                **({"selection": _keys(field, self.env)} if field.type == "selection" else {}),
            }
            for name, field in Model._fields.items()
            if self._can_travel(Model, field)
        }

    @api.model
    def _can_travel(self, Model, field) -> bool:
        if field.name in _OWN or field.type not in TYPES or not Model._has_field_access(field, "write"):
            return False
        if self._is_closed_field(field):
            return False
        if field.type == "one2many":
            return bool(field.inverse_name) and field.inverse_name in self.env[field.comodel_name]._fields
        # A computed field can be written where Odoo lets people write it.
        return bool(field.store or field.inverse) and not (field.readonly and field.compute) and not field.related

    @api.model
    def _is_closed_field(self, field) -> bool:
        """Whether a field is never exchanged, whatever the rights of whoever asks: secrets, users as rows."""
        comodel = field.comodel_name or ""
        if is_secret(field.name) or comodel.startswith(_OWN_MODELS):
            return True
        return field.type == "one2many" and is_closed(comodel)

    @api.model
    def _refuse_closed(self, model: str, wanted: Iterable[str | dict] = (), values: Sequence[dict] = ()) -> None:
        """:param wanted: fields that are asked for, see ``sync.exchange.wire``
        :param values: of records that are to be written, as they travel
        :raises AccessError: when something of it is never exchanged
        """
        Model = self.env[model]
        if is_closed(model):
            raise AccessError(
                self.env._("“%s” is not exchanged: it holds rights, keys or settings.", Model._description)
            )
        names, parts = split(wanted)
        asked = {part["name"]: part["fields"] for part in parts}
        for name in {*names, *asked, *set().union(*values)}:
            field = Model._fields.get(name)
            if field is None:
                continue
            if self._is_closed_field(field):
                raise AccessError(
                    self.env._("“%s” is not exchanged: it holds a secret.", field._description_string(self.env))
                )
            if field.type == "one2many":
                rows = [row["values"] for record in values for row in record.get(name) or ()]
                self._refuse_closed(field.comodel_name, asked.get(name, ()), rows)


def _keys(field, env) -> list[str]:
    return [str(key) for key in field.get_values(env)]
