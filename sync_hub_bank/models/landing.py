# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b

from odoo import fields
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.tools import SQL, format_date

from ..importer import (
    InboxState,
    KnownRow,
    KnownRows,
    Match,
    MatchKind,
    Reason,
    Settlement,
    Verdict,
    decide,
    fingerprint,
    settle,
)
from ..providers.values import EVERY_STATUS, Page, RejectedRow, Transaction, TransactionStatus

# Days before the asked period from which known rows are loaded: a bank may move the date of a row.
_MARGIN = timedelta(days=31)


class Landing:
    """Rows of one fetch of one account on their way into the inbox.

    :param asked: first day asked for, None for all
    :param claimed: rows that earlier slices of this fetch have brought, see :meth:`KnownRows.claimed`
    :param last_page: what :attr:`last_page` was at the end of the slice before
    :param removed: what :attr:`removed` was at the end of the slice before
    """

    def __init__(
        self,
        account,
        run,
        asked: date | None,
        claimed: Iterable[tuple[int, str]] = (),
        last_page: str = "",
        removed: Iterable[str] = (),
    ):
        self.env = account.env
        self._inbox = self.env["sync.bank.transaction"]
        self._account = account
        self._run = run
        self._journal_currency = account._journal_currency()
        self._lock_date = account.journal_id._bank_lock_date()
        self._first = account.date_from or None
        self._currency_ids = {self._journal_currency.name: self._journal_currency.id}
        self._known_from = asked - _MARGIN if asked else None
        self.known = KnownRows(self._load_known(self._days_since(self._known_from)), claimed)
        self._created: set[int] = set()
        self._rejected: Counter[str] = Counter()
        # A digest of the page that was landed last: some banks give it out again and again.
        self.last_page = last_page
        # Ids of rows that the bank has taken back, and the statuses of which the fetch brings every row.
        self.removed = set(removed)
        self._lists = EVERY_STATUS
        self.unreadable = 0
        # The first page of a fetch is the access itself, which the access log knows before it comes.
        self._more_pages = 0 if last_page else -1
        self._received = self._new = self._held = 0

    def land(self, page: Page) -> bool:
        """Keep the rows of a page that are new, and what changed of the known ones; commits.

        :return: whether the page brought anything that had not come before in this fetch
        """
        self.removed.update(page.removed)
        self._lists = page.lists
        self._more_pages += 1
        transactions, rejected = self._sort_out(page)
        digests = [fingerprint(transaction) for transaction in transactions]
        if self._is_repeated(transactions, digests):
            return False
        self._know_older(transactions)
        self._know_ids(transactions)
        self.known.next_page()
        new, matches, repeated = [], [], 0
        for transaction, digest in zip(transactions, digests, strict=True):
            match = self.known.match(transaction, digest)
            if match.kind is MatchKind.REPEATED:
                repeated += 1
            elif match.kind is MatchKind.NEW:
                new.append(self._values(transaction, match))
                matches.append((match, transaction.references[0] if transaction.references else ""))
            elif match.reference or (match.row.state == InboxState.PENDING) is not (
                transaction.status == TransactionStatus.PENDING
            ):
                self._update(transaction, match)
        unreadable = [*filter(None, map(self._rejected_values, rejected))]
        created = self._inbox.create(new)
        self._inbox.create(unreadable)
        self._created.update(created.ids)
        for row_id, values, (match, came_under) in zip(created.ids, new, matches, strict=True):
            row = KnownRow(
                row_id,
                match.fingerprint,
                match.occurrence,
                values["booking_date"],
                InboxState(values["state"]),
                (match.reference,) if match.reference else (),
                match.contested,
            )
            self.known.keep(row, came_under)
        received = len(transactions) + len(rejected) - repeated
        held = sum(values["state"] == InboxState.PROPOSED for values in (*new, *unreadable))
        self._received += received
        self._new += len(new) + len(unreadable)
        self.unreadable += len(unreadable)
        self._held += held
        self._run._count(fetched=received, skipped=held)
        self.env.cr.commit()
        # Tens of thousands of rows may pass through one fetch: only what matching needs stays in memory.
        self._inbox.invalidate_model(flush=False)
        return bool(received or page.removed) or not (transactions or rejected)

    def _is_repeated(self, transactions: Sequence[Transaction], digests: Sequence[str]) -> bool:
        """Whether the page is the one before once more. Two pages of one row may be two equal rows without an id."""
        references = [transaction.references for transaction in transactions]
        content = repr((references, digests)).encode() if transactions else b""
        before, self.last_page = self.last_page, blake2b(content, digest_size=16).hexdigest()
        return self.last_page == before and (len(transactions) > 1 or any(references))

    def settle(self, covered: date | None) -> None:
        """Give up rows of the inbox that turned out to be one movement with another.

        :param covered: first day that the pages covered, None for all
        """
        for settlement in [*settle(self.known, covered, whole=TransactionStatus.BOOKED in self._lists)]:
            self._settle(settlement)

    def complete(self, covered: date | None) -> None:
        """All pages have come: settle what they brought, and let rows go that the bank dropped or took back.

        :param covered: first day that the pages covered, None for all
        """
        self.settle(covered)
        if TransactionStatus.PENDING in self._lists:
            vanished = [
                row.id for row in self.known.rows() if row.state == InboxState.PENDING and not self.known.has_come(row)
            ]
            self._inbox.browse(vanished).exists().unlink()
        if self.removed:
            self._withdraw()

    def _withdraw(self) -> None:
        """Set rows aside that the bank has taken back; what is in the books stays there until a person decides."""
        # By their present ids: what is taken back of a row that was booked under a new one is only its former self.
        named = [("account_id", "=", self._account.id), ("reference", "in", list(self.removed))]
        for record in self._inbox.search(named, order="booking_date, id"):
            if record.state == InboxState.PENDING:
                record.unlink()
                continue
            if record.reason == Reason.WITHDRAWN:
                continue
            if record.state == InboxState.BOOKED:
                record.reason = Reason.WITHDRAWN
                self._warn("bank_withdrawn", record)
            else:
                record.write({"state": InboxState.DISMISSED, "reason": Reason.WITHDRAWN, "detail": False})
            self._run._count(updated=1)

    def note(self) -> None:
        """Write into the run's log what came, and into the access log with how many pages."""
        self.env["sync.bank.audit"]._record_pages(self._account, self._run, self._more_pages)
        name = self._account.display_name
        self._run._log("bank_fetched", record=self._account, account=name, received=self._received, new=self._new)
        if self._held:
            self._run._log("bank_set_aside", "warning", record=self._account, account=name, count=self._held)

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

    # -- New and changed rows ------------------------------------------------------------------------------------------

    def _values(self, transaction: Transaction, match: Match) -> dict:
        """What is kept of a new row."""
        decision = decide(
            transaction.status,
            transaction.booking_date,
            transaction.currency,
            first=self._first,
            lock_date=self._lock_date,
            journal_currency=self._journal_currency.name,
        )
        return {
            "account_id": self._account.id,
            "connection_id": self._account.connection_id.id,
            "company_id": self._account.company_id.id,
            "run_id": self._run.id,
            "state": str(decision.state),
            "reason": str(decision.reason) if decision.reason else False,
            "reference": match.reference or False,
            "contested_reference": match.contested or False,
            "fingerprint": match.fingerprint,
            "occurrence": match.occurrence,
            "booking_date": transaction.booking_date,
            "value_date": transaction.value_date,
            "transaction_date": transaction.transaction_date,
            "amount": transaction.amount,
            "currency_id": self._currency_id(transaction.currency),
            "counterparty": transaction.counterparty or False,
            "counterparty_account": transaction.counterparty_account or False,
            "counterparty_bic": transaction.counterparty_bic or False,
            "remittance": list(transaction.remittance) or False,
            "creditor_reference": transaction.creditor_reference or False,
            "end_to_end_id": transaction.end_to_end_id or False,
            "transaction_code": transaction.transaction_code or False,
            "transaction_label": transaction.transaction_label or False,
            "instructed_amount": transaction.instructed_amount or False,
            "instructed_currency_id": (
                self._currency_id(transaction.instructed_currency) if transaction.instructed_currency else False
            ),
            "exchange_rate": transaction.exchange_rate or False,
            "raw": _plain(transaction.raw),
        }

    def _update(self, transaction: Transaction, match: Match) -> None:
        """A known row came again and is not what it was: booked at last, or under another id of the bank."""
        record = self._inbox.browse(match.row.id)
        record._adopt_reference(match.reference)
        if record.state != InboxState.PENDING:
            return
        values = self._values(transaction, match)
        for name in ("reference", "contested_reference"):
            values.pop(name)
        record.write(values)
        self.known.keep(replace(match.row, state=InboxState(values["state"])))
        self._run._count(updated=1)

    def _settle(self, settlement: Settlement) -> None:
        stays, goes = self._inbox.browse(settlement.stays.id), self._inbox.browse(settlement.goes.id)
        if settlement.verdict is Verdict.DOUBTFUL:
            self._doubt(stays, goes)
            return
        if goes.id in self._created:
            self._new -= 1
        if settlement.verdict is Verdict.DOUBLE:
            references = goes._all_references()
            newer = self.known.has_come(settlement.goes)
            goes.unlink()
            stays._remember_references(references, newer=newer)
        elif stays.state == InboxState.BOOKED:
            self._note_changed(stays, goes)
            content = {"fingerprint": goes.fingerprint, "occurrence": goes.occurrence}
            goes.unlink()
            stays.write(content)
        else:
            references = stays._all_references()
            if stays.state in (InboxState.DISMISSED, InboxState.PROPOSED):
                # What a person decided, or must decide, is not decided by the bank's sending it again.
                goes.write({"state": stays.state, "reason": stays.reason, "detail": stays.detail})
            stays.unlink()
            goes._remember_references(references, newer=True)
            goes.contested_reference = False
            self._run._count(updated=1)

    def _doubt(self, older, row) -> None:
        """A row with the id and the amount of one that is older than the fetched days: a person decides."""
        if self._journal_currency.compare_amounts(older.amount, row.amount) == 0:
            row.write(
                {
                    "state": InboxState.PROPOSED,
                    "reason": Reason.IN_JOURNAL,
                    "detail": self.env._(
                        "The bank gave it the id of the movement of %s.", format_date(self.env, older.booking_date)
                    ),
                }
            )
            self._held += 1
            self._run._count(skipped=1)

    def _note_changed(self, record, now) -> None:
        """Say so when the bank changed what accounting holds; a mere change of wording is not worth a warning."""
        same_money = self._journal_currency.compare_amounts(record.amount, now.amount) == 0
        if not same_money or record.booking_date != now.booking_date:
            self._warn("bank_changed", record)

    def _warn(self, note: str, record) -> None:
        """Say that the bank has second thoughts about what accounting holds."""
        day = format_date(self.env, record.booking_date)
        self._run._log(note, "warning", record=record, account=self._account.display_name, date=day)

    def _sort_out(self, page: Page) -> tuple[list[Transaction], list[RejectedRow]]:
        """Readable rows, and those that are not: a currency that Odoo does not know is as bad as no currency.

        What the bank cancelled is nothing; if it was pending, it goes with those that do not come.
        """
        transactions, rejected = [], [*page.rejected]
        for transaction in page.transactions:
            if transaction.status == TransactionStatus.CANCELLED:
                continue
            if self._currency_id(transaction.currency):
                transactions.append(transaction)
            else:
                rejected.append(RejectedRow("currency", transaction.currency, transaction.raw))
        return transactions, rejected

    def _rejected_values(self, row: RejectedRow) -> dict | None:
        """A row that cannot be read is kept as it came, once, for a person to look at."""
        raw = json.dumps(row.raw, default=str, sort_keys=True)
        digest = "!" + blake2b(raw.encode(), digest_size=16).hexdigest()
        self._rejected[digest] += 1
        content = [("fingerprint", "=", digest), ("occurrence", "=", self._rejected[digest])]
        if self._inbox.search_count([("account_id", "=", self._account.id), *content]):
            return None
        fault = Fault(FaultKind.BAD_DATA, detail=f"{row.field}: {row.value}"[:200])
        self._run._log_fault(fault, record=self._account)
        return {
            "account_id": self._account.id,
            "connection_id": self._account.connection_id.id,
            "company_id": self._account.company_id.id,
            "run_id": self._run.id,
            "state": str(InboxState.PROPOSED),
            "reason": str(Reason.UNREADABLE),
            "detail": fault.detail,
            "fingerprint": digest,
            "occurrence": self._rejected[digest],
            "booking_date": fields.Date.context_today(self._inbox),
            "amount": 0,
            "currency_id": self._journal_currency.id,
            "raw": _plain(row.raw),
        }

    def _currency_id(self, code: str) -> int | bool:
        """Id of a currency, active or not; False for one that Odoo does not know."""
        if code not in self._currency_ids:
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
            self._currency_ids[code] = currency.id
        return self._currency_ids[code]


def _plain(raw: dict) -> dict:
    """The bank's record as JSON can hold it; numbers that were read as Decimal become their own text."""
    return json.loads(json.dumps(raw, default=str))
