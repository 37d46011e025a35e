# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The switches of a sandbox that runs in another process."""

from __future__ import annotations

import functools
import inspect
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from .wire import SWITCHES, from_json, to_json


class RemoteControl:
    """``RemoteControl("http://127.0.0.1:8070")`` has every method of ``Switches``, with the same
    arguments and results. Raises ValueError where the switch would, OSError without sandbox."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.url}/_control/api/{name}",
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
    def call(self: RemoteControl, *args: Any, **kwargs: Any) -> Any:
        arguments = dict(signature.bind(self, *args, **kwargs).arguments)
        del arguments["self"]
        for parameter in signature.parameters.values():
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                arguments |= arguments.pop(parameter.name, {})
        return from_json(result_hint, self._call(name, arguments))

    return call


for _name, _method in SWITCHES.items():
    setattr(RemoteControl, _name, _remote(_name, _method))
