# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals of Plaid as faults."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, excerpt

from .const import ERROR_KINDS, ERROR_TYPES, RATE_LIMIT_WINDOW, STATUS_KINDS


class ApiFault(Fault):
    """A fault with what the adapter needs to find a way around it.

    ``provider_code`` is Plaid's error code, or the HTTP status where none was sent.

    :param error: Plaid's error code, empty where none was sent
    """

    def __init__(self, kind: FaultKind, *, error: str, **known: Any):
        super().__init__(kind, **known)
        self.error = error


def fault_from(answer: Answer, now: datetime) -> ApiFault:
    """The fault that an answer without success is.

    The body is the schema PlaidError, flat; what comes from a gateway in between is no JSON: then the status decides.

    :param now: aware; a limit of calls ends a minute later when the answer does not say when
    """
    try:
        body = answer.json()
    except Fault:
        body = None
    if not isinstance(body, dict):
        body = {"error_message": answer.excerpt()}
    error = _text(body.get("error_code"))
    kind = (
        error_kind(body)
        or STATUS_KINDS.get(answer.status)
        or (FaultKind.PROVIDER_DOWN if answer.status >= 500 else FaultKind.BAD_DATA)
    )
    not_before = answer.not_before
    if kind is FaultKind.RATE_LIMITED:
        not_before = not_before or now + RATE_LIMIT_WINDOW
    return ApiFault(
        kind,
        error=error,
        provider_code=excerpt(error, 64, answer.secrets) or str(answer.status),
        detail=error_words(body, answer.secrets),
        not_before=not_before,
    )


def error_kind(error: dict[str, Any]) -> FaultKind | None:
    """The kind of fault that a PlaidError names; None for one that says nothing known."""
    return ERROR_KINDS.get(_text(error.get("error_code"))) or ERROR_TYPES.get(_text(error.get("error_type")))


def error_words(error: dict[str, Any], secrets: Iterable[str]) -> str:
    """What a PlaidError says to a person, masked; and why a bank ended the access (``error_code_reason``)."""
    words = _text(error.get("display_message")) or _text(error.get("error_message"))
    reason = _text(error.get("error_code_reason"))
    return excerpt(f"{words} ({reason})" if reason else words, secrets=secrets)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
