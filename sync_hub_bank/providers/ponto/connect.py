# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hmac
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession

from ..registry import register
from ..values import (
    Authorization,
    AuthorizationRequest,
    Consent,
    ConsentStatus,
    Institution,
    ProviderCheck,
    WebhookCall,
    WebhookEvent,
)
from . import const
from .errors import ApiFault, fault_from
from .fields import text
from .keys import load_rsa_key, opened_pem
from .oauth import Client, Tokens, ask_for_tokens, check_return, require
from .parse import parse_account, parse_institution
from .reading import Reading, body_of, utc_now
from .signature import signature_headers
from .webhook import KEYS, parse_keys, read_message


@register
class PontoConnect(Reading):
    """Adapter of Ponto Connect, for the application of a partner.

    The user gives consent in the browser and picks bank and accounts there, so the bank that was chosen before is not
    asked for again. ``session`` is a refresh token: it changes at every use, and ``keep_session`` gets the new one
    before anything else is done. Every request shows a client certificate and is signed.

    A renewal goes the way of a first consent, because the way back from re-authorizing a single account does not name
    the connection that it belongs to.

    :param settings: ``client_id``, ``signature_certificate_id``, ``redirect_url`` (as registered with the
        application); optional ``application_id`` (messages are refused without it) and ``authorization_url`` (the page
        for consent, for the sandbox ``const.SANDBOX_AUTHORIZATION_URL``)
    :param secrets: ``client_secret``, ``certificate`` and ``private_key`` (PEM, for TLS), ``signature_key`` (PEM);
        optional ``private_key_password`` and ``signature_key_password``
    :param keep_session: stores the new refresh token for good
    """

    code: ClassVar[str] = "ponto_connect"
    title: ClassVar[str] = "Ponto Connect"
    default_url: ClassVar[str] = const.CONNECT_URL
    sandbox_url: ClassVar[str] = ""
    required_settings: ClassVar[tuple[str, ...]] = ("client_id", "signature_certificate_id", "redirect_url")
    required_secrets: ClassVar[tuple[str, ...]] = ("client_secret", "certificate", "private_key", "signature_key")
    optional_settings: ClassVar[tuple[str, ...]] = ("application_id", "authorization_url")
    optional_secrets: ClassVar[tuple[str, ...]] = ("private_key_password", "signature_key_password")
    session_changes: ClassVar[bool] = True
    has_webhooks: ClassVar[bool] = True
    unattended_calls: ClassVar[int] = 0
    revokes: ClassVar[bool] = True

    _root = const.CONNECT_ROOT

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
        self._settings = {name: (value or "").strip() for name, value in settings.items()}
        self._secrets = {name: (value or "").strip() for name, value in secrets.items()}
        self._client = Client(self._settings.get("client_id", ""), self._secrets.get("client_secret", ""))
        hidden = (value for name, value in self._secrets.items() if name != "certificate")
        http.hide(*hidden, *self._client.headers().values())
        self._keep_session = keep_session
        self._signature_key: RSAPrivateKey | None = None
        self._client_tokens: Tokens | None = None
        # Current tokens by each handle of the same session that was met: a caller may still hold the first one.
        self._sessions: dict[str, Tokens] = {}

    # Keys and banks

    def check(self) -> ProviderCheck:
        """Ask whether keys and certificates are good: a token of the application, and one request with it."""
        self._send("GET", self._first_url(const.PATH_INTEGRATION_ACCOUNTS), self._client_token())
        sandbox = self._authorization_url().startswith(const.SANDBOX_AUTHORIZATION_URL)
        return ProviderCheck(name=self.title, environment="sandbox" if sandbox else "production", active=True)

    def institutions(self, country: str = "") -> Iterator[Institution]:
        """Banks of one country or of all: ``GET /financial-institutions``, which needs no token."""
        found = filter(None, map(parse_institution, self._list("", const.PATH_INSTITUTIONS)))
        return (bank for bank in found if country.upper() in ("", bank.country))

    # Consent

    def authorize(self, request: AuthorizationRequest) -> Authorization:
        """Where the user gives consent (RFC 6749, section 4.1.1, with RFC 7636)."""
        require(self._client)
        challenge = sha256(self._code_verifier(request.state).encode()).digest()
        parameters = {
            "client_id": self._client.client_id,
            "redirect_uri": request.redirect_url,
            "response_type": "code",
            "scope": const.SCOPE,
            "state": request.state,
            "code_challenge": _base64url(challenge),
            "code_challenge_method": "S256",
        }
        return Authorization(f"{self._authorization_url()}?{urlencode(parameters)}")

    def open_session(self, answer: Mapping[str, str]) -> Consent:
        """Exchange the code with which the user came back. It is good for one use, so nothing is tried twice."""
        check_return(answer)
        self._http.hide(answer["code"])
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": self._needed("redirect_url", self._settings),
            "code_verifier": self._code_verifier(answer.get("state") or ""),
            "client_id": self._client.client_id,
        }
        try:
            tokens = self._ask_for_tokens(form, retry=False)
        except ApiFault as fault:
            if fault.error != const.ERROR_GRANT:
                raise
            raise Fault(
                FaultKind.AUTHORIZATION_INVALID, provider_code=fault.provider_code, detail=fault.detail
            ) from fault
        session = tokens.refresh
        if not session:
            raise Fault(FaultKind.BAD_DATA, detail="an answer without refresh_token")
        self._sessions[session] = tokens
        user = self._ask(session, "GET", self._path(const.PATH_USER))
        entries = self._entries(session)
        if not entries:
            # A consent that gives nothing to read shall not stay behind.
            with suppress(Fault):
                self._end_tokens(session)
            waiting = user.get("onboardingComplete") is False
            detail = "the organization has not been approved by Ponto yet" if waiting else ""
            raise Fault(FaultKind.NO_ACCOUNTS, detail=detail)
        accounts = tuple(filter(None, map(parse_account, entries)))
        return Consent(
            self._sessions[session].refresh, self._valid_until(entries), accounts, reference=text(user.get("sub"))
        )

    def consent_status(self, session: str) -> ConsentStatus:
        """Ended when the tokens are good no more, or none of the accounts can be read at its bank."""
        try:
            return super().consent_status(session)
        except Fault as fault:
            if fault.kind is FaultKind.CONSENT_EXPIRED:
                return ConsentStatus.ENDED
            raise

    def revoke(self, session: str) -> None:
        """End the organization's integration with this application, and the tokens."""
        try:
            user = self._ask(session, "GET", self._path(const.PATH_USER))
        except Fault as fault:
            if fault.kind is FaultKind.CONSENT_EXPIRED:
                return
            raise
        path = self._path(const.PATH_INTEGRATION, organization=text(user.get("sub")))
        try:
            self._send("DELETE", path, self._client_token())
        except ApiFault as fault:
            if fault.status != 404:
                raise
        self._end_tokens(session)

    def read_webhook(self, call: WebhookCall) -> tuple[WebhookEvent, ...]:
        """Check a message and say what it is about: see :func:`read_message`."""

        def fetch() -> dict[str, Any]:
            return parse_keys(self._send("GET", const.PATH_WEBHOOK_KEYS, ""))

        def key_of(kid: str) -> Any:
            return KEYS.key(self._http.base_url, kid, self._clock(), fetch)

        return read_message(call, self._settings.get("application_id", ""), key_of)

    # Tokens

    def _code_verifier(self, state: str) -> str:
        """The secret of one authorization (RFC 7636): nothing needs to be kept until the user comes back, since it can
        be made again from the state that comes with the user, and by nobody else.
        """
        made = hmac.digest(self._client.client_secret.encode(), f"code_verifier {state}".encode(), sha256)
        return _base64url(made)

    def _client_token(self) -> str:
        if self._client_tokens is None or self._clock() >= self._client_tokens.renew_at:
            self._client_tokens = self._ask_for_tokens({"grant_type": "client_credentials"}, retry=True)
        return self._client_tokens.access

    def _session_tokens(self, session: str, refused: Tokens | None = None) -> tuple[Tokens, bool]:
        """Tokens of a session other than those that were refused, and whether they were made just now."""
        self._http.hide(session)
        known = self._sessions.get(session)
        if known is not None and known is not refused and self._clock() < known.renew_at:
            return known, False
        refresh = known.refresh if known else session
        # Not twice: a service that sees a spent token again takes it for stolen and ends the consent.
        tokens = self._ask_for_tokens({"grant_type": "refresh_token", "refresh_token": refresh}, retry=False)
        if not tokens.refresh:
            tokens = replace(tokens, refresh=refresh)
        if tokens.refresh != refresh and self._keep_session is not None:
            self._keep_session(tokens.refresh)
        same = [handle for handle, its in self._sessions.items() if its is known]
        self._sessions.update(dict.fromkeys((session, tokens.refresh, *same), tokens))
        return tokens, True

    def _ask_for_tokens(self, form: Mapping[str, str], *, retry: bool) -> Tokens:
        require(self._client)
        self._identify()
        path = self._path(const.PATH_TOKEN)
        return ask_for_tokens(self._http, path, self._client, form, self._clock(), retry=retry)

    def _end_tokens(self, session: str) -> None:
        known = self._sessions.get(session)
        form = {"token": known.refresh if known else session}
        answer = self._http.request("POST", self._path(const.PATH_REVOKE), form=form, headers=self._client.headers())
        if not answer.ok:
            raise fault_from(answer)

    # Requests

    def _ask(self, session: str, method: str, path: str, *, json: Any = None) -> dict[str, Any]:
        """Without a session: what anybody may ask."""
        if not session:
            return self._send(method, path, "", json)
        tokens, is_new = self._session_tokens(session)
        while True:
            try:
                return self._send(method, path, tokens.access, json)
            except ApiFault as fault:
                if fault.status != 401:
                    raise
                if is_new:
                    # The application was accepted a moment ago: it is the consent that is not.
                    raise Fault(
                        FaultKind.CONSENT_EXPIRED, provider_code=fault.provider_code, detail=fault.detail
                    ) from fault
            # A token may end before its time.
            tokens, is_new = self._session_tokens(session, refused=tokens)

    def _send(self, method: str, path: str, token: str, json: Any = None) -> dict[str, Any]:
        """A signed request."""
        self._identify()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if json is not None:
            headers["Ibanity-Idempotency-Key"] = str(uuid.uuid4())
        # What is signed is what will be sent: address and body as the transport writes them.
        url = path if path.startswith(("https://", "http://")) else self._http.base_url + path
        prepared = requests.Request(method, url, json=json).prepare()
        body = prepared.body or b""
        signed = signature_headers(
            self._signature_key,
            self._needed("signature_certificate_id", self._settings),
            method=method,
            target=prepared.path_url,
            host=urlsplit(prepared.url).netloc,
            body=body if isinstance(body, bytes) else body.encode(),
            created=int(self._clock().timestamp()),
            headers=headers,
        )
        return body_of(self._http.request(method, prepared.url, json=json, headers={**headers, **signed}))

    def _identify(self) -> None:
        """Make keys and certificate ready, once."""
        if self._signature_key is not None:
            return
        for name in ("certificate", "private_key", "signature_key"):
            self._needed(name, self._secrets)
        password = self._secrets.get("private_key_password", "")
        key = load_rsa_key(self._secrets["private_key"], password, "private_key")
        self._http.identify(self._secrets["certificate"].replace("\\n", "\n"), opened_pem(key))
        password = self._secrets.get("signature_key_password", "")
        self._signature_key = load_rsa_key(self._secrets["signature_key"], password, "signature_key")

    def _needed(self, name: str, values: Mapping[str, str]) -> str:
        if not values.get(name):
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail=name)
        return values[name]

    def _authorization_url(self) -> str:
        return self._settings.get("authorization_url") or const.AUTHORIZATION_URL


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
