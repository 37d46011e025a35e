# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The refusals of the API: code, HTTP status, sentence.

The documentation lists the codes and the statuses, but not which belongs to which. Those seen
live are 401 UNAUTHORIZED_ACCESS, 401 EXPIRED_SESSION, 400 ASPSP_ERROR, 408 ASPSP_TIMEOUT,
429 ASPSP_RATE_LIMIT_EXCEEDED and 422 for what is wrong in a request. The others are the likely
ones and can be changed with ``set_error_status``.
"""

from __future__ import annotations

from typing import Any

ERRORS: dict[str, tuple[int, str]] = {
    "ACCESS_DENIED": (403, "Access to this resource is denied"),
    "ACCOUNT_DOES_NOT_EXIST": (404, "No such account"),
    "ALREADY_AUTHORIZED": (422, "Session is already authorized"),
    "ASPSP_ACCOUNT_NOT_ACCESSIBLE": (400, "The account is not accessible at the bank"),
    "ASPSP_ERROR": (400, "Error interacting with ASPSP"),
    "ASPSP_PAYMENT_NOT_ACCESSIBLE": (400, "The payment is not accessible at the bank"),
    "ASPSP_PSU_ACTION_REQUIRED": (422, "PSU action is required"),
    "ASPSP_RATE_LIMIT_EXCEEDED": (429, "ASPSP rate limit exceeded"),
    "ASPSP_TIMEOUT": (408, "Timeout interacting with ASPSP"),
    "AUTHORIZATION_NOT_PROVIDED": (401, "Authorization header is not provided"),
    "CLOSED_SESSION": (401, "Session is closed"),
    "DATE_FROM_IN_FUTURE": (422, "date_from is in the future"),
    "DATE_TO_WITHOUT_DATE_FROM": (422, "date_to needs date_from"),
    "EXPIRED_AUTHORIZATION_CODE": (422, "Authorization code is expired"),
    "EXPIRED_SESSION": (401, "Session is expired"),
    "INVALID_ACCOUNT_ID": (422, "An account needs an IBAN or another identification"),
    "INVALID_HOST": (403, "Invalid host"),
    "INVALID_PAYMENT": (422, "Invalid payment"),
    "NO_ACCOUNTS_ADDED": (422, "No accounts were added"),
    "PAYMENT_LIMIT_EXCEEDED": (422, "Payment limit exceeded"),
    "PAYMENT_NOT_FINALIZED": (422, "Payment is not finalized"),
    "PAYMENT_NOT_FOUND": (404, "No such payment"),
    "PSU_HEADER_INVALID": (422, "A PSU header is invalid"),
    "PSU_HEADER_NOT_PROVIDED": (422, "Required PSU header is not provided"),
    "REDIRECT_URI_NOT_ALLOWED": (422, "Redirect URI not allowed"),
    "REVOKED_SESSION": (401, "Session is revoked"),
    "SESSION_DOES_NOT_EXIST": (404, "No such session"),
    "TRANSACTION_DOES_NOT_EXIST": (404, "No such transaction"),
    "UNAUTHORIZED_ACCESS": (401, "Unauthorized access"),
    "UNAUTHORIZED_IP": (403, "This IP address may not access the resource"),
    "UNTRUSTED_PAYMENT_PARTY": (422, "A party of the payment is not trusted"),
    "WEBHOOK_URI_NOT_ALLOWED": (422, "Webhook URI not allowed"),
    "WRONG_ASPSP_PROVIDED": (422, "Wrong ASPSP name provided"),
    "WRONG_AUTHORIZATION_CODE": (422, "Wrong authorization code provided"),
    "WRONG_CONTINUATION_KEY": (422, "Wrong continuation key provided"),
    "WRONG_CREDENTIALS_PROVIDED": (422, "Wrong credentials provided"),
    "WRONG_DATE_INTERVAL": (422, "date_from is later than date_to"),
    "WRONG_REQUEST_PARAMETERS": (422, "Wrong request parameters provided"),
    "WRONG_SESSION_STATUS": (422, "Wrong session status"),
    "WRONG_TRANSACTIONS_PERIOD": (422, "Wrong transactions period requested"),
}


class ApiError(Exception):
    """An answer of the API that is a refusal. ``status`` and ``message`` follow from the code
    unless given; ``detail`` is a text, an object or None."""

    def __init__(
        self,
        error: str,
        detail: Any = None,
        *,
        status: int | None = None,
        message: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.detail = detail
        self.status = status
        self.message = message
        self.headers = headers or {}

    def body(self, statuses: dict[str, int]) -> dict[str, Any]:
        """The documented shape; ``code`` is the HTTP status. ``statuses`` overrides the table."""
        status, message = ERRORS.get(self.error, (400, self.error))
        status = self.status or statuses.get(self.error, status)
        return {
            "message": self.message or message,
            "code": status,
            "error": self.error,
            "detail": self.detail,
        }
