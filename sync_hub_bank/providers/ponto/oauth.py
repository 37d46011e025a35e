# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asking for tokens (RFC 6749), the same way for both kinds of Ponto."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, excerpt

from .const import RENEW_BEFORE, RETURN_ERRORS, TOKEN_LIFETIME
from .errors import fault_from
from .fields import table, text


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: id and secret of the application."""

    client_id: str
    client_secret: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        """HTTP Basic authentication, which the service wants rather than fields of the form."""
        pair = f"{self.client_id}:{self.client_secret}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token and the instant at which to ask for the next; ``refresh`` is empty where there is none."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    renew_at: datetime


def ask_for_tokens(
    http: HttpSession, path: str, client: Client, form: Mapping[str, str], now: datetime, *, retry: bool
) -> Tokens:
    """Exchange what the form holds for tokens.

    :param retry: only for a form that may be sent twice: neither a code nor a refresh token may

    Raises ``Fault`` as :func:`fault_from` says, or BAD_DATA for an answer without a token.
    """
    answer = http.request("POST", path, form=form, headers=client.headers(), retry=retry)
    if not answer.ok:
        raise fault_from(answer)
    body = table(answer.json())
    access, refresh = text(body.get("access_token")), text(body.get("refresh_token"))
    if not access:
        raise Fault(FaultKind.BAD_DATA, detail="an answer without access_token")
    http.hide(access, refresh)
    seconds = body.get("expires_in")
    lifetime = timedelta(seconds=seconds) if type(seconds) is int and 0 < seconds < 10**6 else TOKEN_LIFETIME
    return Tokens(access, refresh, now + lifetime - min(RENEW_BEFORE, lifetime / 2))


def check_return(answer: Mapping[str, str]) -> None:
    """Raise the ``Fault`` with which the user came back, or AUTHORIZATION_INVALID when there is no code."""
    error = answer.get("error") or ""
    if error:
        raise Fault(
            RETURN_ERRORS.get(error, FaultKind.AUTHORIZATION_INVALID),
            provider_code=excerpt(error, 64),
            detail=excerpt(answer.get("error_description") or ""),
        )
    if not answer.get("code"):
        raise Fault(FaultKind.AUTHORIZATION_INVALID, detail="the answer has no code")


def require(client: Client) -> None:
    """Raise ``Fault`` CREDENTIALS_MISSING for what was not filled in."""
    for name in ("client_id", "client_secret"):
        if not getattr(client, name):
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail=name)
