# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong on request, beside what is the same at the Enable Banking sandbox."""

from __future__ import annotations

from typing import Any

from .. import faults as shared
from ..chaos import OF_THE_NETWORK, Hazard
from ..faults import Fault, retry_after
from .errors import ApiError

CALLS = (
    "any", "countries", "providers", "create_customer", "customers", "connect", "reconnect", "connection",
    "delete_connection", "consents", "accounts", "transactions",
)  # fmt: skip
# fault -> what it does (options with their defaults in brackets)
ANSWERS = {
    "error": "any refusal (code=WrongRequestFormat, status=None, message=None, more=None: beside class and message)",
    "rate_limit": "429 RateLimitExceeded (retry_after=None, seconds)",
    "server_error": "500 InternalServerError",
    "bare_error": "the error is a bare text (status=503, text=Service unavailable)",
    "proxy_error": "an HTML page of a proxy (status=502)",
    "html": "200 with an HTML page",
    "redirect": "302 to another host (location=https://elsewhere.invalid/)",
}
MANGLES = shared.MANGLES | {
    "endless_pages": "the list names its own page as the next one",
}
ROW_FAULTS = {
    "amount_text": 'amount "abc"',
    "amount_string": "amount as a text",
    "impossible_date": "made_on and posting_date 2026-02-30",
    "no_date": "no date at all",
    "no_currency": "currency_code missing",
    "unknown_status": 'status "resting"',
    "no_extra": "extra is null",
}
# What may strike by chance. Nothing is given once: a connection that was begun can be begun again.
HAZARDS = (*OF_THE_NETWORK, Hazard("rate_limit"), Hazard("server_error"), Hazard("bare_error"))
_OPTIONS = shared.OPTIONS | {
    "error": {"code", "status", "message", "more"},
    "bare_error": {"status", "text"},
    "redirect": {"location"},
}


class Faults(shared.Faults):
    """Those of this service."""

    known, calls, of_rows = ANSWERS | MANGLES | ROW_FAULTS, CALLS, ROW_FAULTS
    options = {key: {"rows"} for key in ROW_FAULTS} | _OPTIONS
    hazards = HAZARDS


def refusal(fault: Fault) -> ApiError | None:
    """The refusal that ``fault`` stands for, if it is one."""
    options = fault.options
    if fault.fault == "error":
        return ApiError(
            options.get("code", "WrongRequestFormat"),
            status=options.get("status"),
            message=options.get("message"),
            **(options.get("more") or {}),
        )
    if fault.fault == "rate_limit":
        return ApiError("RateLimitExceeded", headers=retry_after(fault))
    return ApiError("InternalServerError") if fault.fault == "server_error" else None


def spoil_rows(rows: list[dict[str, Any]], fault: Fault) -> None:
    """Make rows of a page wrong in the way of ``fault``, in place. Its option ``rows`` is ``all`` or a place (0)."""
    which = fault.options.get("rows", 0)
    chosen = rows if which == "all" else rows[int(which) : int(which) + 1]
    for row in chosen:
        if fault.fault == "amount_text":
            row["amount"] = "abc"
        elif fault.fault == "amount_string":
            row["amount"] = str(row["amount"])
        elif fault.fault == "impossible_date":
            row["made_on"] = row["extra"]["posting_date"] = "2026-02-30"
        elif fault.fault == "no_date":
            row["made_on"] = row["extra"]["posting_date"] = None
        elif fault.fault == "no_currency":
            del row["currency_code"]
        elif fault.fault == "unknown_status":
            row["status"] = "resting"
        elif fault.fault == "no_extra":
            row["extra"] = None
