# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..series import (
    Deadline,
    DocumentModel,
    Kind,
    NumberRange,
    SeriesRule,
    Unit,
    contradictions,
)

DOCUMENT_MODELS = [(DocumentModel.NFE.value, "NF-e (model 55)"), (DocumentModel.NFCE.value, "NFC-e (model 65)")]
KINDS = [(Kind.NORMAL.value, "Normal"), (Kind.CONTINGENCY.value, "Contingency")]
UNITS = [(Unit.HOURS.value, "Hours after issue"), (Unit.BUSINESS_DAYS.value, "Business days after the day of issue")]


class SyncExchangeSeriesRule(models.Model):
    """What holds for fiscal series from one day to another: laws change, federal units differ."""

    _name = "sync.exchange.series.rule"
    _inherit = ["sync.exchange.series.law"]
    _description = "Rule on Fiscal Series"
    _order = "document_model, kind, date_from desc, id"

    name = fields.Char(string="Rule", required=True, translate=True)
    active = fields.Boolean(default=True)
    document_model = fields.Selection(DOCUMENT_MODELS, string="Document", required=True)
    kind = fields.Selection(
        KINDS,
        string="Issue",
        required=True,
        help="Normal: authorised before the goods leave. Contingency: the tax office could not be reached.",
    )
    state_id = fields.Many2one(
        "res.country.state",
        string="Federal Unit",
        domain="[('country_id.code', '=', 'BR')]",
        ondelete="restrict",
        help="Empty: it holds in all federal units that have no rule of their own.",
    )
    date_from = fields.Date(string="In Force Since", required=True)
    date_until = fields.Date(string="Until", help="The last day. Empty: until further notice.")
    says_numbers = fields.Boolean(string="Limits Series", help="It says which series numbers may be used.")
    number_from = fields.Integer(string="First Series", help="Series outside the range are refused.")
    number_until = fields.Integer(string="Last Series", default=999)
    is_disputed = fields.Boolean(
        string="Sources Disagree", help="Some sources allow fewer series than others: the rest gives a warning."
    )
    certain_from = fields.Integer(string="First Undisputed Series")
    certain_until = fields.Integer(string="Last Undisputed Series", default=999)
    deadline_unit = fields.Selection(
        UNITS, string="Deadline In", help="By when documents must be transmitted. Empty: it says nothing of that."
    )
    deadline_amount = fields.Integer(string="Deadline", default=1)
    gap_day = fields.Integer(
        string="Day for Missing Numbers",
        help="Day of the following month by which unused numbers must be accounted for. 0: it says nothing of that.",
    )
    source = fields.Text(required=True, translate=True, help="Where it is written.")
    disagreement = fields.Text(string="What Other Sources Say", translate=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)", "A rule cannot end before it begins."
    )
    _numbers_valid = models.Constraint(
        "CHECK (NOT says_numbers OR (0 <= number_from AND number_from <= number_until AND number_until <= 999))",
        "Series are numbers from 0 to 999, and the first one cannot be above the last one.",
    )
    _certain_valid = models.Constraint(
        "CHECK (NOT (says_numbers AND is_disputed) OR (number_from <= certain_from"
        " AND certain_from <= certain_until AND certain_until <= number_until))",
        "The undisputed series must lie within the allowed ones.",
    )
    _deadline_valid = models.Constraint(
        "CHECK (deadline_unit IS NULL OR deadline_amount > 0)", "A deadline must leave some time: enter 1 or more."
    )
    _gap_day_valid = models.Constraint(
        "CHECK (gap_day BETWEEN 0 AND 28)", "Enter a day that every month has: 1 to 28, or 0 for none."
    )

    # -- Constraints ---------------------------------------------------------------------------------------------------

    @api.constrains(
        "active",
        "document_model",
        "kind",
        "state_id",
        "date_from",
        "date_until",
        "says_numbers",
        "deadline_unit",
        "gap_day",
    )
    def _check_contradictions(self):
        # The database looks at each rule by itself first.
        self.flush_recordset()
        for one, two, _topic in contradictions(self._all_rules()):
            names = self.browse([one.key, two.key]).mapped("name")
            raise ValidationError(
                self.env._(
                    "“%(one)s” and “%(two)s” would be in force on the same day and speak of the same. Enter in the "
                    "older rule the last day on which it held.",
                    one=names[0],
                    two=names[1],
                )
            )

    # -- Values --------------------------------------------------------------------------------------------------------

    @api.model
    def _all_rules(self) -> list[SeriesRule]:
        """All rules, as values."""
        # The law is nobody's secret, and who issues documents need not know where the rules are kept.
        return [rule._value() for rule in self.sudo().search([])]

    def _value(self) -> SeriesRule:
        self.ensure_one()
        numbers = NumberRange(self.number_from, self.number_until) if self.says_numbers else None
        disputed = numbers and self.is_disputed
        return SeriesRule(
            key=self.id,
            model=DocumentModel(self.document_model),
            kind=Kind(self.kind),
            uf=self.state_id.code or None,
            valid_from=self.date_from,
            valid_until=self.date_until or None,
            numbers=numbers,
            certain=NumberRange(self.certain_from, self.certain_until) if disputed else None,
            deadline=Deadline(Unit(self.deadline_unit), self.deadline_amount) if self.deadline_unit else None,
            gap_day=self.gap_day or None,
        )
