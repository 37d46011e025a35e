# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..importer import OVERLAP
from ..models.oca_importer import OCA_PROVIDER
from ..providers import all_providers

# Services of OCA's importer that reach the same banks as one of ours, by OCA's code.
SERVICES = {
    "ponto": "ponto",
    "plaid": "plaid",
    "saltedge": "saltedge",
    "salt_edge": "saltedge",
    "enablebanking": "enablebanking",
    "enable_banking": "enablebanking",
    # GoCardless takes no new customers for bank account data; its banks are reached through Enable Banking.
    "gocardless": "enablebanking",
}
# Which of OCA's fields hold the keys of our services: those that OCA's manuals name for each.
KEYS = {
    "ponto": {"client_id": "username", "client_secret": "password"},
    "plaid": {"client_id": "username", "secret": "password"},
}
PERIODS = {"daily": "day", "weekly": "week", "monthly": "month"}


class SyncBankTakeover(models.TransientModel):
    """Journals that OCA's importer feeds, to be fed from here."""

    _name = "sync.bank.takeover"
    _description = "Take Over from OCA's Importer"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    line_ids = fields.One2many("sync.bank.takeover.line", "takeover_id", string="Journals")

    @api.model
    def _action_open(self):
        """Menu: what OCA's importer feeds in this company."""
        takeover = self.create({})
        takeover.line_ids = [
            Command.create(self.env["sync.bank.takeover.line"]._values(provider)) for provider in self._oca_providers()
        ]
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_takeover_form")
        return {**action, "res_id": takeover.id}

    @api.model
    def _oca_providers(self):
        """Records of OCA's importer in this company.

        :raises UserError: where the importer is not installed
        """
        if OCA_PROVIDER not in self.env:
            raise UserError(self.env._("OCA's importer is not installed: there is nothing to take over."))
        self.check_access("create")
        journals = self.env["account.journal"].search([("company_id", "=", self.env.company.id)])
        return journals._oca_providers()

    def action_take_over(self):
        """Button: OCA's importer stops feeding the chosen journals; their banks can be connected here."""
        self.ensure_one()
        chosen = self.line_ids.filtered("chosen")
        if not chosen:
            raise UserError(self.env._("Choose at least one journal."))
        for line in chosen:
            line._take_over()
        if len(chosen) == 1:
            return chosen.journal_id.action_connect_bank()
        dashboard = self.env["ir.actions.act_window"]._for_xml_id("account.open_account_journal_dashboard_kanban")
        return {**dashboard, "target": "main"}


class SyncBankTakeoverLine(models.TransientModel):
    _name = "sync.bank.takeover.line"
    _description = "Journal to Take Over from OCA's Importer"

    takeover_id = fields.Many2one("sync.bank.takeover", required=True, ondelete="cascade")
    # Not a relation: the model is there only where OCA's importer is.
    oca_id = fields.Integer(required=True, readonly=True)
    journal_id = fields.Many2one("account.journal", required=True, readonly=True, ondelete="cascade")
    chosen = fields.Boolean(string="Take over", default=True)
    oca_service = fields.Char(string="Until now", readonly=True)
    service = fields.Selection(
        selection=lambda self: self.env["sync.bank.provider"]._selection_code(),
        string="From now on",
        help="The service of Sync Hub that reaches the bank. You can choose another one when you connect it.",
    )
    period = fields.Selection(
        selection=lambda self: self.env["account.journal"]._fields["sync_statement_period"].selection,
        string="Bank Statements",
        required=True,
    )
    last_pull = fields.Date(readonly=True)
    imported = fields.Integer(string="Transactions", readonly=True, help="Transactions that OCA's importer made.")
    resume_from = fields.Date(
        string="Goes on from", help="What the journal has from this day on is recognized, what it lacks is booked."
    )
    note = fields.Char(compute="_compute_note")
    provider_id = fields.Many2one("sync.bank.provider", readonly=True)

    @api.depends("oca_service", "service", "resume_from")
    @api.depends_context("lang")
    def _compute_note(self):
        for line in self:
            if not line.service:
                line.note = self.env._("Choose a service that reaches the bank.")
            elif not line._keys(line._oca_record()) and not line._our_provider():
                line.note = self.env._("Its keys are to be entered.")
            elif not line.resume_from:
                line.note = self.env._("Begins after the journal's last transaction.")
            else:
                day = format_date(self.env, line.resume_from)
                line.note = self.env._("Recognizes what is there since %s.", day)

    @api.model
    def _values(self, oca) -> dict:
        """What is known of a journal from the record of OCA's importer."""
        code = SERVICES.get(oca.service)
        last = oca.last_successful_run
        there = oca.with_context(tz=oca.tz or "UTC")
        last_day = fields.Datetime.context_timestamp(there, last).date() if last else None
        return {
            "oca_id": oca.id,
            "journal_id": oca.journal_id.id,
            "oca_service": dict(oca._fields["service"]._description_selection(self.env)).get(oca.service, oca.service),
            "service": code if code in all_providers() else False,
            "period": PERIODS.get(oca.statement_creation_mode, "month") if oca.create_statement else "none",
            "last_pull": last_day,
            "imported": self.env["account.bank.statement.line"].search_count(self._imported_domain(oca.journal_id)),
            "resume_from": self._resume_from(oca.journal_id, last_day),
        }

    @api.model
    def _imported_domain(self, journal) -> list:
        return [("journal_id", "=", journal.id), ("unique_import_id", "!=", False)]

    @api.model
    def _resume_from(self, journal, last_day):
        """Day from which to fetch: as far before OCA's last one as banks book late, not before its first line.

        None when the journal was kept otherwise since, or OCA's importer brought nothing: it begins after its last
        transaction then, as any other.
        """
        Line = self.env["account.bank.statement.line"]
        first = Line.search(self._imported_domain(journal), order="date", limit=1).date
        if not first or not last_day:
            return None
        since = [("journal_id", "=", journal.id), ("unique_import_id", "=", False), ("date", ">", last_day)]
        if Line.search_count(since, limit=1):
            return None
        return max(last_day - OVERLAP, first)

    def _oca_record(self):
        """The record of OCA's importer, as superuser: what of it may be seen here is decided by whose journal it is."""
        self.ensure_one()
        return self.env[OCA_PROVIDER].sudo().search([("id", "=", self.oca_id), ("journal_id", "=", self.journal_id.id)])

    def _our_provider(self):
        return self.env["sync.bank.provider"].search(
            [("company_id", "=", self.takeover_id.company_id.id), ("code", "=", self.service)], limit=1
        )

    def _keys(self, oca) -> dict:
        """Keys that OCA's record holds for our service; empty when it lacks one, or is of another contract."""
        if SERVICES.get(oca.service) != self.service or oca.service not in KEYS:
            return {}
        keys = {ours: oca[theirs] for ours, theirs in KEYS[oca.service].items() if theirs in oca._fields}
        known = set(keys) <= set(self.env["sync.bank.provider"]._fields)
        return keys if known and all(keys.values()) and len(keys) == len(KEYS[oca.service]) else {}

    def _take_over(self) -> None:
        self.ensure_one()
        self.journal_id.check_access("write")
        oca = self._oca_record()
        if self.service:
            self.provider_id = self._our_provider()
            keys = self._keys(oca)
            if keys and not self.provider_id:
                self.provider_id = self.env["sync.bank.provider"].create(
                    {"company_id": self.takeover_id.company_id.id, "code": self.service, **keys}
                )
        oca.active = False
        told = self.env._("Sync Hub has taken the journal over: this importer does not feed it any more.")
        oca.message_post(body=told)
        self.journal_id.write(
            {
                "bank_statements_source": "undefined",
                "sync_statement_period": self.period,
                "sync_resume_from": self.resume_from,
            }
        )
