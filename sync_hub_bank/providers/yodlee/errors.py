# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals of Yodlee as faults."""

from datetime import datetime
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, excerpt

from .const import ERROR_KINDS, ERROR_REFRESHED, ERROR_VALUE, REFRESH_PAUSE, STATUS_KINDS, VALUE_KINDS


class ApiFault(Fault):
    """A fault with what the adapter needs to find a way around it.

    ``provider_code`` is their error code, or the HTTP status where they sent none.

    :param status: the HTTP status
    :param error: their error code (``Y800``), empty where they sent none
    """

    def __init__(self, kind: FaultKind, *, status: int, error: str, **known: Any):
        super().__init__(kind, **known)
        self.status = status
        self.error = error


def fault_from(answer: Answer, now: datetime) -> ApiFault:
    """The fault that an answer without success is.

    Shape of the body: schema YodleeError. What comes from a gateway in between is no JSON at all: then the status
    decides.

    :param now: aware; a refresh that comes too soon is welcome a quarter of an hour later
    """
    try:
        body = answer.json()
    except Fault:
        # A page where nothing is, instead of a word that something is not there: another address than the interface's.
        if answer.status == 404 and answer.body.strip():
            return ApiFault(
                FaultKind.BAD_DATA, status=404, error="", provider_code="404", detail=answer.excerpt()
            )
        body = None
    if not isinstance(body, dict):
        body = {"errorMessage": answer.excerpt()}
    error, message, reference = (_text(body.get(name)) for name in ("errorCode", "errorMessage", "referenceCode"))
    not_before = answer.not_before
    if error == ERROR_REFRESHED and not_before is None:
        not_before = now + REFRESH_PAUSE
    words = f"{message} ({reference})" if message and reference else message or answer.excerpt()
    return ApiFault(
        _kind(error, message, answer.status),
        status=answer.status,
        error=error,
        provider_code=excerpt(error, 64, answer.secrets) or str(answer.status),
        detail=excerpt(words, secrets=answer.secrets),
        not_before=not_before,
    )


def _kind(error: str, message: str, status: int) -> FaultKind:
    # An outage is one, and too many calls are too many, whatever the body says.
    if status == 429:
        return FaultKind.RATE_LIMITED
    if status >= 500:
        return FaultKind.PROVIDER_DOWN
    if error == ERROR_VALUE:
        said = message.lower()
        return next((kind for word, kind in VALUE_KINDS if word in said), FaultKind.REQUEST_REFUSED)
    return ERROR_KINDS.get(error) or STATUS_KINDS.get(status, FaultKind.BAD_DATA)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
