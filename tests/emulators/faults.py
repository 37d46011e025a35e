# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults on request, the same for all emulators: which are switched on, for which calls; and those that no service
words itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from werkzeug.wrappers import Response

from .chaos import Chaos, ChaosSwitches, Hazard

PROXY_PAGE = (
    "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center>"
    "<hr><center>edge-proxy</center></body></html>"
)
_REASONS = {502: "502 Bad Gateway", 503: "503 Service Unavailable", 504: "504 Gateway Time-out"}

# What happens to a good answer on its way: see ``chaos.mangled``.
MANGLES = {
    "truncated": "the answer's JSON stops in the middle, with a right Content-Length",
    "dropped": "the connection closes in the middle of the body",
    "slow": "the answer comes late (seconds=2)",
}
OPTIONS = {"rate_limit": {"retry_after"}, "proxy_error": {"status"}, "slow": {"seconds"}}


@dataclass
class Fault:
    """A fault switched on. ``times`` None: until cleared. ``after``: matching calls that still
    pass. ``bank`` and ``account`` are slugs, None for all."""

    number: int
    fault: str
    call: str = "any"
    bank: str | None = None
    account: str | None = None
    times: int | None = 1
    after: int = 0
    options: dict[str, Any] = field(default_factory=dict)

    def concerns(self, call: str, bank: str | None, account: str | None) -> bool:
        """Whether the fault is meant for this call."""
        return (
            self.call in ("any", call)
            and self.bank in (None, bank)
            and self.account in (None, account)
        )

    def to_json(self) -> dict[str, Any]:
        """For the control interface."""
        return asdict(self)


class Faults:
    """The faults that are switched on, in the order in which they were, and those by chance.

    A subclass names what there is at its service. ``known`` and ``calls``: all faults and calls. ``of_rows``: the
    faults of ``transactions``; those of them that are in ``spoiled`` have the option ``rows``. ``options``: those of
    other faults. ``hazards``, ``once``: see ``chaos``.
    """

    known: ClassVar[Collection[str]]
    calls: ClassVar[Collection[str]]
    of_rows: ClassVar[Collection[str]]
    options: ClassVar[Mapping[str, Collection[str]]]
    hazards: ClassVar[Sequence[Hazard]]
    once: ClassVar[Collection[str]] = frozenset()

    def __init__(self) -> None:
        self.active: list[Fault] = []
        self.chaos = Chaos(self.hazards, self.once)
        self._next_number = 1

    def add(self, fault: str, call: str | None, options: dict[str, Any], **scope: Any) -> Fault:
        """Switch a fault on. Raises ValueError for a fault, call or option unknown here."""
        if fault not in self.known:
            raise ValueError(f"No fault is called {fault!r}; there are {sorted(self.known)}")
        call = call or ("transactions" if fault in self.of_rows else "any")
        if call not in self.calls:
            raise ValueError(f"No call is called {call!r}; there are {self.calls}")
        allowed = self.options.get(fault, ())
        if unknown := set(options) - set(allowed):
            raise ValueError(f"{fault!r} has no option {sorted(unknown)}, only {sorted(allowed)}")
        added = Fault(self._next_number, fault, call, options=options, **scope)
        self._next_number += 1
        self.active.append(added)
        return added

    def take(self, call: str, bank: str | None, account: str | None) -> list[Fault]:
        """The faults that strike this call; counts it on each."""
        striking = []
        for fault in list(self.active):
            if not fault.concerns(call, bank, account):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            striking.append(fault)
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.active.remove(fault)
        chance = self.chaos.strike(call)
        return striking + [Fault(0, name, call, options=options) for name, options in chance]

    def clear(self, number: int | None = None) -> None:
        """Switch one fault off, or all."""
        self.active = [item for item in self.active if number not in (None, item.number)]


class FaultSwitches(ChaosSwitches):
    """The switches of faults, the same for each emulator."""

    def fail(
        self,
        fault: str,
        call: str | None = None,
        bank: str | None = None,
        account: str | None = None,
        times: int | None = 1,
        after: int = 0,
        **options: Any,
    ) -> int:
        """Switch a fault on (``faults.ALL_FAULTS``) for one kind of call (``faults.CALLS``; row
        faults: transactions), one bank, one account. It strikes the next ``times`` calls (None:
        until cleared) once ``after`` more have passed. Returns its number. Raises ValueError."""
        with self._world.lock:
            found = self._world.bank(bank).slug if bank or account else None
            slug = self._world.account(bank, account).slug if account else None
            scope = {"bank": found, "account": slug, "times": times, "after": after}
            return self._world.faults.add(fault, call, options, **scope).number

    def faults(self) -> list[dict[str, Any]]:
        """The faults that are switched on."""
        with self._world.lock:
            return [fault.to_json() for fault in self._world.faults.active]

    def clear_faults(self, number: int | None = None) -> None:
        """Switch off one fault, or all."""
        with self._world.lock:
            self._world.faults.clear(number)

    def reset(self) -> None:
        """As on the first day; the keys stay."""
        with self._world.lock:
            self._world.reset()


def network_answer(fault: Fault) -> Response | None:
    """What something on the way to the service answers in its place, if that is the fault."""
    if fault.fault == "proxy_error":
        status = int(fault.options.get("status", 502))
        page = PROXY_PAGE.format(status=_REASONS.get(status, str(status)))
        return Response(page, status=status, mimetype="text/html")
    if fault.fault == "html":
        return Response(PROXY_PAGE.format(status="Welcome"), mimetype="text/html")
    if fault.fault == "redirect":
        return Response(status=302, headers={"Location": fault.options.get("location", "https://elsewhere.invalid/")})
    return None


def retry_after(fault: Fault) -> dict[str, str]:
    """The header of a service that says how long to wait, where the fault says so."""
    seconds = fault.options.get("retry_after")
    return {} if seconds is None else {"Retry-After": str(seconds)}
