# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals of Salt Edge as faults."""

from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, excerpt

from .const import ERROR_KINDS, ERROR_SIGNATURE_MISSING, STATUS_KINDS
from .parse import parse_instant


class ApiFault(Fault):
    """A fault with what the adapter needs to find a way around it.

    :param error: their error class without "Aisp", empty where they sent none
    """

    def __init__(self, kind: FaultKind, *, error: str, **known: Any):
        super().__init__(kind, **known)
        self.error = error


def plain_class(error: Any) -> str:
    """An error class by its name in version 6; empty for what is none.

    >>> plain_class("AispConsentExpired"), plain_class("InvalidAispConsentFromDate"), plain_class(None)
    ('ConsentExpired', 'InvalidConsentFromDate', '')
    """
    return error.strip().replace("Aisp", "") if isinstance(error, str) else ""


def kind_of(error: str, status: int = 0) -> FaultKind:
    """The kind of fault that a plain error class is, or else an HTTP status.

    Without a status (the class is that of an attempt to fetch, not of a refusal) an unknown class is an outage.
    """
    kind = ERROR_KINDS.get(error) or STATUS_KINDS.get(status)
    if kind is None:
        kind = FaultKind.PROVIDER_DOWN if status >= 500 or not status else FaultKind.BAD_DATA
    return kind


def fault_from(answer: Answer) -> ApiFault:
    """The fault that an answer without success is.

    ``{"error": {"class", "message", ...}, "request": ...}``; version 5 also had ``error_class`` and ``error_message``
    beside each other. In incidents ``error`` may be a bare text, or the body, or there is no JSON at all: then the
    status decides. The request that is echoed is not quoted.
    """
    try:
        body = answer.json()
    except Fault:
        body = answer.excerpt()
    error = body.get("error") if isinstance(body, dict) else body
    if isinstance(error, dict):
        told = {**body, **error}
        name, words = told.get("class"), told.get("message")
    elif isinstance(body, dict):
        told = body
        name = body.get("error_class")
        words = body.get("error_message") or error or body.get("message")
    else:
        told, name, words = {}, None, error
    name = name.strip() if isinstance(name, str) else ""
    if not name and isinstance(words, str) and plain_class(words) in ERROR_KINDS:
        name = words.strip()
    plain = plain_class(name)
    kind = kind_of(plain, answer.status)
    not_before = answer.not_before
    if kind is FaultKind.RATE_LIMITED and not_before is None:
        not_before = parse_instant(_named_time(told))
    if plain == ERROR_SIGNATURE_MISSING:
        words = "private_key"
    return ApiFault(
        kind,
        error=plain,
        provider_code=excerpt(name, 64, answer.secrets) or str(answer.status),
        detail=excerpt(words, secrets=answer.secrets) if isinstance(words, str) else "",
        not_before=not_before,
    )


def _named_time(told: dict[str, Any]) -> Any:
    """When a refresh will be possible: where it stands in a refusal is not documented."""
    data = told.get("data")
    return told.get("next_refresh_possible_at") or (
        data.get("next_refresh_possible_at") if isinstance(data, dict) else None
    )
