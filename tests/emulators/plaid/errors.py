# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals as Plaid writes them: the flat object of the schema PlaidError."""

from __future__ import annotations

from typing import Any

# code -> type, HTTP status, message
ERRORS = {
    "INVALID_API_KEYS": ("INVALID_INPUT", 400, "invalid client_id or secret provided"),
    "INVALID_ACCESS_TOKEN": ("INVALID_INPUT", 400, "could not find matching access token"),
    "INVALID_PUBLIC_TOKEN": ("INVALID_INPUT", 400, "could not find matching public token"),
    "INVALID_LINK_TOKEN": ("INVALID_INPUT", 400, "the provided link token is not known"),
    "INVALID_ACCOUNT_ID": ("INVALID_INPUT", 400, "one of the provided account ids is invalid"),
    "INVALID_INSTITUTION": ("INVALID_INPUT", 400, "invalid institution_id provided"),
    "MISSING_FIELDS": ("INVALID_REQUEST", 400, "the following required fields are missing"),
    "UNKNOWN_FIELDS": ("INVALID_REQUEST", 400, "the following fields are not recognized"),
    "INVALID_FIELD": ("INVALID_REQUEST", 400, "a provided field has a value that is not allowed"),
    "INVALID_BODY": ("INVALID_REQUEST", 400, "body could not be parsed as JSON"),
    "NOT_FOUND": ("INVALID_REQUEST", 404, "the requested path does not exist"),
    "ITEM_LOGIN_REQUIRED": (
        "ITEM_ERROR", 400,
        "the login details of this item have changed (credentials, MFA, or required user action) and a user login is "
        "required to update this information",
    ),
    "ITEM_NOT_FOUND": ("ITEM_ERROR", 400, "the Item could not be found"),
    "ITEM_LOCKED": ("ITEM_ERROR", 400, "this account has been locked"),
    "NO_ACCOUNTS": ("ITEM_ERROR", 400, "no valid accounts were found for this item"),
    "PRODUCT_NOT_READY": ("ITEM_ERROR", 400, "the requested product is not yet ready"),
    "PRODUCTS_NOT_SUPPORTED": ("ITEM_ERROR", 400, "the item does not support these products"),
    "INSTITUTION_DOWN": ("INSTITUTION_ERROR", 400, "this institution is not currently responding to requests"),
    "INSTITUTION_NOT_RESPONDING": ("INSTITUTION_ERROR", 400, "this institution is not responding to this request"),
    "INSTITUTION_NO_LONGER_SUPPORTED": ("INSTITUTION_ERROR", 400, "this institution is no longer supported"),
    "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": (
        "TRANSACTIONS_ERROR", 400,
        "Underlying transaction data changed since last page was fetched. Please restart pagination from last update.",
    ),
    "INTERNAL_SERVER_ERROR": ("API_ERROR", 500, "an unexpected error occurred"),
    "PLANNED_MAINTENANCE": ("API_ERROR", 503, "Plaid's systems are in maintenance mode"),
    "ACCOUNTS_LIMIT": ("RATE_LIMIT_EXCEEDED", 429, "rate limit exceeded for attempts to access this item"),
    "TRANSACTIONS_SYNC_LIMIT": ("RATE_LIMIT_EXCEEDED", 429, "rate limit exceeded for attempts to access this item"),
    "RATE_LIMIT": ("RATE_LIMIT_EXCEEDED", 429, "rate limit exceeded"),
}  # fmt: skip


class ApiError(Exception):
    """A refusal. ``said`` is added to the message; ``more`` are other fields of the body, such as
    ``error_code_reason``."""

    def __init__(
        self,
        code: str,
        said: str = "",
        *,
        status: int | None = None,
        error_type: str | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code, said)
        known_type, known_status, message = ERRORS.get(code, ("INVALID_REQUEST", 400, ""))
        self.code = code
        self.status = status or known_status
        self.headers = headers or {}
        self.body = {
            "display_message": None,
            "documentation_url": "https://plaid.com/docs/?ref=error",
            "error_code": code,
            "error_code_reason": None,
            "error_message": ": ".join(filter(None, (message, said))),
            "error_type": error_type or known_type,
            "suggested_action": None,
            **more,
        }
