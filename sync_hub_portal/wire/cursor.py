# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How far a pass over the documents of a company has come."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from .reading import WireError

# What was written by a transaction that began before a pass and ended after it carries an instant before the pass. No
# transaction of Odoo lasts that long, as its workers may not.
OVERLAP = timedelta(hours=24)
_SHAPE = re.compile(r"1 (-|\d{1,12}) (\d{1,18}) (\d{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A pass looks at the documents that were written since ``since``, in the order of their numbers.

    ``since``: aware; None for a full pass, which looks at all. ``after``: the last number that was looked at.
    ``began``: aware, when the pass began by the clock of the books, which is the only one that takes part. All are
    whole seconds.
    """

    since: datetime | None
    after: int
    began: datetime

    @classmethod
    def begin(cls, now: datetime) -> "Cursor":
        """A full pass that begins now."""
        return cls(None, 0, now.replace(microsecond=0))

    @property
    def full(self) -> bool:
        return self.since is None

    def at(self, number: int) -> "Cursor":
        """Where the pass stands when a document was looked at."""
        return replace(self, after=number)

    def next_pass(self) -> "Cursor":
        """What to begin with when this pass has come to its end: the changes since, and those of a day before it.

        A document that changes while the pass is going on, behind where it stands, is one of these.

        >>> cursor = Cursor.begin(datetime(2026, 5, 4, 12, 0, tzinfo=UTC)).at(700).next_pass()
        >>> cursor.since.isoformat(), cursor.after
        ('2026-05-03T12:00:00+00:00', 0)
        """
        return Cursor(self.began - OVERLAP, 0, self.began)

    def started(self, now: datetime) -> "Cursor":
        """The pass as it is asked for at ``now``: one that begins takes the time, one that goes on keeps its own."""
        return self if self.after else replace(self, began=now.replace(microsecond=0))

    def to_wire(self) -> str:
        """
        >>> Cursor.begin(datetime(2026, 5, 4, 12, 0, tzinfo=UTC)).at(7).to_wire()
        '1 - 7 1777896000'
        """
        since = "-" if self.since is None else str(int(self.since.timestamp()))
        return f"1 {since} {self.after} {int(self.began.timestamp())}"

    @classmethod
    def from_wire(cls, text: str) -> "Cursor":
        """:raises WireError: when it is none"""
        found = _SHAPE.fullmatch(text)
        if not found:
            raise WireError("the cursor is not as it has to be")
        since, after, began = found.groups()
        try:
            return cls(None if since == "-" else _moment(since), int(after), _moment(began))
        except (ValueError, OverflowError) as error:
            raise WireError("the cursor is not as it has to be") from error


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
