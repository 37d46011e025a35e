# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..series import (
    NUMBER_LAST,
    SERIES_LAST,
    DocumentModel,
    Finding,
    InvalidTaxNumber,
    Kind,
    Verdict,
    check_series,
    tax_number,
    zone_of,
)
from .sync_exchange_series_rule import DOCUMENT_MODELS, KINDS

# What makes a series: it stays as it is once a number was given.
_IDENTITY = ("company_id", "document_model", "series_number", "kind", "number_first")
SHORT_NAMES = {DocumentModel.NFE.value: "NF-e", DocumentModel.NFCE.value: "NFC-e"}


class SyncExchangeSeries(models.Model):
    """A series of electronic invoices of one tax number, numbered by one database only: this one or a peer."""

    _name = "sync.exchange.series"
    _description = "Fiscal Series"
    _inherit = ["mail.thread", "mail.activity.mixin", "sync.company.mixin"]
    _order = "company_id, document_model, series_number"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, tracking=True, default=lambda self: self.env.company
    )
    tax_number = fields.Char(
        string="CNPJ",
        compute="_compute_tax_number",
        store=True,
        precompute=True,
        help="That of the company when the series was entered, without points and strokes.",
    )
    state_id = fields.Many2one(
        "res.country.state",
        string="Federal Unit",
        compute="_compute_state_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('country_id.code', '=', 'BR')]",
        help="Where documents are issued: its tax office makes the rules, and its clock ends the day.",
    )
    document_model = fields.Selection(DOCUMENT_MODELS, string="Document", required=True, tracking=True)
    kind = fields.Selection(
        KINDS,
        string="Issue",
        required=True,
        default=Kind.NORMAL.value,
        tracking=True,
        help="Contingency: a series of its own for documents issued while the tax office cannot be reached.",
    )
    series_number = fields.Integer(
        string="Series", required=True, tracking=True, aggregator=None, help="0 to 999, as on the invoice."
    )
    peer_id = fields.Many2one(
        "sync.exchange.peer",
        string="Used By",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The database that numbers this series. Empty: this one. No other database may use it.",
    )
    database_uuid = fields.Char(string="Database", readonly=True, copy=False)
    confirmed_at = fields.Datetime(
        string="Confirmed", readonly=True, copy=False, help="When the peer last said that it uses this series."
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("open", "In use"), ("ended", "Ended")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="An ended series gives no more numbers; nobody else may use it either.",
    )
    date_from = fields.Date(
        string="In Use Since", required=True, default=fields.Date.context_today, help="The rules of that day decide."
    )
    date_until = fields.Date(string="Ended On", readonly=True, copy=False)
    sequence_id = fields.Many2one("ir.sequence", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    number_first = fields.Integer(
        string="First Number",
        default=1,
        required=True,
        aggregator=None,
        help="With which number the numbering in this database begins, e.g. where another program stopped.",
    )
    number_next = fields.Integer(
        string="Next Number", compute="_compute_number_next", inverse="_inverse_number_next", aggregator=None
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is reminded of deadlines, and told when somebody else uses the series.",
    )
    doubt = fields.Text(string="Please Check", compute="_compute_doubt")

    # Whether it is in use or not, archived or not: a number that was ever given cannot be given again.
    _series_unique = models.Constraint(
        "UNIQUE (tax_number, document_model, series_number)",
        "This CNPJ has this series already, in this database or at a peer. Take another number, or look for the series "
        "among the archived ones and in your other companies.",
    )
    _series_number_valid = models.Constraint(
        f"CHECK (series_number BETWEEN 0 AND {SERIES_LAST})", "A series is a number from 0 to 999."
    )
    _number_first_valid = models.Constraint(
        f"CHECK (number_first BETWEEN 1 AND {NUMBER_LAST})", "Numbers of documents begin with 1 and have nine digits."
    )

    # -- Constraints ---------------------------------------------------------------------------------------------------

    @api.constrains("company_id")
    def _check_tax_number(self):
        for series in self:
            if not series.tax_number:
                raise ValidationError(
                    self.env._(
                        "The company %s has no valid CNPJ. Open the company, enter its CNPJ as Tax ID, and save the "
                        "series again.",
                        series.company_id.name,
                    )
                )

    @api.constrains("company_id", "document_model", "kind", "series_number", "state_id", "date_from")
    def _check_rules(self):
        # What a peer uses already is not ours to refuse; it is told as a doubt.
        for series in self.filtered(lambda one: not one.database_uuid):
            finding = series._finding(series.date_from)
            if finding.verdict is Verdict.REFUSED:
                raise ValidationError(series._refusal(finding))

    # -- Computes ------------------------------------------------------------------------------------------------------

    @api.depends("document_model", "series_number", "peer_id.name")
    def _compute_display_name(self):
        for series in self:
            name = f"{SHORT_NAMES.get(series.document_model, '')} {series.series_number}"
            series.display_name = f"{name} ({series.peer_id.name})" if series.peer_id else name

    @api.depends("company_id")
    def _compute_tax_number(self):
        for series in self:
            series.tax_number = series._tax_number_of(series.company_id)

    @api.depends("company_id")
    def _compute_state_id(self):
        for series in self:
            state = series.company_id.state_id
            series.state_id = state if state.country_id.code == "BR" else False

    @api.depends("sequence_id", "peer_id", "number_first")
    def _compute_number_next(self):
        for series in self:
            # The sequence belongs to the series: who sees one may know the next number of the other.
            sequence = series.sequence_id.sudo()
            series.number_next = 0 if series.peer_id else sequence.number_next or series.number_first

    def _inverse_number_next(self):
        for series in self.filtered(lambda one: one.sequence_id and not one.peer_id):
            if not series.number_first <= series.number_next <= NUMBER_LAST:
                raise ValidationError(
                    self.env._(
                        "The next number must be at least %(first)s, the first number of the series, and have nine "
                        "digits at most.",
                        first=series.number_first,
                    )
                )
            last = series._last_used()
            if series.number_next <= last:
                raise ValidationError(
                    self.env._(
                        "Number %(last)s of %(series)s is used already, so that the next number must be above it.",
                        last=last,
                        series=series.display_name,
                    )
                )
            # The right to change the series was checked when it was written.
            series.sequence_id.sudo().number_next = series.number_next

    @api.depends("document_model", "kind", "series_number", "state_id", "state", "tax_number", "company_id.vat")
    def _compute_doubt(self):
        for series in self:
            series.doubt = "\n\n".join(series._doubts()) if series.state == "open" else False

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: names who has the series already, and makes a sequence."""
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            self._refuse_taken(self._tax_number_of(company), vals.get("document_model"), vals.get("series_number", 0))
        series = super().create(vals_list)
        series._make_sequences()
        return series

    def write(self, vals):
        """Override of ``base``: a series that has given numbers stays what it is."""
        changed = self.filtered(lambda one: any(name in vals and one._differs(name, vals[name]) for name in _IDENTITY))
        used = changed.filtered("is_used")
        if used:
            raise UserError(
                self.env._(
                    "%s has given numbers, so that neither what it is nor its first number can be changed any more. "
                    "End it and add another series.",
                    used[0].display_name,
                )
            )
        for series in changed:
            company = self.env["res.company"].browse(vals.get("company_id", series.company_id.id))
            self._refuse_taken(
                self._tax_number_of(company),
                vals.get("document_model", series.document_model),
                vals.get("series_number", series.series_number),
                apart_from=series,
            )
        result = super().write(vals)
        if "peer_id" in vals:
            self._make_sequences()
        if "number_first" in vals:
            for series in changed:
                series._begin_numbering()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        for series in self:
            if series.is_used:
                raise UserError(
                    self.env._(
                        "%s has given numbers and must stay known, so that nobody uses it again. End it instead.",
                        series.display_name,
                    )
                )

    def unlink(self):
        """Override of ``base``: its sequence goes with it."""
        sequences = self.sequence_id
        result = super().unlink()
        # Made with the series and for nothing else.
        sequences.sudo().unlink()
        return result

    def _differs(self, name: str, value) -> bool:
        current = self[name]
        return (current.id if isinstance(current, models.BaseModel) else current) != value

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_end(self):
        """Button: no more numbers from today."""
        for series in self:
            series.write({"state": "ended", "date_until": series._local_date(fields.Datetime.now())})

    def action_open(self):
        """Button: go on with an ended series."""
        self.write({"state": "open", "date_until": False})

    # -- Rules ---------------------------------------------------------------------------------------------------------

    def _finding(self, on: date, kind: Kind | None = None) -> Finding:
        """What the rules of a day say of this series."""
        self.ensure_one()
        rules = self.env["sync.exchange.series.rule"]._all_rules()
        model = DocumentModel(self.document_model)
        return check_series(rules, model, kind or Kind(self.kind), self._uf(), on, self.series_number)

    def _refusal(self, finding: Finding) -> str:
        if not finding.rule:
            return self.env._("A series is a number from 0 to 999.")
        rule = self.env["sync.exchange.series.rule"].sudo().browse(finding.rule.key)  # see _all_rules
        return self.env._(
            "Series %(series)s is not allowed: “%(rule)s”. %(where)s Choose a series from %(first)s to %(last)s. If "
            "the rule is out of date, a manager can change it under Fiscal Series, Rules.",
            series=self.series_number,
            rule=rule.name,
            where=rule.source,
            first=rule.certain_from if rule.is_disputed else rule.number_from,
            last=rule.certain_until if rule.is_disputed else rule.number_until,
        )

    def _doubts(self) -> list[str]:
        """Sentences on what should be looked at, as the rules are today."""
        self.ensure_one()
        if not self.document_model:
            return []
        told = []
        finding = self._finding(self._local_date(fields.Datetime.now()))
        if finding.verdict is Verdict.REFUSED:
            told.append(self._refusal(finding))
        elif finding.verdict is Verdict.DOUBTFUL:
            rule = self.env["sync.exchange.series.rule"].sudo().browse(finding.rule.key)  # see _all_rules
            told.append(
                self.env._(
                    "Sources disagree on series %(series)s. %(where)s But: %(disagreement)s",
                    series=self.series_number,
                    where=rule.source,
                    disagreement=rule.disagreement or "",
                )
            )
        elif finding.verdict is Verdict.UNKNOWN:
            told.append(self.env._("No rule in the table says which series may be used here: ask your tax office."))
        if not self.state_id:
            told.append(
                self.env._("Enter the federal unit: without it only the rules for the whole country are known.")
            )
        current = self._tax_number_of(self.company_id)
        if current and self.tax_number and current != self.tax_number:
            told.append(
                self.env._(
                    "The company's CNPJ is now %(current)s; this series belongs to %(own)s. Add series for the new "
                    "CNPJ.",
                    current=current,
                    own=self.tax_number,
                )
            )
        return told

    # -- Helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _tax_number_of(self, company) -> str | bool:
        try:
            # Only the number that stands on every invoice.
            return tax_number(company.sudo().vat)
        except InvalidTaxNumber:
            return False

    @api.model
    def _refuse_taken(self, number: str | bool, model: str | None, series: int, apart_from=None) -> None:
        """:raises UserError: which names who has the series already; the database would refuse it without a name"""
        # Only who has it, of one's own tax number, leaves this method: a series must be unique over all companies.
        found = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [("tax_number", "=", number), ("document_model", "=", model), ("series_number", "=", series)], limit=1
            )
        )
        if number and found and found != apart_from:
            raise UserError(
                self.env._(
                    "Series %(series)s of %(document)s is already used by %(holder)s for CNPJ %(number)s. Choose "
                    "another series: two that number the same one would issue each number twice.",
                    series=series,
                    document=SHORT_NAMES.get(model, ""),
                    holder=found._holder(),
                    number=number,
                )
            )

    def _holder(self) -> str:
        """How people call whoever uses the series."""
        self.ensure_one()
        if self.peer_id:
            return self.env._("“%s”", self.peer_id.name)
        return self.env._("%s in this database", self.company_id.name)

    def _uf(self) -> str | None:
        return self.state_id.code or None

    def _zone_name(self) -> str:
        return zone_of(self._uf()).key

    def _local_date(self, moment: datetime) -> date:
        """The day of a moment (naive UTC) on the clock of the federal unit."""
        return moment.replace(tzinfo=UTC).astimezone(zone_of(self._uf())).date()
