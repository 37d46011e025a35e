# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The WSGI application: routes, bearer check, faults around the answers, request log."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..chaos import mangled, pause
from ..faults import Fault, network_answer
from .api import Api, Call
from .bearer import check_authorization
from .consent_pages import ConsentPages
from .control import ControlPages
from .errors import ApiError
from .faults import refusal
from .switches import Switches
from .world import World

_API = (
    ("GET", "/application", "application"),
    ("GET", "/aspsps", "aspsps"),
    ("POST", "/auth", "auth"),
    ("POST", "/sessions", "create_session"),
    ("GET", "/sessions/<session_id>", "get_session"),
    ("DELETE", "/sessions/<session_id>", "delete_session"),
    ("GET", "/accounts/<uid>/details", "details"),
    ("GET", "/accounts/<uid>/balances", "balances"),
    ("GET", "/accounts/<uid>/transactions", "transactions"),
    ("GET", "/accounts/<uid>/transactions/<transaction_id>", "transaction"),
)
_PAGES = (
    (("GET", "POST"), "/consent/<authorization_id>", "consent"),
    (("GET",), "/logos/<slug>.svg", "logo"),
    (("GET",), "/_control", "control_page"),
    (("POST",), "/_control/do", "control_action"),
    (("GET",), "/_control/api", "control_index"),
    (("POST",), "/_control/api/<method>", "control_call"),
)


class Web:
    """The WSGI callable of one world."""

    def __init__(self, world: World, switches: Switches) -> None:
        self.world = world
        self._api = Api(world)
        self._pages = {
            "consent": ConsentPages(world),
            "control": ControlPages(world, switches),
        }
        rules = [Rule(path, endpoint=name, methods=[verb]) for verb, path, name in _API]
        rules += [Rule(path, endpoint=name, methods=verbs) for verbs, path, name in _PAGES]
        self._routes = Map(rules)
        self._api_calls = {name for _verb, _path, name in _API}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            name, arguments = self._routes.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return _not_found(error)
        if name in self._api_calls:
            return self._api_response(request, name, arguments)
        pages = self._pages["control" if name.startswith("control") else "consent"]
        return getattr(pages, name)(request, **arguments)

    # -- API -----------------------------------------------------------------------------------

    def _api_response(self, request: Request, name: str, arguments: dict[str, str]) -> Response:
        call = Call(
            name=name,
            base_url=request.host_url.rstrip("/"),
            query=request.args,
            headers=request.headers,
            body=_json_body(request),
            arguments=arguments,
        )
        try:
            response = self._checked(request, call)
        except ApiError as error:
            response = self._refused(error)
        with self.world.lock:
            self.world.log.add(
                self.world.now(),
                request.method,
                request.path,
                request.args,
                response.status_code,
                call=name,
                bank=call.bank and call.bank.slug,
                account=call.account and call.account.slug,
                user_present=bool(call.headers.get("Psu-Ip-Address")),
            )
        return response

    def _checked(self, request: Request, call: Call) -> Response:
        world = self.world
        application = world.application
        with world.lock:
            header = request.headers.get("Authorization")
            key, kid = application.public_key, application.application_id
            check_authorization(header, key, kid, time.time())
            if not application.active:
                raise ApiError("UNAUTHORIZED_ACCESS")
            self._api.identify(call)
            bank, account = call.bank and call.bank.slug, call.account and call.account.slug
            call.faults = world.faults.take(call.name, bank, account)
        # nobody else waits while a slow bank makes this caller wait
        pause(call.faults)
        for fault in call.faults:
            response = self._fault_response(fault, call)
            if response is not None:
                return response
        with world.lock:
            response = _json_response(self._api.answer(call))
        return mangled(response, call.faults)

    def _fault_response(self, fault: Fault, call: Call) -> Response | None:
        if fault.fault == "session_expires" and call.session:
            with self.world.lock:
                call.session.status = "EXPIRED"
                self.world.save()
        error = refusal(fault)
        if error is not None:
            raise error
        if fault.fault == "endless_body":
            return Response(_endless(), mimetype="application/json")
        return network_answer(fault)

    def _refused(self, error: ApiError) -> Response:
        body = error.body(self.world.error_statuses)
        if error.status == 500 and error.error == "INTERNAL_SERVER_ERROR":
            body["error"] = None  # not among the documented codes
        response = _json_response(json.dumps(body, ensure_ascii=False), body["code"])
        response.headers.update(error.headers)
        return response


def _json_body(request: Request) -> Any:
    try:
        return json.loads(request.get_data() or b"null")
    except ValueError:
        return None


def _json_response(text: str, status: int = 200) -> Response:
    return Response(text, status=status, mimetype="application/json")


def _not_found(error: HTTPException) -> Response:
    status = error.code or 404
    body = {"message": error.name, "code": status, "error": None, "detail": None}
    return _json_response(json.dumps(body), status)


def _endless() -> Iterator[bytes]:
    yield b'{"transactions": ['
    filler = b" " * 65536
    while True:
        yield filler
