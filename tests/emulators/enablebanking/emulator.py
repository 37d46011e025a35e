# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: state, switches and a server on the loopback interface."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from ..serving import Served
from .generator.invoices import Invoice
from .switches import Switches
from .web import Web
from .world import World


class Emulator(Served, Switches):
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

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>`` of the running server. Raises RuntimeError before."""
        return self._origin()

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

    def _listen(self) -> None:
        self._serve(self.web, self._port)

    def stop(self) -> None:
        """Stop answering and write the state file."""
        super().stop()
        with self._world.lock:
            self._world.save()
