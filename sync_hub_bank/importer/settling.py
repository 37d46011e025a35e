# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from .decision import InboxState
from .matching import KnownRow, KnownRows

# Of two rows that are one movement, the one that is further on its way stays.
WAY = (InboxState.TO_BOOK, InboxState.PROPOSED, InboxState.DISMISSED, InboxState.BOOKED)


class Verdict(Enum):
    # One movement under two ids of the bank: ``stays`` is kept.
    DOUBLE = "double"
    # The bank changed day, amount or text of ``stays``; ``goes`` holds what it says now.
    CHANGED = "changed"
    # ``goes`` has the id of ``stays``, which lies outside the fetched days: only a person can tell.
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Settlement:
    verdict: Verdict
    stays: KnownRow
    goes: KnownRow


def settle(
    known: KnownRows, covered: date | None, until: date | None = None, *, whole: bool = True
) -> Iterator[Settlement]:
    """What can be told only when a whole fetch has come: which rows of the inbox are one and the same movement.

    The bank's list is the measure: of each content there are as many rows as the fetch brought. A row that it did
    not bring any more is the one that came in its place under another id, or with the same id and another content.
    Rows that are booked already are never given up.

    :param known: all rows, after the last page has been matched and kept
    :param covered: first day that the fetch covered, None for all; older rows may be there although they did not come
    :param until: last day that was asked for, None for no limit; the same holds for later rows
    :param whole: False for a fetch that brought what changed only: then nothing follows from a row that did not come,
        but an id that came again always names the row that bears it
    """
    missing: dict[str, list[KnownRow]] = defaultdict(list)
    waiting: dict[str, list[KnownRow]] = defaultdict(list)
    # One row that came, of each content.
    came: dict[str, KnownRow] = {}
    contesting = []
    for row in known.rows():
        if known.has_come(row):
            came[row.fingerprint] = row
            if row.state in WAY and row.state != InboxState.BOOKED:
                waiting[row.fingerprint].append(row)
                if row.contested:
                    contesting.append(row)
        elif whole and row.state in WAY and _inside(row, covered, until):
            missing[row.fingerprint].append(row)
    gone = set()
    for content, rows in missing.items():
        for row in sorted(rows, key=lambda row: (-WAY.index(row.state), row.occurrence)):
            if waiting[content]:
                # The one that is least on its way gives way first.
                twin = min(waiting[content], key=lambda row: (WAY.index(row.state), -row.id))
                waiting[content].remove(twin)
                stays, goes = (row, twin) if WAY.index(row.state) >= WAY.index(twin.state) else (twin, row)
                # If the one that came gives way, the other one stands for it from now on.
                came[content] = stays
            elif row.state != InboxState.BOOKED and content in came:
                stays, goes = came[content], row
            else:
                continue
            gone.update((stays.id, goes.id))
            yield Settlement(Verdict.DOUBLE, stays, goes)
    for row in contesting:
        bearer = known.bearer(row.contested)
        if bearer is None or known.has_come(bearer) or gone & {row.id, bearer.id}:
            continue
        if not whole or bearer.state == InboxState.PENDING or _inside(bearer, covered, until):
            gone.update((row.id, bearer.id))
            yield Settlement(Verdict.CHANGED, bearer, row)
        elif row.state == InboxState.TO_BOOK:
            yield Settlement(Verdict.DOUBTFUL, bearer, row)


def _inside(row: KnownRow, covered: date | None, until: date | None) -> bool:
    return (covered is None or row.day >= covered) and (until is None or row.day <= until)
