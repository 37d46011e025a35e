# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from odoo.addons.sync_hub_bank.providers.values import Transaction

from .decision import Decision, InboxState, Reason
from .matching import KnownRow, KnownRows, Match, MatchKind
from .settling import WAY, Verdict, settle


class Finding(StrEnum):
    """What a row of the bank is to a journal, told before anything is written. The values are stored."""

    NEW = "new"  # would be booked
    ASIDE = "aside"  # is new too, but would wait for a person; see the reason
    PENDING = "pending"  # the bank has not booked it
    WAITING = "waiting"  # the inbox has it, the books do not
    DISMISSED = "dismissed"
    BOOKED = "booked"  # the books have it


_BY_STATE = {
    InboxState.PENDING: Finding.PENDING,
    InboxState.TO_BOOK: Finding.WAITING,
    InboxState.PROPOSED: Finding.WAITING,
    InboxState.DISMISSED: Finding.DISMISSED,
    InboxState.BOOKED: Finding.BOOKED,
}
_BY_DECISION = {
    InboxState.PENDING: Finding.PENDING,
    InboxState.TO_BOOK: Finding.NEW,
    InboxState.PROPOSED: Finding.ASIDE,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the bank and what it is.

    ``row`` is the row of the inbox that it is, None for one that is new there. ``bearer`` is an older row that has the
    id of this one: whether the two are one movement depends on their amounts.
    """

    transaction: Transaction
    finding: Finding
    reason: Reason | None = None
    row: KnownRow | None = None
    bearer: KnownRow | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    transaction: Transaction
    decision: Decision
    row: KnownRow
    fresh: bool


class Survey:
    """What a landing would make of the rows of a fetch, page by page, without a landing.

    Rows that are new stand among the known ones under numbers below zero, so that settling sees what it would see.

    :param known: known rows; the survey uses them up
    :param rule: what becomes of a row that is new, see :func:`~.decision.decide`
    """

    def __init__(self, known: KnownRows, rule: Callable[[Transaction], Decision]):
        self._known = known
        self._rule = rule
        self._taken: list[_Taken] = []

    def take(self, arrived: Iterable[tuple[Transaction, Match]]) -> None:
        """Take the rows of a page as they were matched."""
        for transaction, match in arrived:
            if match.kind is MatchKind.REPEATED:
                continue
            decision = self._rule(transaction)
            if match.row is None:
                row = KnownRow(
                    -len(self._taken) - 1,
                    match.fingerprint,
                    match.occurrence,
                    transaction.booking_date,
                    decision.state,
                    (match.reference,) if match.reference else (),
                    match.contested,
                )
                self._known.keep(row, transaction.references[0] if transaction.references else "")
            else:
                row = match.row
            fresh = match.row is None or (
                row.state == InboxState.PENDING and decision.state != InboxState.PENDING
            )
            if fresh and match.row is not None:
                # The bank has booked what was pending.
                self._known.keep(replace(row, state=decision.state))
            self._taken.append(_Taken(transaction, decision, row, fresh))

    def findings(self, covered: date | None, until: date | None = None, *, whole: bool = True) -> Iterator[Found]:
        """What each row is, in the order in which they came; see :func:`~.settling.settle` for the parameters."""
        settled = {}
        for settlement in settle(self._known, covered, until, whole=whole):
            settled[settlement.stays.id] = settlement
            settled[settlement.goes.id] = settlement
        for taken in self._taken:
            settlement = settled.get(taken.row.id)
            if settlement and settlement.verdict is not Verdict.DOUBTFUL:
                pair = (settlement.stays, settlement.goes)
                # The one of the inbox; of two of them the one that is further on its way.
                known = max((row for row in pair if row.id > 0), key=lambda row: WAY.index(row.state))
                yield Found(taken.transaction, _BY_STATE[known.state], row=known)
            elif taken.fresh:
                bearer = settlement.stays if settlement else None
                known = taken.row if taken.row.id > 0 else None
                decision = taken.decision
                yield Found(taken.transaction, _BY_DECISION[decision.state], decision.reason, known, bearer)
            else:
                yield Found(taken.transaction, _BY_STATE[taken.row.state], row=taken.row)
