# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The switches of an emulator that runs in another process: both ends."""

from __future__ import annotations

import functools
import inspect
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from .wire import Switches, call_switch, from_json, switches_of, to_json

PATH = "/_control/api"


class Remote:
    """``RemoteControl("http://127.0.0.1:8070")`` has every switch of an emulator, with the same arguments and results.
    Raises ValueError where the switch would, OSError without emulator.

    A subclass says whose switches: ``class RemoteControl(Remote, switches=switches_of(Emulator))``.
    """

    def __init_subclass__(cls, switches: Switches, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name, method in switches.items():
            setattr(cls, name, _remote(name, method))

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.url}{PATH}/{name}",
            data=json.dumps(to_json(arguments)).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)["result"]
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["error"]) from None


def _remote(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(method)
    result_hint = method.__annotations__.get("return", "Any")

    @functools.wraps(method)
    def call(self: Remote, *args: Any, **kwargs: Any) -> Any:
        arguments = dict(signature.bind(self, *args, **kwargs).arguments)
        del arguments["self"]
        for parameter in signature.parameters.values():
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                arguments |= arguments.pop(parameter.name, {})
        return from_json(result_hint, self._call(name, arguments))

    return call


class ControlApi:
    """``POST /_control/api/<switch>``, its body a JSON object of arguments; GET ``/_control/api`` lists the switches.

    :param target: what has the switches
    :param more: what the list tells besides
    """

    def __init__(self, target: Any, switches: Switches, more: dict[str, Any] | None = None) -> None:
        self._target = target
        self._switches = switches
        self._more = more or {}

    def index(self) -> Response:
        """Every switch with its parameters and what it does."""
        described = {
            name: {
                "parameters": {key: hint for key, hint in method.__annotations__.items() if key != "return"},
                "help": " ".join((method.__doc__ or "").split()),
            }
            for name, method in self._switches.items()
        }
        return _json({"switches": described, **self._more})

    def call(self, request: Request, name: str) -> Response:
        """Call a switch."""
        if name not in self._switches:
            return _json({"error": f"No switch is called {name!r}"}, 404)
        try:
            arguments = json.loads(request.get_data() or b"{}")
            if not isinstance(arguments, dict):
                raise ValueError("The arguments are a JSON object")
            return _json({"result": call_switch(self._target, self._switches, name, arguments)})
        except (ValueError, TypeError, KeyError, IndexError, ArithmeticError) as error:
            return _json({"error": str(error) or type(error).__name__}, 400)


class Controlled:
    """A WSGI application with the switches of ``target`` beside it."""

    def __init__(self, application: Any, target: Any) -> None:
        self._application = application
        self._api = ControlApi(target, switches_of(type(target)))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(f"{PATH}/"):
            return self._application(environ, start_response)
        name = path[len(PATH) + 1 :]
        response = self._api.call(Request(environ), name) if name else self._api.index()
        return response(environ, start_response)


def _json(data: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(data, ensure_ascii=False, default=str), status=status, mimetype="application/json")
