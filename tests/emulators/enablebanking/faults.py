# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong on request."""

from __future__ import annotations

from typing import Any

from .. import faults as shared
from ..chaos import OF_THE_NETWORK, Hazard
from ..faults import Fault, retry_after
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
MANGLES = shared.MANGLES | {
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
_OPTIONS = shared.OPTIONS | {
    "error": {"code", "status", "message", "detail"},
    "aspsp_error": {"bank_status"},
    "redirect": {"location"},
    "endless_pages": {"keys"},
}


class Faults(shared.Faults):
    """Those of this service."""

    known, calls, of_rows = ALL_FAULTS, CALLS, {*ROW_FAULTS, "endless_pages"}
    options = {key: {"rows"} for key in ROW_FAULTS} | _OPTIONS
    hazards, once = HAZARDS, frozenset({"create_session"})


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
        return ApiError("ASPSP_RATE_LIMIT_EXCEEDED", headers=retry_after(fault))
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
