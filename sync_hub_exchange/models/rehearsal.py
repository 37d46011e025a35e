# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from odoo.tools.misc import Callbacks

from .conversation import Conversation

# What is shown of each kind of outcome.
SAMPLES = 10
OUTCOMES = ("create", "update", "skip", "conflict", "error", "waiting")


@dataclass(slots=True)
class Outcome:
    """What would become of one kind of data in one direction.

    :ivar counts: outcome -> number of records
    :ivar samples: outcome, name of the record, what would change
    :ivar seen: records that were looked at
    """

    mapping: Any
    direction: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    samples: list[tuple[str, str, str]] = field(default_factory=list)
    seen: int = 0
    complete: bool = False

    def note(self, outcome: str, title: str, change: str = "") -> None:
        if self.wants(outcome) and (outcome, title) not in [sample[:2] for sample in self.samples]:
            self.samples.append((outcome, title, change))

    def wants(self, outcome: str) -> bool:
        """Whether a further sample is worth its time."""
        return sum(sample[0] == outcome for sample in self.samples) < SAMPLES


class RehearsedRun:
    """Stands where a run stands, and counts."""

    _COUNTERS = {"created": "create", "updated": "update", "skipped": "skip", "failed": "error"}

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        # Every step is done in one slice.
        self.checkpoint: dict = {}
        self.line_ids = ()

    def _count(self, **counts: int) -> None:
        for name, number in counts.items():
            if name in self._COUNTERS:
                self.outcome.counts[self._COUNTERS[name]] += number

    def _advance(self, rows: int, _seconds: float) -> None:
        self.outcome.seen += rows

    def _log(self, _kind: str, _severity: str = "info", **_values: Any) -> None:
        """What a run notes in its log is seen in the samples."""

    def _is_cancelled(self) -> bool:
        return False


@dataclass
class Rehearsal(Conversation):
    """An exchange of which nothing stays, on either side.

    :param limit: so many records of each kind and direction are looked at
    :ivar made_there: names of records that the other side would have by now
    """

    limit: int = 0
    made_there: set[str] = field(default_factory=set)
    before: dict[int, dict] = field(default_factory=dict)

    @classmethod
    def of(cls, talk: Conversation, limit: int) -> "Rehearsal":
        return cls(**{each.name: getattr(talk, each.name) for each in fields(Conversation)}, limit=limit)

    @property
    def outcome(self) -> Outcome:
        return self.run.outcome

    @property
    def is_over(self) -> bool:
        return self.outcome.seen >= self.limit or self.is_late

    @property
    def is_late(self) -> bool:
        return time.monotonic() >= self.deadline

    def ask(self, method: str, **arguments: Any) -> Any:
        return self._rehearse(self.remote, method, arguments)

    def ask_in_lane(self, model: str, method: str, **arguments: Any) -> Any:
        remote = self.lanes.get()
        try:
            return self._rehearse(remote, method, {"company": self.company, "model": model, **arguments})
        finally:
            self.lanes.put(remote)

    def _rehearse(self, remote: Any, method: str, arguments: dict) -> Any:
        terms = self.terms.to_wire()
        return remote.ask("sync.exchange.door", "rehearse", terms=terms, method=method, arguments=arguments)

    def watch(self, watched: dict[str, str], *, anew: bool) -> tuple[dict, bool]:
        """The same as in an exchange; nothing is watched for a rehearsal, and nobody is waited for."""
        answer = self.remote.ask("sync.exchange.door", "position", terms=self.terms.to_wire(), watched=watched)
        return answer["cursor"], answer["known"]

    def assume(self, answer: dict, message: dict) -> dict:
        """An answer of the other side, as it would be if it had kept what was sent before."""
        missing = {
            name: target
            for name, target in (answer.get("missing") or {}).items()
            if self.made_there.isdisjoint(target["ids"])
        }
        if "missing" not in answer or missing == answer["missing"]:
            return answer
        if answer["state"] == "waiting" and not missing:
            return {"state": "made", "tokens": {}, "ids": message["ids"], "at": message["at"]}
        return {**answer, "missing": missing}


@contextlib.contextmanager
def uncommitted(cr) -> Iterator[None]:
    """In this block nothing is committed, whoever asks for it; what waits for a commit is forgotten at its end."""
    own, callbacks = vars(cr).get("commit"), cr.postcommit

    def flush() -> None:
        cr.flush()
        cr.clear()

    cr.commit, cr.postcommit = flush, Callbacks()
    try:
        yield
    finally:
        cr.postcommit = callbacks
        if own is None:
            del cr.commit
        else:
            cr.commit = own
