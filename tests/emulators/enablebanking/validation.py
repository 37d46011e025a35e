# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks of what a client sends: bodies, query parameters, PSU headers."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .banks import Bank
from .errors import ApiError
from .movement import STATUSES

PSU_HEADERS = (
    "Psu-Ip-Address", "Psu-User-Agent", "Psu-Referer", "Psu-Accept", "Psu-Accept-Charset",
    "Psu-Accept-Encoding", "Psu-Accept-Language", "Psu-Geo-Location",
)  # fmt: skip
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def wrong(detail: str) -> ApiError:
    """The refusal of a malformed request, with its reason."""
    return ApiError("WRONG_REQUEST_PARAMETERS", detail)


def text_of(body: Mapping[str, Any], name: str, *, required: bool = True) -> str | None:
    """The text ``name`` of ``body``. Raises ApiError when it is missing or no text."""
    value = body.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not value:
        raise wrong(f"{name}: a text is required")
    return value


def day_of(query: Mapping[str, str], name: str) -> date | None:
    """The date parameter ``name``, or None. Raises ApiError unless it is YYYY-MM-DD."""
    value = query.get(name)
    if value is None:
        return None
    try:
        if not _DATE.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise wrong(f"{name}: not a date YYYY-MM-DD") from None


def check_uuid(value: str, name: str) -> None:
    """Raise ApiError unless ``value`` is a UUID."""
    try:
        uuid.UUID(value)
    except ValueError:
        raise wrong(f"{name}: not a UUID") from None


def choice_of(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str | None:
    """The parameter ``name``, one of ``choices``, or None. Raises ApiError."""
    value = query.get(name)
    if value is not None and value not in choices:
        raise wrong(f"{name}: one of {', '.join(choices)}")
    return value


@dataclass(frozen=True, slots=True)
class Window:
    """What a listing of transactions asks for."""

    date_from: date | None
    date_to: date | None
    status: str | None
    longest: bool

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> Window:
        """From the query parameters. Raises ApiError for what the API refuses."""
        date_from, date_to = day_of(query, "date_from"), day_of(query, "date_to")
        status = choice_of(query, "transaction_status", STATUSES)
        longest = choice_of(query, "strategy", ("default", "longest")) == "longest"
        if date_to and not date_from and not longest:
            raise ApiError("DATE_TO_WITHOUT_DATE_FROM")
        if date_from and date_from > today:
            raise ApiError("DATE_FROM_IN_FUTURE")
        if date_from and date_to and date_from > date_to:
            raise ApiError("WRONG_DATE_INTERVAL")
        return cls(date_from, None if longest else date_to, status, longest)


def check_access(access: Any, bank: Bank, now: datetime) -> dict[str, Any]:
    """The ``access`` object of POST /auth, completed with defaults. Raises ApiError."""
    if not isinstance(access, dict):
        raise wrong("access: an object is required")
    text = text_of(access, "valid_until") or ""
    try:
        valid_until = datetime.fromisoformat(text)
    except ValueError:
        raise wrong("access.valid_until: not an RFC 3339 instant") from None
    if valid_until.tzinfo is None or "T" not in text:
        raise wrong("access.valid_until: a time zone offset is required")
    if valid_until <= now:
        raise wrong("access.valid_until: in the past")
    if valid_until > now + timedelta(days=bank.consent_days):
        raise wrong("access.valid_until: later than maximum_consent_validity allows")
    accounts = access.get("accounts")
    for account in accounts or ():
        if not isinstance(account, dict) or not (account.get("iban") or account.get("other")):
            raise ApiError("INVALID_ACCOUNT_ID")
    flags = {name: access.get(name, True) for name in ("balances", "transactions")}
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise wrong(f"access.{name}: true or false")
    return {"valid_until": text, **flags, "accounts": accounts}


def check_credentials(body: Mapping[str, Any], bank: Bank, psu_type: str) -> dict[str, str]:
    """The ``credentials`` of POST /auth (empty when none). Raises ApiError."""
    method_name = text_of(body, "auth_method", required=False)
    credentials = body.get("credentials")
    if method_name is None:
        if credentials:
            raise wrong("credentials: only together with auth_method")
        return {}
    methods = [
        item
        for item in bank.auth_methods
        if (item["name"], item["psu_type"]) == (method_name, psu_type)
    ]
    if not methods:
        raise wrong("auth_method: not offered for this psu_type")
    if credentials is None:
        return {}
    if not isinstance(credentials, dict):
        raise wrong("credentials: an object is required")
    known = {item["name"]: item for item in methods[0]["credentials"]}
    for name, value in credentials.items():
        template = known.get(name, {}).get("template") or ""
        if name not in known or not isinstance(value, str) or not re.search(template, value):
            raise ApiError("WRONG_CREDENTIALS_PROVIDED", f"credentials.{name}")
    for name, item in known.items():
        if item["required"] and name not in credentials:
            raise ApiError("WRONG_CREDENTIALS_PROVIDED", f"credentials.{name}")
    return credentials


def check_psu_headers(headers: Mapping[str, str], required: tuple[str, ...]) -> bool:
    """Whether the user is present: all headers that the bank wants, or none at all.

    Raises ApiError PSU_HEADER_NOT_PROVIDED when only some are there, PSU_HEADER_INVALID for an
    address that is none.
    """
    given = {name for name in PSU_HEADERS if headers.get(name)}
    if not given:
        return False
    for name in required:
        if name not in given:
            raise missing_psu_header(name)
    address = headers.get("Psu-Ip-Address")
    if address:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            raise ApiError("PSU_HEADER_INVALID", "PSU header psuIpAddress is invalid") from None
    return True


def missing_psu_header(name: str) -> ApiError:
    """The refusal for a PSU header that is not there."""
    camel = name.replace("-", "")
    return ApiError(
        "PSU_HEADER_NOT_PROVIDED", f"PSU header {camel[0].lower()}{camel[1:]} is not provided"
    )
