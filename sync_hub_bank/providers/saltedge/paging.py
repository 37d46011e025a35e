# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a fetch of transactions goes on, and where the next one begins. No I/O.

Salt Edge lists transactions in the order of their numbers, beginning with ``from_id``; a page names the first number of
the next one. There is no list of changes and no filter by day. Whether pending and duplicated rows stand in the
ordinary list or only in one of their own is not documented: each fetch reads three lists, see :data:`LISTINGS`.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import Transaction, TransactionStatus
from .parse import text_of

PENDING, POSTED, DUPLICATED = "pending", "posted", "duplicated"
# In the order in which they are read, with the filter of each.
LISTINGS: dict[str, dict[str, str]] = {PENDING: {"pending": "true"}, POSTED: {}, DUPLICATED: {"duplicated": "true"}}


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a complete fetch leaves: rows of the day ``since`` and later have a higher number than ``from_id``.

    Whether a list begins with ``from_id`` or after it is not documented; so it is the number of a row that is not
    needed again, or empty for the very beginning. ``account`` is the one it was made for: after a new connection,
    numbers begin anew.
    """

    account: str
    from_id: str
    since: str

    def covers(self, account: str, day: date | None) -> bool:
        """Whether a fetch may begin here; ``day`` is the first that is wanted (None: what is new)."""
        return self.account == account and (day is None or day.isoformat() >= self.since)

    def to_text(self) -> str:
        """For the caller to keep."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Cursor | None":
        """The inverse; None for what is no cursor of ours: the fetch then begins at the beginning."""
        with suppress(ValueError, TypeError, RecursionError):
            cursor = cls(**json.loads(text))
            date.fromisoformat(cursor.since)
            if isinstance(cursor.account, str) and isinstance(cursor.from_id, str):
                return cursor
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fetch stands between two pages.

    ``begin`` and ``since`` are those of the cursor that it began with. ``waiting`` is the number of the oldest pending
    row, which may keep it when it is booked. ``before`` is the number of the last row that is not needed again,
    ``recent`` whether the first one that is has come. ``pending_apart``: the list of pending rows was given, so that
    they are not taken from the ordinary one as well.
    """

    listing: str = PENDING
    from_id: str = ""
    begin: str = ""
    since: str = ""
    waiting: str = ""
    before: str = ""
    recent: bool = False
    pending_apart: bool = True

    def wants(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is to be taken from this list: each must come once in a fetch."""
        if row.get("status") == PENDING:
            return self.listing == PENDING or not self.pending_apart
        return self.listing == POSTED

    def seen(self, transactions: Iterable[Transaction], recent_since: date) -> "Place":
        """The place after these rows of its list. Needed again are those of the last days, and all from the oldest
        pending one on."""
        waiting, before, recent = self.waiting, self.before, self.recent
        for transaction in transactions:
            pending = transaction.status is TransactionStatus.PENDING
            number = next(iter(transaction.references), "")
            if self.listing == PENDING and pending:
                waiting = waiting or number
            elif self.listing == POSTED:
                recent = recent or pending or transaction.booking_date >= recent_since or _reaches(number, waiting)
                before = before if recent else number or before
        return replace(self, waiting=waiting, before=before, recent=recent)

    def following(self, next_id: str) -> "Place | None":
        """The place of the next page: in this list, or at the beginning of the next one; None at the end."""
        if next_id:
            return replace(self, from_id=next_id)
        names = list(LISTINGS)
        position = names.index(self.listing) + 1
        if position == len(names):
            return None
        return replace(self, listing=names[position], from_id=self.begin)

    def cursor(self, account: str, recent_since: date) -> Cursor:
        """What the fetch leaves at its end."""
        return Cursor(account, self.before or self.begin, recent_since.isoformat())

    def to_text(self) -> str:
        """For the continuation of a page."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Place":
        """The inverse. Raises ``Fault`` BAD_DATA for what is no continuation of ours."""
        with suppress(ValueError, TypeError, RecursionError):
            values = json.loads(text)
            place = cls(**values)
            if place.since:
                date.fromisoformat(place.since)
            empty = asdict(cls())
            whole = values.keys() == empty.keys()
            if whole and place.listing in LISTINGS and all(type(values[name]) is type(empty[name]) for name in empty):
                return place
        raise Fault(FaultKind.BAD_DATA, detail="a continuation that is not of this provider")


def _reaches(number: str, waiting: str) -> bool:
    return number.isdecimal() and waiting.isdecimal() and int(number) >= int(waiting)


def next_id(meta: Any, from_id: str) -> str:
    """Where the next page begins; empty when this one was the last.

    A number that does not grow is the end: the service names the same page again.

    >>> next_id({"next_id": "12"}, "9"), next_id({"next_id": "9"}, "12"), next_id({"next_id": None}, "")
    ('12', '', '')
    >>> next_id({"next_page": "/api/v6/transactions?connection_id=1&from_id=40"}, "")
    '40'
    """
    if not isinstance(meta, Mapping):
        return ""
    found = text_of(meta.get("next_id"))
    if not found:
        query = parse_qs(urlsplit(text_of(meta.get("next_page"))).query)
        found = next(iter(query.get("from_id", ())), "")
    if found.isdecimal() and from_id.isdecimal():
        return found if int(found) > int(from_id) else ""
    return found if found != from_id else ""
