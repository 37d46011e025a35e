# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import blake2b

from odoo import fields
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.tools import SQL

from ..importer import InboxState, KnownRow, KnownRows, Match, MatchKind, Reason, decide, fingerprint, renumbered
from ..providers.values import Page, RejectedRow, Transaction, TransactionStatus

# Days before the asked period from which known rows are loaded: a bank may move the date of a row.
_MARGIN = timedelta(days=31)


class Landing:
    """Rows of one fetch of one account on their way into the inbox.

    :param asked: first day asked for, None for all
    :param claimed: ids of known rows that earlier slices of this fetch have brought
    """

    def __init__(self, account, run, asked: date | None, claimed: Iterable[int]):
        self.env = account.env
        self._inbox = self.env["sync.bank.transaction"]
        self._account = account
        self._run = run
        self._journal_currency = account._journal_currency()
        self._lock_date = account.journal_id._bank_lock_date()
        self._first = account.date_from or None
        self._currency_ids = {self._journal_currency.name: self._journal_currency.id}
        self._known_from = asked - _MARGIN if asked else None
        self.known = KnownRows(self._load_known(self._known_from, None), claimed)
        self._received = self._new = self._held = 0

    def land(self, page: Page) -> None:
        """Keep the rows of a page that are new, and what changed of the known ones; commits."""
        self._know_older(page.transactions)
        new = []
        for transaction in page.transactions:
            match = self.known.match(transaction, fingerprint(transaction))
            if match.kind is MatchKind.NEW:
                values = self._values(transaction, match)
                if values:
                    new.append(values)
            elif (
                match.kind is MatchKind.CHANGED
                or match.reference
                or match.row.pending is not (transaction.status == TransactionStatus.PENDING)
            ):
                self._update(transaction, match)
        new.extend(filter(None, map(self._rejected_values, page.rejected)))
        new = self._without_known_ids(new)
        self._inbox.create(new)
        received = len(page.transactions) + len(page.rejected)
        held = sum(values["state"] == InboxState.PROPOSED for values in new)
        self._received += received
        self._new += len(new)
        self._held += held
        self._run._count(fetched=received, skipped=held)
        self.env.cr.commit()
        # Tens of thousands of rows may pass through one fetch: only what matching needs stays in memory.
        self._inbox.invalidate_model(flush=False)

    def complete(self, covered: date | None) -> None:
        """All pages have come: recognize rows that the bank gave new ids, let pending ones go that it dropped.

        :param covered: first day that the pages covered, None for all
        """
        unseen = [row for row in self.known.unseen()]
        if not unseen:
            return
        records = {record.id: record for record in self._inbox.browse([row.id for row in unseen])}
        inside = [row for row in unseen if covered is None or records[row.id].booking_date >= covered]
        self._inbox.browse([row.id for row in unseen if row.pending]).unlink()
        arrived = self._inbox.search(
            [("account_id", "=", self._account.id), ("run_id", "=", self._run.id), ("state", "!=", InboxState.BOOKED)]
        )
        pairs = renumbered(
            (row for row in inside if not row.pending),
            (KnownRow(row.id, row.fingerprint, row.occurrence) for row in arrived),
        )
        for known, double in pairs:
            record, newcomer = records[known.id], self._inbox.browse(double.id)
            reference = newcomer.reference
            newcomer.unlink()
            record._adopt_reference(reference)
            self._new -= 1

    def note(self) -> None:
        """Write into the run's log what came."""
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
            self.known.add(self._load_known(oldest, self._known_from))
            self._known_from = oldest

    def _load_known(self, since: date | None, before: date | None) -> list[KnownRow]:
        """Known rows from ``since`` up to, not including, ``before``; pending ones of any day come with the first."""
        # In SQL: a fetch that brings nothing new reads tens of thousands of rows, of which the ORM would make records.
        self._inbox.flush_model()
        days = [SQL("booking_date >= %s", since)] if since else []
        if before:
            days.append(SQL("booking_date < %s", before))
        elif since:
            days = [SQL("(booking_date >= %s OR state = 'pending')", since)]
        self.env.cr.execute(
            SQL(
                "SELECT id, fingerprint, occurrence, reference, former_references, state = 'pending'"
                " FROM sync_bank_transaction WHERE %s",
                SQL(" AND ").join([SQL("account_id = %s", self._account.id), *days]),
            )
        )
        return [
            KnownRow(row_id, digest, occurrence, (*([reference] if reference else ()), *(former or ())), pending)
            for row_id, digest, occurrence, reference, former, pending in self.env.cr.fetchall()
        ]

    def _without_known_ids(self, new: list[dict]) -> list[dict]:
        """Leave out rows whose id is known from days that were not loaded: the bank moved them far."""
        references = [values["reference"] for values in new if values.get("reference")]
        if self._known_from is None or not references:
            return new
        known = set(
            self._inbox.search(
                [("account_id", "=", self._account.id), ("reference", "in", references)]
            ).mapped("reference")
        )
        return [values for values in new if values.get("reference") not in known] if known else new

    # -- New and changed rows ------------------------------------------------------------------------------------------

    def _values(self, transaction: Transaction, match: Match) -> dict | None:
        """What is kept of a new row; None when the bank cancelled it."""
        decision = decide(
            transaction.status,
            transaction.booking_date,
            transaction.currency,
            first=self._first,
            lock_date=self._lock_date,
            journal_currency=self._journal_currency.name,
        )
        if decision is None:
            return None
        return {
            "account_id": self._account.id,
            "connection_id": self._account.connection_id.id,
            "company_id": self._account.company_id.id,
            "run_id": self._run.id,
            "state": str(decision.state),
            "reason": str(decision.reason) if decision.reason else False,
            "reference": match.reference or False,
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
        """A known row came again and is not what it was: booked at last, renamed, or changed by the bank."""
        record = self._inbox.browse(match.row.id)
        reference = match.reference
        if record.state == InboxState.BOOKED:
            if match.kind is MatchKind.CHANGED:
                self._note_changed(record, transaction)
                record.write({"fingerprint": match.fingerprint, "occurrence": match.occurrence})
            record._adopt_reference(reference)
            return
        values = self._values(transaction, match)
        if values is None:
            record.unlink()
            return
        if record.state == InboxState.DISMISSED or (
            record.state == InboxState.PROPOSED and values["state"] == InboxState.TO_BOOK
        ):
            # What a person decided, or must decide, is not decided by the bank's sending it again.
            values.pop("state")
            values.pop("reason")
        values.pop("reference")
        record.write(values)
        record._adopt_reference(reference)
        self._run._count(updated=1)

    def _note_changed(self, record, transaction: Transaction) -> None:
        """Say so when the bank changed what accounting holds; a mere change of wording is not worth a warning."""
        same_money = self._journal_currency.compare_amounts(record.amount, float(transaction.amount)) == 0
        if not same_money or record.booking_date != transaction.booking_date:
            self._run._log(
                "bank_changed",
                "warning",
                record=record,
                account=self._account.display_name,
                date=record.booking_date,
            )

    def _rejected_values(self, row: RejectedRow) -> dict | None:
        """A row that cannot be read is kept as it came, once, for a person to look at."""
        raw = json.dumps(row.raw, default=str, sort_keys=True)
        digest = "!" + blake2b(raw.encode(), digest_size=16).hexdigest()
        if self._inbox.search_count([("account_id", "=", self._account.id), ("fingerprint", "=", digest)]):
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
            "occurrence": 1,
            "booking_date": fields.Date.context_today(self._inbox),
            "amount": 0,
            "currency_id": self._journal_currency.id,
            "raw": _plain(row.raw),
        }

    def _currency_id(self, code: str) -> int:
        """Id of a currency, active or not.

        :raises Fault: of kind ``bad_data`` for one that Odoo does not know
        """
        if code not in self._currency_ids:
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
            if not currency:
                raise Fault(FaultKind.BAD_DATA, detail=f"currency: {code}")
            self._currency_ids[code] = currency.id
        return self._currency_ids[code]


def _plain(raw: dict) -> dict:
    """The bank's record as JSON can hold it; numbers that were read as Decimal become their own text."""
    return json.loads(json.dumps(raw, default=str))
