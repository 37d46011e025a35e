# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong on request."""

from __future__ import annotations

from typing import Any

from .. import faults as shared
from ..chaos import OF_THE_NETWORK, Hazard
from ..faults import MANGLES, Fault, retry_after
from .errors import ApiError

CALLS = (
    "any", "institutions", "link_create", "link_get", "exchange", "item", "item_remove",
    "accounts", "numbers", "transactions", "webhook_key",
)  # fmt: skip

# fault -> what it does (options with their defaults in brackets)
ANSWERS = {
    "error": "any refusal (code=INVALID_FIELD, status=None, error_type=None, message='', reason=None)",
    "login_required": "the Item wants its user: ITEM_LOGIN_REQUIRED, until signed in again (reason=None)",
    "rate_limit": "429 RATE_LIMIT_EXCEEDED (retry_after=None, seconds)",
    "institution_down": "400 INSTITUTION_DOWN",
    "server_error": "500 INTERNAL_SERVER_ERROR",
    "maintenance": "503 PLANNED_MAINTENANCE",
    "mutation": "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION",
    "proxy_error": "an HTML page of a proxy (status=502)",
    "html": "200 with an HTML page",
    "redirect": "302 to another host",
}
ROW_FAULTS = {
    "amount_text": 'amount "abc"',
    "amount_quoted": "amount in quotes",
    "impossible_date": "date 2026-02-30",
    "no_currency": "neither currency field filled",
    "unofficial_currency": "a crypto-currency",
    "no_id": "transaction_id null",
    "no_pending": "pending missing",
}
ALL_FAULTS = ANSWERS | MANGLES | ROW_FAULTS
# What may strike by chance.
HAZARDS = (
    *OF_THE_NETWORK,
    Hazard("rate_limit"),
    Hazard("server_error"),
    Hazard("maintenance"),
    Hazard("institution_down", calls=frozenset({"accounts", "numbers", "transactions"})),
    Hazard("mutation", calls=frozenset({"transactions"})),
)
_OPTIONS = shared.OPTIONS | {
    "error": {"code", "status", "error_type", "message", "reason"},
    "login_required": {"reason"},
}


class Faults(shared.Faults):
    """Those of this service."""

    known, calls, of_rows = ALL_FAULTS, CALLS, {*ROW_FAULTS, "mutation"}
    options = {key: {"rows"} for key in ROW_FAULTS} | _OPTIONS
    hazards, once = HAZARDS, frozenset({"exchange"})


def refusal(fault: Fault) -> ApiError | None:
    """The refusal that ``fault`` stands for, if it is one."""
    options = fault.options
    if fault.fault == "error":
        return ApiError(
            options.get("code", "INVALID_FIELD"),
            options.get("message", ""),
            status=options.get("status"),
            error_type=options.get("error_type"),
            error_code_reason=options.get("reason"),
        )
    if fault.fault == "rate_limit":
        return ApiError("RATE_LIMIT", headers=retry_after(fault))
    codes = {
        "institution_down": "INSTITUTION_DOWN",
        "server_error": "INTERNAL_SERVER_ERROR",
        "maintenance": "PLANNED_MAINTENANCE",
        "mutation": "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION",
    }
    return ApiError(codes[fault.fault]) if fault.fault in codes else None


def spoil_rows(rows: list[dict[str, Any]], fault: Fault) -> None:
    """Make a row of a page (option ``rows``: its place, 0, or ``all``) wrong in the way of ``fault``, in place."""
    which = fault.options.get("rows", 0)
    for row in rows if which == "all" else rows[int(which) : int(which) + 1]:
        if fault.fault == "amount_text":
            row["amount"] = "abc"
        elif fault.fault == "amount_quoted":
            row["amount"] = str(row["amount"])
        elif fault.fault == "impossible_date":
            row["date"] = "2026-02-30"
        elif fault.fault == "no_currency":
            row["iso_currency_code"] = None
        elif fault.fault == "unofficial_currency":
            row["iso_currency_code"], row["unofficial_currency_code"] = None, "BTC"
        elif fault.fault == "no_id":
            row["transaction_id"] = None
        elif fault.fault == "no_pending":
            del row["pending"]
