# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..importer import InboxState, Reason
from ..importer import label as words_of


class SyncBankTransaction(models.Model):
    """The inbox: what a bank sent, as it sent it, before it becomes accounting."""

    _name = "sync.bank.transaction"
    _description = "Bank Movement"
    _inherit = ["sync.company.mixin"]
    _order = "booking_date desc, id desc"
    _rec_name = "label"

    account_id = fields.Many2one("sync.bank.account", required=True, readonly=True, ondelete="cascade", index=True)
    # Given at creation instead of related: they never change, and thousands of rows come at once.
    connection_id = fields.Many2one(
        "sync.bank.connection", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    journal_id = fields.Many2one(related="account_id.journal_id")
    # Old runs are deleted: the index finds their movements.
    run_id = fields.Many2one(
        "sync.run", string="Received by", readonly=True, ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        selection=[
            ("pending", "Pending at the bank"),
            ("to_book", "To book"),
            ("booked", "Booked"),
            ("proposed", "Waiting for you"),
            ("dismissed", "Dismissed"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        selection=[
            ("pending", "The bank has not booked it yet"),
            ("before_start", "Before the first day of the connection"),
            ("locked_period", "The period is locked"),
            ("other_currency", "Another currency than the journal's"),
            ("in_journal", "The journal may have it already"),
            ("refused", "Accounting refused it"),
            ("unreadable", "The bank sent something unreadable"),
            ("duplicate", "The same movement as another one"),
            ("withdrawn", "The bank took it back"),
            ("deleted", "Deleted by a person"),
        ],
        readonly=True,
    )
    detail = fields.Char(readonly=True)
    confirmed = fields.Boolean(readonly=True, help="A person said that it is to be booked.")
    # Identity: the bank's own id, ids that it used before, and what the row is by its content.
    reference = fields.Char(string="Reference at the Bank", readonly=True)
    former_references = fields.Json(readonly=True)
    contested_reference = fields.Char(readonly=True, help="An id that the bank gave it, but that another one bears.")
    fingerprint = fields.Char(required=True, readonly=True)
    occurrence = fields.Integer(required=True, readonly=True)
    doubtful = fields.Boolean(
        readonly=True,
        help="An equal one came on an earlier page of the fetch that is going on: it may be the same movement, shown "
        "twice because the list moved. The pages are read once more.",
    )

    booking_date = fields.Date(required=True, readonly=True)
    value_date = fields.Date(readonly=True)
    transaction_date = fields.Date(readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    label = fields.Char(compute="_compute_label")
    counterparty = fields.Char(readonly=True)
    counterparty_account = fields.Char(readonly=True)
    counterparty_bic = fields.Char(string="Counterparty BIC", readonly=True)
    remittance = fields.Json(readonly=True)
    creditor_reference = fields.Char(readonly=True)
    end_to_end_id = fields.Char(string="End-to-End Id", readonly=True)
    transaction_code = fields.Char(readonly=True)
    transaction_label = fields.Char(readonly=True)
    instructed_amount = fields.Float(digits=False, readonly=True)
    instructed_currency_id = fields.Many2one("res.currency", readonly=True)
    exchange_rate = fields.Float(digits=False, readonly=True)
    raw = fields.Json(
        string="As the Bank Sent It", readonly=True, groups="sync_hub.group_manager,sync_hub.group_operator"
    )
    raw_text = fields.Text(
        string="Bank's Record", compute="_compute_raw_text", groups="sync_hub.group_manager,sync_hub.group_operator"
    )
    # The line holds the relation: a chunk that is booked changes in all its rows alike, with one write.
    statement_line_ids = fields.One2many(
        "account.bank.statement.line", "sync_transaction_id", string="Statement Lines", readonly=True
    )
    statement_line_id = fields.Many2one("account.bank.statement.line", compute="_compute_statement_line_id")

    _reference_unique = models.UniqueIndex(
        "(account_id, reference) WHERE reference IS NOT NULL", "A movement of an account is kept once."
    )
    _content_unique = models.Constraint(
        "UNIQUE (account_id, fingerprint, occurrence)", "A movement of an account is kept once."
    )
    _window_index = models.Index("(account_id, booking_date)")
    _waiting_index = models.Index("(account_id, booking_date, id) WHERE state = 'to_book'")
    _doubtful_index = models.Index("(account_id) WHERE doubtful")

    @api.depends("remittance", "creditor_reference", "transaction_label", "counterparty")
    def _compute_label(self):
        for row in self:
            row.label = words_of(
                row.remittance or (), row.creditor_reference or "", row.transaction_label or "", row.counterparty or ""
            )

    @api.depends("raw")
    def _compute_raw_text(self):
        for row in self:
            row.raw_text = json.dumps(row.raw, indent=2, ensure_ascii=False) if row.raw else False

    @api.depends("statement_line_ids")
    def _compute_statement_line_id(self):
        for row in self:
            row.statement_line_id = row.statement_line_ids[:1]

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_book(self):
        """Button: book movements that wait. A locked period stays locked."""
        self.check_access("write")
        waiting = self.filtered(lambda row: row.state in (InboxState.PROPOSED, InboxState.DISMISSED))
        for row in waiting:
            row._check_can_be_booked()
        waiting.write({"state": InboxState.TO_BOOK, "reason": False, "detail": False, "confirmed": True})
        no_fetch = self.env["sync.bank.fetch"]
        for account, rows in waiting.grouped("account_id").items():
            self.env["sync.bank.booking"]._book_rows(account, rows, no_fetch)
        return True

    def action_dismiss(self):
        """Button: do not book a movement; it can be restored."""
        self.check_access("write")
        self.filtered(lambda row: row.state == InboxState.PROPOSED).state = InboxState.DISMISSED
        return True

    def action_restore(self):
        """Button: let a dismissed movement wait again."""
        self.check_access("write")
        self.filtered(lambda row: row.state == InboxState.DISMISSED).state = InboxState.PROPOSED
        return True

    def action_open_statement_line(self):
        self.ensure_one()
        return self.statement_line_id.get_formview_action()

    def _check_can_be_booked(self) -> None:
        """:raises UserError: with the way out, when this movement cannot become a statement line"""
        self.ensure_one()
        if self.reason == Reason.UNREADABLE:
            raise UserError(self.env._("A movement that could not be read cannot be booked. Enter it by hand."))
        if not self.journal_id:
            raise UserError(self.env._("%s feeds no journal: link it to one first.", self.account_id.display_name))
        currency = self.journal_id._sync_currency()
        if self.currency_id != currency:
            raise UserError(
                self.env._(
                    "The movement is in %(currency)s and the journal in %(journal_currency)s. Enter it by hand.",
                    currency=self.currency_id.name,
                    journal_currency=currency.name,
                )
            )
        lock_date = self.journal_id._bank_lock_date()
        if lock_date and self.booking_date <= lock_date:
            raise UserError(
                self.env._(
                    "The movement of %(date)s lies in a locked period (until %(lock_date)s). "
                    "Open the period first: Accounting > Closing > Lock Dates.",
                    date=format_date(self.env, self.booking_date),
                    lock_date=format_date(self.env, lock_date),
                )
            )

    # -- For the importer --------------------------------------------------------------------------------------------

    def _adopt_reference(self, reference: str | bool) -> None:
        """Take an id that the bank gives this row now; an older one is remembered."""
        self.ensure_one()
        if reference and reference != self.reference:
            self._remember_references([reference], newer=True)

    def _all_references(self) -> list[str]:
        """Ids of the bank for this row, the present one first."""
        self.ensure_one()
        return [*([self.reference] if self.reference else ()), *(self.former_references or ())]

    def _remember_references(self, references: list[str], *, newer: bool) -> None:
        """Know this row under more ids of the bank.

        :param newer: whether the first of them is the one that the bank uses now
        """
        mine = self._all_references()
        present, *former = list(dict.fromkeys((*references, *mine) if newer else (*mine, *references))) or [False]
        self.write({"reference": present, "former_references": former or False})
