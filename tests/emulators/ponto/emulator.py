# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: state, switches, and servers on the loopback interface."""

from __future__ import annotations

import functools
import secrets
import uuid
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from ..remote import Controlled
from ..serving import Served
from .certificates import Authority, server_context
from .connect import ORGANIZATION, AuthorizationWeb, ConnectWeb
from .oauth import Client, Tokens
from .partner import Partner
from .rendering import instant
from .switches import Switches
from .webhooks import message
from .world import World


class Emulator(Served, Switches):
    """Ponto, with banks behind it.

    ``today`` fixes the banks' calendar. ``port`` 0 takes a free one. ``redirect_urls`` (``*`` stands for anything) are
    those of the partner. ``secure`` is a folder: then the partners' API speaks TLS with the certificate of
    ``authority.pem`` there, which its clients have to trust, and wants one of them too.

    >>> with Emulator() as ponto:
    ...     ponto.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        *,
        today: date | None = None,
        port: int = 0,
        redirect_urls: Iterable[str] = ("https://books.example/*",),
        secure: Path | None = None,
    ) -> None:
        super().__init__(World(today))
        self._port = port
        self._secure = secure
        self._authority = Authority()
        self.partner = Partner(redirect_urls)
        self._classic = Tokens(_client())

    # -- addresses and keys ----------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Address of a company's own API. Raises RuntimeError before the start."""
        return self._origin()

    @property
    def connect_url(self) -> str:
        """Address of the partners' API. Raises RuntimeError before the start."""
        return self._origin(1)

    @property
    def authorization_url(self) -> str:
        """The page on which a user gives consent to a partner."""
        return f"{self.url}/oauth2/auth"

    def access(self, connect: bool = False) -> dict[str, Any]:
        """What an adapter is made with: ``url``, ``settings``, ``secrets``; of a company's own API, or of the partners'
        one, but for its ``redirect_url``."""
        if not connect:
            settings, secrets = {"client_id": self.client_id}, {"client_secret": self.client_secret}
            return {"url": self.url, "settings": settings, "secrets": secrets}
        return {
            "url": self.connect_url,
            "settings": {**self.partner.settings, "authorization_url": self.authorization_url},
            "secrets": {**self.partner.secrets, **self.identity},
        }

    @functools.cached_property
    def identity(self) -> dict[str, str]:
        """A certificate of the partner and its key, in PEM."""
        certificate, key = self._authority.issue("partner")
        return {"certificate": certificate, "private_key": key}

    @property
    def client_id(self) -> str:
        """Of a company's own integration."""
        return self._classic.client.client_id

    @property
    def client_secret(self) -> str:
        """Of a company's own integration."""
        return self._classic.client.client_secret

    def add_redirect_url(self, url: str) -> None:
        """The partner registers one more address to which users come back; ``*`` stands for anything."""
        with self._world.lock:
            self.partner.tokens.client.redirect_urls.append(url)

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
            self.partner.tokens.access.clear()

    def reset(self) -> None:
        """Everything as on the first day, but the keys."""
        with self._world.lock:
            self._world.reset()
            self._classic = Tokens(self._classic.client)
            self.partner.reset()

    def webhook(self, kind: str, *, account: str | None = None, number: str = "", **claims: Any) -> tuple[str, bytes]:
        """``Signature`` header and body of a message about an account of the main bank.

        :param kind: such as ``account.transactionsCreated``
        :param claims: what the signature says otherwise than it would (``header`` for its header)
        """
        uid = self.account_uid(None, account)
        at = instant(self._world.now())
        body = message(kind, number or str(uuid.uuid4()), at, account=uid, organization=ORGANIZATION)
        return self.partner.signer.sign(body, **claims), body

    # -- life ------------------------------------------------------------------------------------

    def _listen(self) -> None:
        classic = AuthorizationWeb(self._world, lambda: self._classic, self.partner)
        self._serve(Controlled(classic, self), self._port)
        context = server_context(self._authority, self._secure) if self._secure else None
        self._serve(ConnectWeb(self._world, self.partner), ssl_context=context)


def _client() -> Client:
    return Client(str(uuid.uuid4()), secrets.token_urlsafe(24))
