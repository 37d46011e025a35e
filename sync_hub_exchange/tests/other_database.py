# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another database, as far as a test can have one: the door of this one, reached over the network, whose answers are
those of a database with another identity and with other addons."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

from .peer_case import PEER_UUID

_TIMEOUT = 60
_HEADERS = ("Authorization", "Content-Type", "X-Odoo-Database")


class OtherDatabase:
    """A server that hands every call on to Odoo and changes what it answers.

    :ivar changes: name of a method of the door -> function of (answer, arguments) that returns another answer
    :ivar answers: name of a method -> function of the arguments: what is answered without asking Odoo, which has only
        one thread for its database during a test; once there is one, all answers come from here
    :ivar version: what it says it is
    :ivar asked: names of methods that were called
    """

    def __init__(self, odoo: str):
        self._odoo = odoo
        self.version = "19.0"
        self.asked: list[str] = []
        self.changes: dict[str, Callable] = {}
        self.answers: dict[str, Callable] = {}
        self.reset()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reset(self):
        self.version = "19.0"
        self.asked.clear()
        self.answers = {}
        self.changes = {"hello": lambda answer, _arguments: {**answer, "uuid": PEER_UUID}}

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        database = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self._answer(200, {"version": database.version, "version_info": []})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                method = self.path.rpartition("/")[2]
                database.asked.append(method)
                if database.answers:
                    known = database.answers.get(method)
                    self._answer(200 if known else 404, known(json.loads(body)) if known else _no_method(method))
                    return
                headers = {name: self.headers[name] for name in _HEADERS if self.headers[name]}
                request = Request(database._odoo + self.path, body, headers)
                try:
                    with urlopen(request, timeout=_TIMEOUT) as answer:
                        value = json.load(answer)
                except OSError as error:
                    self._answer(getattr(error, "code", 502), json.loads(error.read() or b"{}"))
                    return
                change = database.changes.get(method)
                self._answer(200, change(value, json.loads(body)) if change else value)

            def _answer(self, status, value):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        return Handler


def _no_method(method: str) -> dict:
    """What Odoo says where the addon is older than the method."""
    message = f"The method 'sync.exchange.door.{method}' does not exist"
    return {"name": "werkzeug.exceptions.NotFound", "message": message, "arguments": [message]}
