# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..records import is_closed

# Files and rows of other kinds are copied only where a mapping names them.
_NOT_BY_ITSELF = frozenset({"one2many", "binary", "image"})


class SyncExchangeSnapshotKind(models.Model):
    """One kind of data in a snapshot."""

    _name = "sync.exchange.snapshot.kind"
    _description = "Data of a Snapshot"
    _inherit = ["sync.company.mixin"]
    _order = "snapshot_id, id"
    _rec_name = "model_id"

    snapshot_id = fields.Many2one("sync.exchange.snapshot", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="snapshot_id.company_id", store=True, index=True)
    model_id = fields.Many2one(
        "ir.model", string="Data Type", required=True, ondelete="cascade", domain="[('transient', '=', False)]"
    )
    model = fields.Char(related="model_id.model", store=True, string="Technical Name")
    domain = fields.Char(string="Which Records", default="[]", required=True)
    field_names = fields.Char(
        string="Fields", help="Technical names, separated by commas. Empty: all that can be exchanged, but for files."
    )
    wanted = fields.Json(readonly=True, help="The fields as they are read.")
    record_count = fields.Integer(string="Records", readonly=True, copy=False)
    gone_count = fields.Integer(string="Deletions", readonly=True, copy=False)
    sha256 = fields.Char(string="SHA-256", readonly=True, copy=False)
    schema_sha256 = fields.Char(string="Fingerprint of the Fields", readonly=True, copy=False)
    cursor = fields.Json(readonly=True, copy=False)

    _model_unique = models.Constraint("UNIQUE (snapshot_id, model_id)", "A kind of data is in a snapshot once.")

    @api.constrains("domain", "model_id", "field_names")
    def _check_domain(self):
        schema = self.env["sync.exchange.schema"]
        for kind in self:
            Model = self.env[kind.model]
            if not self._is_data(kind.model):
                raise ValidationError(self.env._("“%s” is no data that can be copied.", kind.model_id.name))
            for name in kind._chosen():
                field = Model._fields.get(name)
                if field is None:
                    raise ValidationError(
                        self.env._("“%(data)s” has no field “%(name)s”.", data=kind.model_id.name, name=name)
                    )
                if not schema._can_travel(Model, field) or field.type == "one2many":
                    raise ValidationError(self.env._("“%s” cannot be copied.", field._description_string(self.env)))
            try:
                Model.search(kind._domain(), limit=0)
            except Exception as error:  # whatever a filter may bring, the person who typed it reads it
                raise ValidationError(
                    self.env._(
                        "The filter of “%(data)s” cannot be used: %(error)s", data=kind.model_id.name, error=error
                    )
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: what is copied does not change while it is written."""
        kinds = super().create(vals_list)
        kinds.snapshot_id._check_open()
        return kinds

    def write(self, vals):
        """Override of ``base``: the same."""
        # What comes out of it is written without rights.
        if not self.env.su:
            self.snapshot_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_written(self):
        self.snapshot_id._check_open()

    @api.model
    def _is_data(self, model: str) -> bool:
        """Whether it is something that is copied: no settings, rights, keys and messages."""
        Model = self.env[model]
        return not (Model._abstract or Model._transient or is_closed(model))

    def _domain(self) -> Domain:
        """Which records: those of the company, and those that all companies share."""
        domain = Domain(safe_eval(self.domain or "[]"))
        if "company_id" in self.env[self.model]._fields:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        return domain

    def _wanted(self) -> list:
        """The fields, as ``sync.exchange.wire`` reads them."""
        if chosen := self._chosen():
            return sorted(chosen)
        if self.wanted:
            return self.wanted
        fields_ = self.env["sync.exchange.schema"]._fields_of(self.model)
        # The company is the one into which it is restored.
        return sorted(
            name for name, told in fields_.items() if told["type"] not in _NOT_BY_ITSELF and name != "company_id"
        )

    def _chosen(self) -> list[str]:
        return [name.strip() for name in (self.field_names or "").split(",") if name.strip()]

    def _schema(self) -> dict[str, str]:
        Model = self.env[self.model]
        names = [item if isinstance(item, str) else item["name"] for item in self._wanted()]
        return {name: Model._fields[name].type for name in names}

    @api.model
    def _follow(self, snapshot) -> None:
        """Let an incremental snapshot have the same fields of the same records as the one that it continues."""
        if not snapshot.previous_id or snapshot.state == "done":
            return
        snapshot.kind_ids.unlink()
        # Nobody chooses these.
        self.sudo().create(
            [
                {
                    "snapshot_id": snapshot.id,
                    "model_id": kind.model_id.id,
                    "domain": kind.domain,
                    "wanted": kind._wanted(),
                }
                for kind in snapshot.previous_id.kind_ids
            ]
        )
