# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The way of the browser through FastLink 4 and back.

Rules: "FastLink 4" at https://developer.envestnet.com/. The browser posts a form to FastLink
and comes back to the callback address. In which shape the outcome is added to that address is not documented, so it is
looked for in parameters of their own and in parameters that hold JSON; what really happened is asked of the interface.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import excerpt

from .const import FASTLINK_ADD, FASTLINK_CLOSED, FASTLINK_EDIT, FASTLINK_EXIT, FASTLINK_LIFETIME
from .parse import text
from .seal import is_sealed, seal

# Our own parameter of the callback address.
HANDLE = "handle"
_PURPOSE = "fastlink"
_is_error_code = re.compile(r"[EN]\d{2,4}").fullmatch
# An outcome is short; what is longer is somebody's play.
_LONGEST_JSON = 20_000


@dataclass(frozen=True, slots=True)
class Departure:
    """With what the browser was sent out. ``item`` is the provider account to renew, empty for a new one."""

    login: str
    item: str
    provider: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Return:
    """What FastLink says of the outcome: hints, nothing to rely on.

    :param item: the provider account that it names, empty for none
    :param error: its error code, empty for none
    :param closed: whether it says that the user went away
    """

    item: str
    error: str
    words: str
    closed: bool


def extra_params(config: str, departure: Departure, redirect_url: str, state: str, secret: str) -> str:
    """The field ``extraParams`` of the form: parameters as in an address."""
    joint = "&" if urlsplit(redirect_url).query else "?"
    back = urlencode({"state": state, HANDLE: _written(departure, state, secret)}, quote_via=quote)
    params = {"configName": config, "flow": FASTLINK_EDIT if departure.item else FASTLINK_ADD}
    if departure.item:
        params["providerAccountId"] = departure.item
    else:
        params["providerId"] = departure.provider
    params["callback"] = f"{redirect_url}{joint}{back}"
    return urlencode(params, quote_via=quote)


def departure_of(answer: Mapping[str, str], secret: str, now: datetime) -> Departure:
    """The departure that this return belongs to.

    :raises Fault: of kind ``authorization_invalid`` when it is none of ours, or too old
    """
    content, _dot, mark = (answer.get(HANDLE) or "").partition(".")
    if is_sealed(mark, secret, _PURPOSE, answer.get("state") or "", content):
        login, item, provider, at = json.loads(base64.urlsafe_b64decode(content))
        departure = Departure(login, item, provider, datetime.fromtimestamp(at, UTC))
        if now - departure.at <= FASTLINK_LIFETIME:
            return departure
        raise Fault(FaultKind.AUTHORIZATION_INVALID, detail="the way back took too long")
    raise Fault(FaultKind.AUTHORIZATION_INVALID, detail="a return that does not belong to this authorization")


def outcome_of(answer: Mapping[str, str]) -> Return:
    """The outcome as FastLink tells it: ``providerAccountId``, ``status``, ``code``, ``action`` and ``sites``."""
    items: list[tuple[bool, str]] = []
    error = words = ""
    closed = False
    for entry in _objects(answer):
        said = {text(entry.get(name)).upper() for name in ("status", "reason", "additionalStatus")}
        item = text(entry.get("providerAccountId"))
        if item.isascii() and item.isdigit():
            items.append(("SUCCESS" in said, item))
        code = text(entry.get("code"))
        if not error and (_is_error_code(code) or text(entry.get("fnToCall")) == "errorHandler"):
            error = code or "error"
            words = text(entry.get("message")) or text(entry.get("title"))
        closed = closed or text(entry.get("action")).lower() == FASTLINK_EXIT or not said.isdisjoint(FASTLINK_CLOSED)
    # Of several banks that a user tried, the one that worked; else the last.
    named = next((item for good, item in reversed(items) if good), items[-1][1] if items else "")
    return Return(named, excerpt(error, 64), excerpt(words), closed)


def _written(departure: Departure, state: str, secret: str) -> str:
    values = [departure.login, departure.item, departure.provider, int(departure.at.timestamp())]
    content = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    return f"{content}.{seal(secret, _PURPOSE, state, content)}"


def _objects(answer: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The parameters themselves, and every object in those that hold JSON."""
    yield {name: value for name, value in answer.items() if name not in ("state", HANDLE)}
    for value in answer.values():
        if value[:1] not in ("{", "[") or len(value) > _LONGEST_JSON:
            continue
        waiting: list[Any] = []
        with suppress(ValueError, RecursionError):
            waiting.append(json.loads(value))
        while waiting:
            found = waiting.pop(0)
            if isinstance(found, dict):
                yield found
                waiting.extend(found.values())
            elif isinstance(found, list):
                waiting.extend(found)
