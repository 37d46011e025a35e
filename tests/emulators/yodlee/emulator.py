# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: a server on the loopback interface around world and switches."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..chaos import mangled, pause
from ..faults import PROXY_PAGE, Fault, network_answer, retry_after
from ..remote import Controlled
from ..serving import Served
from .api import Api
from .faults import ROW_FAULTS, spoil_row
from .pages import FastLinkPages
from .switches import Switches
from .world import ADMIN, ApiError, World

ROOT = "/ysl"
_API = (
    ("POST", "/auth/token", "token"),
    ("POST", "/user/register", "register"),
    ("GET", "/providers", "providers"),
    ("GET", "/providers/count", "count"),
    ("GET", "/providerAccounts", "items"),
    ("GET", "/providerAccounts/<number>", "item"),
    ("DELETE", "/providerAccounts/<number>", "delete_item"),
    ("PUT", "/providerAccounts/refresh", "refresh"),
    ("GET", "/consents", "consents"),
    ("GET", "/accounts", "accounts"),
    ("GET", "/transactions", "transactions"),
    ("GET", "/dataExtracts/userData", "changes"),
    ("GET", "/configs/notifications/events", "subscriptions"),
    ("POST", "/configs/notifications/events/<event>", "subscription"),
    ("PUT", "/configs/notifications/events/<event>", "subscription"),
    ("DELETE", "/configs/notifications/events/<event>", "subscription"),
)


class Emulator(Served, Switches):
    """A sandbox of banks behind Yodlee's interface. ``today`` fixes the banks' calendar.

    >>> with Emulator() as bank:
    ...     bank.url.startswith("http://127.0.0.1:")
    True
    """

    admin_login = ADMIN

    def __init__(self, *, today: date | None = None, port: int = 0, seed: str = "sandbox") -> None:
        super().__init__(World(today, seed))
        self._api = Api(self._world)
        self._pages = FastLinkPages(self._world)
        rules = [Rule(ROOT + path, endpoint=name, methods=[verb]) for verb, path, name in _API]
        rules += [Rule("/fastlink", endpoint="open", methods=["POST"])]
        rules += [Rule("/fastlink/<visit>", endpoint="submit", methods=["POST"])]
        rules += [Rule("/logos/<slug>.svg", endpoint="logo", methods=["GET"])]
        self._routes = Map(rules)
        self._port = port

    # -- server ------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The base address of the interface. Raises RuntimeError before ``start``."""
        return f"{self._origin()}{ROOT}"

    @property
    def fastlink_url(self) -> str:
        """Where the browser posts the form."""
        return f"{self._origin()}/fastlink"

    def access(self) -> dict[str, Any]:
        """What an adapter is made with: ``url``, ``settings``, ``secrets``."""
        settings = {"client_id": self.client_id, "admin_login": self.admin_login, "fastlink_url": self.fastlink_url}
        return {"url": self.url, "settings": settings, "secrets": {"secret": self.secret}}

    @property
    def client_id(self) -> str:
        return self._world.client_id

    @property
    def secret(self) -> str:
        return self._world.secret

    def _listen(self) -> None:
        self._serve(Controlled(self, self), self._port)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            name, arguments = self._routes.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return Response(PROXY_PAGE.format(status=error.name), status=error.code, mimetype="text/html")
        if name in ("open", "submit", "logo"):
            return getattr(self._pages, name)(request, **arguments)
        with self._world.lock:
            faults = self._world.faults.take(name, None, None)
        pause(faults)
        with self._world.lock:
            try:
                response = self._struck(faults, request) or self._api.answer(name, request, arguments)
            except ApiError as error:
                body = {"errorCode": error.code, "errorMessage": error.message, "referenceCode": "m1563957360736GFM3H0"}
                response = Response(json.dumps(body), status=error.status, mimetype="application/json")
            entry = {"call": name, "method": request.method, "path": request.path, "status": response.status_code}
            self._world.log.append(entry | {"query": request.args.to_dict()})
        return _spoiled(response, faults)

    def _struck(self, faults: list[Fault], request: Request) -> Response | None:
        for fault in faults:
            options = fault.options
            if fault.fault == "error":
                message = options.get("message", "Invalid input")
                raise ApiError(options.get("code", "Y806"), message, options.get("status", 400))
            if fault.fault == "token_expired":
                raise ApiError("Y023", "Token has expired", 401)
            if fault.fault == "server_error":
                raise ApiError("Y001", "Technical error", 500)
            if fault.fault == "echo_secret":
                token = (request.headers.get("Authorization") or "").rpartition(" ")[2]
                raise ApiError("Y806", f"Invalid input: {self.secret} and {token}")
            if fault.fault == "rate_limit":
                told = '{"errorMessage": "Too many requests"}'
                return Response(told, 429, retry_after(fault), mimetype="application/json")
            if fault.fault == "other_list":
                return Response('{"something": []}', mimetype="application/json")
            if (answer := network_answer(fault)) is not None:
                return answer
        return None


def _spoiled(response: Response, faults: list[Fault]) -> Response:
    """The response with what the faults do to a good one."""
    if response.status_code != 200:
        return response
    for fault in faults:
        if fault.fault in ROW_FAULTS:
            body = json.loads(response.get_data())
            spoil_row(body.get("transaction", []), fault.fault, fault.options.get("row", 0))
            response.set_data(json.dumps(body))
    return mangled(response, faults)
