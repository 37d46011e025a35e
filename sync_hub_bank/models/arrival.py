# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from odoo.tools import SQL

from ..importer import Decision, InboxState, KnownRow, KnownRows, Match, decide, fingerprint
from ..providers.values import EVERY_STATUS, Page, RejectedRow, Transaction, TransactionStatus

# Days before the asked period from which known rows are loaded: a bank may move the date of a row.
_MARGIN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page: its readable rows, each with what it is, and the unreadable ones."""

    rows: tuple[tuple[Transaction, Match], ...]
    rejected: tuple[RejectedRow, ...]


class Arrival:
    """Rows of one fetch of one account, matched page by page with what the inbox knows. Writes nothing.

    :param asked: first day asked for, None for all
    :param claimed: rows that earlier slices of this fetch have brought, see :meth:`KnownRows.claimed`
    :param last_page: what :attr:`last_page` was at the end of the slice before
    :param removed: what :attr:`removed` was at the end of the slice before
    """

    def __init__(
        self,
        account,
        asked: date | None,
        claimed: Iterable[tuple[int, str]] = (),
        last_page: str = "",
        removed: Iterable[str] = (),
    ):
        self.env = account.env
        self._inbox = self.env["sync.bank.transaction"]
        self._account = account
        self._journal_currency = account._journal_currency()
        self._lock_date = account.journal_id._bank_lock_date()
        self._first = account.date_from or None
        self._currency_ids = {self._journal_currency.name: self._journal_currency.id}
        self._known_from = asked - _MARGIN if asked else None
        self.known = self._known_rows(claimed)
        # A digest of the page that came last: some banks give it out again and again.
        self.last_page = last_page
        # Ids of rows that the bank has taken back, and the statuses of which the fetch brings every row.
        self.removed = set(removed)
        self.lists = EVERY_STATUS

    def receive(self, page: Page) -> Arrived | None:
        """Say what the rows of a page are; None for the page before once more."""
        self.removed.update(page.removed)
        self.lists = page.lists
        transactions, rejected = self._sort_out(page)
        digests = [fingerprint(transaction) for transaction in transactions]
        if self._is_repeated(transactions, digests):
            return None
        self._know_older(transactions)
        self._know_ids(transactions)
        self.known.next_page()
        matches = (self.known.match(row, digest) for row, digest in zip(transactions, digests, strict=True))
        return Arrived(tuple(zip(transactions, matches, strict=True)), tuple(rejected))

    def decide(self, transaction: Transaction) -> Decision:
        """What becomes of a row that is new."""
        return decide(
            transaction.status,
            transaction.booking_date,
            transaction.currency,
            first=self._first,
            lock_date=self._lock_date,
            journal_currency=self._journal_currency.name,
        )

    def currency_id(self, code: str) -> int | bool:
        """Id of a currency, active or not; False for one that Odoo does not know."""
        if code not in self._currency_ids:
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
            self._currency_ids[code] = currency.id
        return self._currency_ids[code]

    def is_equal_money(self, older, amount) -> bool:
        """Whether a row that bears the id of an older one is of the same amount: only a person can tell them apart."""
        return self._journal_currency.compare_amounts(older.amount, amount) == 0

    def _is_repeated(self, transactions: Sequence[Transaction], digests: Sequence[str]) -> bool:
        """Whether the page is the one before once more. Two pages of one row may be two equal rows without an id."""
        references = [transaction.references for transaction in transactions]
        content = repr((references, digests)).encode() if transactions else b""
        before, self.last_page = self.last_page, blake2b(content, digest_size=16).hexdigest()
        return self.last_page == before and (len(transactions) > 1 or any(references))

    def _sort_out(self, page: Page) -> tuple[list[Transaction], list[RejectedRow]]:
        """Readable rows, and those that are not: a currency that Odoo does not know is as bad as no currency.

        What the bank cancelled is nothing; if it was pending, it goes with those that do not come.
        """
        transactions, rejected = [], [*page.rejected]
        for transaction in page.transactions:
            if transaction.status == TransactionStatus.CANCELLED:
                continue
            if self.currency_id(transaction.currency):
                transactions.append(transaction)
            else:
                rejected.append(RejectedRow("currency", transaction.currency, transaction.raw))
        return transactions, rejected

    # -- Known rows ----------------------------------------------------------------------------------------------------

    def _know_older(self, transactions: Sequence[Transaction]) -> None:
        """Load known rows of days before the loaded ones, when a bank sends what was not asked for."""
        if self._known_from is None or not transactions:
            return
        oldest = min(transaction.booking_date for transaction in transactions)
        if oldest < self._known_from:
            self.known.add(self._load_known(self._days_since(oldest)))
            self._known_from = oldest

    def _know_ids(self, transactions: Sequence[Transaction]) -> None:
        """Load known rows of other days that bear ids of the received ones: an id is given to one row only."""
        references = self.known.unknown_references(transactions) if self._known_from else None
        if references:
            self.known.add(self._load_known(SQL("reference = ANY(%s)", list(references))))

    def _known_rows(self, claimed: Iterable[tuple[int, str]] = ()) -> KnownRows:
        """The known rows of the loaded days, as they stand in the inbox."""
        return KnownRows(self._load_known(self._days_since(self._known_from)), claimed)

    def _days_since(self, day: date | None) -> SQL:
        """Rows from that day on; pending ones of any day, because they go when the bank does not send them."""
        return SQL("(booking_date >= %s OR state = 'pending')", day) if day else SQL("TRUE")

    def _load_known(self, condition: SQL) -> Iterator[KnownRow]:
        # In SQL: a fetch that brings nothing new reads tens of thousands of rows, of which the ORM would make records.
        self._inbox.flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT id, fingerprint, occurrence, booking_date, state, reference, former_references,"
                " contested_reference FROM sync_bank_transaction WHERE account_id = %s AND %s",
                self._account.id,
                condition,
            )
        )
        for row_id, digest, occurrence, day, state, reference, former, contested in self.env.cr.fetchall():
            references = (*([reference] if reference else ()), *(former or ()))
            yield KnownRow(row_id, digest, occurrence, day, InboxState(state), references, contested or "")
