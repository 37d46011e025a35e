# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .sync_exchange_wire import TYPES

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
        if (field.comodel_name or "").startswith(_OWN_MODELS):
            return False
        if field.type == "one2many":
            return bool(field.inverse_name) and field.inverse_name in self.env[field.comodel_name]._fields
        # A computed field can be written where Odoo lets people write it.
        return bool(field.store or field.inverse) and not (field.readonly and field.compute) and not field.related


def _keys(field, env) -> list[str]:
    return [str(key) for key in field.get_values(env)]
