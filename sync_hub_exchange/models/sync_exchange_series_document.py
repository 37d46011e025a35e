# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC

from odoo import api, fields, models
from odoo.addons.sync_hub.models.on_its_own import on_its_own
from odoo.exceptions import UserError, ValidationError

from ..series import (
    NUMBER_LAST,
    DocumentModel,
    InvalidAccessKey,
    Issue,
    Kind,
    Topic,
    deadline_at,
    differences,
    parse_access_key,
    rule_in_force,
    warning_at,
    zone_of,
)
from .sync_exchange_series import SHORT_NAMES

ISSUES = [
    (Issue.NORMAL.value, "Normal"),
    (Issue.EPEC.value, "Contingency: EPEC"),
    (Issue.SECURITY_PAPER.value, "Contingency: security paper (FS-DA)"),
    (Issue.SVC_AN.value, "Contingency: virtual office SVC-AN"),
    (Issue.SVC_RS.value, "Contingency: virtual office SVC-RS"),
    (Issue.OFFLINE.value, "Contingency: offline (NFC-e)"),
]
_LATER = [issue.value for issue in Issue if issue.is_transmitted_later]


class SyncExchangeSeriesDocument(models.Model):
    """A number that a document has. One that was issued in contingency has to reach the tax office before a "
    "deadline."""

    _name = "sync.exchange.series.document"
    _description = "Numbered Fiscal Document"
    _inherit = ["sync.company.mixin"]
    _order = "issued_at desc, number desc"
    _rec_name = "number"

    series_id = fields.Many2one(
        "sync.exchange.series", required=True, index=True, ondelete="restrict", domain="[('peer_id', '=', False)]"
    )
    company_id = fields.Many2one(related="series_id.company_id", store=True, index=True)
    document_model = fields.Selection(related="series_id.document_model")
    number = fields.Integer(
        required=True, aggregator=None, help="Empty or 0: the next number of the series is taken when you save."
    )
    issue = fields.Selection(
        ISSUES,
        string="Issued As",
        compute="_compute_issue",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The type of issue (tpEmis) that the access key has.",
    )
    issued_at = fields.Datetime(string="Issued", required=True, default=fields.Datetime.now, index=True)
    transmitted_at = fields.Datetime(string="Transmitted", copy=False, help="When the tax office authorised it.")
    state = fields.Selection(
        [("waiting", "To transmit"), ("transmitted", "Transmitted"), ("cancelled", "Cancelled")],
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
    )
    is_cancelled = fields.Boolean(string="Cancelled", copy=False, help="Its number stays used.")
    rule_id = fields.Many2one("sync.exchange.series.rule", string="By Rule", compute="_compute_deadline", store=True)
    deadline = fields.Datetime(compute="_compute_deadline", store=True, index=True)
    warn_at = fields.Datetime(
        string="Reminder",
        compute="_compute_deadline",
        store=True,
        index=True,
        help="When 80 % of the time have passed, the responsible user of the series is reminded.",
    )
    alert = fields.Selection(
        [("warned", "Reminded"), ("late", "Deadline passed")], string="Alarm", readonly=True, copy=False, index=True
    )
    access_key = fields.Char(
        copy=False, help="The 44 characters under the barcode. They are compared with what the document is."
    )

    _number_unique = models.Constraint("UNIQUE (series_id, number)", "Another document of this series has this number.")
    _number_valid = models.Constraint(
        f"CHECK (number BETWEEN 1 AND {NUMBER_LAST})", "Numbers of documents begin with 1 and have nine digits at most."
    )

    # -- Constraints ---------------------------------------------------------------------------------------------------

    @api.constrains("issue", "series_id")
    def _check_issue(self):
        for document in self:
            if not Issue(document.issue).suits(DocumentModel(document.document_model)):
                raise ValidationError(
                    self.env._(
                        "“%(issue)s” does not exist for %(model)s. Offline is for NFC-e; security paper and the "
                        "virtual offices are for NF-e.",
                        issue=dict(self._fields["issue"]._description_selection(self.env))[document.issue],
                        model=SHORT_NAMES[document.document_model],
                    )
                )

    @api.constrains("number", "series_id")
    def _check_not_void(self):
        for document in self:
            void = document.series_id._void_with(document.number)
            if void:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s of %(series)s was declared void (%(range)s). Give the document another "
                        "number.",
                        number=document.number,
                        series=document.series_id.display_name,
                        range=void.display_name,
                    )
                )

    @api.constrains("issued_at", "transmitted_at")
    def _check_moments(self):
        for document in self:
            if document.transmitted_at and document.transmitted_at < document.issued_at:
                raise ValidationError(
                    self.env._("Number %s cannot be transmitted before it is issued.", document.number)
                )

    @api.constrains("access_key", "number", "series_id", "issue", "issued_at")
    def _check_access_key(self):
        for document in self.filtered("access_key"):
            document._compare_access_key()

    # -- Computes ------------------------------------------------------------------------------------------------------

    @api.depends("number", "series_id.display_name")
    def _compute_display_name(self):
        for document in self:
            document.display_name = f"{document.series_id.display_name or ''}/{document.number}"

    @api.depends("series_id")
    def _compute_issue(self):
        for document in self:
            series = document.series_id
            if series.kind != Kind.CONTINGENCY.value:
                document.issue = Issue.NORMAL.value
            elif series.document_model == DocumentModel.NFCE.value:
                document.issue = Issue.OFFLINE.value
            else:
                document.issue = Issue.EPEC.value

    @api.depends("issue", "transmitted_at", "is_cancelled")
    def _compute_state(self):
        for document in self:
            waits = document.issue in _LATER and not document.transmitted_at
            document.state = "cancelled" if document.is_cancelled else "waiting" if waits else "transmitted"

    @api.depends("issue", "issued_at", "series_id.document_model", "series_id.state_id")
    def _compute_deadline(self):
        rules = self.env["sync.exchange.series.rule"]._all_rules()
        holidays = self.env["sync.exchange.series.holiday"]._all_holidays()
        for document in self:
            series = document.series_id
            document.rule_id = document.deadline = document.warn_at = False
            if document.issue not in _LATER or not document.issued_at or not series.document_model:
                continue
            asked = DocumentModel(series.document_model), Issue(document.issue).kind, series._uf()
            rule = rule_in_force(rules, Topic.DEADLINE, *asked, series._local_date(document.issued_at))
            if rule:
                issued = document.issued_at.replace(tzinfo=UTC)
                deadline = deadline_at(rule.deadline, issued, zone_of(series._uf()), series._uf(), holidays)
                document.rule_id = rule.key
                document.deadline = deadline.replace(tzinfo=None)
                # Odoo's clock has no parts of seconds.
                document.warn_at = warning_at(issued, deadline).replace(tzinfo=None, microsecond=0)

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: a document without a number gets the next one; the series knows of one that has one."""
        for vals in vals_list:
            vals.update(self._with_number(vals))
        documents = super().create(vals_list)
        for series, numbered in documents.grouped("series_id").items():
            series._passed(max(numbered.mapped("number")))
        return documents

    def write(self, vals):
        """Override of ``base``: what has been transmitted needs no reminder."""
        result = super().write(vals)
        if "number" in vals:
            for series, numbered in self.grouped("series_id").items():
                series._passed(max(numbered.mapped("number")))
        settled = self.filtered(lambda document: document.alert and document.state != "waiting")
        if settled:
            settled.alert = False
            settled.series_id._settle_reminder()
        return result

    def unlink(self):
        """Override of ``base``: as after the transmission."""
        series = self.series_id
        result = super().unlink()
        series._settle_reminder()
        return result

    def _with_number(self, vals: dict) -> dict:
        """Values of a new document, completed by its number."""
        series = self.env["sync.exchange.series"].browse(vals.get("series_id"))
        if not series:
            return {}
        draft = self.new({key: vals[key] for key in ("series_id", "issue", "issued_at") if vals.get(key)})
        kind = Issue(draft.issue).kind
        if vals.get("number"):
            series._refuse_numbers(draft.issued_at, kind)
            return {}
        return {"number": series._draw(draft.issued_at, kind)}

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_transmitted(self):
        """Button: the tax office has authorised them."""
        self.filtered(lambda document: document.state == "waiting").transmitted_at = fields.Datetime.now()

    def action_cancel(self):
        """Button: they were cancelled at the tax office."""
        for document in self:
            if document.state == "waiting":
                raise UserError(
                    self.env._(
                        "%s was issued in contingency, so that it must be transmitted first: what the tax office does "
                        "not have cannot be cancelled there.",
                        document.display_name,
                    )
                )
        self.is_cancelled = True

    # -- Deadlines -----------------------------------------------------------------------------------------------------

    @api.model
    def _watch_deadlines(self) -> None:
        """Remind of documents that should be transmitted soon, or should have been. Called by a scheduled action."""
        now = fields.Datetime.now()
        found = self.search(
            [
                ("state", "=", "waiting"),
                "|",
                "&",
                ("alert", "=", False),
                ("warn_at", "<=", now),
                "&",
                ("alert", "=", "warned"),
                ("deadline", "<", now),
            ]
        )
        for series, documents in found.grouped("series_id").items():
            with on_its_own(series):
                late = documents.filtered(lambda document: document.deadline < now)
                late.alert = "late"
                (documents - late).alert = "warned"
                series._remind_of_deadlines()

    @api.model
    def _rules_changed(self) -> None:
        """Compute the deadlines of what waits again, after a change of the rules or the holidays."""
        # Whoever may change a rule changes it for all companies.
        waiting = self.sudo().search([("state", "=", "waiting")])
        for name in ("rule_id", "deadline", "warn_at"):
            self.env.add_to_compute(self._fields[name], waiting)
        now = fields.Datetime.now()
        calm = waiting.filtered(lambda document: document.alert and not (document.warn_at and document.warn_at <= now))
        calm.alert = False
        calm.series_id._settle_reminder()

    # -- Access key ----------------------------------------------------------------------------------------------------

    def _compare_access_key(self) -> None:
        """:raises ValidationError: when the access key is none, or is one of another document"""
        self.ensure_one()
        series = self.series_id
        try:
            key = parse_access_key(self.access_key)
        except InvalidAccessKey:
            raise ValidationError(
                self.env._(
                    "“%s” is no access key: it has 44 characters, the last of which checks the others.", self.access_key
                )
            ) from None
        wrong = differences(
            key,
            series.tax_number,
            DocumentModel(series.document_model),
            series.series_number,
            self.number,
            Issue(self.issue),
            series._local_date(self.issued_at),
        )
        if wrong:
            names = {
                "tax_number": self.env._("the CNPJ"),
                "month": self.env._("the month of issue"),
                "model": self.env._("the document model"),
                "series": self.env._("the series"),
                "number": self.env._("the number"),
                "issue": self.env._("the type of issue"),
            }
            raise ValidationError(
                self.env._(
                    "The access key of %(document)s does not fit: %(names)s. The key holds all of them, so that it "
                    "must be made again when a document changes from normal issue to contingency, before it is "
                    "printed.",
                    document=self.display_name,
                    names=", ".join(names[name] for name in wrong),
                )
            )
