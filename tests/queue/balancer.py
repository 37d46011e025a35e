# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What stands before several hosts: calls go to each in turn, and past one that is gone."""

from __future__ import annotations

import http.client
import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Balancer:
    """A load balancer on the loopback address; give it the ports of the hosts."""

    def __init__(self, *ports: int):
        turn = itertools.cycle(ports)
        patience = 900

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                for port in itertools.islice(turn, len(ports)):
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
                    try:
                        connection.request("GET", self.path, headers=dict(self.headers))
                    except ConnectionError:
                        continue
                    try:
                        answer = connection.getresponse()
                        self.send_response(answer.status)
                        self.end_headers()
                        self.wfile.write(answer.read())
                    except (http.client.HTTPException, OSError):
                        # The host died while it worked, or who asked does not wait for the answer.
                        self.close_connection = True
                    return
                self.send_error(503)

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
