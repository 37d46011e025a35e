# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from odoo.addons.sync_hub_bank.providers.values import Transaction


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row of the inbox, as much of it as matching needs. ``references`` holds former ids of the bank too."""

    id: int
    fingerprint: str
    occurrence: int
    references: tuple[str, ...] = ()
    pending: bool = False


class MatchKind(Enum):
    NEW = "new"
    SAME = "same"
    # The bank's id is known but day, amount or text differ from what is kept.
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Match:
    """What a received row is. ``row`` is the known one, None for NEW; ``reference`` is free to be kept with it."""

    kind: MatchKind
    row: KnownRow | None
    fingerprint: str
    occurrence: int
    reference: str = ""


class KnownRows:
    """The rows of one account that are known, matched one by one against the rows of one fetch.

    Within a fetch a known row answers for one received row only, whatever the order of pages, so that equal rows are
    counted right. The strongest evidence comes first:

    1. the bank's id and the content agree;
    2. the content agrees (banks leave ids out, or change them);
    3. the bank's id agrees and the content changed;
    4. otherwise the row is new.

    An id that the bank gives to two different rows of one fetch stays with the first; the other lives by its content.
    """

    def __init__(self, rows: Iterable[KnownRow], claimed: Iterable[int] = ()):
        self._by_reference: dict[str, KnownRow] = {}
        self._by_fingerprint: dict[str, list[KnownRow]] = defaultdict(list)
        self._last_occurrence: dict[str, int] = defaultdict(int)
        self._claimed = set(claimed)
        self._given: set[str] = set()
        self._rows: list[KnownRow] = []
        self.add(rows)

    def add(self, rows: Iterable[KnownRow]) -> None:
        """Know more rows: the bank sent days that were not asked for."""
        for row in rows:
            self._rows.append(row)
            for reference in row.references:
                self._by_reference[reference] = row
            self._by_fingerprint[row.fingerprint].append(row)
            if row.occurrence > self._last_occurrence[row.fingerprint]:
                self._last_occurrence[row.fingerprint] = row.occurrence

    def match(self, transaction: Transaction, digest: str) -> Match:
        """Say what a received row is, and remember that its known row has been seen.

        :param digest: the row's :func:`~.identity.fingerprint`
        """
        claimed = self._claimed
        named = None
        free = ""
        for reference in transaction.references:
            row = self._by_reference.get(reference)
            if row is None:
                if reference not in self._given:
                    free = free or reference
            elif row.id not in claimed:
                named = named or row
        if named is not None and named.fingerprint == digest:
            claimed.add(named.id)
            return Match(MatchKind.SAME, named, digest, named.occurrence, free)
        alike = self._unclaimed(digest)
        # A known row that has the same content under another id may still be named later in this fetch: it is left
        # for ``renumbered`` to decide when the whole fetch is known.
        row = next((row for row in alike if not row.references or not transaction.references), None)
        if row is not None:
            claimed.add(row.id)
            return Match(MatchKind.SAME, row, digest, row.occurrence, free)
        if named is not None:
            claimed.add(named.id)
            return Match(MatchKind.CHANGED, named, digest, self._next_occurrence(named, digest), free)
        self._last_occurrence[digest] += 1
        if free:
            self._given.add(free)
        return Match(MatchKind.NEW, None, digest, self._last_occurrence[digest], free)

    def unseen(self) -> Iterator[KnownRow]:
        """Known rows that the fetch has not brought, so far."""
        return (row for row in self._rows if row.id not in self._claimed)

    def claimed(self) -> list[int]:
        """Ids of known rows that the fetch has brought, to go on after a pause."""
        return sorted(self._claimed)

    def _unclaimed(self, digest: str) -> list[KnownRow]:
        found = self._by_fingerprint.get(digest)
        return [row for row in found if row.id not in self._claimed] if found else []

    def _next_occurrence(self, row: KnownRow, digest: str) -> int:
        if row.fingerprint == digest:
            return row.occurrence
        self._last_occurrence[digest] += 1
        return self._last_occurrence[digest]


def renumbered(unseen: Iterable[KnownRow], arrived: Iterable[KnownRow]) -> list[tuple[KnownRow, KnownRow]]:
    """Pairs (known, arrived) of rows that are one movement under two ids of the bank.

    To be asked when a fetch is complete: a known row that the bank no longer names, and an arrived one of the same
    content that was new, are the same movement. Each row is in one pair at most.

    :param unseen: known rows inside the period that the fetch covered
    :param arrived: rows that this fetch brought as new and that are not booked yet
    """
    by_fingerprint: dict[str, list[KnownRow]] = defaultdict(list)
    for row in unseen:
        if not row.pending:
            by_fingerprint[row.fingerprint].append(row)
    pairs = []
    for row in sorted(arrived, key=lambda row: row.occurrence):
        if candidates := by_fingerprint.get(row.fingerprint):
            pairs.append((candidates.pop(0), row))
    return pairs
