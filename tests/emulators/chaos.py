# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bad days by chance, the same for all emulators: faults at random, slow answers, and what a fault does to an answer.

Which faults a service may meet, and which of its calls give what is given once, stands in the ``faults`` of its
emulator: its ``hazards`` and ``once``.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from .faults import Fault

SLOW_SECONDS = 0.2
# They strike after the service has done what it was asked for.
LOSSES = frozenset({"truncated", "dropped"})


@dataclass(frozen=True)
class Hazard:
    """A fault that may strike by chance, with its options; ``calls`` are those it is limited to, empty for all."""

    fault: str
    options: dict[str, Any] = field(default_factory=dict)
    calls: frozenset[str] = frozenset()


# What stands between any service and its customers.
OF_THE_NETWORK = (
    Hazard("proxy_error", {"status": 502}),
    Hazard("proxy_error", {"status": 503}),
    Hazard("html"),
    Hazard("truncated"),
    Hazard("dropped"),
    Hazard("slow", {"seconds": SLOW_SECONDS}),
)


class Chaos:
    """Which fault strikes the next call, drawn from ``hazards``: the same for a seed and a sequence of calls.

    Calls of ``once`` give what is given once, such as a token for a code: their answer is never lost on the way, as
    that could be cured by nothing but beginning anew. Whoever asks holds the lock of the world.

    >>> chaos = Chaos((Hazard("html"), Hazard("dropped")), {"token"})
    >>> chaos.begin(seed=7, share=0.5)
    >>> first = [chaos.strike("rows") for _call in range(50)]
    >>> chaos.begin(seed=7, share=0.5)
    >>> first == [chaos.strike("rows") for _call in range(50)]
    True
    >>> chaos.begin(seed=7, share=1)
    >>> {name for _call in range(50) for name, _options in chaos.strike("token")}
    {'html'}
    """

    def __init__(self, hazards: Sequence[Hazard], once: Collection[str] = ()) -> None:
        self._hazards = tuple(hazards)
        self._once = frozenset(once)
        self._random: random.Random | None = None
        self._share = 0.0
        self._retry_after = 1
        self.latency = 0.0
        self.met: Counter[str] = Counter()

    def begin(self, seed: int, share: float, retry_after: int = 1) -> None:
        """From now on ``share`` of the calls (0 to 1) meet a fault. Raises ValueError for another share."""
        if not 0 <= share <= 1:
            raise ValueError(f"A share is a number from 0 to 1, not {share}")
        self._random, self._share, self._retry_after = random.Random(seed), share, retry_after
        self.met.clear()

    def end(self) -> None:
        """No more faults by chance."""
        self._random = None

    def strike(self, call: str) -> list[tuple[str, dict[str, Any]]]:
        """What happens to this call: names of faults with their options."""
        waits = [("slow", {"seconds": self.latency})] if self.latency else []
        if self._random is None:
            return waits
        # Always two draws, so that the faults of one call do not depend on whether the one before was struck.
        struck, choice = self._random.random() < self._share, self._random.random()
        if not struck:
            return waits
        possible = [
            hazard
            for hazard in self._hazards
            if (not hazard.calls or call in hazard.calls) and not (call in self._once and hazard.fault in LOSSES)
        ]
        hazard = possible[int(choice * len(possible))]
        self.met[hazard.fault] += 1
        wish = {"retry_after": self._retry_after} if hazard.fault == "rate_limit" else {}
        return [*waits, (hazard.fault, hazard.options | wish)]


class ChaosSwitches:
    """The switches of chance, the same for each emulator."""

    _world: Any

    def chaos(self, seed: int, share: float, retry_after: int = 1) -> None:
        """From now on ``share`` of the calls (0 to 1) meet a fault, chosen at random among those that the service has
        in life, the same ones for a seed and a sequence of calls: too many calls (``Retry-After: retry_after``), an
        outage, a page of a proxy, HTML, half an answer, a closed connection, a slow answer. Raises ValueError."""
        with self._world.lock:
            self._world.faults.chaos.begin(seed, share, retry_after)

    def calm(self) -> None:
        """No more faults by chance. What ``fail`` switched on, and the latency, stay."""
        with self._world.lock:
            self._world.faults.chaos.end()

    def chaos_met(self) -> dict[str, int]:
        """How often each fault struck by chance since ``chaos`` was called."""
        with self._world.lock:
            return dict(self._world.faults.chaos.met)

    def latency(self, seconds: float) -> None:
        """Every call is answered so much later; 0 for at once."""
        with self._world.lock:
            self._world.faults.chaos.latency = seconds


def pause(faults: Iterable[Fault]) -> None:
    """Let the caller wait as long as these faults want. To be called without a lock: nobody else waits."""
    for fault in faults:
        if fault.fault == "slow":
            time.sleep(float(fault.options.get("seconds", 2)))


def mangled(response: Response, faults: Iterable[Fault]) -> Response:
    """A good answer, after what these faults do to it on its way."""
    for fault in faults:
        data = response.get_data()
        if fault.fault == "truncated":
            # With the length of what is left: only its meaning is broken.
            response.set_data(data[: len(data) * 2 // 3])
        elif fault.fault == "dropped":
            # The server closes after each answer: here long before the announced length.
            broken = Response(iter([data[: len(data) // 2]]), status=response.status_code, mimetype="application/json")
            broken.headers["Content-Length"] = str(len(data))
            return broken
    return response
