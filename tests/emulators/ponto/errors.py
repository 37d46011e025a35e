# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The refusals of the service: JSON:API's errors, and those of OAuth."""

from __future__ import annotations

import json
import secrets
from typing import Any


class ApiError(Exception):
    """A refusal of the API (shape: JSON:API)."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        resource: str = "",
        source: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.resource = resource
        self.source = source
        self.headers = headers or {}

    def text(self) -> str:
        """The body."""
        meta: dict[str, Any] = {"requestId": secrets.token_hex(16).upper()}
        if self.resource:
            meta["resource"] = self.resource
        error: dict[str, Any] = {"code": self.code, "detail": self.detail, "meta": meta}
        if self.source:
            error["source"] = self.source
        return json.dumps({"errors": [error]})


class OAuthError(ApiError):
    """A refusal of the token endpoint (RFC 6749, section 5.2)."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(status, code, detail)

    def text(self) -> str:
        """The body."""
        return json.dumps({"error": self.code, "error_description": self.detail})


def not_found(resource: str) -> ApiError:
    """404: no such thing, or none of this token."""
    return ApiError(404, "resourceNotFound", "The requested resource was not found.", resource=resource)


def bad_token() -> ApiError:
    """401: whatever is wrong with the access token."""
    return ApiError(401, "invalidAccessToken", "Your access token is invalid.")
