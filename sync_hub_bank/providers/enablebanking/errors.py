# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals of Enable Banking as faults."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, excerpt

from .const import (
    BANK_CODE_FIELDS,
    BANK_KINDS,
    ERROR_BANK,
    ERROR_BANK_RATE,
    ERROR_KINDS,
    ERRORS_PARAMETER,
    STATUS_KINDS,
    STATUSES_PARAMETER,
)


class ApiFault(Fault):
    """A fault with what the adapter needs to find a way around it.

    ``provider_code`` is their error code, or the HTTP status where they sent none.

    :param status: the HTTP status
    :param error: their error code, empty where they sent none
    :param said: their ``detail`` as it came: text, object or None
    """

    def __init__(self, kind: FaultKind, *, status: int, error: str, said: Any, **known: Any):
        super().__init__(kind, **known)
        self.status = status
        self.error = error
        self.said = said


def fault_from(answer: Answer, now: datetime) -> ApiFault:
    """The fault that an answer without success is.

    Shape of the body: schema ErrorResponse, of which only ``message`` is always there. What comes
    from a gateway in between is no JSON at all: then the status decides.

    :param now: aware; the bank's daily limit ends with its day (UTC taken for it)
    """
    try:
        body = answer.json()
    except Fault:
        body = None
    if not isinstance(body, dict):
        body = {"message": answer.excerpt()}
    error = body.get("error")
    error = error if isinstance(error, str) else ""
    said = _opened(body.get("detail"))
    kind = ERROR_KINDS.get(error) or STATUS_KINDS.get(answer.status) or _kind_of(answer.status)
    if error == ERROR_BANK:
        kind = next(_bank_kinds(said), kind)
    not_before = answer.not_before
    if kind is FaultKind.RATE_LIMITED and error in (ERROR_BANK, ERROR_BANK_RATE):
        not_before = not_before or _next_midnight(now)
    return ApiFault(
        kind,
        status=answer.status,
        error=error,
        said=said,
        provider_code=excerpt(error, 64, answer.secrets) or str(answer.status),
        detail=_words(body.get("message"), said, answer),
        not_before=not_before,
    )


def _kind_of(status: int) -> FaultKind:
    return FaultKind.PROVIDER_DOWN if status >= 500 else FaultKind.BAD_DATA


def _opened(detail: Any) -> Any:
    """``detail``, with an object that was written as text opened."""
    if isinstance(detail, str) and detail.lstrip().startswith("{"):
        try:
            return json.loads(detail)
        except (ValueError, RecursionError):
            return detail
    return detail


def _bank_kinds(said: Any) -> Iterator[FaultKind]:
    """Kinds of fault that the bank's own answer names, wherever in ``detail`` it stands."""
    waiting = [said]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, dict):
            for name, item in value.items():
                if name in BANK_CODE_FIELDS and isinstance(item, str | int):
                    kind = BANK_KINDS.get(str(item).strip())
                    if kind:
                        yield kind
                elif isinstance(item, str):
                    waiting.append(_opened(item))
                else:
                    waiting.append(item)
        elif isinstance(value, list):
            waiting.extend(value)


def _words(message: Any, said: Any, answer: Answer) -> str:
    if isinstance(said, dict) and isinstance(said.get("message"), str):
        said = said["message"]
    elif said is not None and not isinstance(said, str):
        said = json.dumps(said, default=str, ensure_ascii=False)
    parts = [part for part in (message, said) if isinstance(part, str) and part.strip()]
    return excerpt(": ".join(dict.fromkeys(parts)), secrets=answer.secrets)


def _next_midnight(now: datetime) -> datetime:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)


def may_be_pending(fault: ApiFault) -> bool:
    """Whether the bank may have refused only because pending rows were asked for too."""
    if fault.error == ERROR_BANK:
        # The bank's own 401, 403 and 429 have kinds of their own.
        return fault.kind is FaultKind.PROVIDER_DOWN
    if fault.error in ERROR_KINDS and fault.error not in ERRORS_PARAMETER:
        return False
    return fault.status in STATUSES_PARAMETER
