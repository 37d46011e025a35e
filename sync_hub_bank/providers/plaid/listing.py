# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date

from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import Transaction, TransactionQuery
from .const import ERROR_MUTATION, MOST_RESTARTS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fetch stands in the changes of an account: all that a continuation has to carry.

    :param start: cursor with which the fetch began; empty for all that there is
    :param cursor: cursor of the next page
    :param restarts: how often it began anew, because rows changed while it was under way
    :param first: ISO date; rows before it are left out of a fetch without a cursor
    :param last: ISO date; the same for rows after it
    """

    start: str = ""
    cursor: str = ""
    restarts: int = 0
    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, query: TransactionQuery) -> "Place":
        """Where ``query`` wants to read. Raises ``Fault`` BAD_DATA for a continuation that is not of this provider."""
        if query.continuation:
            return cls._unpacked(query.continuation)
        if query.cursor:
            # What changed since is wanted whatever its day: a row of long ago may have been taken back.
            return cls(query.cursor, query.cursor)
        first, last = (day.isoformat() if day else "" for day in (query.date_from, query.date_to))
        return cls(first=first, last=last)

    def after(self, cursor: str) -> "Place":
        """The place of the page that follows."""
        return Place(self.start, cursor, self.restarts, self.first, self.last)

    def again(self) -> "Place":
        """The beginning of the fetch, once more. Raises ``Fault`` PROVIDER_DOWN when that was done too often."""
        if self.restarts >= MOST_RESTARTS:
            said = "the transactions change faster than they can be read"
            raise Fault(FaultKind.PROVIDER_DOWN, provider_code=ERROR_MUTATION, detail=said)
        return Place(self.start, self.start, self.restarts + 1, self.first, self.last)

    def packed(self) -> str:
        """As the text of a continuation. The count of restarts makes each text new: a repeated one ends a fetch."""
        return json.dumps(list(asdict(self).values()))

    def holds(self, row: Transaction) -> bool:
        """Whether the row lies in the days that were asked for."""
        day = row.booking_date.isoformat()
        return (not self.first or day >= self.first) and (not self.last or day <= self.last)

    @classmethod
    def _unpacked(cls, continuation: str) -> "Place":
        with suppress(ValueError, TypeError, RecursionError):
            start, cursor, restarts, first, last = json.loads(continuation)
            for day in filter(None, (first, last)):
                date.fromisoformat(day)
            if all(isinstance(part, str) for part in (start, cursor, first, last)) and restarts.__class__ is int:
                return cls(start, cursor, restarts, first, last)
        raise Fault(FaultKind.BAD_DATA, detail="a continuation that is not of this provider")
