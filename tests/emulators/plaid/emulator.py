# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: state, switches and a server on the loopback interface."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..remote import Controlled
from ..serving import Served
from .switches import Switches
from .web import Web
from .world import World


class Emulator(Served, Switches):
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

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>`` of the running server. Raises RuntimeError before."""
        return self._origin()

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

    def _listen(self) -> None:
        self._serve(Controlled(self.web, self), self._port)
