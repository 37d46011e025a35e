# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signing in at Yodlee: a token for each user, against the keys of the customer.

Rule: ``POST /auth/token``, "Client credentials authorization" at https://developer.envestnet.com/
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession

from .const import API_VERSION, LONGEST_LOGIN, PATH_TOKEN, SHORTEST_LOGIN, TOKEN_LIFETIME
from .errors import fault_from

# A token is asked for anew this long before it ends, so that none ends on its way.
_RENEW_BEFORE = timedelta(minutes=2)
_UNFIT = re.compile(r"[^A-Za-z0-9._@-]+")


def login_name(customer: str) -> str:
    """The user name under which Yodlee keeps what belongs to a company.

    >>> login_name("company 7"), login_name("7")
    ('company-7', 'sync-hub-7')
    """
    name = _UNFIT.sub("-", customer.strip()).strip("-")
    if len(name) < SHORTEST_LOGIN:
        name = f"sync-hub-{name}"
    return name[:LONGEST_LOGIN]


class TokenSource:
    """Asks for bearer tokens and keeps each until shortly before it ends.

    :param clock: the present, as an aware datetime
    """

    def __init__(self, client_id: str, secret: str, http: HttpSession, clock: Callable[[], datetime]):
        self._client_id = client_id.strip()
        self._secret = secret.strip()
        self._http = http
        self._clock = clock
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def token(self, login: str) -> str:
        """A token of that user (or administrator), good for two more minutes at least.

        Raises ``Fault``: CREDENTIALS_MISSING or CREDENTIALS_REJECTED for the keys, or what the network brings.
        """
        token, renew_at = self._tokens.get(login, ("", None))
        if renew_at is None or self._clock() >= renew_at:
            token, renew_at = self._tokens[login] = self._ask(login)
        return token

    def forget(self, login: str) -> None:
        """The token of that user was refused: the next one is asked for."""
        self._tokens.pop(login, None)

    def _ask(self, login: str) -> tuple[str, datetime]:
        for name, value in (("client_id", self._client_id), ("secret", self._secret), ("admin_login", login)):
            if not value:
                raise Fault(FaultKind.CREDENTIALS_MISSING, detail=name)
        now = self._clock()
        answer = self._http.request(
            "POST",
            PATH_TOKEN,
            form={"clientId": self._client_id, "secret": self._secret},
            headers={"Api-Version": API_VERSION, "loginName": login},
            # A token that nobody uses ends by itself: no harm in a second one.
            retry=True,
        )
        if not answer.ok:
            raise fault_from(answer, now)
        body = answer.json()
        given = body.get("token") if isinstance(body, dict) else None
        token = given.get("accessToken") if isinstance(given, dict) else None
        if not isinstance(token, str) or not token.strip():
            raise Fault(FaultKind.BAD_DATA, detail="an answer without a token")
        token = token.strip()
        self._http.hide(token)
        seconds = given.get("expiresIn")
        if seconds.__class__ is not int or not 0 < seconds <= TOKEN_LIFETIME.total_seconds():
            seconds = TOKEN_LIFETIME.total_seconds()
        # A life of some seconds, as tests have, must not end before it begins.
        life = timedelta(seconds=seconds)
        return token, now + life - min(_RENEW_BEFORE, life / 10)
