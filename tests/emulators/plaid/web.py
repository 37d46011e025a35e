# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The WSGI application: keys, fields, faults around the answers, request log."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..chaos import mangled, pause
from ..faults import Fault, network_answer
from .api import ENDPOINTS, Api, Call
from .errors import ApiError
from .faults import refusal
from .hosted import HostedPages
from .world import World

_CREDENTIALS = ("client_id", "secret")
_SECRETS = frozenset({"access_token", "public_token", "link_token", "secret"})


class Web:
    """The WSGI callable of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._api = Api(world)
        self._pages = HostedPages(world)
        rules = [Rule(path, endpoint=path, methods=["POST"]) for path in ENDPOINTS]
        rules.append(Rule("/hosted/<visit_id>", endpoint="hosted", methods=["GET", "POST"]))
        rules.append(Rule("/logos/<slug>.svg", endpoint="logo", methods=["GET"]))
        self._routes = Map(rules)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            name, arguments = self._routes.bind_to_environ(request.environ).match()
        except HTTPException:
            return self._refused(ApiError("NOT_FOUND"))
        if name in ("hosted", "logo"):
            return getattr(self._pages, name)(request, **arguments)
        body: Any = None
        try:
            body = json.loads(request.get_data() or b"null")
            response = self._checked(request, name, body)
        except ValueError:
            response = self._refused(ApiError("INVALID_BODY"))
        except ApiError as error:
            response = self._refused(error)
        shown = body if isinstance(body, dict) else {}
        entry = {
            "call": ENDPOINTS[name][0],
            "status": response.status_code,
            "body": {key: "…" if key in _SECRETS else value for key, value in shown.items()},
        }
        with self.world.lock:
            self.world.requests.append(entry)
        return response

    def _checked(self, request: Request, path: str, body: Any) -> Response:
        name, needed, allowed = ENDPOINTS[path]
        if not isinstance(body, dict):
            raise ApiError("INVALID_BODY")
        with self.world.lock:
            self._check_keys(request, body)
            if missing := [field for field in needed if body.get(field) in (None, "")]:
                raise ApiError("MISSING_FIELDS", ", ".join(missing))
            if unknown := sorted(set(body) - {*needed, *allowed, *_CREDENTIALS}):
                raise ApiError("UNKNOWN_FIELDS", ", ".join(unknown))
            call = Call(name, request.host_url.rstrip("/"), body)
            self._api.identify(call)
            call.faults = self.world.faults.take(name, call.item.bank if call.item else None, call.account)
        pause(call.faults)
        with self.world.lock:
            for fault in call.faults:
                response = self._fault_response(fault, call)
                if response is not None:
                    return response
            answer = self._api.answer(call) | {"request_id": secrets.token_urlsafe(11)}
        return mangled(_json_response(answer), call.faults)

    def _check_keys(self, request: Request, body: dict[str, Any]) -> None:
        """Keys are sent in headers or in the body."""
        client_id = request.headers.get("PLAID-CLIENT-ID") or body.get("client_id") or ""
        secret = request.headers.get("PLAID-SECRET") or body.get("secret") or ""
        good = (str(client_id), self.world.client_id), (str(secret), self.world.secret)
        if not all(secrets.compare_digest(sent.encode(), known.encode()) for sent, known in good):
            raise ApiError("INVALID_API_KEYS")

    def _fault_response(self, fault: Fault, call: Call) -> Response | None:
        if fault.fault == "login_required" and call.item:
            call.item.error, call.item.reason = "ITEM_LOGIN_REQUIRED", fault.options.get("reason")
        error = refusal(fault)
        if error is not None:
            raise error
        return network_answer(fault)

    def _refused(self, error: ApiError) -> Response:
        response = _json_response(error.body | {"request_id": secrets.token_urlsafe(11)}, error.status)
        response.headers.update(error.headers)
        return response


def _json_response(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json")
