# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A server that answers like Odoo 19 does under ``/json/2`` and ``/web/version``, errors included.

What it imitates: ``odoo/addons/rpc/controllers/json2.py``, ``Json2Dispatcher`` and ``Request._serve_nodb`` of
``odoo/http.py``, ``_auth_method_bearer`` of ``ir.http``. Databases, keys, models and methods are the test's.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from werkzeug import exceptions
from werkzeug.wrappers import Request, Response

NO_CONTEXT: Mapping = MappingProxyType({})
NO_DATABASE_PAGE = """<!DOCTYPE html>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>
"""


class OdooError(Exception):
    """An exception of Odoo: class name with module, status, and message."""

    def __init__(self, name: str, status: int, message: str, *more: Any):
        super().__init__(message, *more)
        self.name, self.status = name, status


def access_error(message: str) -> OdooError:
    return OdooError("odoo.exceptions.AccessError", 403, message)


def user_error(message: str) -> OdooError:
    return OdooError("odoo.exceptions.UserError", 422, message)


def validation_error(message: str) -> OdooError:
    return OdooError("odoo.exceptions.ValidationError", 422, message)


@dataclass
class Key:
    """An API key; ``user`` is nobody's for the public user, ``until`` is when it expires."""

    user: str = "exchange"
    until: datetime | None = None


@dataclass
class Database:
    """``methods`` by model and name; those called without records are in ``of_model``."""

    keys: dict[str, Key] = field(default_factory=dict)
    methods: dict[str, dict[str, Callable[..., Any]]] = field(default_factory=dict)
    of_model: set[str] = field(default_factory=set)


class Json2Server:
    """A WSGI application. ``calls`` are the bodies of the calls that reached a method."""

    def __init__(self, version: str = "19.0", **databases: Database):
        self.version = version
        self.databases = databases
        self.requests: list[Request] = []
        self.calls: list[tuple[str, str, dict]] = []
        # The answers of a server in front, given before Odoo is asked.
        self.in_front: list[Response] = []

    def __call__(self, environ: dict, start_response: Callable) -> Any:
        request = Request(environ)
        request.get_data()
        self.requests.append(request)
        answer = self.in_front.pop(0) if self.in_front else self._answer(request)
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path in ("/web/version", "/json/version"):
            return _json({"version_info": [19, 0, 0, "final", 0, ""], "version": self.version})
        name = request.headers.get("X-Odoo-Database") or (
            next(iter(self.databases)) if len(self.databases) == 1 else None
        )
        if name not in self.databases or not request.path.startswith("/json/2/"):
            return Response(NO_DATABASE_PAGE, 404, content_type="text/html; charset=utf-8")
        try:
            return _json(self._call(request, self.databases[name]))
        except OdooError as error:
            return _failure(error.status, error.name, "\n".join(map(str, error.args)), error.args)
        except exceptions.HTTPException as error:
            name = f"werkzeug.exceptions.{type(error).__name__}"
            return _failure(error.code, name, error.description, (error.description, error.code))
        except Exception as error:
            return _failure(500, f"{type(error).__module__}.{type(error).__name__}", str(error), error.args)

    def _call(self, request: Request, database: Database) -> Any:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        key = database.keys.get(token) if scheme.lower() == "bearer" else None
        if not token:
            raise exceptions.Unauthorized("User not authenticated, use an API Key with a Bearer Authorization header.")
        if key is None or (key.until and key.until < datetime.now()):
            raise exceptions.Unauthorized("Invalid apikey")
        if key.user == "public":
            raise OdooError("odoo.http.SessionExpiredException", 403, "Session expired")
        try:
            body = json.loads(request.get_data(as_text=True))
        except ValueError as error:
            raise exceptions.BadRequest(f"could not parse the body as json: {error}") from error
        model, method = request.path.removeprefix("/json/2/").split("/")
        return self._run(database, model, method, **body)

    def _run(
        self, database: Database, model: str, method: str, /, ids=(), context: Mapping = NO_CONTEXT, **arguments: Any
    ) -> Any:
        if model not in database.methods:
            raise exceptions.NotFound(f"the model {model!r} does not exist")
        if method.startswith("_"):
            raise access_error(f"Private methods (such as '{model}.{method}') cannot be called remotely.")
        if method not in database.methods[model]:
            raise exceptions.NotFound(f"The method '{model}.{method}' does not exist")
        if method in database.of_model and ids:
            raise exceptions.UnprocessableEntity(f"cannot call {model}.{method} with ids")
        function = database.methods[model][method]
        try:
            inspect.signature(function).bind(ids, context, **arguments)
        except TypeError as error:
            raise exceptions.UnprocessableEntity(str(error)) from error
        self.calls.append((model, method, {"ids": ids, "context": context, **arguments}))
        return function(ids, context, **arguments)


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, content_type="application/json; charset=utf-8")


def _failure(status: int, name: str, message: str, arguments: tuple) -> Response:
    told = {"name": name, "message": message, "arguments": arguments, "context": {}, "debug": f"Traceback: {message}"}
    return _json(told, status)
