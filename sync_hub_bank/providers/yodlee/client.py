# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests to Yodlee on behalf of a user."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, HttpSession

from .const import API_VERSION, ERRORS_TOKEN
from .errors import ApiFault, fault_from
from .token import TokenSource

# RFC 8288, section 3, with and without quotes; the interface description only says that there are links.
_next_link = re.compile(r"""\brel\s*=\s*["']?next\b""", re.IGNORECASE).search


class Client:
    """Signs requests, asks for a new token once where the old one is refused, and opens the answers."""

    def __init__(self, http: HttpSession, tokens: TokenSource, clock: Callable[[], datetime]):
        self._http = http
        self._tokens = tokens
        self._clock = clock

    def call(
        self,
        method: str,
        path: str,
        login: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        retry: bool | None = None,
    ) -> tuple[dict[str, Any], Answer]:
        """The JSON object of the answer (empty for an answer without a body), and the answer itself.

        :param login: in whose name
        :raises ApiFault: for a refusal
        """
        for again in (True, False):
            headers = {"Api-Version": API_VERSION, "Authorization": f"Bearer {self._tokens.token(login)}"}
            answer = self._http.request(method, path, params=params, json=json, headers=headers, retry=retry)
            if answer.ok:
                return _opened(answer, method), answer
            fault = fault_from(answer, self._clock())
            if not (again and fault.status == 401 and fault.error in ERRORS_TOKEN):
                break
            self._tokens.forget(login)
        raise fault

    def get(self, path: str, login: str, **params: Any) -> dict[str, Any]:
        """The object that ``path`` gives."""
        return self.call("GET", path, login, params=params or None)[0]

    def rows(self, path: str, name: str, login: str, **params: Any) -> tuple[list[Any], bool]:
        """The list ``name`` of one page, and whether the answer's ``Link`` header leads to another one."""
        body, answer = self.call("GET", path, login, params=params)
        return rows_of(body, name), bool(_next_link(answer.headers.get("Link") or ""))


def rows_of(body: Mapping[str, Any], name: str) -> list[Any]:
    """The list ``name``; empty where the answer has nothing at all, which is how Yodlee says "none".

    :raises Fault: of kind ``bad_data`` for an answer that has something else instead
    """
    value = body.get(name)
    if isinstance(value, list):
        return value
    if value is None and not body:
        return []
    raise Fault(FaultKind.BAD_DATA, detail=f"an answer without {name}")


def path_of(template: str, **parts: str) -> str:
    """``template`` with the parts put in, percent-encoded."""
    return template.format(**{name: quote(part, safe="") for name, part in parts.items()})


def is_gone(fault: ApiFault) -> bool:
    """Whether the provider account that was asked for is not there."""
    unknown = fault.status == 404 and fault.kind is FaultKind.REQUEST_REFUSED
    return unknown or fault.kind is FaultKind.CONSENT_EXPIRED


def _opened(answer: Answer, method: str) -> dict[str, Any]:
    # What changes something may be answered with nothing.
    if method != "GET" and not answer.body.strip():
        return {}
    body = answer.json()
    if not isinstance(body, dict):
        raise Fault(FaultKind.BAD_DATA, detail=f"an object was expected: {answer.excerpt(120)}")
    return body
