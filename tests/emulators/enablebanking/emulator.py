# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: state, switches and a server on the loopback interface."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .generator.invoices import Invoice
from .switches import Switches
from .web import Web
from .world import World

HOST = "127.0.0.1"
POLL = 0.02  # seconds between two looks of the server at whether it shall stop


class _Handler(WSGIRequestHandler):
    # a header and a body written apart would otherwise wait for each other's acknowledgement
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: paths hold account ids, and the control page has a masked log."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False  # an endless answer must not hold up the end

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is part of the play."""


class Emulator(Switches):
    """A sandbox of banks behind the Enable Banking API.

    ``invoices``: objects ``{number, partner, iban?, amount, currency, date, due_date, kind}``
    whose payments appear at the main bank. ``today`` fixes the banks' calendar. ``redirect_urls``
    may hold ``*``. ``state_dir`` keeps key, application id, consents and added rows. ``port`` 0
    takes a free one. ``seed`` decides the generated rows.

    >>> with Emulator(redirect_urls=["http://127.0.0.1:*"]) as bank:
    ...     bank.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        *,
        invoices: Iterable[Invoice | dict[str, Any]] = (),
        today: date | None = None,
        redirect_urls: Iterable[str] = (),
        state_dir: str | Path | None = None,
        port: int = 0,
        seed: str = "sandbox",
    ) -> None:
        world = World(
            invoices=invoices,
            today=today,
            redirect_urls=redirect_urls,
            state_dir=state_dir,
            seed=seed,
        )
        super().__init__(world)
        self.web = Web(world, self)
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
    def application_id(self) -> str:
        """The ``kid`` of tokens."""
        return self._world.application.application_id

    @property
    def private_key_pem(self) -> str:
        """The key that signs tokens, PKCS#8 PEM."""
        return self._world.application.private_key_pem

    @property
    def redirect_urls(self) -> list[str]:
        """The listed redirect URLs; the list itself, to be extended."""
        return self._world.application.redirect_urls

    def access(self) -> dict[str, Any]:
        """What an adapter is made with: ``url``, ``settings``, ``secrets``."""
        settings, secrets = {"application_id": self.application_id}, {"private_key": self.private_key_pem}
        return {"url": self.url, "settings": settings, "secrets": secrets}

    def start(self) -> Emulator:
        """Begin to answer, in a thread of its own. Returns the emulator."""
        self._server = _Server(HOST, self._port, self.web, _Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL,), name="enablebanking", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and write the state file."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = self._thread = None
        with self._world.lock:
            self._world.save()

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
