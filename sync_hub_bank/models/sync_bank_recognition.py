# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.tools import html2plaintext

from ..importer import NEAR, Entry, InboxState, Likeness, Reason, find_twins, fold, label
from ..providers.values import Transaction

# What banks write where there is no id.
_NO_IDS = {"notprovided", "notavailable", "nonref"}
# A shorter word is hardly an id; one without a digit never.
_SHORTEST_ID = 5
# Some importers add the second of the movement to the bank's id.
_SECOND = re.compile(r"-\d{9,11}$")


class SyncBankRecognition(models.AbstractModel):
    """Movements that the journal has already: from files, other importers, other services, or typed by hand."""

    _name = "sync.bank.recognition"
    _description = "Recognition of Bank Movements in the Journal"

    @api.model
    def _recognize(self, account, run) -> None:
        """Link what waits to be booked to the lines that the journal has of it; hold back what looks like one; commits.

        All that waits is looked at together: whether a day agrees can be told from the whole of it only.
        """
        waiting = [("account_id", "=", account.id), ("state", "=", InboxState.TO_BOOK), ("confirmed", "=", False)]
        Inbox = self.env["sync.bank.transaction"]
        ((first, last),) = Inbox._read_group(waiting, [], ["booking_date:min", "booking_date:max"])
        if not first:
            return
        lines = self._foreign_lines(account, first, last)
        decided = self._decided_elsewhere(account, first, last)
        if not (lines or decided):
            return
        days = [*lines.mapped("date"), *decided.mapped("booking_date")]
        # Of a first fetch of years, only the days that the journal has.
        rows = Inbox.search(
            [
                *waiting,
                ("booking_date", ">=", min(days) - 2 * NEAR),
                ("booking_date", "<=", max(days) + 2 * NEAR),
            ],
            order="booking_date, id",
        )
        # Movements and lines have numbers of their own.
        known = {line.id: line for line in lines} | {-row.id: row for row in decided}
        entries = [
            *self._lines_as_entries(lines),
            *(replace(entry, id=-entry.id) for entry in self._rows_as_entries(decided)),
        ]
        linked, alike = Inbox.browse(), Inbox.browse()
        for twin in find_twins([*self._rows_as_entries(rows)], entries):
            row, other = Inbox.browse(twin.row.id), known[twin.line.id]
            if twin.line.id < 0:
                row._decide_as(other, sure=twin.likeness is Likeness.SAME)
            elif twin.likeness is Likeness.SAME:
                row._link_to_line(other)
                linked |= row
            else:
                row.write(
                    {"state": InboxState.PROPOSED, "reason": Reason.IN_JOURNAL, "suggested_line_id": other.id}
                )
            alike |= row.filtered(lambda row: row.state == InboxState.PROPOSED)
        self._gather_loose(account, linked, run)
        if linked:
            run._log("bank_recognized", record=account, account=account.display_name, count=len(linked))
        if alike:
            run._count(skipped=len(alike))
            run._log("bank_set_aside", "warning", record=account, account=account.display_name, count=len(alike))
        self.env.cr.commit()

    @api.model
    def _foresee(self, account, transactions: Sequence[Transaction]) -> dict[int, Likeness]:
        """Which of these the journal would be found to have already, by their place; nothing is written."""
        if not transactions:
            return {}
        days = [transaction.booking_date for transaction in transactions]
        lines = self._foreign_lines(account, min(days), max(days))
        if not lines:
            return {}
        rows = [self._transaction_as_entry(account, *numbered) for numbered in enumerate(transactions)]
        return {twin.row.id: twin.likeness for twin in find_twins(rows, [*self._lines_as_entries(lines)])}

    @api.model
    def _gather_loose(self, account, linked, run) -> None:
        """Lines of no statement get into those of their periods, as if they had come from here."""
        loose = linked.statement_line_ids.filtered(lambda line: not line.statement_id)
        self.env["sync.bank.statement.grouping"]._gather(account, loose, run.reference)

    # -- Lines of the journal ------------------------------------------------------------------------------------------

    @api.model
    def _foreign_lines(self, account, first, last):
        """Lines that are not from this account, and for which no movement of it answers yet.

        Lines that another account has brought are foreign too: it may be the same one, through another service.
        """
        spoken_for = self.env["sync.bank.transaction"].search(
            [
                ("account_id", "=", account.id),
                ("suggested_line_id", "!=", False),
                ("state", "in", (InboxState.PROPOSED, InboxState.DISMISSED)),
            ]
        )
        # A line may bear another date of its movement than that of the booking.
        return self.env["account.bank.statement.line"].search(
            [
                *self._foreign_domain(account),
                ("date", ">=", first - 2 * NEAR),
                ("date", "<=", last + 2 * NEAR),
                ("id", "not in", spoken_for.suggested_line_id.ids),
            ],
            order="date, id",
        )

    @api.model
    def _decided_elsewhere(self, account, first, last):
        """Movements of the same bank account, received through another connection, that are in no journal because a
        person wanted it so: dismissed, or booked and their line deleted.
        """
        others = self.env["sync.bank.account"].search(
            [("company_id", "=", account.company_id.id), ("iban", "=", account.iban), ("id", "!=", account.id)]
        )
        if not account.iban or not others:
            return self.env["sync.bank.transaction"]
        return self.env["sync.bank.transaction"].search(
            [
                ("account_id", "in", others.ids),
                # What only waits there is decided by this account's own dates.
                ("state", "not in", (InboxState.PENDING, InboxState.TO_BOOK, InboxState.PROPOSED)),
                ("statement_line_ids", "=", False),
                ("replaced_by_id", "=", False),
                ("booking_date", ">=", first - 2 * NEAR),
                ("booking_date", "<=", last + 2 * NEAR),
            ],
            order="booking_date, id",
        )

    @api.model
    def _foreign_domain(self, account) -> list:
        return [
            ("journal_id", "=", account.journal_id.id),
            ("state", "=", "posted"),
            "|",
            ("sync_transaction_id", "=", False),
            ("sync_transaction_id.account_id", "!=", account.id),
        ]

    @api.model
    def _lines_as_entries(self, lines) -> Iterator[Entry]:
        for line in lines:
            movement = line.sync_transaction_id
            entry = next(self._rows_as_entries(movement), None)
            names = {line.partner_name, line.partner_id.name, *(entry.names if entry else ())}
            yield Entry(
                id=line.id,
                days=self._days(line.date, *(entry.days if entry else ())),
                amount=self._amount(line.journal_id._sync_currency(), line.amount),
                ids=frozenset(self._ids_of_line(line)) | (entry.ids if entry else frozenset()),
                words=fold(line.payment_ref or ""),
                names=self._names(names),
                account=sanitize_account_number(line.account_number) or (entry.account if entry else "") or "",
            )

    @api.model
    def _ids_of_line(self, line) -> Iterator[str]:
        """Ids that importers keep with a line: in fields of their own, in its reference, in its note."""
        words = f"{line.ref or ''} {html2plaintext(line.narration or '')}".split()
        yield from self._telling_ids(word.strip(",;:") for word in words)
        for imported in self._import_ids(line):
            # OCA's importers put account and journal before the bank's id.
            bare = imported.removeprefix(f"{line.journal_id.bank_account_id.sanitized_acc_number}-")
            bare = bare.removeprefix(f"{line.journal_id.id}-")
            yield from self._telling_ids((imported, bare, _SECOND.sub("", bare)))

    @api.model
    def _import_ids(self, line) -> list[str]:
        """Ids in a field that other addons bring; empty where they are not installed."""
        return [line.unique_import_id] if "unique_import_id" in line._fields and line.unique_import_id else []

    # -- Rows of the bank ----------------------------------------------------------------------------------------------

    @api.model
    def _rows_as_entries(self, rows) -> Iterator[Entry]:
        for row in rows:
            yield Entry(
                id=row.id,
                days=self._days(row.booking_date, row.value_date, row.transaction_date),
                amount=self._amount(row.currency_id, row.amount),
                ids=frozenset(self._telling_ids((*row._all_references(), row.end_to_end_id, row.creditor_reference))),
                words=fold(row.label or ""),
                names=self._names((row.counterparty,)),
                account=sanitize_account_number(row.counterparty_account) or "",
            )

    @api.model
    def _transaction_as_entry(self, account, number: int, row: Transaction) -> Entry:
        return Entry(
            id=number,
            days=self._days(row.booking_date, row.value_date, row.transaction_date),
            amount=self._amount(account._journal_currency(), float(row.amount)),
            ids=frozenset(self._telling_ids((*row.references, row.end_to_end_id, row.creditor_reference))),
            words=fold(label(row.remittance, row.creditor_reference, row.transaction_label, row.counterparty)),
            names=self._names((row.counterparty,)),
            account=sanitize_account_number(row.counterparty_account) or "",
        )

    # -- Both ----------------------------------------------------------------------------------------------------------

    @api.model
    def _days(self, *days) -> tuple:
        return tuple(dict.fromkeys(filter(None, days)))

    @api.model
    def _amount(self, currency, amount: float) -> Decimal:
        return Decimal(f"{amount:.{currency.decimal_places}f}") + 0

    @api.model
    def _names(self, names: Iterable[str | bool]) -> frozenset[str]:
        return frozenset(fold(name) for name in names if name) - {""}

    @api.model
    def _telling_ids(self, texts: Iterable[str | bool]) -> Iterator[str]:
        for text in texts:
            word = (text or "").casefold()
            if len(word) >= _SHORTEST_ID and fold(word) not in _NO_IDS and any(map(str.isdigit, word)):
                yield word
