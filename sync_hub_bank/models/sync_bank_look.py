# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.connection_lock import connection_lock
from odoo.exceptions import UserError

from ..importer import Finding, Found, InboxState, Likeness, Reason, Survey
from ..providers.values import AttendedUser, Page, Transaction, TransactionQuery, TransactionStatus
from .arrival import Arrival
from .landing import Landing
from .sync_bank_import import MOST_PAGES


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the bank has of an account, and what each row of it is here.

    ``covered`` is the first day that the bank gave, None where it does not say.
    """

    found: tuple[Found, ...]
    covered: date | None
    unreadable: int
    removed: int


class SyncBankLook(models.AbstractModel):
    """A look at the bank while the user waits: asks, compares with the inbox, and writes nothing.

    What it says is what a fetch would do, because it is told by the same code: :class:`~.arrival.Arrival`.
    """

    _name = "sync.bank.look"
    _description = "Look at the Bank"

    @api.model
    def _look(self, account, date_from: date | None, date_to: date | None = None, cursor: str = "") -> Outlook:
        """Ask the bank for all rows of some days; ends the transaction before each call.

        :param cursor: where the last complete fetch ended, for what the next one would bring; empty for all rows
        :raises Fault: as the service says it
        :raises UserError: when the bank cannot be asked now
        """
        connection = account.connection_id
        arrival = Arrival(account, date_from)
        survey = Survey(arrival.known, arrival.decide)
        query = TransactionQuery(
            account.uid, date_from=date_from, date_to=date_to, cursor=cursor, attended=self._attended(connection)
        )
        covered, unreadable, pages = date_from, 0, 0
        passed = {""}
        self.env["sync.bank.audit"]._record_access(account, "transactions")
        with connection.provider_id._ask(connection) as adapter:
            session = connection._session()
            while True:
                # Nothing of ours is open while the bank is waited for.
                self.env.cr.commit()
                page = adapter.transactions(session, query)
                arrived = arrival.receive(page)
                if arrived is None:
                    raise self._endless()
                survey.take(arrived.rows)
                unreadable += len(arrived.rejected)
                covered = page.date_from or covered
                pages += 1
                if not page.continuation:
                    break
                if page.continuation in passed or pages > MOST_PAGES:
                    raise self._endless()
                passed.add(page.continuation)
                query = replace(query, continuation=page.continuation)
        self.env["sync.bank.audit"]._record_pages(account, None, pages - 1)
        whole = TransactionStatus.BOOKED in arrival.lists
        found = self._with_doubts(arrival, [*survey.findings(covered, date_to, whole=whole)])
        found = self._with_deleted(found)
        inside = (
            row
            for row in self._with_twins(account, found)
            if not (date_to and row.transaction.booking_date > date_to)
            and not (date_from and not cursor and row.transaction.booking_date < date_from)
        )
        return Outlook(tuple(inside), covered, unreadable, len(arrival.removed))

    @api.model
    @contextlib.contextmanager
    def _alone(self, connection):
        """Nobody else works on a connection meanwhile.

        :raises UserError: when somebody does, or the bank cannot be asked now
        """
        connection._check_can_sync()
        busy = self.env._("A synchronization is going on. Wait until it has ended, then try again.")
        with connection_lock(connection) as taken:
            if not taken:
                raise UserError(busy)
            yield

    @api.model
    def _attended(self, connection) -> AttendedUser | None:
        """The user who waits, as the bank wants to know."""
        present = connection._attended_user()
        return present and AttendedUser(**present, required_headers=connection._institution().attended_headers)

    @api.model
    def _endless(self) -> Fault:
        return Fault(FaultKind.BAD_DATA, detail=self.env._("The bank repeats the same page for ever."))

    # -- What only the database can tell ---------------------------------------------------------------------------

    @api.model
    def _with_doubts(self, arrival: Arrival, found: Sequence[Found]) -> list[Found]:
        """A row with the id and the amount of one of other days would wait for a person."""
        Inbox = self.env["sync.bank.transaction"]
        return [
            replace(row, finding=Finding.ASIDE, reason=Reason.IN_JOURNAL)
            if row.bearer and arrival.is_equal_money(Inbox.browse(row.bearer.id), row.transaction.amount)
            else row
            for row in found
        ]

    @api.model
    def _with_deleted(self, found: Sequence[Found]) -> list[Found]:
        """What was booked and has no line any more is not in the books: somebody deleted it."""
        booked = [row.row.id for row in found if row.finding is Finding.BOOKED]
        deleted = self.env["sync.bank.transaction"].search(
            # A line may have gone over to the movement that the same account sent through another service.
            [("id", "in", booked), ("statement_line_ids", "=", False), ("replaced_by_id", "=", False)]
        )
        gone = set(deleted.ids)
        return [
            replace(row, finding=Finding.DISMISSED) if row.finding is Finding.BOOKED and row.row.id in gone else row
            for row in found
        ]

    @api.model
    def _with_twins(self, account, found: Sequence[Found]) -> list[Found]:
        """What the journal has from elsewhere would be linked, or wait where that is not sure."""
        new = [number for number, row in enumerate(found) if row.finding is Finding.NEW]
        rows = [found[number].transaction for number in new]
        told = [*found]
        for number, likeness in self.env["sync.bank.recognition"]._foresee(account, rows).items():
            row = found[new[number]]
            sure = likeness is Likeness.SAME
            told[new[number]] = (
                replace(row, finding=Finding.BOOKED)
                if sure
                else replace(row, finding=Finding.ASIDE, reason=Reason.IN_JOURNAL)
            )
        return told

    # -- Import what was found ---------------------------------------------------------------------------------------

    @api.model
    def _import_found(self, account, chosen: Sequence[Transaction], beside: Sequence[Transaction]):
        """Land rows that a look found and book them, as a fetch does; cursor and last day of the account stay; commits.

        :param beside: rows of the same content that are known already, without which equal rows are counted wrong
        :return: the rows of the inbox that were new
        """
        connection = account.connection_id
        with self._alone(connection):
            # Whoever may book movements may let the engine keep what the bank said just now, and its log.
            engine = account.sudo()
            run = self._log_of_import(connection)
            transactions = (*beside, *chosen)
            fetch = engine.env["sync.bank.fetch"]._begin(engine, run)
            landing = Landing(engine, run, fetch, min(row.booking_date for row in transactions))
            landing.land(Page(transactions))
            landing.note()
            rows = self.env["sync.bank.transaction"].browse(landing.arrived().ids)
            # The user chose them, whatever the first day of automatic fetches is.
            rows.filtered(lambda row: row.reason == Reason.BEFORE_START).write(
                {"state": InboxState.TO_BOOK, "reason": False}
            )
            self.env["sync.bank.booking"]._book_waiting(account, run, math.inf, fetch)
            fetch._end()
            run.write({"outcome": run._outcome_by_counts(), "date_end": fields.Datetime.now()})
        return rows.exists()

    @api.model
    def _log_of_import(self, connection):
        """A run that tells what came, finished from the beginning: nobody is to go on with it."""
        now = fields.Datetime.now()
        # The log of what this user has just imported; nobody writes runs by hand.
        return (
            self.env["sync.run"]
            .sudo()
            .create(
                {
                    "service_id": connection._sync_service().id,
                    "company_id": connection.company_id.id,
                    "connection_id": connection.id,
                    "trigger": "manual",
                    "user_id": self.env.uid,
                    "state": "finished",
                    "outcome": "nothing_new",
                    "date_start": now,
                    "date_end": now,
                }
            )
        )
