# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals of Ponto as faults."""

from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, excerpt

from .const import ERROR_KINDS, STATUS_KINDS, SYNCHRONIZATION_KINDS
from .fields import table, text


class ApiFault(Fault):
    """A fault with what the adapter needs to find a way around it.

    :param status: the HTTP status
    :param error: their error code, empty where they sent none
    """

    def __init__(self, kind: FaultKind, *, status: int, error: str, **known: Any):
        super().__init__(kind, **known)
        self.status = status
        self.error = error


def fault_from(answer: Answer) -> ApiFault:
    """The fault that an answer without success is.

    Two shapes occur: JSON:API's ``errors``, and the ``error`` of OAuth (RFC 6749, section 5.2). What comes from a
    gateway in between is no JSON at all: then the status decides.
    """
    try:
        body = table(answer.json())
    except Fault:
        body = {}
    errors = body.get("errors")
    first = next(filter(None, map(table, errors)), {}) if isinstance(errors, list) else {}
    error = text(first.get("code")) or text(body.get("error"))
    said = text(first.get("detail")) or text(first.get("title")) or text(body.get("error_description"))
    source = table(first, "source")
    wrong = text(source.get("pointer")) or text(source.get("parameter"))
    words = ": ".join(filter(None, (wrong, said)))
    kind = ERROR_KINDS.get(error) or STATUS_KINDS.get(answer.status)
    if answer.status == 429:
        kind = FaultKind.RATE_LIMITED
    elif answer.status >= 500:
        kind = FaultKind.PROVIDER_DOWN
    return ApiFault(
        kind or FaultKind.BAD_DATA,
        status=answer.status,
        error=error,
        provider_code=excerpt(error, 64, answer.secrets) or str(answer.status),
        detail=excerpt(words, secrets=answer.secrets) if words else answer.excerpt(),
        not_before=answer.not_before,
    )


def synchronization_fault(error: dict[str, Any]) -> Fault:
    """The fault that an error of a synchronization is: the user's to cure, or the bank's and passing."""
    code = text(error.get("code"))
    return Fault(
        SYNCHRONIZATION_KINDS.get(code, FaultKind.PROVIDER_DOWN),
        provider_code=excerpt(code, 64),
        detail=excerpt(text(error.get("detail"))),
    )
