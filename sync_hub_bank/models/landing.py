# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import blake2b

from odoo import fields
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.tools import format_date

from ..importer import (
    InboxState,
    KnownRow,
    Match,
    MatchKind,
    Reason,
    Settlement,
    Verdict,
    settle,
)
from ..providers.values import Page, RejectedRow, Transaction, TransactionStatus
from .arrival import Arrival


class Landing(Arrival):
    """Rows of one fetch of one account on their way into the inbox.

    :param fetch: the record of this fetch, which counts them
    :param asked: first day asked for, None for all
    :param claimed: rows that earlier slices of this fetch have brought, see :meth:`KnownRows.claimed`
    :param last_page: what :attr:`last_page` was at the end of the slice before
    :param removed: what :attr:`removed` was at the end of the slice before
    :param reading: what :attr:`reading` was at the end of the slice before
    :param reading_before: what :attr:`reading_before` was then
    """

    def __init__(
        self,
        account,
        run,
        fetch,
        asked: date | None,
        claimed: Iterable[tuple[int, str]] = (),
        last_page: str = "",
        removed: Iterable[str] = (),
        reading: str = "",
        reading_before: str = "",
    ):
        super().__init__(account, asked, claimed, last_page, removed)
        self._run = run
        self._fetch = fetch
        # Rows of the inbox that this fetch made, and those that it changed.
        self._created: set[int] = set()
        self._updated: set[int] = set()
        self._rejected: Counter[str] = Counter()
        # New rows whose equal came on an earlier page: two movements, or one that the bank shows on two pages, because
        # it took in another one between them. A bank that gives no ids, or new ones, does not say which. What no
        # earlier slice has handed on is of a reading that was killed or failed: the list may have moved since.
        doubtful = self._inbox.search([("account_id", "=", account.id), ("doubtful", "=", True)])
        brought = dict(self.known.claimed())
        handed_on = doubtful.filtered(lambda row: row.id in brought)
        self.doubtful = set(handed_on.ids)
        self._let_go(doubtful - handed_on)
        # A digest of all rows of this reading in their order, so far, and of the reading before.
        self.reading, self.reading_before = reading, reading_before
        self._came_before = {row.fingerprint for row in self.known.rows() if self.known.has_come(row)}
        self.unreadable = 0
        # The first page of a fetch is the access itself, which the access log knows before it comes.
        self._more_pages = 0 if last_page else -1
        self._received = self._new = self._held = 0

    def land(self, page: Page) -> bool:
        """Keep the rows of a page that are new, and what changed of the known ones; commits what it brings.

        :return: whether the page brought anything that had not come before in this fetch
        """
        self._more_pages += 1
        arrived = self.receive(page)
        if arrived is None:
            return False
        new, matches, repeated, updated = [], [], 0, len(self._updated)
        for transaction, match in arrived.rows:
            if match.kind is MatchKind.REPEATED:
                repeated += 1
            elif match.kind is MatchKind.NEW:
                new.append(self._values(transaction, match))
                matches.append((match, transaction.references[0] if transaction.references else ""))
            elif match.reference or (match.row.state == InboxState.PENDING) is not (
                transaction.status == TransactionStatus.PENDING
            ):
                self._update(transaction, match)
        unreadable = [*filter(None, map(self._rejected_values, arrived.rejected))]
        created = self._inbox.create(new)
        self._inbox.create(unreadable)
        self._created.update(created.ids)
        self.doubtful.update(created.filtered("doubtful").ids)
        for _transaction, match in arrived.rows:
            self._came_before.add(match.fingerprint)
            self.reading = blake2b((self.reading + match.fingerprint).encode(), digest_size=16).hexdigest()
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
        received = len(arrived.rows) + len(arrived.rejected) - repeated
        held = sum(values["state"] == InboxState.PROPOSED for values in (*new, *unreadable))
        self._received += received
        self._new += len(new) + len(unreadable)
        self.unreadable += len(unreadable)
        self._held += held
        self._run._count(fetched=received, skipped=held)
        self._fetch._count(received=received, new=len(new) + len(unreadable))
        if new or unreadable or len(self._updated) > updated:
            # What brought nothing new is worth no commit, after which Odoo reads everything anew.
            self.env.cr.commit()
            # Tens of thousands of rows may pass through one fetch: only what matching needs stays in memory.
            self._inbox.invalidate_model(flush=False)
        return bool(received or page.removed) or not (arrived.rows or arrived.rejected)

    def is_certain(self) -> bool:
        """Whether nothing is in doubt, or two readings brought the same list: then it did not move meanwhile."""
        return not self.doubtful or self.reading == self.reading_before

    def read_again(self) -> None:
        """Give up what is doubtful: the same pages are read once more, and what is there comes again."""
        self.give_up()
        # Earlier slices have counted, too.
        received = self._fetch.received_count
        self._run._count(fetched=-received)
        self._fetch._count(received=-received)
        self._received = 0
        self.known = self._known_rows()
        self.last_page = ""
        self.reading_before, self.reading = self.reading, ""
        self._came_before = set()
        self._rejected.clear()

    def give_up(self) -> int:
        """Let go of what is doubtful.

        :return: how many rows are left to the next reading, or to a next fetch of the same days
        """
        gone, held = self._let_go(self._inbox.browse(self.doubtful).exists())
        self._new, self._held = max(self._new - gone, 0), max(self._held - held, 0)
        self.doubtful = set()
        return gone

    def _let_go(self, doubtful) -> tuple[int, int]:
        """Unlink doubtful rows, unless a person was quicker and has booked one.

        :return: how many went, and how many of them had been held back
        """
        booked = doubtful.filtered(lambda row: row.state == InboxState.BOOKED)
        booked.doubtful = False
        gone = doubtful - booked
        held = 0
        for fetch, rows in gone.grouped("fetch_id").items():
            held_of_fetch = len(rows.filtered(lambda row: row.state == InboxState.PROPOSED))
            fetch._count(new=-len(rows))
            fetch.run_id._count(skipped=-held_of_fetch)
            held += held_of_fetch
        self.known.forget(gone.ids)
        self._created -= set(gone.ids)
        number = len(gone)
        gone.unlink()
        return number, held

    def break_off(self, covered: date | None) -> int:
        """No page will come any more, and the end was not seen: what is certain is kept.

        :param covered: first day that the pages covered, None for all
        :return: how many doubtful rows were let go
        """
        left = self.give_up()
        self.settle(covered)
        self.note()
        return left

    def arrived(self):
        """Rows of the inbox that this fetch made, or that turned from pending to booked."""
        return self._inbox.browse(self._created | self._updated).exists()

    def settle(self, covered: date | None) -> None:
        """Give up rows of the inbox that turned out to be one movement with another.

        :param covered: first day that the pages covered, None for all
        """
        for settlement in [*settle(self.known, covered, whole=TransactionStatus.BOOKED in self.lists)]:
            self._settle(settlement)

    def complete(self, covered: date | None) -> None:
        """All pages have come: settle what they brought, and let rows go that the bank dropped or took back.

        :param covered: first day that the pages covered, None for all
        """
        self._inbox.browse(self.doubtful).exists().doubtful = False
        self.settle(covered)
        if TransactionStatus.PENDING in self.lists:
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

    # -- New and changed rows ------------------------------------------------------------------------------------------

    def _values(self, transaction: Transaction, match: Match) -> dict:
        """What is kept of a new row."""
        decision = self.decide(transaction)
        return {
            "account_id": self._account.id,
            "connection_id": self._account.connection_id.id,
            "company_id": self._account.company_id.id,
            "run_id": self._run.id,
            "fetch_id": self._fetch.id,
            "state": str(decision.state),
            "reason": str(decision.reason) if decision.reason else False,
            "reference": match.reference or False,
            "contested_reference": match.contested or False,
            "fingerprint": match.fingerprint,
            "occurrence": match.occurrence,
            "doubtful": match.fingerprint in self._came_before,
            "booking_date": transaction.booking_date,
            "value_date": transaction.value_date,
            "transaction_date": transaction.transaction_date,
            "amount": transaction.amount,
            "currency_id": self.currency_id(transaction.currency),
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
                self.currency_id(transaction.instructed_currency) if transaction.instructed_currency else False
            ),
            "exchange_rate": transaction.exchange_rate or False,
            # As text: a balance of zero says something.
            "balance_after": str(transaction.balance_after) if transaction.balance_after is not None else False,
            "raw": _plain(transaction.raw),
        }

    def _update(self, transaction: Transaction, match: Match) -> None:
        """A known row came again and is not what it was: booked at last, or under another id of the bank."""
        record = self._inbox.browse(match.row.id)
        record._adopt_reference(match.reference)
        if record.state != InboxState.PENDING:
            return
        values = self._values(transaction, match)
        for name in ("reference", "contested_reference", "doubtful"):
            values.pop(name)
        record.write(values)
        self._updated.add(record.id)
        self.known.keep(replace(match.row, state=InboxState(values["state"])))
        self._run._count(updated=1)
        self._fetch._count(updated=1)

    def _settle(self, settlement: Settlement) -> None:
        stays, goes = self._inbox.browse(settlement.stays.id), self._inbox.browse(settlement.goes.id)
        if settlement.verdict is Verdict.DOUBTFUL:
            self._doubt(stays, goes)
            return
        if goes.id in self._created:
            self._new -= 1
            self._fetch._count(new=-1)
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
            self._fetch._count(updated=1)

    def _doubt(self, older, row) -> None:
        """A row with the id and the amount of one that is older than the fetched days: a person decides."""
        if self.is_equal_money(older, row.amount):
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
            "fetch_id": self._fetch.id,
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


def _plain(raw: dict) -> dict:
    """The bank's record as JSON can hold it; numbers that were read as Decimal become their own text."""
    return json.loads(json.dumps(raw, default=str))
