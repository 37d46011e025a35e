# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How every emulator answers: servers on the loopback interface, from ``start`` to ``stop``."""

from __future__ import annotations

import signal
import threading
from typing import Any, Self

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

HOST = "127.0.0.1"
POLL = 0.02  # seconds between two looks of a server at whether it shall stop


class _Handler(WSGIRequestHandler):
    # a header and a body written apart would otherwise wait for each other's acknowledgement
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: paths hold account ids, and each emulator tells by itself what was asked."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False  # an endless answer must not hold up the end

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is part of the play."""


class Served:
    """An emulator that answers between ``start`` and ``stop``, or inside ``with``. It listens at ``_port`` (0: a free
    one); a subclass says what it serves there, with ``_listen``."""

    _port = 0
    _servers: tuple[_Server, ...] = ()
    _threads: tuple[threading.Thread, ...] = ()

    def _listen(self) -> None:
        """Call ``_serve`` for every WSGI application."""
        raise NotImplementedError

    def _serve(self, application: Any, port: int = 0, **more: Any) -> None:
        server = _Server(HOST, port, application, _Handler, **more)
        thread = threading.Thread(target=server.serve_forever, args=(POLL,), name=type(self).__module__, daemon=True)
        thread.start()
        self._servers += (server,)
        self._threads += (thread,)

    def _origin(self, place: int = 0) -> str:
        """``http://127.0.0.1:<port>`` of a running server. Raises RuntimeError before."""
        if not self._servers:
            raise RuntimeError("The emulator is not started")
        server = self._servers[place]
        return f"{'https' if server.ssl_context else 'http'}://{HOST}:{server.port}"

    @property
    def control_url(self) -> str:
        """What a remote control needs. Raises RuntimeError before the start."""
        return self._origin()

    def start(self) -> Self:
        """Begin to answer, in threads of its own. Returns the emulator."""
        self._listen()
        return self

    def stop(self) -> None:
        """Stop answering."""
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            # The thread closes the socket as its last act: closing it from here meanwhile would return before it is.
            thread.join()
            server.server_close()
        self._servers = self._threads = ()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()


def asked_to_stop() -> threading.Event:
    """What SIGTERM and SIGINT set from now on."""
    event = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: event.set())
    return event
