# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

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
    RejectedRow,
    Transaction,
    TransactionQuery,
    WebhookCall,
    WebhookEvent,
)
from . import const
from .client import Client, list_of
from .connection import check_readable, is_fetching, status_of, valid_until
from .errors import ApiFault, plain_class
from .paging import DUPLICATED, LISTINGS, PENDING, POSTED, Cursor, Place, next_id
from .parse import day_of, parse_account, parse_balances, parse_institution, parse_transaction, text_of
from .signing import Signer
from .webhook import read_callback


def _utc_now() -> datetime:
    return datetime.now(UTC)


@register
class SaltEdge:
    """Adapter of Salt Edge (account information, version 6 of the interface).

    The user brings an API key of their own, made at https://www.saltedge.com/dashboard: its App-id and Secret, and once
    the application is live the private key whose public half was uploaded there. A company is a customer at Salt Edge,
    a consent a connection; its number is the session, and is kept when the consent is renewed.

    :param settings: ``application_id``; ``webhook_public_key`` where callbacks are not signed with the published key
    :param secrets: ``application_secret``; ``private_key`` (RSA, PEM) to sign requests with
    :param http: session whose ``base_url`` is ``default_url`` or a test server
    :param keep_session: not called: a connection keeps its number
    :param clock: the present, as an aware datetime
    :param sleep: waits that many seconds
    """

    code: ClassVar[str] = "saltedge"
    title: ClassVar[str] = "Salt Edge"
    default_url: ClassVar[str] = const.API_URL
    sandbox_url: ClassVar[str] = ""
    required_settings: ClassVar[tuple[str, ...]] = ("application_id",)
    required_secrets: ClassVar[tuple[str, ...]] = ("application_secret",)
    unattended_calls: ClassVar[int] = 0
    revokes: ClassVar[bool] = True
    optional_settings: ClassVar[tuple[str, ...]] = ("webhook_public_key",)
    optional_secrets: ClassVar[tuple[str, ...]] = ("private_key",)
    session_changes: ClassVar[bool] = False
    has_webhooks: ClassVar[bool] = True

    def __init__(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        http: HttpSession,
        *,
        keep_session: Callable[[str], None] | None = None,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self._http = http
        self._clock = clock
        self._sleep = sleep
        self._secret = (secrets.get("application_secret") or "").strip()
        private_key = secrets.get("private_key") or ""
        http.hide(self._secret, private_key)
        signer = Signer(settings.get("application_id") or "", self._secret, private_key, clock)
        self._client = Client(http, signer)
        self._signs = bool(private_key.strip())
        self._callback_key = (settings.get("webhook_public_key") or "").strip() or const.CALLBACK_PUBLIC_KEY

    # Keys and banks

    def check(self) -> ProviderCheck:
        """Ask whether the keys are good: ``GET /countries``.

        The interface does not say in which state the application is: without a signature it cannot be live.
        """
        entries = (entry for entry in self._client.all(const.PATH_COUNTRIES) if isinstance(entry, dict))
        found = (text_of(entry.get("code") or entry.get("country_code")) for entry in entries)
        return ProviderCheck(
            name=self.title,
            environment="production" if self._signs else "sandbox",
            active=True,
            countries=tuple(sorted({code.upper() for code in found if code} - {const.SANDBOX_COUNTRY})),
        )

    def institutions(self, country: str = "") -> Iterator[Institution]:
        """Banks that can be connected now: ``GET /providers``, sandboxes among them."""
        params = {"include_sandboxes": "true"}
        if country:
            params["country_code"] = country.upper()
        return filter(None, map(parse_institution, self._client.all(const.PATH_PROVIDERS, params)))

    # Consent

    def authorize(self, request: AuthorizationRequest) -> Authorization:
        """Start a consent: ``POST /connections/connect``, or ``.../reconnect`` for the session that is to be renewed.

        A session that Salt Edge no longer knows is not renewed: a new connection takes its place.
        """
        if request.session:
            self._http.hide(request.session)
            try:
                connection = self._connection(request.session)
                path = _path(const.PATH_RECONNECT, connection=request.session)
                return self._start(path, request, text_of(connection.get("customer_id")), {})
            except ApiFault as fault:
                if fault.error not in const.ERRORS_CONNECTION_GONE:
                    raise
        customer = self._customer(request.customer)
        bank = request.institution
        body: dict[str, Any] = {
            "customer_id": customer,
            "provider": {"code": bank.key, "include_sandboxes": bank.country == const.SANDBOX_COUNTRY},
        }
        if request.psu_type in const.PSU_TYPES:
            body["kyc"] = {"type_of_account": request.psu_type}
        return self._start(const.PATH_CONNECT, request, customer, body)

    def open_session(self, answer: Mapping[str, str]) -> Consent:
        """Look at the connection with which the user came back.

        ``answer`` has ``connection_id``, or ``error_class`` and perhaps a message, beside what :meth:`authorize` put
        into the address: comparing ``state`` is the caller's part. That the connection is of the same customer is
        proved here, because its number travels through the browser. A user who comes back with neither has left the
        bank's pages.
        """
        error = answer.get("error_class") or answer.get("error") or ""
        if error:
            message = answer.get("error_message") or answer.get("message") or ""
            code, words = (excerpt(self._http.mask(text), limit) for text, limit in ((error, 64), (message, 300)))
            raise Fault(_return_kind(error), provider_code=code, detail=words)
        session = answer.get("connection_id") or ""
        if not session:
            raise Fault(FaultKind.AUTHORIZATION_CANCELLED, detail="the user came back without a connection")
        self._http.hide(session)
        try:
            connection = self._finished(session)
        except ApiFault as fault:
            if fault.error in const.ERRORS_CONNECTION_GONE:
                raise Fault(FaultKind.AUTHORIZATION_INVALID, provider_code=fault.provider_code) from fault
            raise
        seal = self._seal(answer.get("state") or "", text_of(connection.get("customer_id")))
        if not hmac.compare_digest(seal.encode(), (answer.get("seal") or "").encode()):
            raise Fault(FaultKind.AUTHORIZATION_INVALID, detail="a connection of another customer")
        check_readable(connection, self._http.mask)
        accounts = self._accounts(session)
        if not accounts:
            if is_fetching(connection):
                raise Fault(FaultKind.PROVIDER_DOWN, detail="the accounts are still being fetched")
            # A consent that gives nothing to read shall not stay behind at the bank.
            with suppress(Fault):
                self.revoke(session)
            raise Fault(FaultKind.NO_ACCOUNTS)
        ends = None
        # The consent stands whether or not its end can be told now.
        with suppress(Fault):
            ends = valid_until(self._consents(session))
        return Consent(session, ends, accounts, reference=session)

    def consent_status(self, session: str) -> ConsentStatus:
        """Whether the connection and its consent still stand: ``GET /connections/{id}`` and ``GET /consents``."""
        try:
            connection = self._connection(session)
            return status_of(connection, self._consents(session), self._clock())
        except ApiFault as fault:
            if fault.kind is FaultKind.CONSENT_EXPIRED:
                return ConsentStatus.ENDED
            raise

    def revoke(self, session: str) -> None:
        """Remove the connection, with what Salt Edge keeps of it, and the consent: ``DELETE /connections/{id}``."""
        self._http.hide(session)
        try:
            self._client.call("DELETE", _path(const.PATH_CONNECTION, connection=session))
        except ApiFault as fault:
            if fault.kind is not FaultKind.CONSENT_EXPIRED:
                raise

    # Accounts

    def accounts(self, session: str) -> tuple[BankAccount, ...]:
        """``GET /accounts``, once the connection is known to stand."""
        check_readable(self._connection(session), self._http.mask)
        return self._accounts(session)

    def balances(self, session: str, account_uid: str, attended: AttendedUser | None = None) -> tuple[Balance, ...]:
        """What ``GET /accounts`` tells of the account; a balance that cannot be read is left out."""
        for entry in self._account_entries(session):
            if text_of(entry.get("id")) == account_uid:
                return parse_balances(entry)
        raise Fault(FaultKind.ACCOUNT_UNAVAILABLE, detail="Salt Edge no longer lists the account")

    def transactions(self, session: str, query: TransactionQuery) -> Page:
        """One page of ``GET /transactions``: the pending rows first, then the others, then those that were found out to
        be duplicates (``Page.removed``).

        What the bank has is what Salt Edge fetched last, by itself, some times a day; when the last attempt failed,
        the first page raises what it failed with. The interface has no filter by day: rows of days that are not wanted
        are left out, so a page may be empty. ``Page.cursor``, on the last page, saves the next fetch the rows that are
        older than thirty days. Without ``date_from`` a fetch with a cursor brings what is new, and
        ``Page.date_from`` is the first day of which it has all rows.
        """
        if query.continuation:
            place = Place.from_text(query.continuation)
            self._http.hide(session)
        else:
            check_readable(self._connection(session), self._http.mask)
            cursor = Cursor.from_text(query.cursor) if query.cursor else None
            known = cursor is not None and cursor.covers(query.account_uid, query.date_from)
            place = Place(begin=cursor.from_id, since=cursor.since) if known else Place()
        recent_since = self._clock().astimezone(UTC).date() - const.REREAD
        rows, following, refused = self._listed(session, query.account_uid, place)
        if refused and place.listing == PENDING:
            place = replace(place, pending_apart=False)

        transactions: list[Transaction] = []
        rejected: list[RejectedRow] = []
        removed: list[str] = []
        for row in rows:
            if isinstance(row, dict) and row.get("duplicated") is True:
                removed.append(text_of(row.get("id")))
            elif place.listing != DUPLICATED:
                parsed = parse_transaction(row)
                if isinstance(parsed, Transaction):
                    transactions.append(parsed)
                else:
                    rejected.append(parsed)
        place = place.seen(transactions, recent_since)
        following_place = place.following(following)
        first = query.date_from
        if first is None and place.since:
            first = date.fromisoformat(place.since)
        return Page(
            tuple(row for row in transactions if place.wants(row.raw) and _wanted(query, row.booking_date)),
            tuple(row for row in rejected if place.wants(row.raw) and _wanted(query, day_of(row.raw))),
            continuation=following_place.to_text() if following_place else "",
            cursor="" if following_place else place.cursor(query.account_uid, recent_since).to_text(),
            date_from=first,
            removed=tuple(filter(None, removed)),
        )

    def read_webhook(self, call: WebhookCall) -> tuple[WebhookEvent, ...]:
        """A callback, checked against the public key of Salt Edge: see :func:`read_callback`."""
        return read_callback(call, self._callback_key)

    # Requests

    def _start(
        self, path: str, request: AuthorizationRequest, customer: str, body: Mapping[str, Any]
    ) -> Authorization:
        """Begin at Salt Edge's pages, with the longest history that the bank gives."""
        today = self._clock().astimezone(UTC).date()
        consent: dict[str, Any] = {"scopes": list(const.CONSENT_SCOPES)}
        if request.institution.consent_seconds:
            consent["period_days"] = max(request.institution.consent_seconds // 86400, 1)
        attempt: dict[str, Any] = {
            "fetch_scopes": list(const.FETCH_SCOPES),
            "return_to": self._return_address(request, customer),
        }
        language = request.language[:2].lower()
        if len(language) == 2 and language.isascii() and language.isalpha():
            attempt["locale"] = language
        for days in const.CONSENT_HISTORIES:
            first = (today - timedelta(days=days)).isoformat()
            data = {
                **body,
                "consent": {**consent, "from_date": first},
                "attempt": {**attempt, "fetch_from_date": first},
                "widget": {"skip_provider_selection": True},
                "automatic_refresh": True,
                "return_connection_id": True,
                "return_error_class": True,
                "categorization": "none",
            }
            try:
                # Pages that were begun twice leave one beginning that nobody uses: no harm.
                answer = self._client.one("POST", path, json={"data": data}, retry=True)
                break
            except ApiFault as fault:
                if fault.error not in const.ERRORS_FROM_DATE or days == const.CONSENT_HISTORIES[-1]:
                    raise
        url = text_of(answer.get("connect_url"))
        if urlsplit(url).scheme not in ("https", "http"):
            raise Fault(FaultKind.BAD_DATA, detail="no address to send the user to")
        return Authorization(url=url)

    def _return_address(self, request: AuthorizationRequest, customer: str) -> str:
        """Our address with what must come back: Salt Edge keeps its query and adds to it."""
        parts = urlsplit(request.redirect_url)
        ours = {"state": request.state, "seal": self._seal(request.state, customer)}
        return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *ours.items()])))

    def _seal(self, state: str, customer: str) -> str:
        """Proof that we sent the user on for this customer."""
        return hmac.new(self._secret.encode(), f"{state}|{customer}".encode(), "sha256").hexdigest()[:32]

    def _customer(self, identifier: str) -> str:
        """The number of our customer at Salt Edge, made there the first time."""
        if not identifier:
            raise Fault(FaultKind.REQUEST_REFUSED, detail="a consent needs the name of a customer")
        try:
            data = {"identifier": identifier}
            found = [self._client.one("POST", const.PATH_CUSTOMERS, json={"data": data}, retry=True)]
        except ApiFault as fault:
            if fault.error not in const.ERRORS_CUSTOMER_KNOWN:
                raise
            listed = self._client.all(const.PATH_CUSTOMERS, {"identifier": identifier})
            found = [item for item in listed if isinstance(item, dict) and item.get("identifier") == identifier]
        number = next((text_of(item.get("customer_id") or item.get("id")) for item in found), "")
        if not number:
            raise Fault(FaultKind.BAD_DATA, detail="a customer without a number")
        return number

    def _connection(self, session: str) -> dict[str, Any]:
        self._http.hide(session)
        return self._client.one("GET", _path(const.PATH_CONNECTION, connection=session))

    def _finished(self, session: str) -> dict[str, Any]:
        """The connection, once Salt Edge has fetched; or after a while as it is."""
        connection = self._connection(session)
        for _look in range(const.ATTEMPT_LOOKS):
            if not is_fetching(connection):
                break
            self._sleep(const.ATTEMPT_PAUSE)
            connection = self._connection(session)
        return connection

    def _consents(self, session: str) -> list[Any]:
        return list(self._client.all(const.PATH_CONSENTS, {"connection_id": session}))

    def _accounts(self, session: str) -> tuple[BankAccount, ...]:
        return tuple(filter(None, map(parse_account, self._account_entries(session))))

    def _account_entries(self, session: str) -> Iterator[dict[str, Any]]:
        self._http.hide(session)
        entries = self._client.all(const.PATH_ACCOUNTS, {"connection_id": session})
        return (entry for entry in entries if isinstance(entry, dict))

    def _listed(self, session: str, account_uid: str, place: Place) -> tuple[list[Any], str, bool]:
        """Rows of one page, where the next one of its list begins, and whether the list was refused as such."""
        params = {"connection_id": session, "account_id": account_uid, **LISTINGS[place.listing]}
        if place.from_id:
            params["from_id"] = place.from_id
        try:
            body = self._client.call("GET", const.PATH_TRANSACTIONS, params=params)
        except ApiFault as fault:
            # The filter is not documented by the service. What else may be wrong, the ordinary list will say.
            if place.listing == POSTED or fault.kind is not FaultKind.REQUEST_REFUSED:
                raise
            return [], "", True
        return list_of(body), next_id(body.get("meta"), place.from_id), False


def _return_kind(error: str) -> FaultKind:
    """Why the user came back without a connection. What asks for the user again, says so of this very visit."""
    plain = plain_class(error)
    if plain in const.RETURN_CANCELLED:
        return FaultKind.AUTHORIZATION_CANCELLED
    kind = const.ERROR_KINDS.get(plain, FaultKind.AUTHORIZATION_INVALID)
    return FaultKind.AUTHORIZATION_INVALID if kind is FaultKind.CONSENT_EXPIRED else kind


def _wanted(query: TransactionQuery, day: date | None) -> bool:
    """Whether a row of that day was asked for; one without a day always was."""
    if day is None:
        return True
    return (query.date_from is None or day >= query.date_from) and (query.date_to is None or day <= query.date_to)


def _path(template: str, **parts: str) -> str:
    return template.format(**{name: quote(part, safe="") for name, part in parts.items()})
