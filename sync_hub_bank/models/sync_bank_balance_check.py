# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_date

from ..importer import BalanceCheck, InboxState, Ledger, Moved, Reason, day_end, first_difference

# How far it is looked back to find out since when the books differ: a year of two fetches a day.
_CHECKS = 730
_DAYS = timedelta(days=365)


class Comparison(NamedTuple):
    """The bank against the books at the end of a day, in the journal's currency.

    ``difference`` is what the books lack; ``waiting`` and ``dismissed`` are the parts of it that stand in the inbox.
    """

    books: float
    difference: float
    waiting: float
    dismissed: float


class SyncBankFetch(models.Model):
    """The balance check of a fetch."""

    _inherit = "sync.bank.fetch"

    bank_balance = fields.Monetary(readonly=True, aggregator=None, help="Booked balance as the bank said it.")
    bank_balance_date = fields.Date(string="Balance of", readonly=True)
    books_balance = fields.Monetary(
        readonly=True, aggregator=None, help="Posted transactions of the journal up to that day."
    )
    difference = fields.Monetary(readonly=True, aggregator=None, help="What the books lack to the bank's balance.")
    waiting_amount = fields.Monetary(
        string="Of which waiting", readonly=True, aggregator=None, help="Bank movements that wait for you."
    )
    dismissed_amount = fields.Monetary(
        string="Of which dismissed", readonly=True, aggregator=None, help="Bank movements that somebody dismissed."
    )
    first_difference_date = fields.Date(readonly=True)
    first_difference_exact = fields.Boolean(readonly=True)
    first_difference = fields.Char(string="Differs since", compute="_compute_first_difference")

    @api.depends("difference", "first_difference_date", "first_difference_exact")
    @api.depends_context("lang")
    def _compute_first_difference(self):
        for fetch in self:
            fetch.first_difference = fetch._since() if fetch.difference else False

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_open_difference_movements(self):
        """Button: what the bank sent for the days that differ."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_transaction")
        action["domain"] = [("account_id", "=", self.account_id.id), *self._days_that_differ("booking_date")]
        action["context"] = {}
        return action

    def action_open_difference_lines(self):
        """Button: what the journal has for the days that differ."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_bank_statement_line")
        action["domain"] = [("journal_id", "=", self.journal_id.id), *self._days_that_differ("date")]
        action["context"] = {"default_journal_id": self.journal_id.id}
        return action

    # -- For the importer --------------------------------------------------------------------------------------------

    def _check_balance(self) -> None:
        """Compare what the bank said with the books as they are after this fetch, and say so when that changes."""
        self.ensure_one()
        if not self.bank_balance_date:
            return
        found = self.account_id._compare_with_books(self.bank_balance, self.bank_balance_date)
        since = self.account_id._differs_since(self) if found.difference else None
        self.write(
            {
                "books_balance": found.books,
                "difference": found.difference,
                "waiting_amount": found.waiting,
                "dismissed_amount": found.dismissed,
                "first_difference_date": since.day if since else False,
                "first_difference_exact": bool(since and since.exact),
            }
        )
        self.env["sync.bank.balance"]._keep(self)
        # What it compares has just been booked.
        self.account_id.invalidate_recordset(["balance_difference", "opening_proposal"])
        self._note_difference()

    def _note_difference(self) -> None:
        """Write a difference into the log of the run, once: when it comes, when it changes and when it goes."""
        before = self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("journal_id", "=", self.journal_id.id),
                ("bank_balance_date", "!=", False),
                ("state", "!=", "undone"),
                ("id", "<", self.id),
            ],
            limit=1,
        )
        if not self.currency_id.compare_amounts(before.difference, self.difference):
            return
        values = {"account": self.account_id.display_name, "date": format_date(self.env, self.bank_balance_date)}
        if not self.difference:
            self.run_id._log("bank_difference_gone", record=self.account_id, **values)
            return
        if opening := self.account_id.opening_proposal:
            values["amount"] = self.currency_id.format(opening)
            self.run_id._log("bank_opening_missing", "warning", record=self.account_id, **values)
            return
        values |= {
            "bank": self.currency_id.format(self.bank_balance),
            "books": self.currency_id.format(self.books_balance),
            "difference": self.currency_id.format(self.difference),
            "waiting": self.currency_id.format(self.waiting_amount),
        }
        kind = "bank_difference"
        if self.first_difference_date:
            kind = "bank_difference_since" if self.first_difference_exact else "bank_difference_after"
            values["since"] = format_date(self.env, self.first_difference_date)
        self.run_id._log(kind, "warning", record=self.account_id, **values)

    def _since(self) -> str:
        """First day that differs, as the screens say it."""
        if not self.first_difference_date:
            return self.env._("not known since when")
        day = format_date(self.env, self.first_difference_date)
        return self.env._("since %s", day) if self.first_difference_exact else self.env._("after %s", day)

    def _days_that_differ(self, field: str) -> list:
        since = self.first_difference_date
        return [(field, "<=", self.bank_balance_date), *([(field, ">=", since)] if since else ())]


class SyncBankAccount(models.Model):
    """The balance of the bank against that of the books, as they are now."""

    _inherit = "sync.bank.account"

    # Whoever may see the account may see its balances, without a right to the journal's transactions.
    journal_currency_id = fields.Many2one("res.currency", compute="_compute_balance_difference", compute_sudo=True)
    books_balance = fields.Monetary(
        string="Balance in the Books",
        currency_field="journal_currency_id",
        compute="_compute_balance_difference",
        compute_sudo=True,
    )
    balance_difference = fields.Monetary(
        string="Difference",
        currency_field="journal_currency_id",
        compute="_compute_balance_difference",
        compute_sudo=True,
    )
    difference_waiting = fields.Monetary(
        string="Of which waiting",
        currency_field="journal_currency_id",
        compute="_compute_balance_difference",
        compute_sudo=True,
    )
    difference_dismissed = fields.Monetary(
        string="Of which dismissed",
        currency_field="journal_currency_id",
        compute="_compute_balance_difference",
        compute_sudo=True,
    )
    checked_fetch_id = fields.Many2one("sync.bank.fetch", compute="_compute_balance_difference", compute_sudo=True)
    difference_since = fields.Char(string="Differs since", compute="_compute_balance_difference", compute_sudo=True)

    @api.depends("bank_balance", "bank_balance_date", "journal_id", "opening_balance")
    @api.depends_context("lang")
    def _compute_balance_difference(self):
        for account in self:
            currency = account._journal_currency()
            found = Comparison(0.0, 0.0, 0.0, 0.0)
            if account.journal_id and account.bank_balance_date:
                found = account._compare_with_books(account.bank_balance, account.bank_balance_date)
            account.journal_currency_id = currency
            account.books_balance, account.balance_difference = found.books, found.difference
            account.difference_waiting, account.difference_dismissed = found.waiting, found.dismissed
            checked = account._last_checked_fetch()
            account.checked_fetch_id = checked
            # Since the fetch somebody may have booked something: then its day is not this difference's.
            same = checked and not checked.currency_id.compare_amounts(checked.difference, found.difference)
            account.difference_since = checked._since() if same and found.difference else False

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_open_difference_movements(self):
        """Button: what the bank sent for the days that differ."""
        return self.checked_fetch_id.action_open_difference_movements()

    def action_open_difference_lines(self):
        """Button: what the journal has for the days that differ."""
        return self.checked_fetch_id.action_open_difference_lines()

    # -- Comparison ----------------------------------------------------------------------------------------------------

    def _last_checked_fetch(self):
        return self.env["sync.bank.fetch"].search(
            [
                ("account_id", "in", self.ids),
                ("journal_id", "=", self.journal_id.id),
                ("bank_balance_date", "!=", False),
                ("state", "!=", "undone"),
            ],
            limit=1,
        )

    def _compare_with_books(self, balance: float, day: date) -> Comparison:
        """What the bank says for the end of a day, against the books."""
        self.ensure_one()
        currency = self._journal_currency()
        Line = self.env["account.bank.statement.line"]
        ((moved,),) = Line._read_group(
            [("journal_id", "=", self.journal_id.id), ("state", "=", "posted"), ("date", "<=", day)],
            [],
            ["amount:sum"],
        )
        books = currency.round(self._books_begin() + (moved or 0.0))
        difference = currency.round(balance - books)
        waiting = dismissed = 0.0
        if difference:
            inbox = dict(
                self.env["sync.bank.transaction"]._read_group(
                    [*self._lacking(), ("booking_date", "<=", day)], ["state"], ["amount:sum"]
                )
            )
            dismissed = currency.round(inbox.pop(InboxState.DISMISSED, 0.0))
            waiting = currency.round(sum(inbox.values()))
        return Comparison(books, difference, waiting, dismissed)

    def _lacking(self) -> list:
        """Rows of the inbox that are in the bank's balance and not in the books'."""
        rows = [
            ("account_id", "=", self.id),
            ("currency_id", "=", self._journal_currency().id),
            ("state", "in", (InboxState.TO_BOOK, InboxState.PROPOSED, InboxState.DISMISSED)),
            ("reason", "not in", (Reason.IN_JOURNAL, Reason.BEFORE_START, Reason.UNREADABLE)),
        ]
        # What lies before the first day is part of what the journal began with.
        return [*rows, ("booking_date", ">=", self.date_from)] if self.date_from else rows

    def _books_begin(self) -> float:
        """What the journal held before its first line: its first statement says it, and no statement says nothing."""
        first = self._first_statement()
        if not first:
            return 0.0
        ((before,),) = self.env["account.bank.statement.line"]._read_group(
            [
                ("journal_id", "=", self.journal_id.id),
                ("state", "=", "posted"),
                ("internal_index", "<", first.first_line_index),
            ],
            [],
            ["amount:sum"],
        )
        return first.balance_start - (before or 0.0)

    def _first_statement(self):
        return self.env["account.bank.statement"].search(
            [("journal_id", "=", self.journal_id.id), ("first_line_index", "!=", False)],
            order="first_line_index",
            limit=1,
        )

    # -- Since when ----------------------------------------------------------------------------------------------------

    def _differs_since(self, fetch):
        """See :func:`~odoo.addons.sync_hub_bank.importer.first_difference`."""
        money = self._exact_money()
        Line = self.env["account.bank.statement.line"]
        booked = Line._read_group(
            [("journal_id", "=", self.journal_id.id), ("state", "=", "posted")], ["date:day"], ["amount:sum"]
        )
        books = Ledger(money(self._books_begin()), {day: money(amount) for day, amount in booked})
        came = [
            ("account_id", "=", self.id),
            ("currency_id", "=", self._journal_currency().id),
            ("state", "!=", InboxState.PENDING),
        ]
        sums = self.env["sync.bank.transaction"]._read_group(
            came, ["booking_date:day", "fetch_id"], ["amount:sum"], order="booking_date:day"
        )
        moved = [Moved(day, money(amount), brought_by.id or 0) for day, brought_by, amount in sums]
        checks = self._past_checks(fetch, came, money)
        if self.opening_known and not self.opening_line_id and moved:
            # A journal that was empty agrees with the bank before its first movement.
            day = moved[0].day - timedelta(days=1)
            checks.append(BalanceCheck(day, money(self.opening_balance), fetch.id))
        return first_difference(checks, moved, books)

    def _past_checks(self, fetch, came: list, money) -> list[BalanceCheck]:
        """What the bank said of balances: at this fetch and at earlier ones, and with each movement."""
        fetches = fetch.search(
            [
                ("account_id", "=", self.id),
                ("journal_id", "=", self.journal_id.id),
                ("bank_balance_date", "!=", False),
                ("state", "!=", "undone"),
            ],
            limit=_CHECKS,
        )
        checks = [BalanceCheck(one.bank_balance_date, money(one.bank_balance), one.id) for one in fetches | fetch]
        days: dict[tuple, list] = defaultdict(list)
        last = fetch.bank_balance_date
        told = self.env["sync.bank.transaction"].search_read(
            # The day under way has no end yet.
            [*came, ("balance_after", "!=", False), ("booking_date", ">=", last - _DAYS), ("booking_date", "<=", last)],
            ["booking_date", "fetch_id", "amount", "balance_after"],
            load=None,
        )
        for row in told:
            after = money(row["balance_after"])
            days[row["booking_date"], row["fetch_id"] or 0].append((money(row["amount"]), after))
        for (day, order), rows in days.items():
            end = day_end(rows)
            if end is not None:
                checks.append(BalanceCheck(day, end, order))
        return checks

    def _exact_money(self):
        """Amounts as ``Decimal`` of the journal's currency, so that sums can be compared."""
        unit = Decimal(1).scaleb(-self._journal_currency().decimal_places)
        return lambda amount: Decimal(str(amount)).quantize(unit)


class SyncBankTransaction(models.Model):
    _inherit = "sync.bank.transaction"

    balance_after = fields.Char(readonly=True, help="What the account held after it, as the bank said.")


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _sync_dashboard_data(self, account, states, waiting_count):
        """Override of this addon: the difference to the bank, or the opening balance that is missing."""
        data = super()._sync_dashboard_data(account, states, waiting_count)
        currency = account._journal_currency()
        opening = account.opening_proposal
        difference = 0.0 if opening else account.balance_difference
        return {
            **data,
            "opening": currency.format(opening) if opening else "",
            "difference": currency.format(difference) if difference else "",
            "difference_since": account.difference_since or "",
        }

    def action_open_sync_account(self):
        """Link of the dashboard card: the account, with the bank's balance against the books'."""
        self.ensure_one()
        return self.sync_account_ids.get_formview_action()
