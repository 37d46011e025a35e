# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong on request."""

from __future__ import annotations

from typing import Any

from .. import faults as shared
from ..chaos import OF_THE_NETWORK, Hazard
from ..faults import MANGLES

CALLS = (
    "any", "token", "register", "providers", "count", "items", "item", "delete_item", "refresh", "consents",
    "accounts", "transactions", "changes", "subscriptions", "subscription",
)  # fmt: skip
# fault -> what it does (options with their defaults in brackets)
ANSWERS = {
    "error": "any refusal (code=Y806, status=400, message=Invalid input)",
    "token_expired": "401 Y023",
    "rate_limit": "429 (retry_after=None, seconds)",
    "server_error": "500 with a JSON body",
    "proxy_error": "an HTML page of a proxy (status=502)",
    "html": "200 with an HTML page",
    "redirect": "302 to another host",
    "echo_secret": "400 whose message quotes the keys and the token of the request",
    "other_list": "200 with an object that lacks the list",
}
ROW_FAULTS = {
    "amount_text": 'amount "abc"',
    "amount_as_text": 'amount "12.30"',
    "amount_sign": "a negative amount beside the base type",
    "amount_missing": "no amount",
    "no_base_type": "no baseType",
    "no_currency": "currency missing",
    "impossible_date": "postDate 2026-02-30",
    "no_dates": "no date at all",
    "unknown_status": 'status "REVERSED"',
    "no_status": "no status",
    "no_id": "no id",
    "manual": "typed by the user",
    "not_a_row": "a text instead of a row",
}
# What may strike by chance. Nothing is given once: a token can be asked for again.
HAZARDS = (*OF_THE_NETWORK, Hazard("rate_limit"), Hazard("server_error"))
_OPTIONS = shared.OPTIONS | {
    "error": {"code", "status", "message"},
}


class Faults(shared.Faults):
    """Those of this service."""

    known, calls, of_rows = ANSWERS | MANGLES | ROW_FAULTS, CALLS, ROW_FAULTS
    options = {key: {"row"} for key in ROW_FAULTS} | _OPTIONS
    hazards = HAZARDS


def spoil_row(rows: list[Any], fault: str, place: int) -> None:
    """Make the row at ``place`` wrong in the way of ``fault``."""
    if not 0 <= place < len(rows):
        return
    row = rows[place]
    changes: dict[str, dict[str, Any]] = {
        "amount_text": {"amount": row["amount"] | {"amount": "abc"}},
        "amount_as_text": {"amount": row["amount"] | {"amount": "12.30"}},
        "amount_sign": {"amount": row["amount"] | {"amount": -row["amount"]["amount"]}},
        "amount_missing": {"amount": None},
        "no_base_type": {"baseType": None},
        "no_currency": {"amount": {"amount": row["amount"]["amount"]}},
        "impossible_date": {"postDate": "2026-02-30"},
        "no_dates": {"postDate": None, "date": None, "transactionDate": None},
        "unknown_status": {"status": "REVERSED"},
        "no_status": {"status": None},
        "no_id": {"id": None},
        "manual": {"isManual": True, "sourceType": "MANUAL"},
    }
    rows[place] = "no row" if fault == "not_a_row" else row | changes[fault]
