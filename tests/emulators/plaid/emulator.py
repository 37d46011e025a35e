# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: state, switches and a server on the loopback interface."""

from __future__ import annotations

import threading
from datetime import date
from types import TracebackType
from typing import Any

from ..enablebanking.emulator import HOST, POLL, _Handler, _Server
from ..remote import Controlled
from .switches import Switches
from .web import Web
from .world import World


class Emulator(Switches):
    """A sandbox of banks behind the Plaid API.

    ``today`` fixes the banks' calendar. ``port`` 0 takes a free one. ``seed`` decides the generated rows.

    >>> with Emulator() as plaid:
    ...     plaid.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, *, today: date | None = None, port: int = 0, seed: str = "sandbox") -> None:
        world = World(today=today, seed=seed)
        super().__init__(world)
        self.web = Web(world)
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>`` of the running server. Raises RuntimeError before."""
        if self._server is None:
            raise RuntimeError("The emulator is not started")
        return f"http://{HOST}:{self._server.port}"

    @property
    def control_url(self) -> str:
        """What a remote control needs."""
        return self.url

    def access(self) -> dict[str, Any]:
        """What an adapter is made with: ``url``, ``settings``, ``secrets``."""
        return {"url": self.url, "settings": {"client_id": self.client_id}, "secrets": {"secret": self.secret}}

    @property
    def client_id(self) -> str:
        """The team's number."""
        return self._world.client_id

    @property
    def secret(self) -> str:
        """The secret that is good now."""
        return self._world.secret

    def start(self) -> Emulator:
        """Begin to answer, in a thread of its own. Returns the emulator."""
        self._server = _Server(HOST, self._port, Controlled(self.web, self), _Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL,), name="plaid", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = self._thread = None

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
