# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A host between an adapter and a service, that sees everything and may answer instead."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import requests
from werkzeug.wrappers import Request, Response


class Relay:
    """A WSGI application that hands requests on to ``target`` (an origin) and keeps what secrets it saw.

    ``echo`` is what turns everything that was sent (address, headers, body) into an answer instead; None: the service
    answers.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self.echo: Callable[[str], Response] | None = None
        self.tokens: set[str] = set()
        self._echoed = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data()
        scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
        if scheme in ("Bearer", "Basic"):
            self.tokens.add(token)
        if self.echo is not None:
            # In another order each time: what is cut off of one answer is shown by the next.
            pieces = [*request.headers.values(), body.decode(), request.url]
            self._echoed = (self._echoed + 1) % len(pieces)
            sent = " ".join(pieces[self._echoed :] + pieces[: self._echoed])
            return self.echo(sent)(environ, start_response)
        with requests.Session() as http:
            http.trust_env = False
            # The host stays: addresses are signed.
            answer = http.request(
                request.method,
                self._target + request.full_path.rstrip("?"),
                data=body,
                headers=dict(request.headers),
                allow_redirects=False,
                timeout=20,
            )
        headers = {
            name: text
            for name, text in answer.headers.items()
            if name.lower() not in ("content-encoding", "content-length", "transfer-encoding", "connection")
        }
        return Response(answer.content, answer.status_code, headers)(environ, start_response)


def _flat(sent: str) -> Any:
    """Every field in which one of the services puts words."""
    words = ("message", "detail", "errorMessage", "error_message", "display_message", "error_description")
    codes = {
        "error": "WRONG_REQUEST_PARAMETERS", "errorCode": "Y806", "error_code": "INVALID_FIELD",
        "error_type": "INVALID_REQUEST",
    }  # fmt: skip
    errors = [{"code": "validationError", "detail": sent, "source": {"pointer": sent}}]
    return {**dict.fromkeys(words, sent), **codes, "errors": errors}


def _nested(sent: str) -> Any:
    return {"error": {"class": "WrongRequestFormat", "message": sent}, "request": sent}


def _coded(sent: str) -> Any:
    """Where a code is expected, all that was sent."""
    codes = ("error", "errorCode", "error_code", "error_type", "code", "error_class")
    return {**dict.fromkeys(codes, sent), "errors": [{"code": sent}]}


def echoes() -> dict[str, Callable[[str], Response]]:
    """Ways to answer with what was sent."""

    def as_json(shape: Callable[[str], Any], status: int) -> Callable[[str], Response]:
        return lambda sent: Response(json.dumps(shape(sent)), status, mimetype="application/json")

    ways = {
        f"{status} {shape.__name__}": as_json(shape, status)
        for status in (400, 401)
        for shape in (_flat, _nested, _coded)
    }
    ways["200 page"] = lambda sent: Response(f"<html>{sent}</html>", 200, mimetype="text/html")
    ways["403 page"] = lambda sent: Response(f"<html>{sent}</html>", 403, mimetype="text/html")
    ways["200 list"] = lambda sent: Response(json.dumps([sent]), 200, mimetype="application/json")
    return ways
