# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession

from ..registry import register
from ..values import (
    Authorization,
    AuthorizationRequest,
    Consent,
    Institution,
    ProviderCheck,
    WebhookCall,
    WebhookEvent,
)
from . import const
from .errors import ApiFault
from .oauth import Client, Tokens, ask_for_tokens, check_return, require
from .parse import institution_of, parse_account, parse_institution
from .reading import Reading, body_of, utc_now


@register
class Ponto(Reading):
    """Adapter of Ponto for a company's own accounts.

    The user links accounts by hand at https://dashboard.myponto.com and makes an integration there, which gives a
    client id and a secret. There is no consent page to go to, so a connection is one bank among those that were
    linked: ``session`` is Ponto's id of that bank and no secret. Tokens last half an hour and are asked for anew.

    :param settings: ``client_id``
    :param secrets: ``client_secret``
    :param keep_session: not used: a session does not change
    """

    code: ClassVar[str] = "ponto"
    title: ClassVar[str] = "Ponto"
    default_url: ClassVar[str] = const.CLASSIC_URL
    sandbox_url: ClassVar[str] = ""
    required_settings: ClassVar[tuple[str, ...]] = ("client_id",)
    required_secrets: ClassVar[tuple[str, ...]] = ("client_secret",)
    optional_settings: ClassVar[tuple[str, ...]] = ()
    optional_secrets: ClassVar[tuple[str, ...]] = ()
    session_changes: ClassVar[bool] = False
    has_webhooks: ClassVar[bool] = False
    unattended_calls: ClassVar[int] = 0
    revokes: ClassVar[bool] = False

    _paging = "{}"

    def __init__(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        http: HttpSession,
        *,
        keep_session: Callable[[str], None] | None = None,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ):
        super().__init__(clock, sleep)
        self._http = http
        self._client = Client((settings.get("client_id") or "").strip(), (secrets.get("client_secret") or "").strip())
        http.hide(self._client.client_secret, *self._client.headers().values())
        self._tokens: Tokens | None = None

    # Keys and banks

    def check(self) -> ProviderCheck:
        """Ask whether the keys are good: a token, and one request with it."""
        self._ask("", "GET", self._first_url(const.PATH_ACCOUNTS))
        return ProviderCheck(name=self.title, environment="production", active=True)

    def institutions(self, country: str = "") -> Iterator[Institution]:
        """Banks of the company, of one country or of all: ``GET /financial-institutions``."""
        found = filter(None, map(parse_institution, self._list("", const.PATH_INSTITUTIONS)))
        return (bank for bank in found if country.upper() in ("", bank.country))

    # Consent

    def authorize(self, request: AuthorizationRequest) -> Authorization:
        """Where to send the browser: straight back when there is nothing to do, else to Ponto's dashboard.

        There the user links an account of the bank, or authorizes one again; nothing leads back from it, so the user
        begins anew in Sync Hub afterwards.
        """
        bank = request.institution.key
        entries = self._entries(bank)
        waiting = [entry for entry in entries if self._needs_user(entry)]
        if len(waiting) == len(entries) or (request.session and waiting):
            return Authorization(const.DASHBOARD_URL, comes_back=False)
        joint = "&" if "?" in request.redirect_url else "?"
        parameters = urlencode({"code": bank, "state": request.state})
        return Authorization(f"{request.redirect_url}{joint}{parameters}", reference=bank)

    def open_session(self, answer: Mapping[str, str]) -> Consent:
        """The accounts that were linked at the bank that ``code`` names."""
        check_return(answer)
        bank = answer["code"]
        entries = self._entries(bank)
        if not entries:
            raise Fault(FaultKind.NO_ACCOUNTS)
        accounts = tuple(filter(None, map(parse_account, entries)))
        return Consent(bank, self._valid_until(entries), accounts)

    def revoke(self, session: str) -> None:
        """Nothing to end: who linked the accounts by hand unlinks them by hand, and may use them elsewhere too."""

    def read_webhook(self, call: WebhookCall) -> tuple[WebhookEvent, ...]:
        """Ponto sends none to a company's own integration: whatever comes is refused."""
        raise Fault(FaultKind.BAD_DATA, provider_code="webhook", detail="this service sends no messages")

    # Requests

    def _is_of(self, session: str, entry: Any) -> bool:
        return institution_of(entry) == session

    def _ask(self, session: str, method: str, path: str, *, json: Any = None) -> dict[str, Any]:
        tokens, is_new = self._good_tokens()
        while True:
            headers = {"Authorization": f"Bearer {tokens.access}"}
            answer = self._http.request(method, path, json=json, headers=headers)
            try:
                return body_of(answer)
            except ApiFault as fault:
                # A token may end before its time.
                if fault.status != 401 or is_new:
                    raise
                self._tokens = None
                tokens, is_new = self._good_tokens()

    def _good_tokens(self) -> tuple[Tokens, bool]:
        """A token, and whether it was made just now."""
        now = self._clock()
        if self._tokens is not None and now < self._tokens.renew_at:
            return self._tokens, False
        require(self._client)
        form = {"grant_type": "client_credentials"}
        self._tokens = ask_for_tokens(self._http, const.PATH_TOKEN, self._client, form, now, retry=True)
        return self._tokens, True
