# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a connection and its consents stand. A connection is Salt Edge's link to the bank; its number is our session."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import excerpt

from ..values import ConsentStatus
from .const import CONNECTION_ACTIVE, CONNECTION_ENDED, CONSENT_ACTIVE
from .errors import kind_of, plain_class
from .parse import parse_instant, text_of


def is_fetching(connection: dict[str, Any]) -> bool:
    """Whether Salt Edge is still at work on its last attempt to fetch."""
    return _attempt(connection).get("finished") is False


def failed_with(connection: dict[str, Any]) -> str:
    """The error class with which the last attempt failed, as written; empty when it did not."""
    attempt = _attempt(connection)
    if attempt.get("finished") is False:
        return ""
    # A time of success says that what went wrong was not the whole attempt.
    return "" if attempt.get("success_at") else text_of(attempt.get("fail_error_class"))


def status_of(connection: dict[str, Any], consents: Iterable[Any], now: datetime) -> ConsentStatus:
    """Whether a connection can be read from.

    :param consents: its consents; none of them is no sign of an end
    :param now: aware
    """
    status = _status(connection)
    if status in CONNECTION_ENDED:
        return ConsentStatus.WAITING if is_fetching(connection) else ConsentStatus.ENDED
    known = [consent for consent in consents if isinstance(consent, dict)]
    if known and not any(_stands(consent, now) for consent in known):
        return ConsentStatus.ENDED
    return ConsentStatus.VALID


def valid_until(consents: Iterable[Any]) -> datetime | None:
    """When the last of the active consents ends; None when one has no end, or none is known."""
    ends = [
        parse_instant(consent.get("expires_at"))
        for consent in consents
        if isinstance(consent, dict) and text_of(consent.get("status")) == CONSENT_ACTIVE
    ]
    return None if None in ends else max(filter(None, ends), default=None)


def check_readable(connection: dict[str, Any], mask: Callable[[str], str]) -> None:
    """Raise ``Fault`` unless the last attempt brought what there is at the bank.

    Salt Edge goes on answering with what it kept when it cannot fetch any more. Read as if it were complete, that
    would move the cursor past days of which nothing is known.

    :param mask: hides secrets in a text
    """
    status = _status(connection)
    failed = failed_with(connection)
    message = excerpt(mask(text_of(_attempt(connection).get("fail_message"))))
    if status in CONNECTION_ENDED and not is_fetching(connection):
        raise Fault(FaultKind.CONSENT_EXPIRED, provider_code=excerpt(failed or status, 64), detail=message)
    if failed:
        kind = kind_of(plain_class(failed))
        not_before = parse_instant(connection.get("next_refresh_possible_at")) if _passes(kind) else None
        raise Fault(kind, provider_code=excerpt(failed, 64), detail=message, not_before=not_before)


def _passes(kind: FaultKind) -> bool:
    return kind in (FaultKind.PROVIDER_DOWN, FaultKind.RATE_LIMITED)


def _status(connection: dict[str, Any]) -> str:
    status = text_of(connection.get("status"))
    if status != CONNECTION_ACTIVE and status not in CONNECTION_ENDED:
        raise Fault(FaultKind.BAD_DATA, provider_code=status[:64], detail="unknown status of a connection")
    return status


def _stands(consent: dict[str, Any], now: datetime) -> bool:
    end = parse_instant(consent.get("expires_at"))
    return text_of(consent.get("status")) == CONSENT_ACTIVE and (end is None or end > now)


def _attempt(connection: dict[str, Any]) -> dict[str, Any]:
    attempt = connection.get("last_attempt")
    return attempt if isinstance(attempt, dict) else {}
