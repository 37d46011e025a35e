# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The WSGI application: which product is spoken to, tokens, signatures, faults around the answers, log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..bank_pages import logo_in
from ..chaos import mangled, pause
from ..faults import Fault, network_answer, retry_after
from .api import Api, Call
from .banks import COLOUR
from .errors import ApiError, OAuthError, not_found
from .oauth import Tokens
from .world import World

SHARED = (
    ("POST", "/oauth2/token", "token"),
    ("GET", "/financial-institutions", "institutions"),
    ("GET", "/accounts", "accounts"),
    ("GET", "/accounts/<uid>", "account"),
    ("GET", "/accounts/<uid>/transactions", "transactions"),
    ("GET", "/accounts/<uid>/pending-transactions", "pending"),
    ("POST", "/synchronizations", "synchronize"),
    ("GET", "/synchronizations/<uid>", "synchronization"),
    ("GET", "/synchronizations/<uid>/updated-transactions", "updated"),
)


class Web:
    """The WSGI callable of one product. ``root`` is what stands before each path."""

    product = "classic"
    root = ""
    calls: tuple[tuple[str, str, str], ...] = SHARED

    def __init__(self, world: World, tokens: Callable[[], Tokens]) -> None:
        self.world = world
        self._tokens = tokens
        self._api = Api(world)
        rules = [Rule(self.root + path, endpoint=name, methods=[verb]) for verb, path, name in self.calls]
        logo = Rule("/logos/<slug>.svg", endpoint="logo", methods=["GET"])
        self._routes = Map([*rules, logo, *self.pages()])

    def pages(self) -> list[Rule]:
        """Further routes, of pages for a browser."""
        return []

    def page_logo(self, request: Request, slug: str) -> Response:
        """The logo of any bank, and Ponto's own."""
        return logo_in(COLOUR)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            name, arguments = self._routes.bind_to_environ(request.environ).match()
        except HTTPException:
            return _refused(not_found(""))
        page = getattr(self, f"page_{name}", None)
        if page is not None:
            with self.world.lock:
                return page(request, **arguments)
        call = Call(
            name=name,
            root=request.host_url.rstrip("/") + self.root,
            url=request.base_url,
            query=request.args,
            body=_json_body(request),
            arguments=arguments,
            product=self.product,
        )
        try:
            response = self._answer(request, call)
        except ApiError as error:
            response = _refused(error)
        with self.world.lock:
            self.world.requests.append(
                {"call": name, "method": request.method, "status": response.status_code, "product": self.product}
                | {"query": dict(request.args), "arguments": dict(arguments), "headers": sorted(request.headers.keys())}
            )
        return response

    def _answer(self, request: Request, call: Call) -> Response:
        with self.world.lock:
            self.check(request, call)
            slugs = self._slugs(call)
            call.faults = self.world.faults.take(call.name, *slugs)
        pause(call.faults)
        with self.world.lock:
            for fault in call.faults:
                early = _fault_response(fault)
                if early is not None:
                    return early
            value = getattr(self, f"answer_{call.name}", None)
            body = value(request, call) if value else getattr(self._api, call.name)(call)
        status = 201 if call.name == "synchronize" else 200
        response = Response(json.dumps(body), status=status, mimetype="application/json")
        return mangled(response, call.faults)

    def check(self, request: Request, call: Call) -> None:
        """Let the request in, or raise ApiError. The token endpoint looks at its callers itself."""
        if call.name != "token":
            call.access = self._tokens().check_bearer(request.headers.get("Authorization"), time.time())

    def answer_token(self, request: Request, call: Call) -> dict[str, Any]:
        """POST /oauth2/token"""
        if request.mimetype != "application/x-www-form-urlencoded":
            raise OAuthError(400, "invalid_request", "A form is expected.")
        header = request.headers.get("Authorization")
        return self._tokens().answer(self.product, header, request.form, time.time())

    def _slugs(self, call: Call) -> tuple[str | None, str | None]:
        link = self.world.links.get(call.arguments.get("uid", ""))
        return (link.account.bank, link.account.slug) if link else (None, None)


def _fault_response(fault: Fault) -> Response | None:
    options = fault.options
    if fault.fault == "error":
        known = {name: options[name] for name in ("source", "resource") if name in options}
        code, detail = options.get("code", "validationError"), options.get("detail", "The request is not valid.")
        raise ApiError(options.get("status", 400), code, detail, **known)
    if fault.fault == "unauthorized":
        raise ApiError(401, "invalidAccessToken", "Your access token is invalid.")
    if fault.fault == "rate_limit":
        raise ApiError(429, "tooManyRequests", "Too many requests.", headers=retry_after(fault))
    if fault.fault == "server_error":
        raise ApiError(500, "internalServerError", "Something went wrong.")
    return network_answer(fault)


def _json_body(request: Request) -> Any:
    if request.mimetype != "application/json":
        return None
    try:
        return json.loads(request.get_data() or b"null")
    except ValueError:
        return None


def _refused(error: ApiError) -> Response:
    return Response(error.text(), status=error.status, mimetype="application/json", headers=error.headers)
