# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from odoo.addons.sync_hub_bank.providers.values import Transaction, TransactionStatus

from .decision import InboxState


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row of the inbox, as much of it as matching needs.

    ``references`` holds former ids of the bank too. ``contested`` is an id that the bank gave this row although
    another one bears it.
    """

    id: int
    fingerprint: str
    occurrence: int
    day: date
    state: InboxState
    references: tuple[str, ...] = ()
    contested: str = ""


class MatchKind(Enum):
    NEW = "new"
    SAME = "same"
    # The row came before in this fetch: pages overlap when the bank books while it is being read.
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Match:
    """What a received row is.

    ``row`` is the known one, None for NEW; ``reference`` is free to be kept with it; ``contested`` belongs to
    another row.
    """

    kind: MatchKind
    row: KnownRow | None
    fingerprint: str
    occurrence: int
    reference: str = ""
    contested: str = ""


class KnownRows:
    """The rows of one account that are known, matched one by one against the rows of one fetch.

    Within a fetch a known row answers for one received row only, whatever the order of pages, so that equal rows are
    counted right. A received row is known when the bank's id and the content agree, or when the content agrees and
    one of the two has no id. Anything weaker is new for the moment: whether the bank gave an old row a new id, or a
    new content, can be told only when the whole fetch has come (:func:`~.settling.settle`).

    An id that the bank gives to two different rows stays with the first; the other lives by its content.

    :param rows: known rows of the days that are asked for
    :param claimed: those that earlier slices of this fetch have brought, with the bank's id under which each came
        (empty for none); see :meth:`claimed`
    """

    def __init__(self, rows: Iterable[KnownRow] = (), claimed: Mapping[int, str] | Iterable[tuple[int, str]] = ()):
        self._rows: dict[int, KnownRow] = {}
        self._by_reference: dict[str, KnownRow] = {}
        self._by_fingerprint: dict[str, list[KnownRow]] = defaultdict(list)
        self._last_occurrence: dict[str, int] = defaultdict(int)
        self._claimed: dict[int, str] = dict(claimed)
        self._given: set[str] = set()
        # What came under each id in this fetch, how often on one page at most, and under which ids different rows.
        self._content: dict[str, str] = {}
        self._came: dict[tuple[str, str], int] = {}
        self._page: Counter[tuple[str, str]] = Counter()
        self._shared: set[str] = set()
        self.add(rows)

    def add(self, rows: Iterable[KnownRow]) -> None:
        """Know more rows: the bank sent days, or ids of days, that were not asked for."""
        for row in rows:
            if row.id in self._rows:
                continue
            self._rows[row.id] = row
            for reference in row.references:
                self._by_reference.setdefault(reference, row)
            if came_under := self._claimed.get(row.id):
                self._note_content(came_under, row.fingerprint)
                self._came[came_under, row.fingerprint] = self._came.get((came_under, row.fingerprint), 0) + 1
            self._by_fingerprint[row.fingerprint].append(row)
            if row.occurrence > self._last_occurrence[row.fingerprint]:
                self._last_occurrence[row.fingerprint] = row.occurrence

    def keep(self, row: KnownRow, came_under: str = "") -> None:
        """Know a row that this fetch brought: it is not to be matched by another one of it.

        :param came_under: the first id under which the bank sent it, if it is a new one
        """
        self._rows[row.id] = row
        self._claimed.setdefault(row.id, came_under)

    def forget(self, row_ids: Iterable[int]) -> None:
        """Know rows no longer, which this fetch brought and nobody keeps."""
        for row_id in row_ids:
            self._claimed.pop(row_id, None)
            row = self._rows.pop(row_id, None)
            if row is None:
                continue
            alike = self._by_fingerprint.get(row.fingerprint, [])
            alike[:] = [other for other in alike if other.id != row_id]
            for reference in row.references:
                # The id is unknown where the row came in this very fetch, and another row's where two share it.
                named = self._by_reference.get(reference)
                if named and named.id == row_id:
                    del self._by_reference[reference]

    def next_page(self) -> None:
        """Another page begins: what came on the pages before may be repeated on it."""
        for key, times in self._page.items():
            if times > self._came.get(key, 0):
                self._came[key] = times
        self._page.clear()

    def unknown_references(self, transactions: Iterable[Transaction]) -> set[str]:
        """Ids of received rows that no known row bears; it may be one of a day that was not loaded."""
        return {
            reference
            for transaction in transactions
            for reference in transaction.references
            if reference not in self._by_reference and reference not in self._given
        }

    def match(self, transaction: Transaction, digest: str) -> Match:
        """Say what a received row is, and remember that its known row has been seen.

        :param digest: the row's :func:`~.identity.fingerprint`
        """
        came_under = transaction.references[0] if transaction.references else ""
        if came_under and self._came_before(came_under, digest):
            return Match(MatchKind.REPEATED, None, digest, 0)
        pending = transaction.status == TransactionStatus.PENDING
        claimed = self._claimed
        named = None
        free = contested = ""
        for reference in transaction.references:
            row = self._by_reference.get(reference)
            if row is None and reference not in self._given:
                free = free or reference
                continue
            contested = contested or reference
            if row is not None and row.id not in claimed and row.fingerprint == digest:
                named = named or row
        if free:
            # Whatever the row turns out to be, it takes the id: no other row of this fetch may bear it.
            self._given.add(free)
        if named is not None:
            if pending and named.state != InboxState.PENDING:
                # Some banks list the pending row beside the booked one for a while: the booked one is still to come.
                return Match(MatchKind.REPEATED, named, digest, named.occurrence)
            claimed[named.id] = came_under
            return Match(MatchKind.SAME, named, digest, named.occurrence, free)
        row = self._alike(digest, bool(transaction.references), pending)
        if row is not None:
            claimed[row.id] = came_under
            return Match(MatchKind.SAME, row, digest, row.occurrence, free)
        self._last_occurrence[digest] += 1
        return Match(MatchKind.NEW, None, digest, self._last_occurrence[digest], free, contested)

    def rows(self) -> Iterable[KnownRow]:
        """All rows, those that this fetch brought included."""
        return self._rows.values()

    def bearer(self, reference: str) -> KnownRow | None:
        """The row that bears an id, now or formerly."""
        return self._by_reference.get(reference)

    def has_come(self, row: KnownRow) -> bool:
        """Whether the fetch has brought a row, so far."""
        return row.id in self._claimed

    def claimed(self) -> list[tuple[int, str]]:
        """All rows that the fetch has brought, and the id under which each came: to go on after a pause."""
        return sorted(self._claimed.items())

    def _came_before(self, reference: str, digest: str) -> bool:
        """Whether the same row came on an earlier page. Under an id that different rows share, that cannot be told."""
        self._note_content(reference, digest)
        key = (reference, digest)
        self._page[key] += 1
        return self._page[key] <= self._came.get(key, 0) and reference not in self._shared

    def _note_content(self, reference: str, digest: str) -> None:
        if self._content.setdefault(reference, digest) != digest:
            self._shared.add(reference)

    def _alike(self, digest: str, has_id: bool, pending: bool) -> KnownRow | None:
        """A known row of that content that has not come, if one of the two has no id: booked ones come first."""
        waiting = None
        for row in self._by_fingerprint.get(digest, ()):
            if row.id in self._claimed or (has_id and row.references):
                continue
            if (row.state == InboxState.PENDING) is pending:
                return row
            waiting = waiting or row
        # A booked row answers for the pending one that it was; a pending row never for a booked one.
        return None if pending else waiting
