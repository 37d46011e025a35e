# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..records import Conversion

# Types of fields by which records can be recognized.
_KEYS = ("char", "selection", "integer", "many2one")


class SyncExchangeMappingField(models.Model):
    """A field that is exchanged, and how its values become those of the other side."""

    _name = "sync.exchange.mapping.field"
    _description = "Exchanged Field"
    _inherit = ["sync.company.mixin"]
    _order = "mapping_id, sequence, id"
    _rec_name = "name"

    mapping_id = fields.Many2one("sync.exchange.mapping", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="mapping_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    model_id = fields.Many2one(related="mapping_id.model_id")
    field_id = fields.Many2one(
        "ir.model.fields", required=True, ondelete="cascade", domain="[('model_id', '=', model_id)]"
    )
    name = fields.Char(related="field_id.name", store=True)
    ttype = fields.Selection(related="field_id.ttype")
    is_key = fields.Boolean(
        string="Recognized By",
        help="Records are known by their external ID. One that both sides had before they met is recognized by the "
        "fields that are ticked here, if all of them agree and only one record has them.",
    )
    remote_name = fields.Char(string="Field There", help="Its technical name there, if it is another one.")
    conversion = fields.Selection(
        [
            ("same", "As it is"),
            ("table", "By a table"),
            ("factor", "Multiplied by"),
            ("upper", "In capital letters"),
            ("lower", "In small letters"),
            ("fixed", "Always the same"),
        ],
        required=True,
        default="same",
        help="What becomes of a value that is sent. What is received takes the way back.",
    )
    argument = fields.Char(
        string="Table or Number",
        help='For a table: {"value here": "value there"}. For a factor: the number. Otherwise: the value.',
    )
    additive = fields.Boolean(
        string="Quantity",
        help="If both sides have changed it, both changes are added up instead of choosing one of them.",
    )
    part_fields = fields.Char(
        string="Fields of the Rows", help="Of rows that belong to the record: technical names, separated by commas."
    )

    _field_unique = models.Constraint("UNIQUE (mapping_id, field_id)", "A field is exchanged once.")

    @api.constrains("conversion", "argument", "field_id", "part_fields", "additive", "is_key")
    def _check_rules(self):
        for line in self:
            try:
                line._conversion()
            except (ValueError, InvalidOperation, AttributeError) as error:
                raise ValidationError(
                    self.env._("The conversion of “%s” cannot be read.", line.field_id.field_description)
                ) from error
            if line.additive and line.ttype not in ("integer", "float", "monetary"):
                raise ValidationError(
                    self.env._("“%s” is no quantity: only numbers can be added up.", line.field_id.field_description)
                )
            own_keys = self.env["sync.exchange.unit"]._of(line.mapping_id.model)._own_keys
            if line.is_key and line.ttype not in _KEYS and line.name not in own_keys:
                raise ValidationError(
                    self.env._("Records cannot be recognized by “%s”.", line.field_id.field_description)
                )
            Model = self.env[line.mapping_id.model]
            field = Model._fields.get(line.name)
            schema = self.env["sync.exchange.schema"]
            if field is not None and schema._is_closed_field(field):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be exchanged: passwords, keys and messages stay where they are.",
                        line.field_id.field_description,
                    )
                )
            if field is None or not schema._can_travel(Model, field):
                raise ValidationError(
                    self.env._("“%s” cannot be exchanged: Odoo fills it by itself.", line.field_id.field_description)
                )
            for name in line._parts():
                Rows = self.env[field.comodel_name]
                if name not in Rows._fields:
                    raise ValidationError(self.env._("The rows have no field “%s”.", name))
                if schema._is_closed_field(Rows._fields[name]):
                    raise ValidationError(
                        self.env._("“%s” cannot be exchanged: it holds a secret.", Rows._fields[name].string)
                    )

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: see ``_begin_anew``."""
        lines = super().create(vals_list)
        lines._begin_anew()
        return lines

    def write(self, vals):
        """Override of ``base``: see ``_begin_anew``."""
        result = super().write(vals)
        if vals.keys() - {"sequence"}:
            self._begin_anew()
        return result

    def _begin_anew(self) -> None:
        """Compare all records once more: what this field is in them was not exchanged so far."""
        self.mapping_id.filtered(lambda mapping: mapping.receive_cursor or mapping.send_cursor).write(
            {"receive_cursor": False, "send_cursor": False}
        )

    # -- Helpers -----------------------------------------------------------------------------------------------------

    def _parts(self) -> list[str]:
        return [name.strip() for name in (self.part_fields or "").split(",") if name.strip()]

    def _wanted(self, there: bool) -> str | dict:
        name = (self.remote_name or self.name) if there else self.name
        return {"name": name, "fields": self._parts()} if self.ttype == "one2many" else name

    def _conversion(self) -> Conversion:
        argument = self.argument or ""
        match self.conversion:
            case "table":
                table = {str(here): str(there) for here, there in json.loads(argument).items()}
                if len(set(table.values())) < len(table):
                    raise ValueError("two values become one")
                return Conversion("table", table=table)
            case "factor":
                number = Decimal(argument)
                if not number or not number.is_finite():
                    raise ValueError("no factor")
                return Conversion("factor", number=number)
        return Conversion(self.conversion, text=argument)
