# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong on request."""

from __future__ import annotations

from typing import Any

from .. import faults as shared
from ..chaos import OF_THE_NETWORK, Hazard

CALLS = (
    "any", "token", "revoke", "userinfo", "institutions", "accounts", "account", "transactions", "pending", "updated",
    "synchronize", "synchronization", "integration_accounts", "integration", "webhook_keys",
)  # fmt: skip

# fault -> what it does (options with their defaults in brackets)
FAULTS = {
    "error": "any refusal (status=400, code=validationError, detail, source)",
    "unauthorized": "401 invalidAccessToken",
    "rate_limit": "429 (retry_after=None, seconds)",
    "server_error": "500 with a JSON body",
    "proxy_error": "an HTML page of a proxy (status=502)",
    "html": "200 with an HTML page",
    "truncated": "the answer's JSON stops in the middle, with a right Content-Length",
    "dropped": "the connection closes in the middle of the body",
    "slow": "the answer comes late (seconds=2)",
    "foreign_link": "the next page lies on another host",
    "same_link": "the next page is this page",
    "amount_word": 'amount "abc"',
    "amount_text": 'amount as a text, "-72.10"',
    "no_currency": "currency missing",
    "impossible_date": "executionDate 2026-02-30",
    "no_execution_date": "executionDate null",
    "no_dates": "no date at all",
    "no_attributes": "a row without attributes",
}
ROW_FAULTS = frozenset(list(FAULTS)[11:])
# What may strike by chance. A refresh token is good for one use.
HAZARDS = (*OF_THE_NETWORK, Hazard("rate_limit"), Hazard("server_error"))
_OPTIONS = shared.OPTIONS | {
    "error": {"status", "code", "detail", "source", "resource"},
}


class Faults(shared.Faults):
    """Those of this service."""

    known, calls, of_rows, options = FAULTS, CALLS, ROW_FAULTS, _OPTIONS
    hazards, once = HAZARDS, frozenset({"token"})


def spoil(rows: list[dict[str, Any]], fault: str) -> None:
    """Make the first row of a page wrong, in place."""
    if not rows:
        return
    told = rows[0]["attributes"]
    if fault == "amount_word":
        told["amount"] = "abc"
    elif fault == "amount_text":
        told["amount"] = f"{told['amount']:.2f}"
    elif fault == "no_currency":
        del told["currency"]
    elif fault == "impossible_date":
        told["executionDate"] = "2026-02-30T00:00:00.000Z"
    elif fault == "no_execution_date":
        told["executionDate"] = None
    elif fault == "no_dates":
        told["executionDate"] = told["valueDate"] = None
    elif fault == "no_attributes":
        del rows[0]["attributes"]
