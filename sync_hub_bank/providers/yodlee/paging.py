# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a fetch stands between two pages, as the text of its continuation.

A fetch reads the rows first. Where the last one left a cursor, it then reads, an hour at a time, what was deleted
since: data extracts give no more than 60 minutes in one call.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from odoo.addons.sync_hub.faults import Fault, FaultKind

from .const import CHANGES_KEPT, CHANGES_WINDOW

ROWS = "rows"
CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Step:
    """One page to ask for.

    :param skip: rows that came before
    :param began: when the fetch began; the cursor that it leaves
    :param since: from when on deleted rows are asked for, None for not at all
    """

    stage: str
    skip: int
    date_from: date
    date_to: date | None
    began: datetime
    since: datetime | None

    @property
    def until(self) -> datetime:
        """Where the window of changes ends."""
        return min((self.since or self.began) + CHANGES_WINDOW, self.began)

    def after_rows(self, count: int, more: bool) -> "Step | None":
        """The step after a page of ``count`` rows; None when the fetch is complete."""
        if more:
            return replace(self, skip=self.skip + count)
        return replace(self, stage=CHANGES, skip=0) if self.since and self.since < self.began else None

    def after_changes(self, count: int, more: bool) -> "Step | None":
        """The step after a page of ``count`` changed rows; None when the fetch is complete."""
        if more:
            return replace(self, skip=self.skip + count)
        return replace(self, since=self.until, skip=0) if self.until < self.began else None

    def written(self) -> str:
        """The continuation that leads to this step."""
        days = [self.date_from.isoformat(), self.date_to.isoformat() if self.date_to else ""]
        return json.dumps([self.stage, self.skip, *days, moment(self.began), moment(self.since) if self.since else ""])


def read_step(continuation: str) -> Step:
    """The step that ``continuation`` leads to. Raises ``Fault`` BAD_DATA for a text that is not ours."""
    with suppress(ValueError, TypeError, RecursionError):
        stage, skip, first, last, began, since = json.loads(continuation)
        if stage in (ROWS, CHANGES) and skip.__class__ is int and skip >= 0 and (since or stage == ROWS):
            return Step(
                stage,
                skip,
                date.fromisoformat(first),
                date.fromisoformat(last) if last else None,
                _read(began),
                _read(since) if since else None,
            )
    raise Fault(FaultKind.BAD_DATA, detail="a continuation that is not of this provider")


def since_of(cursor: str, began: datetime) -> datetime | None:
    """From when on changes are to be read after a fetch that left ``cursor``: not older than Yodlee keeps them."""
    with suppress(ValueError, TypeError):
        return max(_read(cursor), began - CHANGES_KEPT)
    return None


def moment(value: datetime) -> str:
    """``YYYY-MM-DDThh:mm:ssZ``, as data extracts want it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(value: str) -> datetime:
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
