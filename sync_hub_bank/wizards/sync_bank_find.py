# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import Command, api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ..importer import Finding, Found, InboxState, Reason, fingerprint, label, read_back, write_down
from ..models.sync_bank_look import Outlook

# Rows that are shown one by one; of more there is a number.
MOST_ROWS = 1000
_SHOWN = tuple(finding for finding in Finding if finding is not Finding.BOOKED)
# What can be imported although it would not be booked by itself: the user chose it.
_CHOOSABLE = (Reason.BEFORE_START, Reason.IN_JOURNAL)


class SyncBankFind(models.TransientModel):
    """What the bank has and the books have not: for some days, or as the next fetch would bring it."""

    _name = "sync.bank.find"
    _description = "Find Missing Transactions"

    purpose = fields.Selection(
        selection=[("missing", "Find missing transactions"), ("preview", "Preview")],
        required=True,
        default="missing",
        readonly=True,
    )
    connection_id = fields.Many2one("sync.bank.connection", readonly=True, ondelete="cascade")
    account_id = fields.Many2one(
        "sync.bank.account",
        string="Bank Account",
        ondelete="cascade",
        domain="[('journal_id', '!=', False), ('gone', '=', False), ('company_id', '=', company_id)]",
    )
    journal_id = fields.Many2one(related="account_id.journal_id")
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    date_from = fields.Date(string="From", default=lambda self: self._month_ago())
    date_to = fields.Date(string="To", default=fields.Date.context_today)
    looked = fields.Boolean(readonly=True)
    line_ids = fields.One2many("sync.bank.find.line", "find_id", string="Transactions")
    counts = fields.Json(readonly=True)
    summary = fields.Char(compute="_compute_summary")
    warning = fields.Char(compute="_compute_warning")
    result = fields.Char(readonly=True)
    missing_count = fields.Integer(compute="_compute_missing_count")
    # Rows of the content of new ones that are known already, without which equal rows would be counted wrong.
    beside = fields.Json(groups=NO_ACCESS)

    @api.depends("purpose", "account_id", "connection_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for find in self:
            name = (find.account_id or find.connection_id).display_name or ""
            find.display_name = (
                self.env._("Preview: %s", name)
                if find.purpose == "preview"
                else self.env._("Find missing transactions: %s", name)
            )

    @api.depends("line_ids.importable")
    def _compute_missing_count(self):
        for find in self:
            find.missing_count = len(find.line_ids.filtered("importable"))

    @api.depends("counts")
    @api.depends_context("lang")
    def _compute_summary(self):
        words = dict(self.env["sync.bank.find.line"]._fields["finding"]._description_selection(self.env))
        for find in self:
            counts = find.counts or {}
            parts = [f"{words[finding]}: {counts[finding]}" for finding in Finding if counts.get(finding)]
            find.summary = ", ".join(parts) or self.env._("The bank has nothing for these days.")

    @api.depends("counts")
    @api.depends_context("lang")
    def _compute_warning(self):
        for find in self:
            counts = find.counts or {}
            parts = []
            if counts.get("covered"):
                parts.append(self.env._("The bank gives transactions from %s only.", counts["covered"]))
            if counts.get("unreadable"):
                parts.append(self.env._("%s rows could not be read; a fetch keeps them aside.", counts["unreadable"]))
            if counts.get("removed"):
                parts.append(self.env._("The bank takes %s rows back.", counts["removed"]))
            if counts.get("hidden"):
                parts.append(
                    self.env._("%(hidden)s more are not shown: choose fewer days.", hidden=counts["hidden"])
                )
            find.warning = " ".join(parts)

    @api.model
    def _month_ago(self):
        return fields.Date.subtract(fields.Date.context_today(self), days=30)

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_look(self):
        """Button: ask the bank now."""
        self.ensure_one()
        accounts = self._accounts()
        if not accounts:
            raise UserError(self.env._("No account feeds a journal yet: press “Fetch accounts” and choose one."))
        connection = accounts.connection_id
        connection.check_access("write")
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise UserError(self.env._("The first day is after the last one."))
        look = self.env["sync.bank.look"]
        try:
            with look._alone(connection):
                outlooks = {account: self._look_at(look, account) for account in accounts}
        except Fault as fault:
            return connection._report_fault(fault)
        self._show(outlooks)
        return self._action_show()

    def action_import_selected(self):
        """Button: import what is ticked."""
        lines = self.line_ids.filtered(lambda line: line.selected and line.importable)
        if not lines:
            raise UserError(self.env._("Tick the transactions that you want to import."))
        return self._import(lines)

    def action_import_all(self):
        """Button: import all that the journal does not have."""
        return self._import(self.line_ids.filtered("importable"))

    def action_back(self):
        """Button: choose other days."""
        self.ensure_one()
        self._forget()
        return self._action_show()

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _action_show(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _accounts(self):
        accounts = self.account_id or self.connection_id.account_ids
        return accounts.filtered(lambda account: account.journal_id and not account.gone)

    def _look_at(self, look, account) -> Outlook:
        if self.purpose == "missing":
            return look._look(account, self.date_from or None, self.date_to or None)
        # As the next fetch asks.
        return look._look(account, self.env["sync.bank.import"]._ask_from(account), None, account.cursor or "")

    def _forget(self) -> None:
        # Lines are made for the user, who may tick them and do no more.
        self.sudo().write({"line_ids": [Command.clear()], "beside": False, "looked": False, "result": False})

    def _show(self, outlooks: dict) -> None:
        counts: Counter = Counter()
        values, beside = [], []
        asked = self.date_from if self.purpose == "missing" else None
        covered = []
        for account, outlook in outlooks.items():
            counts.update(str(row.finding) for row in outlook.found)
            counts.update(unreadable=outlook.unreadable, removed=outlook.removed)
            if outlook.covered and asked and outlook.covered > asked:
                covered.append(outlook.covered)
            new = {fingerprint(row.transaction) for row in outlook.found if _can_be_imported(row)}
            beside += [
                write_down(row.transaction)
                for row in outlook.found
                if not _can_be_imported(row) and fingerprint(row.transaction) in new
            ]
            values += [self._line_values(account, row) for row in outlook.found if row.finding in _SHOWN]
        values.sort(key=lambda line: (_SHOWN.index(line["finding"]), -line["booking_date"].toordinal()))
        counts["hidden"] = max(0, len(values) - MOST_ROWS)
        self._forget()
        # The user's own wizard; what was found is not written by hand.
        self.sudo().write(
            {
                "looked": True,
                "counts": {**counts, "covered": min(covered).isoformat() if covered else False},
                "beside": beside,
                "line_ids": [Command.create(line) for line in values[:MOST_ROWS]],
            }
        )

    def _line_values(self, account, found: Found) -> dict:
        row = found.transaction
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", row.currency)])
        return {
            "account_id": account.id,
            "finding": found.finding,
            "reason": found.reason or False,
            "transaction_id": found.row.id if found.row else False,
            "booking_date": row.booking_date,
            "amount": row.amount,
            "currency_id": currency.id,
            "label": label(row.remittance, row.creditor_reference, row.transaction_label, row.counterparty),
            "counterparty": row.counterparty,
            "importable": self.purpose == "missing" and _can_be_imported(found),
            "transcript": write_down(row),
        }

    def _import(self, lines):
        self.ensure_one()
        if self.purpose != "missing" or not lines:
            raise UserError(self.env._("There is nothing to import."))
        self.account_id.connection_id.check_access("write")
        # What the bank said is kept out of reach of whoever looks at it.
        kept = lines.sudo()
        beside = [read_back(values) for values in self.sudo().beside or ()]
        rows = self.env["sync.bank.look"]._import_found(
            self.account_id, [read_back(line.transcript) for line in kept], beside
        )
        booked = rows.filtered(lambda row: row.state == InboxState.BOOKED)
        message = [self.env._("%s imported.", len(booked))]
        if locked := rows.filtered(lambda row: row.reason == Reason.LOCKED_PERIOD):
            message.append(
                self.env._(
                    "%s lie in a locked period and wait in the inbox: open the period "
                    "(Accounting > Closing > Lock Dates), then book them there.",
                    len(locked),
                )
            )
        if other := rows - booked - locked:
            message.append(self.env._("%s wait in the inbox with their reason.", len(other)))
        kept.write({"importable": False, "selected": False, "finding": Finding.WAITING})
        kept.filtered(lambda line: self._booked_as(booked, line)).unlink()
        # As above.
        self.sudo().result = " ".join(message)
        return self._action_show()

    def _booked_as(self, booked, line) -> bool:
        digest = fingerprint(read_back(line.transcript))
        return any(row.fingerprint == digest for row in booked)


class SyncBankFindLine(models.TransientModel):
    _name = "sync.bank.find.line"
    _description = "Transaction at the Bank"
    _order = "id"

    find_id = fields.Many2one("sync.bank.find", required=True, readonly=True, ondelete="cascade")
    account_id = fields.Many2one("sync.bank.account", readonly=True, ondelete="cascade")
    selected = fields.Boolean(string="Import")
    importable = fields.Boolean(readonly=True)
    finding = fields.Selection(
        selection=[
            ("new", "Not in the books"),
            ("aside", "Not in the books, to be checked"),
            ("pending", "Pending at the bank"),
            ("waiting", "Waiting in the inbox"),
            ("dismissed", "Dismissed or deleted"),
            ("booked", "In the books"),
        ],
        string="What It Is",
        readonly=True,
    )
    reason = fields.Selection(selection="_selection_reason", string="Why", readonly=True)
    why = fields.Char(string="Reason", compute="_compute_why")
    transaction_id = fields.Many2one(
        "sync.bank.transaction", string="Bank Movement", readonly=True, ondelete="set null"
    )
    booking_date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    label = fields.Char(readonly=True)
    counterparty = fields.Char(readonly=True)
    transcript = fields.Json(groups=NO_ACCESS)

    @api.model
    def _selection_reason(self):
        return self.env["sync.bank.transaction"]._fields["reason"]._description_selection(self.env)

    @api.depends("reason", "transaction_id.reason")
    @api.depends_context("lang")
    def _compute_why(self):
        words = dict(self._selection_reason())
        for line in self:
            line.why = words.get(line.transaction_id.reason or line.reason, False)

    def write(self, vals):
        """Override of ``base``: what the bank said is not changed; ticks are."""
        if not self.env.su and set(vals) - {"selected"}:
            raise UserError(self.env._("What the bank said cannot be changed."))
        return super().write(vals)

    def action_open_movement(self):
        """Button: the movement of the inbox, where it can be booked or restored."""
        self.ensure_one()
        return self.transaction_id.get_formview_action()


def _can_be_imported(found: Found) -> bool:
    """Only what the bank has booked, and what can become a line of this journal."""
    return found.finding is Finding.NEW or (found.finding is Finding.ASIDE and found.reason in _CHOOSABLE)
