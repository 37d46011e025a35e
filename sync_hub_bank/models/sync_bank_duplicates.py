# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..importer import InboxState, Reason

# Pairs that are shown at once, and with how many of the next lines of its group a line is compared.
MOST_PAIRS = 500
_NEXT = 10
# What more transactions than this share is no id of a movement: banks write "NOTPROVIDED" there.
_MOST_OF_ONE_ID = 10


@dataclass(frozen=True, slots=True)
class Suspects:
    """Two statement lines that may be one movement, the older one first.

    ``alike``: their labels say the same. ``together``: the bank listed both in one and the same fetch.
    """

    line_id: int
    other_id: int
    kind: str  # "id" or "content"
    alike: bool
    together: bool


class SyncBankDistinct(models.Model):
    """Two statement lines that look like one movement, of which a person said that they are two."""

    _name = "sync.bank.distinct"
    _description = "Transactions That Are Not the Same"
    _inherit = ["sync.company.mixin"]

    line_id = fields.Many2one("account.bank.statement.line", required=True, readonly=True, ondelete="cascade")
    other_id = fields.Many2one(
        "account.bank.statement.line", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)

    _pair_unique = models.UniqueIndex("(line_id, other_id)", "It is known already that these are two.")


class SyncBankDuplicates(models.AbstractModel):
    """Finding statement lines that may be one movement, and making one of two."""

    _name = "sync.bank.duplicates"
    _description = "Duplicate Bank Transactions"

    # -- Find ------------------------------------------------------------------------------------------------------

    @api.model
    def _suspects(self, journal, since: date) -> list[Suspects]:
        """Pairs of lines of a journal of which the younger is not before a day; the most telling first.

        By an id of the bank, present, former or contested; or by day, amount and currency, where no different account
        of the other party speaks against it. A line is compared with the next ten of its group.
        """
        journal.check_access("read")
        self.env.flush_all()
        # In SQL, one query: a journal may have 50 000 lines, and the ORM groups but does not pair.
        rows = self.env.execute_query(
            SQL(
                """
                WITH line AS (
                    SELECT line.id, move.date, line.amount, COALESCE(line.foreign_currency_id, 0) AS currency,
                           line.account_number, line.payment_ref, line.sync_transaction_id
                      FROM account_bank_statement_line line
                      JOIN account_move move ON move.id = line.move_id
                     WHERE line.journal_id = %(journal)s AND move.state = 'posted'
                ), grouped AS (
                    SELECT line.*, count(*) OVER same AS size,
                           array_agg(id) OVER (
                               same ORDER BY id ROWS BETWEEN 1 FOLLOWING AND %(next)s FOLLOWING
                           ) AS younger
                      FROM line
                     WHERE date >= %(since)s
                    WINDOW same AS (PARTITION BY date, amount, currency)
                ), member AS (
                    SELECT grouped.id, grouped.date, grouped.younger,
                           NULLIF(upper(regexp_replace(account_number, '[^A-Za-z0-9]', '', 'g')), '') AS account,
                           lower(regexp_replace(COALESCE(payment_ref, ''), '\\W', '', 'g')) AS words,
                           movement.account_id, movement.run_id
                      FROM grouped
                 LEFT JOIN sync_bank_transaction movement ON movement.id = grouped.sync_transaction_id
                     WHERE size > 1
                ), named AS (
                    SELECT name.id, name.date, name.account_id, name.run_id, name.words, name.value,
                           count(*) OVER (PARTITION BY name.value) AS size
                      FROM (
                        SELECT DISTINCT line.id, line.date, movement.account_id, movement.run_id, ids.value,
                               lower(regexp_replace(COALESCE(line.payment_ref, ''), '\\W', '', 'g')) AS words
                          FROM line
                          JOIN sync_bank_transaction movement ON movement.id = line.sync_transaction_id
                    CROSS JOIN LATERAL (
                            SELECT movement.reference AS value
                             UNION ALL SELECT movement.contested_reference
                             UNION ALL SELECT jsonb_array_elements_text(movement.former_references)
                               ) ids
                         WHERE ids.value IS NOT NULL
                           ) name
                ), pair AS (
                    SELECT a.id AS line, b.id AS other, 'id' AS kind, a.words = b.words AS alike,
                           COALESCE(a.run_id = b.run_id AND a.account_id = b.account_id, FALSE) AS together,
                           GREATEST(a.date, b.date) AS day
                      FROM named a
                      JOIN named b ON b.value = a.value AND b.id > a.id
                     WHERE a.size <= %(most)s AND GREATEST(a.date, b.date) >= %(since)s
                 UNION ALL
                    SELECT a.id, b.id, 'content', a.words = b.words,
                           COALESCE(a.run_id = b.run_id AND a.account_id = b.account_id, FALSE), a.date
                      FROM member a
                CROSS JOIN LATERAL unnest(a.younger) AS next_id
                      JOIN member b ON b.id = next_id
                     WHERE COALESCE(a.account = b.account, TRUE)
                ), best AS (
                    SELECT DISTINCT ON (line, other) * FROM pair ORDER BY line, other, kind DESC
                )
                SELECT line, other, kind, alike, together
                  FROM best
                 WHERE NOT EXISTS (
                    SELECT FROM sync_bank_distinct known WHERE known.line_id = line AND known.other_id = other
                       )
              ORDER BY kind DESC, together, alike DESC, day DESC, line, other
                 LIMIT %(limit)s
                """,
                journal=journal.id,
                since=since,
                most=_MOST_OF_ONE_ID,
                next=_NEXT,
                limit=MOST_PAIRS,
            )
        )
        return [Suspects(*row) for row in rows]

    @api.model
    def _taken_back(self, journal, since: date):
        """Lines that are booked although the bank has taken their movements back, newest first."""
        rows = self.env["sync.bank.transaction"].search(
            [
                ("statement_line_ids.journal_id", "=", journal.id),
                ("reason", "=", Reason.WITHDRAWN),
                ("state", "=", InboxState.BOOKED),
                ("booking_date", ">=", since),
            ],
            order="booking_date desc, id desc",
            limit=MOST_PAIRS,
        )
        return rows.statement_line_ids

    # -- Decide ----------------------------------------------------------------------------------------------------

    @api.model
    def _are_two(self, line, other) -> None:
        """Remember that two lines are two movements."""
        first, second = (line | other).sorted("id")
        self.env["sync.bank.distinct"].create(
            {"line_id": first.id, "other_id": second.id, "company_id": first.company_id.id}
        )

    @api.model
    def _remove(self, line) -> None:
        """Delete a line for good: its bank movement stays in the inbox as dismissed, so that it does not come again.

        What it is matched with is undone; whoever calls has asked.

        :raises UserError: with the way out, for what may not be deleted
        """
        self._check_may_go(line)
        account, journal = line.sync_transaction_id.account_id, line.journal_id
        movement, statement = line.sync_transaction_id, line.statement_id
        taken_back = movement.reason == Reason.WITHDRAWN
        if line.is_reconciled:
            line.action_undo_reconciliation()
        # Core lets nothing go from a statement that is complete.
        line.statement_id = False
        line.unlink()
        reason = Reason.WITHDRAWN if taken_back else Reason.DUPLICATE
        movement.write({"state": InboxState.DISMISSED, "reason": reason})
        grouping = self.env["sync.bank.statement.grouping"]
        if statement and not statement.line_ids:
            statement.unlink()
        if account := account or journal.sync_account_ids:
            grouping._chain_all(account)

    @api.model
    def _merge(self, stays, goes) -> None:
        """Make one line of two. Neither movement comes again: the inbox knows both by their ids and contents.

        :raises UserError: with the way out, when the second one may not be deleted
        """
        movement = goes.sync_transaction_id
        kept = {name: goes[name] for name in ("partner_name", "account_number") if goes[name] and not stays[name]}
        if goes.partner_id and not stays.partner_id and not stays.is_reconciled:
            kept["partner_id"] = goes.partner_id.id
        lock_date = stays.journal_id._bank_lock_date()
        self._remove(goes)
        if kept and not (lock_date and stays.date <= lock_date) and not stays.move_id.inalterable_hash:
            stays.write(kept)
        if movement and not stays.sync_transaction_id:
            # Typed or from a file: from now on it is the line of that movement.
            stays.sync_transaction_id = movement
            movement.write({"state": InboxState.BOOKED, "reason": False})

    @api.model
    def _check_may_go(self, line) -> None:
        """:raises UserError: with the way out, for a line that may not be deleted"""
        day = format_date(self.env, line.date)
        lock_date = line.journal_id._bank_lock_date()
        if lock_date and line.date <= lock_date:
            raise UserError(
                self.env._(
                    "The transaction of %(date)s lies in a locked period (until %(lock_date)s). "
                    "Open the period first: Accounting > Closing > Lock Dates.",
                    date=day,
                    lock_date=format_date(self.env, lock_date),
                )
            )
        if line.move_id.inalterable_hash:
            raise UserError(
                self.env._(
                    "The entry %(entry)s is secured against changes and cannot be deleted. "
                    "Open it and press “Reverse Entry” instead.",
                    entry=line.move_id.display_name,
                )
            )
        statement = line.statement_id
        if statement and not statement.sync_journal_id and statement.is_complete and statement.is_valid:
            raise UserError(
                self.env._(
                    "The transaction of %(date)s stands in the statement “%(statement)s”, which was entered with its "
                    "balances. Delete the other transaction, or take this one out of its statement first.",
                    date=day,
                    statement=statement.display_name,
                )
            )

    @api.model
    def _what_is_undone(self, line) -> str:
        """Words for what a deletion would undo; empty for a line that is matched with nothing."""
        if not line.is_reconciled:
            return ""
        items = line.line_ids
        matched = items.matched_debit_ids.debit_move_id | items.matched_credit_ids.credit_move_id
        entries = (matched - items).move_id
        names = ", ".join(entries.mapped("display_name"))
        if not names:
            _liquidity, _suspense, others = line._seek_for_lines()
            names = ", ".join(others.account_id.mapped("display_name"))
        return self.env._(
            "The transaction of %(date)s (%(amount)s) is matched with %(names)s: that is undone, and what it paid is "
            "open again.",
            date=format_date(self.env, line.date),
            amount=line.currency_id.format(line.amount),
            names=names,
        )
