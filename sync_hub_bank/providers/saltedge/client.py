# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests to Salt Edge: signed, and their envelope opened."""

from collections.abc import Iterator, Mapping
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession

from .const import MOST_PAGES
from .errors import fault_from
from .paging import next_id
from .signing import Signer


class Client:
    """Asks through ``http`` as the application of ``signer``. Keeps nothing between calls."""

    def __init__(self, http: HttpSession, signer: Signer) -> None:
        self._http = http
        self._signer = signer

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        retry: bool | None = None,
    ) -> dict[str, Any]:
        """The JSON object of the answer. Raises :class:`ApiFault` for a refusal."""
        url, headers = self._signer.signed(method, self._http.base_url + path, params, json)
        answer = self._http.request(method, url, json=json, headers=headers, retry=retry)
        if not answer.ok:
            raise fault_from(answer)
        body = answer.json()
        if not isinstance(body, dict):
            raise Fault(FaultKind.BAD_DATA, detail=f"an object was expected: {answer.excerpt(120)}")
        return body

    def one(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """What an answer about one thing holds; arguments as of :meth:`call`."""
        data = self.call(method, path, **more).get("data")
        if not isinstance(data, dict):
            raise Fault(FaultKind.BAD_DATA, detail="an answer without data")
        return data

    def all(self, path: str, params: Mapping[str, str] | None = None) -> Iterator[Any]:
        """The entries of a list, page by page."""
        from_id = ""
        for _page in range(MOST_PAGES):
            more = {"from_id": from_id} if from_id else {}
            body = self.call("GET", path, params={**(params or {}), **more})
            yield from list_of(body)
            from_id = next_id(body.get("meta"), from_id)
            if not from_id:
                return
        raise Fault(FaultKind.BAD_DATA, detail="a list without an end")


def list_of(body: Mapping[str, Any]) -> list[Any]:
    """The entries of one page."""
    value = body.get("data")
    if not isinstance(value, list):
        raise Fault(FaultKind.BAD_DATA, detail="an answer without a list")
    return value
