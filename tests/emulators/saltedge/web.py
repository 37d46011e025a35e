# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The WSGI application: routes, keys and signatures, faults around the answers, request log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..chaos import mangled, pause
from ..faults import Fault, network_answer
from .api import Api, Call
from .errors import ApiError
from .faults import refusal
from .pages import ConnectPages
from .signatures import check_keys, check_signature
from .store import SaltEdgeWorld

_API = (
    ("GET", "/countries", "countries"),
    ("GET", "/providers", "providers"),
    ("POST", "/customers", "create_customer"),
    ("GET", "/customers", "customers"),
    ("POST", "/connections/connect", "connect"),
    ("POST", "/connections/<number>/reconnect", "reconnect"),
    ("GET", "/connections/<number>", "connection"),
    ("DELETE", "/connections/<number>", "delete_connection"),
    ("GET", "/consents", "consents"),
    ("GET", "/accounts", "accounts"),
    ("GET", "/transactions", "transactions"),
)
BASE_PATH = "/api/v6"


class Web:
    """The WSGI callable of one world. ``flush`` sends the callbacks that became due."""

    def __init__(self, world: SaltEdgeWorld, flush: Callable[[], None]) -> None:
        self.world = world
        self._flush = flush
        self._api = Api(world)
        self._pages = ConnectPages(world)
        rules = [Rule(BASE_PATH + path, endpoint=name, methods=[verb]) for verb, path, name in _API]
        rules.append(Rule("/connect/<authorization_id>", endpoint="consent", methods=["GET", "POST"]))
        rules.append(Rule("/logos/<slug>.svg", endpoint="logo", methods=["GET"]))
        self._routes = Map(rules)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        response = self._respond(request)
        self._flush()
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            name, arguments = self._routes.bind_to_environ(request.environ).match()
        except HTTPException:
            return self._refused(ApiError("RouteNotFound"), request)
        if name in ("consent", "logo"):
            return getattr(self._pages, name)(request, **arguments)
        call = Call(
            name=name,
            base_url=request.host_url.rstrip("/"),
            path=request.path,
            query=request.args.to_dict(),
            body=_json_body(request),
            arguments=arguments,
        )
        try:
            response = self._checked(request, call)
        except ApiError as error:
            response = self._refused(error, request)
        with self.world.lock:
            self.world.log.add(
                self.world.now(),
                request.method,
                request.path,
                call.query,
                response.status_code,
                call=name,
                bank=call.bank and call.bank.slug,
                account=call.account and call.account.slug,
                user_present=False,
            )
        return response

    def _checked(self, request: Request, call: Call) -> Response:
        world = self.world
        with world.lock:
            check_keys(request.headers, world.application.application_id, world.application_secret)
            if not world.application.active:
                raise ApiError("ClientDisabled")
            if world.habits.signed:
                url = request.host_url.rstrip("/") + request.environ["REQUEST_URI"]
                key, body = world.application.public_key, request.get_data()
                check_signature(request.headers, request.method, url, body, key, time.time())
            self._api.identify(call)
            bank, account = call.bank and call.bank.slug, call.account and call.account.slug
            call.faults = world.faults.take(call.name, bank, account)
        # nobody else waits while a slow service makes this caller wait
        pause(call.faults)
        for fault in call.faults:
            response = _fault_response(fault)
            if response is not None:
                return response
        with world.lock:
            response = _json_response(self._api.answer(call))
        return mangled(response, call.faults)

    def _refused(self, error: ApiError, request: Request) -> Response:
        echo = {"path": request.path, "query": request.args.to_dict(), "body": _json_body(request)}
        response = _json_response(error.body(self.world.habits.version, echo), error.status)
        response.headers.update(error.headers)
        return response


def _fault_response(fault: Fault) -> Response | None:
    error, options = refusal(fault), fault.options
    if error is not None:
        raise error
    if fault.fault == "bare_error":
        text = options.get("text", "Service unavailable")
        return _json_response({"error": text}, int(options.get("status", 503)))
    return network_answer(fault)


def _json_body(request: Request) -> Any:
    try:
        return json.loads(request.get_data() or b"null")
    except ValueError:
        return None


def _json_response(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status=status, mimetype="application/json")
