# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import count

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.exceptions import ValidationError

from ..importer import first_day
from ..providers.values import BankAccount


class SyncBankAccount(models.Model):
    """An account that a consent opens; with a journal it is synchronized, without one it is never called."""

    _name = "sync.bank.account"
    _description = "Synchronized Bank Account"
    _inherit = ["sync.company.mixin"]
    _order = "connection_id, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    connection_id = fields.Many2one("sync.bank.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    uid = fields.Char(
        string="UID", readonly=True, help="The service's handle of the account; it changes with the consent."
    )
    identifiers = fields.Json(readonly=True, help="Names under which the account is known again after a new consent.")
    iban = fields.Char(string="IBAN", readonly=True)
    number = fields.Char(string="Account Number", readonly=True)
    bic = fields.Char(string="BIC", readonly=True)
    holder = fields.Char(readonly=True)
    kind = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    gone = fields.Boolean(readonly=True, help="The bank does not name this account any more.")
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', 'in', ('bank', 'credit'))]",
        check_company=True,
        index=True,
        ondelete="set null",
    )
    date_from = fields.Date(
        string="Book from", help="First day that is booked; empty: as far back as the bank goes. Earlier rows wait."
    )
    # Where the last complete fetch ended: the day, and the service's own mark if it has one; a failed one moves none.
    complete_until = fields.Date(readonly=True, copy=False)
    cursor = fields.Char(readonly=True, copy=False)
    history_from = fields.Date(readonly=True, copy=False, help="First day that the bank gave at the first fetch.")
    bank_balance = fields.Monetary(readonly=True, help="Booked balance as the bank said it last.")
    bank_balance_date = fields.Date(readonly=True)
    opening_balance = fields.Monetary(
        readonly=True, help="What the account held before the first movement, for a journal that was empty."
    )
    opening_known = fields.Boolean(readonly=True, copy=False)
    transaction_ids = fields.One2many("sync.bank.transaction", "account_id", string="Bank Movements")

    _journal_unique = models.UniqueIndex(
        "(journal_id) WHERE journal_id IS NOT NULL", "This journal is fed by another bank account already."
    )
    _iban_unique = models.UniqueIndex(
        "(company_id, iban) WHERE journal_id IS NOT NULL AND iban IS NOT NULL",
        "This bank account is synchronized into another journal of the company already.",
    )

    @api.depends("name", "iban", "number")
    def _compute_display_name(self):
        for account in self:
            number = account.iban or account.number
            account.display_name = f"{account.name} ({number})" if number else account.name

    @api.constrains("journal_id", "currency_id")
    def _check_currency(self):
        for account in self.filtered("journal_id"):
            try:
                account._require_currency(account.journal_id)
            except Fault as fault:
                raise ValidationError(str(fault_error(self.env, fault))) from fault

    def _require_currency(self, journal) -> None:
        """:raises Fault: of kind ``currency_mismatch`` when the account's money is not the journal's"""
        currency = journal.currency_id or journal.company_id.currency_id
        if self.currency_id and self.currency_id != currency:
            raise Fault(
                FaultKind.CURRENCY_MISMATCH,
                values={
                    "account": self.display_name,
                    "account_currency": self.currency_id.name,
                    "journal": journal.display_name,
                    "journal_currency": currency.name,
                },
            )

    def _link(self, journal, chosen=None) -> None:
        """Feed a journal from this account, from the first day that its books allow.

        :param chosen: first day that the user wants, if any
        """
        self.ensure_one()
        first = self._first_day(journal, chosen)
        # Another journal, or another first day, may want rows that the service has given already.
        values = {"journal_id": journal.id, "date_from": first, "cursor": False}
        if not self.env["account.bank.statement.line"].search_count([("journal_id", "=", journal.id)], limit=1):
            values.update(opening_balance=0, opening_known=False)
        self.write(values)
        journal._feed_from(self)

    def _suggest_journal(self, taken, chosen):
        """The journal that belongs to this account, or an empty recordset.

        :param taken: journals that other accounts feed
        :param chosen: the journal from which the user set out; proposed when no journal has the account's number
        """
        self.ensure_one()
        number = self.iban or self.number
        chosen = chosen.filtered(lambda journal: journal._sync_currency() == self.currency_id)
        journals = self.env["account.journal"].search(
            [
                ("type", "in", ("bank", "credit")),
                ("company_id", "=", self.company_id.id),
                ("bank_account_id.sanitized_acc_number", "=", number),
            ]
        )
        return (((journals if number else journals.browse()) or chosen) - taken)[:1]

    def _create_journal(self):
        """A new journal of this account's kind and currency."""
        self.ensure_one()
        company = self.company_id
        if self.currency_id and not self.currency_id.active:
            # Core posts nothing in a currency that is switched off.
            self.currency_id.active = True
        kind = "credit" if self.kind == "CARD" else "bank"
        return self.env["account.journal"].create(
            {
                "name": f"{self.connection_id.name} {self.name}"[:64],
                "code": self._journal_code(kind),
                "type": kind,
                "company_id": company.id,
                "currency_id": self.currency_id.id if self.currency_id != company.currency_id else False,
                "bank_acc_number": self.iban or self.number,
            }
        )

    def _journal_code(self, kind: str) -> str:
        """Core's proposal, BNK1 to BNK99 (of cards CCD1 to CCD99); after these B100 and so on."""
        Journal = self.env["account.journal"]
        proposed = Journal._get_next_journal_default_code(kind, self.company_id)
        if proposed:
            return proposed
        journals = Journal.with_context(active_test=False).search([("company_id", "=", self.company_id.id)])
        taken = set(journals.mapped("code"))
        return next(code for code in map("B{}".format, count(100)) if code not in taken)

    def _journal_currency(self):
        return self.journal_id._sync_currency()

    def _keep_opening_balance(self, balance, day) -> None:
        """Find what an empty journal must begin with so that its last balance is the bank's.

        :param balance: booked balance that the bank said (Decimal)
        :param day: end of the day for which it was said; None for "now"
        """
        if self.opening_known:
            return
        others = ["|", ("sync_transaction_id", "=", False), ("sync_transaction_id.account_id", "!=", self.id)]
        if self.env["account.bank.statement.line"].search_count(
            [("journal_id", "=", self.journal_id.id), *others], limit=1
        ):
            return
        received = [("account_id", "=", self.id), ("state", "in", ("to_book", "booked"))]
        if day:
            received.append(("booking_date", "<=", day))
        ((moved,),) = self.env["sync.bank.transaction"]._read_group(received, [], ["amount:sum"])
        self.write({"opening_balance": float(balance) - (moved or 0.0), "opening_known": True})
        # The bank may not have said its balance when the first movements were booked.
        self.env["sync.bank.statement.grouping"]._chain_all(self)

    @api.model
    def _first_day(self, journal, chosen=None):
        """First day to book into a journal: see :func:`~odoo.addons.sync_hub_bank.importer.first_day`."""
        last = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", journal.id), ("state", "!=", "cancel")], order="date desc", limit=1
        )
        return first_day(last.date or None, journal._bank_lock_date(), chosen)

    def _recognize(self, account: BankAccount):
        """The record of an account that came with a new consent, or an empty recordset."""
        names = set(account.identifiers)
        by_name = self.filtered(lambda record: names & set(record.identifiers or ()))
        return (by_name or self.filtered(lambda record: account.iban and record.iban == account.iban))[:1]

    @api.model
    def _values(self, account: BankAccount) -> dict:
        """What is kept of an account as the bank describes it.

        :raises Fault: of kind ``bad_data`` for a currency that Odoo does not know
        """
        currency = self.env["res.currency"]
        if account.currency:
            currency = currency.with_context(active_test=False).search([("name", "=", account.currency)])
            if not currency:
                raise Fault(FaultKind.BAD_DATA, detail=account.currency)
        return {
            "name": account.name or account.product or account.holder or account.iban or account.number or account.uid,
            "identifiers": sorted(account.identifiers),
            "iban": account.iban or False,
            "number": account.number or False,
            "bic": account.bic or False,
            "holder": account.holder or False,
            "kind": account.kind or False,
            "currency_id": currency.id,
        }
