# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A partner's application: its keys, its tokens, what it is told."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable

from .certificates import new_key, pem_of
from .oauth import Client, Tokens
from .webhooks import Signer


class Partner:
    """What a partner registers in the developer portal, and what the service keeps of it.

    ``redirect_urls`` may hold ``*``. ``onboarded``: whether the company was approved.
    """

    def __init__(self, redirect_urls: Iterable[str]) -> None:
        self.application_id = str(uuid.uuid4())
        self.signature_key = new_key()
        self.signature_key_id = str(uuid.uuid4())
        self.signer = Signer(self.application_id)
        self._client = Client(str(uuid.uuid4()), secrets.token_urlsafe(24), list(redirect_urls))
        self.reset()

    def reset(self) -> None:
        """As on the first day, but the keys."""
        self.tokens = Tokens(self._client)
        self.onboarded = True

    @property
    def settings(self) -> dict[str, str]:
        """What an adapter needs to know and is no secret, but the addresses."""
        return {
            "client_id": self._client.client_id,
            "application_id": self.application_id,
            "signature_certificate_id": self.signature_key_id,
        }

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets of the application, but the certificate for TLS."""
        return {"client_secret": self._client.client_secret, "signature_key": pem_of(self.signature_key)}
