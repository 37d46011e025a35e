# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The resources of the API, the same for both products. Each call returns a JSON value or raises ApiError."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

from ..faults import Fault
from . import rendering
from .errors import ApiError, not_found
from .faults import spoil
from .oauth import Access
from .world import TOO_SOON, Link, World

DEFAULT_ROWS, MOST_ROWS = 10, 100


@dataclass
class Call:
    """One request: ``root`` is the address of the product, ``access`` what its token allows."""

    name: str
    root: str
    url: str
    query: Mapping[str, str]
    body: Any
    arguments: Mapping[str, str]
    product: str
    access: Access | None = None
    faults: list[Fault] = field(default_factory=list)

    def parameter(self, name: str) -> str | None:
        """A paging parameter in either of its spellings."""
        return self.query.get(f"page[{name}]", self.query.get(name))

    def spelled(self, name: str) -> str:
        """How this product's links spell a paging parameter."""
        return f"page[{name}]" if self.product == "connect" else name


class Api:
    """The resources of one world. The caller holds its lock."""

    def __init__(self, world: World) -> None:
        self.world = world

    def institutions(self, call: Call) -> dict[str, Any]:
        """GET /financial-institutions"""
        banks = list(self.world.banks.values())
        host = "/".join(call.root.split("/")[:3])
        return self._page(call, banks, lambda bank: bank.uid, lambda bank: rendering.institution(bank, host))

    def accounts(self, call: Call) -> dict[str, Any]:
        """GET /accounts"""
        links = [link for link in self.world.links.values() if self._may_read(call, link)]
        return self._page(call, links, lambda link: link.uid, lambda link: self._account(call, link))

    def account(self, call: Call) -> dict[str, Any]:
        """GET /accounts/{id}"""
        return {"data": self._account(call, self._link(call))}

    def transactions(self, call: Call) -> dict[str, Any]:
        """GET /accounts/{id}/transactions"""
        link = self._link(call)
        body = self._page(
            call,
            self.world.rows(link.account),
            lambda row: rendering.transaction_id(link, row.handle),
            lambda row: rendering.booked(self.world, link, row, call.root),
        )
        for fault in call.faults:
            spoil(body["data"], fault.fault)
        return body

    def pending(self, call: Call) -> dict[str, Any]:
        """GET /accounts/{id}/pending-transactions"""
        link = self._link(call)
        rows = [rendering.pending(link, row, call.root) for row in self.world.ledger(link.account).unbooked.values()]
        return self._page(call, rows[::-1], lambda row: row["id"], lambda row: row)

    def synchronize(self, call: Call) -> dict[str, Any]:
        """POST /synchronizations"""
        asked = ((call.body or {}).get("data") or {}).get("attributes") or {}
        try:
            ip_address(asked.get("customerIpAddress") or "")
        except ValueError:
            pointer = {"pointer": "/data/attributes/customerIpAddress"}
            raise ApiError(400, "validationError", "must be an address", source=pointer) from None
        if asked.get("resourceType") != "account" or not str(asked.get("subtype")).startswith("account"):
            raise ApiError(400, "validationError", "unknown resourceType or subtype")
        link = self.world.find(asked.get("resourceId", ""))
        soon = link.latest and link.latest.created > self.world.now() - TOO_SOON
        if self.world.refuse_soon and soon:
            raise ApiError(400, "synchronizationTooEarly", "The account was synchronized a moment ago.")
        return {"data": rendering.synchronization(self.world.begin(link, asked["subtype"]))}

    def synchronization(self, call: Call) -> dict[str, Any]:
        """GET /synchronizations/{id}"""
        sync = self.world.synchronizations.get(call.arguments["uid"])
        if sync is None:
            raise not_found("synchronization")
        self.world.look(sync)
        return {"data": rendering.synchronization(sync)}

    def updated(self, call: Call) -> dict[str, Any]:
        """GET /synchronizations/{id}/updated-transactions"""
        sync = self.world.synchronizations.get(call.arguments["uid"])
        if sync is None:
            raise not_found("synchronization")
        link = self.world.links[sync.link]
        rows = [row for row in self.world.rows(link.account) if row.handle in sync.changed]
        return self._page(
            call,
            rows,
            lambda row: rendering.transaction_id(link, row.handle),
            lambda row: rendering.booked(self.world, link, row, call.root),
        )

    # -- inside ----------------------------------------------------------------------------------

    def _may_read(self, call: Call, link: Link) -> bool:
        return call.product == "classic" or link.integrated

    def _link(self, call: Call) -> Link:
        link = self.world.find(call.arguments["uid"])
        if not self._may_read(call, link):
            raise not_found("account")
        return link

    def _account(self, call: Call, link: Link) -> dict[str, Any]:
        return rendering.account(self.world, link, call.root)

    def _page(
        self, call: Call, rows: list[Any], uid: Callable[[Any], str], render: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """A page of a list that is newest first. ``before`` gives the rows next to it, not the newest of all."""
        limit = call.parameter("limit") or str(DEFAULT_ROWS)
        if not limit.isdigit() or not 1 <= int(limit) <= MOST_ROWS:
            source = {"parameter": call.spelled("limit")}
            raise ApiError(400, "validationError", f"must be from 1 to {MOST_ROWS}", source=source)
        size, after, before = int(limit), call.parameter("after"), call.parameter("before")
        start, stop = 0, size
        if after or before:
            ids = [uid(row) for row in rows]
            if (after or before) not in ids:
                raise not_found("transaction")
            place = ids.index(after or before)
            start, stop = (place + 1, place + 1 + size) if after else (max(0, place - size), place)
        chosen = rows[start:stop]
        links = {"first": f"{call.url}?{urlencode({call.spelled('limit'): size}, safe='[]')}"}
        meta: dict[str, Any] = {"limit": size}
        for name, direction, there in (("next", "after", stop < len(rows)), ("prev", "before", start > 0)):
            if chosen and there:
                end = uid(chosen[-1 if name == "next" else 0])
                parameters = {call.spelled("limit"): size, call.spelled(direction): end}
                links[name] = f"{call.url}?{urlencode(parameters, safe='[]')}"
                meta[direction] = end
        for fault in call.faults:
            if fault.fault == "foreign_link":
                links["next"] = "https://elsewhere.invalid/accounts"
            elif fault.fault == "same_link":
                links["next"] = links["first"]
        return {"data": [render(row) for row in chosen], "meta": {"paging": meta}, "links": links}
