# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from dataclasses import dataclass, field
from datetime import timedelta
from queue import SimpleQueue
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..remote import RemoteDatabase
from .sync_exchange_change import PATIENCE, PAUSE
from .sync_exchange_stamp import Edit
from .sync_exchange_wire import Terms

CHUNK = 500
# So many chunks are on their way at the same time: while one side works, the other one does too.
LANES = 2


@dataclass(slots=True)
class Conversation:
    """One run's exchange with the other database.

    :param company: id of the company there
    :param skew: how far the clock of the other side's database is ahead of ours
    """

    remote: RemoteDatabase
    terms: Terms
    company: int
    uuid: str
    own_uuid: str
    run: Any
    deadline: float
    skew: timedelta = timedelta()
    # Names of fields that the other side does not have, by number of the mapping.
    absent: dict[int, tuple[str, ...]] = field(default_factory=dict)
    # Records that the other side has refused in this slice: (number of the mapping, id).
    refused: set[tuple[int, int]] = field(default_factory=set)
    # Further sessions with the same database, for what is on its way at the same time.
    lanes: SimpleQueue = field(default_factory=SimpleQueue)
    since: float = field(default_factory=time.monotonic)

    def ask(self, method: str, **arguments: Any) -> Any:
        # Whatever is asked of a door may be asked twice.
        return self.remote.ask("sync.exchange.door", method, terms=self.terms.to_wire(), **arguments)

    def ask_of(self, model: str, method: str, **arguments: Any) -> Any:
        return self.ask(method, company=self.company, model=model, **arguments)

    def ask_in_lane(self, model: str, method: str, **arguments: Any) -> Any:
        """The same as ``ask_of``, for other threads; it sees no record."""
        remote = self.lanes.get()
        try:
            terms = self.terms.to_wire()
            return remote.ask("sync.exchange.door", method, terms=terms, company=self.company, model=model, **arguments)
        finally:
            self.lanes.put(remote)

    @property
    def is_over(self) -> bool:
        """Whether the time of this slice is up, or somebody cancelled the run."""
        return time.monotonic() >= self.deadline or self.run._is_cancelled()

    def lap(self) -> float:
        """Seconds since this was asked last."""
        before, self.since = self.since, time.monotonic()
        return self.since - before

    def watch(self, watched: dict[str, str], *, anew: bool) -> tuple[dict, bool]:
        """Have changes noted there.

        :param anew: nothing has been read so far
        :return: the cursor from which all of them are seen; whether they were noted all the time
        :raises Fault: if old transactions do not end there
        """
        moment, until = None, time.monotonic() + PATIENCE
        while True:
            answer = self.ask("watch", watched=watched, moment=moment, anew=anew)
            if answer["ready"]:
                return answer["cursor"], answer["known"]
            moment = answer["moment"]
            if time.monotonic() > until:
                raise Fault(FaultKind.PROVIDER_DOWN, detail="a transaction runs there for long")
            time.sleep(PAUSE)

    def by_our_clock(self, record: dict) -> Edit:
        """When a record of the other side was changed last."""
        edit = Edit.of(record)
        return edit._replace(at=edit.at - self.skew)

    def by_their_clock(self, record: dict) -> dict:
        """When a record of ours was changed last, as it travels."""
        edit = Edit.of(record)
        return {"at": (edit.at + self.skew).isoformat(), "by": edit.by}
