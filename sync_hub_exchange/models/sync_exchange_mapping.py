# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.safe_eval import safe_eval

from ..records import Conversion, Policy

# Context: names of fields that the other side does not have.
ABSENT = "sync_exchange_absent"


class Rule(NamedTuple):
    """How a field travels.

    :param name: its name here
    :param there: its name on the other side
    :param row_keys: of rows that are compared row by row: see ``records.merge_rows``; None for all other fields
    """

    name: str
    there: str
    conversion: Conversion
    additive: bool
    row_keys: tuple[str, ...] | None = None


_POLICIES = [
    (str(Policy.PEER), "The other database wins"),
    (str(Policy.LOCAL), "This database wins"),
    (str(Policy.NEWEST), "The newer record wins"),
    (str(Policy.FIELDS), "Field by field, the newer wins"),
    (str(Policy.ASK), "Field by field, a person decides"),
]


class SyncExchangeMapping(models.Model):
    """One kind of data that is exchanged with a peer, and by which rules."""

    _name = "sync.exchange.mapping"
    _description = "Data Exchanged with a Peer"
    _inherit = ["sync.company.mixin"]
    _order = "peer_id, sequence, id"
    _rec_name = "model_name"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    model_id = fields.Many2one(
        "ir.model", string="Data Type", required=True, ondelete="cascade", domain="[('transient', '=', False)]"
    )
    model = fields.Char(related="model_id.model", store=True, index=True)
    model_name = fields.Char(related="model_id.name", string="Name of the Data Type")
    direction = fields.Selection(
        [("both", "Receive and send"), ("receive", "Receive only"), ("send", "Send only")],
        required=True,
        default="both",
    )
    domain = fields.Char(
        string="Which Records", default="[]", help="Only these are sent, and only these are asked for there."
    )
    policy = fields.Selection(
        _POLICIES,
        string="If Both Changed It",
        required=True,
        default=str(Policy.FIELDS),
        help="What happens when a record was changed on both sides since the last exchange.",
    )
    deletion = fields.Selection(
        [("keep", "Keep it here"), ("archive", "Archive it here"), ("delete", "Delete it here")],
        string="If Deleted on the Other Side",
        required=True,
        default="archive",
        help="A record that others need is archived in any case. One that was changed meanwhile is kept.",
    )
    line_ids = fields.One2many("sync.exchange.mapping.field", "mapping_id", string="Fields", copy=True)
    field_count = fields.Integer(string="Number of Fields", compute="_compute_field_count")
    # Where receiving and sending stand: see ``sync.exchange.feed``.
    receive_cursor = fields.Json(readonly=True, copy=False)
    send_cursor = fields.Json(readonly=True, copy=False)
    waiting_ids = fields.One2many("sync.exchange.waiting", "mapping_id")

    _model_unique = models.UniqueIndex(
        "(peer_id, model_id) WHERE active", "This kind of data is exchanged with this peer already."
    )

    # -- Computed fields ---------------------------------------------------------------------------------------------

    @api.depends("line_ids")
    def _compute_field_count(self):
        for mapping in self:
            mapping.field_count = len(mapping.line_ids)

    # -- Constraints -------------------------------------------------------------------------------------------------

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        for mapping in self:
            try:
                self.env[mapping.model].search(mapping._domain(), limit=0)
            except Exception as error:  # whatever a filter may bring, the person who typed it reads it
                raise ValidationError(
                    self.env._(
                        "The filter of “%(data)s” cannot be used: %(error)s", data=mapping.model_name, error=error
                    )
                ) from error

    @api.constrains("model_id")
    def _check_kind(self):
        for mapping in self:
            if refusal := mapping._unit()._refusal(mapping.model):
                raise ValidationError(refusal)

    # -- CRUD --------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: what is exchanged from now on is compared once more from the beginning."""
        if vals.keys() & {"model_id", "domain", "line_ids", "direction", "active"}:
            vals = {"receive_cursor": False, "send_cursor": False, **vals}
        return super().write(vals)

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_start_again(self):
        """Button: compare all records once more, not only those that change."""
        self.check_access("write")
        self._start_again()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The next run compares all records again. What is alike stays as it is."),
            },
        }

    def _start_again(self) -> None:
        self.write({"receive_cursor": False, "send_cursor": False})

    # -- Helpers -----------------------------------------------------------------------------------------------------

    def _lines(self):
        """The fields that can be exchanged: those that are on both sides."""
        absent = self.env.context.get(ABSENT, ())
        return self.line_ids.filtered(lambda line: line.name not in absent)

    def _rules(self) -> list[Rule]:
        """How each field travels; asked once for many records."""
        return [
            Rule(
                line.name,
                line.remote_name or line.name,
                line._conversion(),
                line.additive,
                self._row_keys(line) if line.ttype == "one2many" else None,
            )
            for line in self._lines()
        ]

    def _unit(self):
        """What is special about this kind of data."""
        return self.env["sync.exchange.unit"]._of(self.model)

    def _domain(self) -> list:
        return [*self._unit()._only, *safe_eval(self.domain or "[]")]

    def _policy(self) -> Policy:
        return Policy(self.policy)

    def _keys(self) -> list[str]:
        return self._lines().filtered("is_key").mapped("name")

    def _wanted(self, there: bool = False) -> list[str | dict]:
        """The fields that travel, as ``sync.exchange.wire`` reads them.

        :param there: by their names on the other side
        """
        return [line._wanted(there) for line in self._lines()]

    def _watched(self) -> dict[str, str]:
        """Models whose changes concern this kind of data -> field that leads from a part to its record."""
        watched = {self.model: ""}
        for line in self.line_ids.filtered(lambda line: line.ttype == "one2many"):
            field = self.env[self.model]._fields[line.name]
            watched[field.comodel_name] = field.inverse_name
        return {**watched, **self._unit()._watches}

    def _named(self) -> set[str]:
        """Models whose records get a name, by which both sides know them."""
        return self._watched().keys() - self._unit()._nameless

    def _needs(self) -> set[str]:
        """Models to which the records and their rows lead."""
        needs = set()
        for line in self.line_ids:
            field = self.env[self.model]._fields[line.name]
            if field.type in ("many2one", "many2many"):
                needs.add(field.comodel_name)
            elif field.type == "one2many":
                Rows = self.env[field.comodel_name]
                names = {*line._parts(), *self.env["sync.exchange.unit"]._of(Rows._name)._always} & Rows._fields.keys()
                needs.update(Rows._fields[name].comodel_name or "" for name in names)
        return needs
