# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, excerpt

from ..registry import register
from ..values import (
    AttendedUser,
    Authorization,
    AuthorizationRequest,
    Balance,
    BankAccount,
    Consent,
    ConsentStatus,
    Institution,
    Page,
    ProviderCheck,
    TransactionQuery,
    WebhookCall,
    WebhookEvent,
)
from . import const
from .attended import attended_headers
from .errors import ApiFault, fault_from, may_be_pending
from .parse import (
    account_identifiers,
    parse_account,
    parse_balance,
    parse_instant,
    parse_institution,
    parse_transactions,
)
from .period import shorter_periods
from .token import TokenSource


def _utc_now() -> datetime:
    return datetime.now(UTC)


@register
class EnableBanking:
    """Adapter of Enable Banking (account information).

    The user brings an application of their own: its number, and the private key whose certificate
    was uploaded at https://enablebanking.com/cp/applications. There is no institution id: a bank is
    (name, country). Reconnecting makes a new session with new account handles.

    :param settings: ``application_id``
    :param secrets: ``private_key``, RSA in PEM form
    :param http: session whose ``base_url`` is ``default_url`` or a test server
    :param keep_session: never called: a session does not change
    :param clock: the present, as an aware datetime
    """

    code: ClassVar[str] = "enablebanking"
    title: ClassVar[str] = "Enable Banking"
    default_url: ClassVar[str] = const.API_URL
    sandbox_url: ClassVar[str] = ""
    required_settings: ClassVar[tuple[str, ...]] = ("application_id",)
    required_secrets: ClassVar[tuple[str, ...]] = ("private_key",)
    optional_settings: ClassVar[tuple[str, ...]] = ()
    optional_secrets: ClassVar[tuple[str, ...]] = ()
    session_changes: ClassVar[bool] = False
    has_webhooks: ClassVar[bool] = False
    unattended_calls: ClassVar[int] = 4
    revokes: ClassVar[bool] = True

    def __init__(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        http: HttpSession,
        *,
        keep_session: Callable[[str], None] | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ):
        self._http = http
        self._clock = clock
        private_key = secrets.get("private_key") or ""
        http.hide(private_key)
        self._tokens = TokenSource(settings.get("application_id") or "", private_key, clock, http.hide)

    # Keys and banks

    def check(self) -> ProviderCheck:
        """Ask whether the keys are good: ``GET /application``."""
        body = self._call("GET", const.PATH_APPLICATION)
        environment = _text(body.get("environment"))
        return ProviderCheck(
            name=_text(body.get("name")),
            environment=const.ENVIRONMENTS.get(environment, environment.lower()),
            active=body.get("active") is True,
            redirect_urls=_texts(body.get("redirect_urls")),
            countries=_texts(body.get("countries")),
        )

    def institutions(self, country: str = "") -> Iterator[Institution]:
        """Banks with account information: ``GET /aspsps``. An entry without a name is left out."""
        params = {"service": "AIS"}
        if country:
            params["country"] = country.upper()
        body = self._call("GET", const.PATH_INSTITUTIONS, params=params)
        return filter(None, map(parse_institution, _list(body, "aspsps")))

    # Consent

    def authorize(self, request: AuthorizationRequest) -> Authorization:
        """Start a consent: ``POST /auth``, for as long as the bank grants."""
        bank = request.institution
        body = {
            "access": {
                "valid_until": self._valid_until(bank.consent_seconds),
                "balances": True,
                "transactions": True,
            },
            "aspsp": {"name": bank.key, "country": bank.country},
            "state": request.state,
            "redirect_url": request.redirect_url,
            "psu_type": request.psu_type,
        }
        language = request.language[:2].lower()
        if len(language) == 2 and language.isascii() and language.isalpha():
            body["language"] = language
        # An authorization that was started twice leaves one that nobody uses: no harm.
        answer = self._call("POST", const.PATH_AUTHORIZATION, json=body, retry=True)
        url = _text(answer.get("url"))
        if urlsplit(url).scheme not in ("https", "http"):
            raise Fault(FaultKind.BAD_DATA, detail="no address to send the user to")
        return Authorization(url=url, reference=_text(answer.get("authorization_id")))

    def open_session(self, answer: Mapping[str, str]) -> Consent:
        """Turn the user's return into a session: ``POST /sessions``.

        ``answer`` has ``code``, or ``error`` and perhaps ``error_description``; comparing
        ``state`` is the caller's part. The code is good for one use, so nothing is tried twice.
        """
        error = answer.get("error") or ""
        if error:
            raise Fault(
                const.RETURN_ERRORS.get(error, FaultKind.AUTHORIZATION_INVALID),
                provider_code=excerpt(error, 64),
                detail=excerpt(answer.get("error_description") or ""),
            )
        code = answer.get("code") or ""
        if not code:
            raise Fault(FaultKind.AUTHORIZATION_INVALID, detail="the bank's answer has no code")
        self._http.hide(code)
        body = self._call("POST", const.PATH_SESSIONS, json={"code": code}, retry=False)
        session = _text(body.get("session_id"))
        if not session:
            raise Fault(FaultKind.BAD_DATA, detail="a session without a number")
        self._http.hide(session)
        accounts = tuple(filter(None, map(parse_account, _list(body, "accounts"))))
        if not accounts:
            # A consent that gives nothing to read shall not stay behind at the bank.
            with suppress(Fault):
                self.revoke(session)
            raise Fault(FaultKind.NO_ACCOUNTS)
        return Consent(session, _valid_until(body), accounts)

    def consent_status(self, session: str) -> ConsentStatus:
        """Whether the session and its access still stand: ``GET /sessions/{session_id}``."""
        try:
            body = self._session(session)
        except ApiFault as fault:
            if fault.kind is FaultKind.CONSENT_EXPIRED:
                return ConsentStatus.ENDED
            raise
        status = const.SESSION_STATUSES.get(_text(body.get("status")))
        if status is None:
            raise Fault(
                FaultKind.BAD_DATA,
                provider_code=_text(body.get("status"))[:64],
                detail="unknown session status",
            )
        end = _valid_until(body)
        return ConsentStatus.ENDED if end and end <= self._clock() else status

    def revoke(self, session: str) -> None:
        """End the session and the consent at the bank: ``DELETE /sessions/{session_id}``."""
        self._http.hide(session)
        try:
            self._call("DELETE", _path(const.PATH_SESSION, session=session))
        except ApiFault as fault:
            if fault.kind is not FaultKind.CONSENT_EXPIRED:
                raise

    # Accounts

    def accounts(self, session: str) -> tuple[BankAccount, ...]:
        """Accounts of the session, with details: one request, and one more for each account.

        An account that the bank no longer shows is left out.
        """
        body = self._session(session)
        status = _text(body.get("status"))
        if const.SESSION_STATUSES.get(status) is not ConsentStatus.VALID:
            raise Fault(FaultKind.CONSENT_EXPIRED, provider_code=status[:64])
        hashes = {
            entry["uid"]: account_identifiers(entry)
            for entry in body.get("accounts_data") or ()
            if isinstance(entry, dict) and isinstance(entry.get("uid"), str)
        }
        found = []
        for uid in filter(None, map(_text, _list(body, "accounts"))):
            try:
                details = self._call("GET", _path(const.PATH_ACCOUNT_DETAILS, uid=uid))
            except ApiFault as fault:
                if fault.kind is FaultKind.ACCOUNT_UNAVAILABLE:
                    continue
                raise
            known = (*account_identifiers(details), *hashes.get(uid, ()))
            account = parse_account(
                {**details, "uid": uid, "identification_hashes": list(dict.fromkeys(known))}
            )
            if account:
                found.append(account)
        return tuple(found)

    def balances(
        self, session: str, account_uid: str, attended: AttendedUser | None = None
    ) -> tuple[Balance, ...]:
        """``GET /accounts/{account_id}/balances``; a balance that cannot be read is left out."""
        path = _path(const.PATH_BALANCES, uid=account_uid)
        body = self._read(path, {}, attended)
        return tuple(filter(None, map(parse_balance, _list(body, "balances"))))

    def transactions(self, session: str, query: TransactionQuery) -> Page:
        """One page: ``GET /accounts/{account_id}/transactions``, booked and pending rows together.

        Without ``date_from`` the strategy "longest" is asked for; ``date_to`` counts only with it.
        A day in the future is asked as today. The first page settles the parameters, and the
        continuation carries them on: the interface wants the same on each page. On the first page,

        - a history that is too long is shortened (see :func:`shorter_periods`), and
          ``Page.date_from`` says to what;
        - a refusal that may be about pending rows is followed by a request for booked ones only.
        """
        path = _path(const.PATH_TRANSACTIONS, uid=query.account_uid)
        if query.continuation:
            key, params = _unpacked(query.continuation)
            body = self._read(path, {**params, "continuation_key": key}, query.attended)
        else:
            body, params = self._first_page(path, query)
        transactions, rejected = parse_transactions(_list(body, "transactions"))
        key = body.get("continuation_key")
        return Page(
            transactions,
            rejected,
            continuation=json.dumps([key, params]) if isinstance(key, str) and key else "",
            date_from=_first_day(params),
        )

    def read_webhook(self, call: WebhookCall) -> tuple[WebhookEvent, ...]:
        """Enable Banking tells nothing by itself about accounts: whatever comes is refused."""
        raise Fault(FaultKind.BAD_DATA, provider_code="webhook", detail="this service sends no messages")

    def _first_page(
        self, path: str, query: TransactionQuery
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The first page, and the parameters with which the bank gave it."""
        today = self._clock().astimezone(UTC).date()
        params: dict[str, str] = {}
        if query.date_from is None:
            params["strategy"] = "longest"
        else:
            params["date_from"] = min(query.date_from, today).isoformat()
            if query.date_to is not None:
                params["date_to"] = query.date_to.isoformat()
        shorter: Iterator[date] | None = None
        while True:
            try:
                return self._read(path, params, query.attended), params
            except ApiFault as fault:
                if fault.error == const.ERROR_PERIOD:
                    if shorter is None:
                        shorter = shorter_periods(fault.said, query.date_from, today)
                    day = next(shorter, None)
                    if day is None or (query.date_to is not None and day > query.date_to):
                        raise
                    params.pop("strategy", None)
                    params["date_from"] = day.isoformat()
                elif may_be_pending(fault) and "transaction_status" not in params:
                    params["transaction_status"] = const.BOOKED_ONLY
                else:
                    raise

    # Requests

    def _session(self, session: str) -> dict[str, Any]:
        self._http.hide(session)
        return self._call("GET", _path(const.PATH_SESSION, session=session))

    def _read(
        self, path: str, params: Mapping[str, str], attended: AttendedUser | None
    ) -> dict[str, Any]:
        """Read account data, as an attended user where the bank lets us."""
        headers = attended_headers(attended)
        if headers:
            try:
                return self._call("GET", path, params=params, headers=headers)
            except ApiFault as fault:
                # The bank wants headers that its entry in the list does not name.
                if fault.error not in const.ERRORS_ATTENDED:
                    raise
        try:
            return self._call("GET", path, params=params)
        except ApiFault as fault:
            if fault.error == const.ERROR_USER:
                # It may be enough that the user is there; if not, an attended read will say so.
                raise Fault(
                    FaultKind.USER_PRESENCE_REQUIRED,
                    provider_code=fault.provider_code,
                    detail=fault.detail,
                ) from fault
            raise

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        retry: bool | None = None,
    ) -> dict[str, Any]:
        """The JSON object of the answer. Raises :class:`ApiFault` for a refusal."""
        answer = self._http.request(
            method,
            path,
            params=params,
            json=json,
            headers={**(headers or {}), "Authorization": f"Bearer {self._tokens.token()}"},
            retry=retry,
        )
        if not answer.ok:
            raise fault_from(answer, self._clock())
        body = answer.json()
        if not isinstance(body, dict):
            raise Fault(FaultKind.BAD_DATA, detail=f"an object was expected: {answer.excerpt(120)}")
        return body

    def _valid_until(self, consent_seconds: int | None) -> str:
        """RFC 3339 end of the consent to ask for, a little before the longest that is granted."""
        longest = const.DEFAULT_CONSENT
        if consent_seconds:
            longest = timedelta(seconds=min(consent_seconds, const.LONGEST_CONSENT_SECONDS))
        # A consent of some minutes, as sandboxes have, must not end before it begins.
        end = self._clock().astimezone(UTC) + longest - min(const.CONSENT_MARGIN, longest / 10)
        return end.isoformat(timespec="seconds")


def _path(template: str, **parts: str) -> str:
    return template.format(**{name: quote(part, safe="") for name, part in parts.items()})


def _unpacked(continuation: str) -> tuple[str, dict[str, str]]:
    with suppress(ValueError, TypeError, AttributeError, RecursionError):
        key, params = json.loads(continuation)
        _first_day(params)
        if isinstance(key, str) and all(isinstance(text, str) for text in params.values()):
            return key, params
    raise Fault(FaultKind.BAD_DATA, detail="a continuation that is not of this provider")


def _first_day(params: Mapping[str, str]) -> date | None:
    day = params.get("date_from")
    return date.fromisoformat(day) if day else None


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    if not isinstance(value, list):
        raise Fault(FaultKind.BAD_DATA, detail=f"an answer without {name}")
    return value


def _valid_until(body: Mapping[str, Any]) -> datetime | None:
    access = body.get("access")
    return parse_instant(access.get("valid_until")) if isinstance(access, dict) else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) else ()
