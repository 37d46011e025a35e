# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: state, switches, and servers on the loopback interface."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Iterable
from datetime import date
from types import TracebackType
from typing import Any

from ..enablebanking.emulator import HOST, POLL, _Handler, _Server
from .oauth import Client, Tokens
from .switches import Switches
from .web import Web
from .world import World


class Emulator(Switches):
    """Ponto, with banks behind it.

    ``today`` fixes the banks' calendar. ``port`` 0 takes a free one.

    >>> with Emulator() as ponto:
    ...     ponto.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, *, today: date | None = None, port: int = 0) -> None:
        super().__init__(World(today))
        self._port = port
        self._servers: list[tuple[Any, threading.Thread]] = []
        self._classic = Tokens(_client())

    # -- addresses and keys ----------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Address of a company's own API. Raises IndexError before the start."""
        return f"http://{HOST}:{self._servers[0][0].port}"

    @property
    def client_id(self) -> str:
        """Of a company's own integration."""
        return self._classic.client.client_id

    @property
    def client_secret(self) -> str:
        """Of a company's own integration."""
        return self._classic.client.client_secret

    def renew_secret(self) -> str:
        """The company makes a new secret: the old one and its tokens are good no more. Returns the new one."""
        with self._world.lock:
            self._classic.client.client_secret = secret = secrets.token_urlsafe(24)
            self._classic.end()
            return secret

    def access_tokens(self) -> list[str]:
        """The access tokens that are good for the company's own API."""
        with self._world.lock:
            return list(self._classic.access)

    def expire_tokens(self) -> None:
        """Access tokens that were given out end before their time."""
        with self._world.lock:
            self._classic.access.clear()

    def reset(self) -> None:
        """Everything as on the first day, but the keys."""
        with self._world.lock:
            self._world.reset()
            self._classic = Tokens(self._classic.client)

    # -- life ------------------------------------------------------------------------------------

    def start(self) -> Emulator:
        """Begin to answer, in threads of its own. Returns the emulator."""
        self._serve(Web(self._world, lambda: self._classic), self._port)
        return self

    def _serve(self, app: Any, port: int = 0, **more: Any) -> None:
        server = _Server(HOST, port, app, _Handler, **more)
        thread = threading.Thread(target=server.serve_forever, args=(POLL,), name="ponto", daemon=True)
        thread.start()
        self._servers.append((server, thread))

    def stop(self) -> None:
        """Stop answering."""
        for server, thread in self._servers:
            server.shutdown()
            thread.join()
            server.server_close()
        self._servers.clear()

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _client(redirect_urls: Iterable[str] = ()) -> Client:
    return Client(str(uuid.uuid4()), secrets.token_urlsafe(24), list(redirect_urls))
