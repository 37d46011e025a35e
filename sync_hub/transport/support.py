# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What may be shown to somebody outside the company who helps: no secret, no person, no account number in full."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from .answer import Exchange
from .redact import MASK, mask_text

# Calls that are kept of one piece of work: the last ones tell how it ended.
MOST_CALLS = 50

# What addresses of interfaces are made of: words, camelCase and versions. Anything else may be an id or a name.
_WORD = re.compile(
    r"(?:[a-z]{1,24}(?:[-_.][a-z]{1,24}){0,4}|[a-z]{1,24}(?:[A-Z][a-z]{1,24}){1,4}|v\d{1,3}(?:\.\d{1,3})?)\Z"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Eight digits or more, with or without letters between them: an account, a card, a telephone.
_NUMBER = re.compile(r"\b(?=(?:[A-Za-z]*\d){8})[A-Za-z0-9]{8,}\b")
_SHORTEST_NAME = 3
_LONGEST_ERROR = 200

# Under what name a service tells the number of a request, by which its support finds it.
_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "plaid-request-id", "x-correlation-id")
_REQUEST_ID = re.compile(rb"\"request_?id\"\s*:\s*\"([\w.:-]{4,80})\"", re.IGNORECASE)
# Where in a body it is looked for: services write it first or last.
_WINDOW = 2000

_noted: ContextVar["deque[dict[str, Any]] | None"] = ContextVar("noted calls", default=None)


@contextmanager
def noted_calls() -> "Iterator[deque[dict[str, Any]]]":
    """Collect the last calls of all HTTP sessions that are made inside, each as :func:`call_entry` writes it.

    A session notes its calls here as long as it lives, whichever thread it works in. Collections may lie within each
    other: the outer one has the calls of the inner one too.

    >>> with noted_calls() as calls:
    ...     len(calls)
    0
    """
    calls: deque[dict[str, Any]] = deque(maxlen=MOST_CALLS)
    outer = _noted.get()
    token = _noted.set(calls)
    try:
        yield calls
    finally:
        _noted.reset(token)
        if outer is not None:
            outer.extend(calls)


def calls_noted_here() -> "deque[dict[str, Any]] | None":
    """Where a session that is made now notes its calls; None: nowhere."""
    return _noted.get()


def call_entry(exchange: Exchange) -> dict[str, Any]:
    """What is kept of one call for support, as JSON holds it.

    ``at`` is UTC in ISO 8601; ``status`` is 0 when no answer came, ``error`` then says why.
    """
    return {
        "at": exchange.at.strftime("%Y-%m-%dT%H:%M:%SZ") if exchange.at else "",
        "method": exchange.method,
        "path": bare_path(exchange.url),
        "status": exchange.status,
        "milliseconds": exchange.milliseconds,
        "bytes": exchange.body_bytes,
        "request_id": exchange.request_id,
        "error": support_text(exchange.error)[:_LONGEST_ERROR],
    }


def call_line(call: Mapping[str, Any]) -> str:
    """One call on one line.

    >>> call_line({"at": "2026-06-30T10:00:00Z", "method": "GET", "path": "/accounts", "status": 200,
    ...            "milliseconds": 31, "request_id": "af-9"})
    '2026-06-30T10:00:00Z GET /accounts 200 31 ms af-9'
    """
    status = call.get("status") or "no answer"
    parts = (
        call.get("at"),
        call.get("method"),
        call.get("path"),
        f"{status} {call.get('milliseconds', 0)} ms",
        call.get("request_id"),
        call.get("error"),
    )
    return " ".join(str(part) for part in parts if part)


def request_id(headers: Mapping[str, str], body: bytes) -> str:
    """The number that the other side gave a request, from its headers or its body; empty when it gave none."""
    for name in _REQUEST_ID_HEADERS:
        value = headers.get(name)
        if value:
            return re.sub(r"[^\w.:-]", "", value)[:80]
    found = _REQUEST_ID.search(body[:_WINDOW]) or _REQUEST_ID.search(body[-_WINDOW:])
    return found[1].decode("ascii", "replace") if found else ""


def bare_path(url: str) -> str:
    """The path of an address without ids, and the names of its parameters without their values.

    >>> bare_path("https://api.bank.example/v6/accounts/5f1c9a/transactions?date_from=2026-01-01&iban=IT60X05")
    '/v6/accounts/***/transactions?date_from&iban'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    path = "/".join(_word_or_mask(segment) for segment in parts.path.split("/"))
    names = "&".join(_word_or_mask(pair.partition("=")[0]) for pair in parts.query.split("&"))
    return f"{path}?{names}" if names else path


def support_text(text: str, persons: Iterable[str] = (), labels: Iterable[str] = ()) -> str:
    """``text`` without secrets, e-mail addresses and names; of long numbers the middle is left out.

    :param persons: names of people and firms, of which no word is shown, whatever its case
    :param labels: other texts that are not shown, such as what somebody called an account; only as a whole
    :return: at most 20 000 characters of it

    >>> support_text("ROSSI Mario, IT60X0542811101000000123456: refused", persons=["Mario Rossi"])
    '*** ***, IT60***3456: refused'
    """
    text = _MAIL.sub(MASK, mask_text(text))
    for label in sorted({label.strip() for label in labels}, key=len, reverse=True):
        if len(label) >= _SHORTEST_NAME:
            text = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", MASK, text, flags=re.IGNORECASE)
    words = {word for name in persons for word in re.findall(r"\w+", name) if len(word) >= _SHORTEST_NAME}
    if words:
        either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        text = re.sub(rf"(?<!\w)(?:{either})(?!\w)", MASK, text, flags=re.IGNORECASE)
    return _NUMBER.sub(lambda match: f"{match[0][:2]}{MASK}{match[0][-4:]}", text)


def _word_or_mask(part: str) -> str:
    return part if not part or _WORD.match(part) else MASK
