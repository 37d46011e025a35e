# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong on request: which faults are switched on, and for which calls."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ..chaos import OF_THE_NETWORK, Chaos, Hazard
from .errors import ApiError

CALLS = (
    "any", "application", "aspsps", "auth", "create_session", "get_session", "delete_session",
    "details", "balances", "transactions", "transaction",
)  # fmt: skip

# fault -> what it does (options with their defaults in brackets)
ANSWERS = {
    "error": "any refusal (code=WRONG_REQUEST_PARAMETERS, status=None, message=None, detail=None)",
    "unauthorized": "401 UNAUTHORIZED_ACCESS",
    "forbidden": "403 ACCESS_DENIED",
    "timeout": "408 ASPSP_TIMEOUT",
    "rate_limit": "429 ASPSP_RATE_LIMIT_EXCEEDED (retry_after=None, seconds)",
    "aspsp_error": "400 ASPSP_ERROR with the bank's own answer inside (bank_status=401)",
    "server_error": "500 with a JSON body",
    "session_expires": "the session turns EXPIRED, 401 EXPIRED_SESSION",
    "proxy_error": "an HTML page of a proxy (status=502)",
    "html": "200 with an HTML page",
    "redirect": "302 to another host (location=https://elsewhere.invalid/)",
    "endless_body": "200 with a body that never ends",
}
MANGLES = {
    "truncated": "the answer's JSON stops in the middle, with a right Content-Length",
    "dropped": "the connection closes in the middle of the body",
    "slow": "the answer comes late (seconds=2)",
    "endless_pages": "the same page for ever (keys=same or fresh)",
}
ROW_FAULTS = {
    "amount_text": 'amount "abc"',
    "amount_number": "amount as a JSON number",
    "amount_sign": 'amount "-72.10" beside the indicator',
    "impossible_date": "booking_date 2026-02-30",
    "no_booking_date": "booking_date null",
    "no_dates": "no date at all",
    "no_currency": "currency missing",
    "other_currency": "a currency that is not the account's",
    "no_ids": "neither entry_reference nor transaction_id",
    "duplicate_reference": "the entry_reference of the row before",
    "unknown_status": 'status "XXXX"',
}
ALL_FAULTS = ANSWERS | MANGLES | ROW_FAULTS
# What may strike by chance.
HAZARDS = (
    *OF_THE_NETWORK,
    Hazard("rate_limit"),
    Hazard("server_error"),
    Hazard("timeout"),
    Hazard("aspsp_error", {"bank_status": 503}, frozenset({"details", "balances", "transactions"})),
)
ONCE = frozenset({"create_session"})
_ROW_OPTIONS = {"rows"}
_OPTIONS = {
    "error": {"code", "status", "message", "detail"},
    "rate_limit": {"retry_after"},
    "aspsp_error": {"bank_status"},
    "proxy_error": {"status"},
    "redirect": {"location"},
    "slow": {"seconds"},
    "endless_pages": {"keys"},
}


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
    """The faults that are switched on, in the order in which they were, and those by chance."""

    hazards, once = HAZARDS, ONCE

    def __init__(self) -> None:
        self.active: list[Fault] = []
        self.chaos = Chaos(self.hazards, self.once)
        self._next_number = 1

    def add(self, fault: str, call: str | None, options: dict[str, Any], **scope: Any) -> Fault:
        """Switch a fault on. Raises ValueError for a fault, call or option unknown here."""
        if fault not in ALL_FAULTS:
            raise ValueError(f"No fault is called {fault!r}; there are {sorted(ALL_FAULTS)}")
        of_rows = fault in ROW_FAULTS or fault == "endless_pages"
        call = call or ("transactions" if of_rows else "any")
        if call not in CALLS:
            raise ValueError(f"No call is called {call!r}; there are {CALLS}")
        allowed = _ROW_OPTIONS if fault in ROW_FAULTS else _OPTIONS.get(fault, set())
        if unknown := set(options) - allowed:
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


def refusal(fault: Fault) -> ApiError | None:
    """The refusal that ``fault`` stands for, if it is one."""
    options = fault.options
    if fault.fault == "error":
        return ApiError(
            options.get("code", "WRONG_REQUEST_PARAMETERS"),
            options.get("detail"),
            status=options.get("status"),
            message=options.get("message"),
        )
    if fault.fault == "rate_limit":
        seconds = options.get("retry_after")
        return ApiError(
            "ASPSP_RATE_LIMIT_EXCEEDED",
            headers={} if seconds is None else {"Retry-After": str(seconds)},
        )
    if fault.fault == "aspsp_error":
        status = options.get("bank_status", 401)
        detail = {
            "message": "The bank refused the request",
            "error_name": "HTTPError",
            "error_data": {"code": status, "status": status, "body": "token is not valid"},
        }
        return ApiError("ASPSP_ERROR", detail)
    if fault.fault == "server_error":
        return ApiError("INTERNAL_SERVER_ERROR", status=500, message="Internal server error")
    codes = {
        "unauthorized": "UNAUTHORIZED_ACCESS",
        "forbidden": "ACCESS_DENIED",
        "timeout": "ASPSP_TIMEOUT",
        "session_expires": "EXPIRED_SESSION",
    }
    return ApiError(codes[fault.fault]) if fault.fault in codes else None


def spoil_rows(rows: list[dict[str, Any]], fault: Fault) -> None:
    """Make rows of a page wrong in the way of ``fault``, in place. Its option ``rows`` is
    ``all`` or the place of one row (0)."""
    which = fault.options.get("rows", 0)
    chosen = range(len(rows)) if which == "all" else [int(which)]
    for place in chosen:
        if 0 <= place < len(rows):
            _spoil(rows, place, fault.fault)


def _spoil(rows: list[dict[str, Any]], place: int, fault: str) -> None:
    row = rows[place]
    amount = row["transaction_amount"]
    if fault == "amount_text":
        amount["amount"] = "abc"
    elif fault == "amount_number":
        amount["amount"] = float(amount["amount"])
    elif fault == "amount_sign":
        amount["amount"] = "-" + amount["amount"].lstrip("-")
    elif fault == "impossible_date":
        row["booking_date"] = "2026-02-30"
    elif fault == "no_booking_date":
        row["booking_date"] = None
    elif fault == "no_dates":
        row["booking_date"] = row["value_date"] = row["transaction_date"] = None
    elif fault == "no_currency":
        del amount["currency"]
    elif fault == "other_currency":
        amount["currency"] = "CHF" if amount.get("currency") != "CHF" else "EUR"
    elif fault == "no_ids":
        row["entry_reference"] = row["transaction_id"] = None
    elif fault == "duplicate_reference":
        row["entry_reference"] = rows[(place or len(rows)) - 1]["entry_reference"]
    elif fault == "unknown_status":
        row["status"] = "XXXX"
