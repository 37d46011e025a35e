# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tokens: who may have one, what it allows, when it is spent (RFC 6749, RFC 7636)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .errors import OAuthError, bad_token

LIFETIME = 1799
CODE_LIFETIME = 600


@dataclass
class Access:
    """What an access token allows. ``kind``: ``own`` (classic), ``user`` or ``client`` (partners)."""

    kind: str
    ends: float
    family: str = ""


@dataclass
class Code:
    """An authorization code that waits to be exchanged."""

    redirect_uri: str
    challenge: str
    ends: float
    scope: str


@dataclass
class Client:
    """An application: its id and secret, and where it may send users back to (``*`` stands for anything)."""

    client_id: str
    client_secret: str
    redirect_urls: list[str] = field(default_factory=list)

    def allows(self, url: str) -> bool:
        """Whether users may be sent back to ``url``."""
        return any(fnmatchcase(url, listed) for listed in self.redirect_urls)


class Tokens:
    """The tokens of one product."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.access: dict[str, Access] = {}
        self.codes: dict[str, Code] = {}
        self.refresh: dict[str, str] = {}  # living refresh token -> family
        self.spent: dict[str, str] = {}

    def answer(self, product: str, header: str | None, form: Mapping[str, str], now: float) -> dict[str, Any]:
        """POST /oauth2/token. Raises OAuthError."""
        self.check_client(header)
        grant = form.get("grant_type")
        if grant == "client_credentials":
            return self._issue(Access("own" if product == "classic" else "client", now + LIFETIME), "")
        if product == "connect" and grant == "authorization_code":
            return self._exchange(form, now)
        if product == "connect" and grant == "refresh_token":
            return self._refresh(form.get("refresh_token", ""), now)
        raise OAuthError(400, "unsupported_grant_type", "The grant type is not supported.")

    def check_client(self, header: str | None) -> None:
        """Accept HTTP Basic authentication, or raise OAuthError 401."""
        scheme, _, value = (header or "").partition(" ")
        try:
            given = base64.b64decode(value, validate=True)
        except binascii.Error:
            given = b""
        wanted = f"{self.client.client_id}:{self.client.client_secret}".encode()
        if scheme.lower() != "basic" or not secrets.compare_digest(given, wanted):
            raise OAuthError(401, "invalid_client", "Client authentication failed.")

    def check_bearer(self, header: str | None, now: float) -> Access:
        """What the ``Authorization`` header allows. Raises ApiError 401."""
        scheme, _, token = (header or "").partition(" ")
        access = self.access.get(token.strip())
        if scheme.lower() != "bearer" or access is None or access.ends <= now:
            raise bad_token()
        return access

    def revoke(self, token: str) -> None:
        """POST /oauth2/revoke: nothing of that consent is good any more. An unknown token is no error (RFC 7009)."""
        family = self.refresh.get(token)
        if family:
            self.end(family)

    def end(self, family: str | None = None) -> None:
        """End one consent, or all."""
        self.access = {token: it for token, it in self.access.items() if family not in (None, it.family)}
        self.refresh = {token: it for token, it in self.refresh.items() if family not in (None, it)}

    def give_code(self, redirect_uri: str, challenge: str, scope: str, now: float) -> str:
        """A code for the user's way back."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(redirect_uri, challenge, now + CODE_LIFETIME, scope)
        return code

    def _exchange(self, form: Mapping[str, str], now: float) -> dict[str, Any]:
        # good for one use, whatever comes of it
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or code.ends <= now:
            raise OAuthError(400, "invalid_grant", "The authorization code is unknown, used or expired.")
        if form.get("redirect_uri") != code.redirect_uri or form.get("client_id") != self.client.client_id:
            raise OAuthError(400, "invalid_grant", "The redirect_uri or client_id is not that of the code.")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            raise OAuthError(400, "invalid_grant", "The code_verifier does not match.")
        return self._issue(Access("user", now + LIFETIME, secrets.token_hex(8)), code.scope)

    def _refresh(self, token: str, now: float) -> dict[str, Any]:
        if token in self.spent:
            # a token that comes twice was stolen by somebody: nobody's is good any more
            self.end(self.spent[token])
        family = self.refresh.pop(token, None)
        if family is None:
            raise OAuthError(400, "invalid_grant", "The refresh token is invalid, expired or was used before.")
        self.spent[token] = family
        return self._issue(Access("user", now + LIFETIME, family), "offline_access ai")

    def _issue(self, access: Access, scope: str) -> dict[str, Any]:
        token = secrets.token_urlsafe(32)
        self.access[token] = access
        body = {"access_token": token, "expires_in": LIFETIME, "scope": scope, "token_type": "bearer"}
        if access.kind == "user" and "offline_access" in scope:
            body["refresh_token"] = refresh = secrets.token_urlsafe(32)
            self.refresh[refresh] = access.family
        return body
