# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

import psycopg2
from odoo import api, models
from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..importer import InboxState, Reason

# Rows that are booked and committed together: enough to share what a batch costs once, few enough to hold the journal's
# number sequence for seconds only.
CHUNK = 500
# The first chunk of a slice is small: whoever waits sees the progress move after a moment, and its speed tells how many
# rows fit into the time that is left. No chunk is smaller.
FIRST_CHUNK = 50


class SyncBankBooking(models.AbstractModel):
    """From the inbox to the journal, in chunks that are committed one by one."""

    _name = "sync.bank.booking"
    _description = "Booking of Bank Movements"

    @api.model
    def _waiting(self, account) -> list:
        """Domain of the rows of an account that wait to be booked."""
        return [("account_id", "=", account.id), ("state", "=", InboxState.TO_BOOK)]

    @api.model
    def _has_waiting(self, account) -> bool:
        return bool(self.env["sync.bank.transaction"].search_count(self._waiting(account), limit=1))

    @api.model
    def _book_waiting(self, account, run, deadline: float, fetch) -> bool:
        """Book what waits for it, oldest first; False when the slice is over before the last chunk.

        :param fetch: the ``sync.bank.fetch`` that books
        """
        domain = self._waiting(account)
        Inbox = self.env["sync.bank.transaction"]
        self.env["sync.bank.recognition"]._recognize(account, run)
        if waiting := Inbox.search_count(domain):
            run._expect(waiting)
            self.env.cr.commit()
        size = FIRST_CHUNK
        began = time.monotonic()
        while rows := Inbox.search(domain, order="booking_date, id", limit=size):
            booked, refused = self._book_rows(account, rows, fetch)
            run._count(created=booked, failed=refused)
            took = time.monotonic() - began
            run._advance(len(rows), took)
            self.env.cr.commit()
            # The next chunk is read anew; what this one left in memory is not needed again.
            self.env.invalidate_all()
            if run._must_stop(deadline):
                return not Inbox.search_count(domain, limit=1)
            began = time.monotonic()
            left = deadline - began
            size = CHUNK if took * CHUNK <= left * len(rows) else max(int(len(rows) * left / took), FIRST_CHUNK)
        return True

    @api.model
    def _book_rows(self, account, rows, fetch) -> tuple[int, int]:
        """Book rows of one account and gather the lines into statements.

        :param fetch: the ``sync.bank.fetch`` that books; empty where a person does: its undo leaves those rows alone
        :return: how many were booked, and how many accounting refused
        """
        rows = self._without_locked(account, rows)
        lines, refused = self._book_safely(rows.sorted(lambda row: (row.booking_date, row.id)), fetch)
        self.env["sync.bank.statement.grouping"]._gather(account, lines, fetch.run_id.reference or "")
        return len(lines), refused

    @api.model
    def _book_safely(self, rows, fetch):
        """Book a chunk; when accounting refuses, find the rows that it refuses and book the others."""
        no_lines = self.env["account.bank.statement.line"]
        if not rows:
            return no_lines, 0
        try:
            with self.env.cr.savepoint():
                return self._book_chunk(rows, fetch), 0
        except (UserError, ValidationError, AccessError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            self.env.invalidate_all(flush=False)
            if len(rows) == 1:
                rows.write(
                    {
                        "state": InboxState.PROPOSED,
                        "reason": Reason.REFUSED,
                        "detail": str(error).strip().splitlines()[0][:200],
                    }
                )
                return no_lines, 1
        half = len(rows) // 2
        first, first_refused = self._book_safely(rows[:half], fetch)
        second, second_refused = self._book_safely(rows[half:], fetch)
        return first + second, first_refused + second_refused

    @api.model
    def _book_chunk(self, rows, fetch):
        """Make the statement lines of a chunk of inbox rows, in their order, and mark the rows booked.

        This is the only place where an inbox row becomes accounting: a faster writer takes its place here.

        :return: the statement lines
        """
        partners = self._partners_by_account(rows)
        silent = self.env["account.bank.statement.line"].with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True
        )
        lines = silent.create([self._line_values(row, partners) for row in rows])
        rows.write({"state": InboxState.BOOKED, "reason": False, "booking_fetch_id": fetch.id})
        return lines

    @api.model
    def _line_values(self, row, partners: dict) -> dict:
        values = {
            "journal_id": row.account_id.journal_id.id,
            "date": row.booking_date,
            "payment_ref": row.label,
            "amount": row.amount,
            "partner_name": row.counterparty,
            "account_number": row.counterparty_account,
            "partner_id": partners.get(sanitize_account_number(row.counterparty_account), False),
            "transaction_type": row.transaction_label or row.transaction_code,
            "sync_transaction_id": row.id,
        }
        other = row.instructed_currency_id
        # A currency that is switched off cannot be posted; the inbox keeps the amount.
        if other.active and row.instructed_amount and other != row.currency_id:
            values.update(foreign_currency_id=other.id, amount_currency=row.instructed_amount)
        return values

    @api.model
    def _partners_by_account(self, rows) -> dict[str, int]:
        """Partners by account number, where the number belongs to one of them only."""
        numbers = {sanitize_account_number(row.counterparty_account) for row in rows} - {False, ""}
        if not numbers:
            return {}
        found = self.env["res.partner.bank"].search(
            [
                ("sanitized_acc_number", "in", list(numbers)),
                ("company_id", "in", (False, rows.company_id.id)),
                ("partner_id.active", "=", True),
            ]
        )
        partners: dict[str, int] = {}
        for bank in found:
            number, partner = bank.sanitized_acc_number, bank.partner_id.commercial_partner_id.id
            partners[number] = partner if partners.get(number, partner) == partner else False
        return partners

    @api.model
    def _without_locked(self, account, rows):
        """Leave what lies in a period that has been locked since it was received."""
        lock_date = account.journal_id._bank_lock_date()
        locked = rows.filtered(lambda row: lock_date and row.booking_date <= lock_date)
        if locked:
            locked.write(
                {
                    "state": InboxState.PROPOSED,
                    "reason": Reason.LOCKED_PERIOD,
                    "detail": self.env._("Locked until %s", format_date(self.env, lock_date)),
                }
            )
        return rows - locked
