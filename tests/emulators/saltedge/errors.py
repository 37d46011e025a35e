# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The refusals of the API: error class, HTTP status, sentence.

Which status belongs to which class is documented for a few only; an adapter decides on the class.
"""

from __future__ import annotations

from typing import Any

ERRORS: dict[str, tuple[int, str]] = {
    "AccountNotFound": (404, "Account with that id was not found"),
    "ApiKeyNotFound": (404, "The API key with provided App-id and Secret does not exist or is inactive"),
    "AppIdNotProvided": (400, "The App-id was not provided in request headers"),
    "ClientDisabled": (406, "The client is disabled"),
    "ConnectionCannotBeRefreshed": (406, "Connection can not be refreshed right now"),
    "ConnectionNotFound": (404, "Connection with that id was not found"),
    "ConsentExpired": (406, "The consent has expired"),
    "CustomerAlreadyExists": (409, "A customer with that identifier already exists"),
    "CustomerLocked": (406, "Customer is locked"),
    "CustomerNotFound": (404, "Customer with that id was not found"),
    "DateOutOfRange": (400, "Date is out of range"),
    "ExpiresAtInvalid": (400, "Expires-at is not a valid timestamp or too far in the future"),
    "InternalServerError": (500, "Internal server error"),
    "MissingExpiresAt": (400, "Expires-at header is missing"),
    "MissingSignature": (400, "Signature header is missing"),
    "ProviderNotFound": (404, "Provider with that code was not found"),
    "RateLimitExceeded": (429, "Too many requests"),
    "RequestExpired": (400, "Request has expired"),
    "ReturnURLInvalid": (400, "The return_to is not a valid address"),
    "ReturnURLTooLong": (400, "The return_to is longer than 2040 characters"),
    "RouteNotFound": (404, "The requested route was not found"),
    "SecretNotProvided": (400, "The Secret was not provided in request headers"),
    "SignatureNotMatch": (400, "The signature does not match the request"),
    "WrongRequestFormat": (400, "Wrong request format"),
}
VERSION_5 = {"CustomerAlreadyExists": "DuplicatedCustomer", "ConsentExpired": "AispConsentExpired"}


class ApiError(Exception):
    """An answer of the API that is a refusal. Status and message follow from the class unless given; ``more`` stands
    beside them in the error object."""

    def __init__(
        self,
        name: str,
        *,
        status: int | None = None,
        message: str | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name)
        self.name = name
        known = ERRORS.get(name, (400, name))
        self.status = status or known[0]
        self.message = message or known[1]
        self.headers = headers or {}
        self.more = more

    def body(self, version: int, request: dict[str, Any]) -> dict[str, Any]:
        """The documented shape, with the request echoed."""
        name = VERSION_5.get(self.name, self.name) if version == 5 else self.name
        return {
            "error": {
                "class": name,
                "message": self.message,
                "documentation_url": f"https://docs.saltedge.com/v{version}/#errors-{name}",
                "request_id": "b1946ac92492d2347c6235b4d2611184",
                **self.more,
            },
            "request": request,
        }
