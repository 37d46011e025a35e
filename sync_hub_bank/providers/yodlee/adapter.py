# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession

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
from . import const, fastlink, webhook
from .client import Client, path_of
from .errors import ApiFault
from .items import Items, end_of, is_newer
from .paging import ROWS, Step, moment, read_step, since_of
from .parse import parse_balances, parse_institution, parse_transactions, text
from .state import ItemState, Stage, item_state
from .token import TokenSource, login_name

# Refusals of data extracts that mean: this customer does not have them, or not for so long.
_NO_EXTRACTS = frozenset({FaultKind.REQUEST_REFUSED, FaultKind.CREDENTIALS_REJECTED, FaultKind.PERIOD_REFUSED})


def _utc_now() -> datetime:
    return datetime.now(UTC)


@register
class Yodlee:
    """Adapter of Yodlee (Aggregation API 1.1, FastLink 4).

    The user brings a contract of their own: client id and secret, the name of its administrator, and its FastLink
    address. Each company is one of the contract's users. The session is ``<provider account>:<user name>`` and stays
    the same when the user renews it.

    :param settings: ``client_id``, ``admin_login``, ``fastlink_url``; ``login_name`` where the contract gives fixed
        users, as the sandbox does; ``fastlink_config``, the name of a configuration other than "Aggregation"
    :param secrets: ``secret``
    :param http: session whose ``base_url`` is ``default_url``, another host of Yodlee's, or a test server
    :param keep_session: not called: a session never changes
    :param clock: the present, as an aware datetime
    :param pause: waits that many seconds
    """

    code: ClassVar[str] = "yodlee"
    title: ClassVar[str] = "Yodlee"
    default_url: ClassVar[str] = const.API_URL
    sandbox_url: ClassVar[str] = const.SANDBOX_URL
    required_settings: ClassVar[tuple[str, ...]] = ("client_id", "admin_login", "fastlink_url")
    required_secrets: ClassVar[tuple[str, ...]] = ("secret",)
    optional_settings: ClassVar[tuple[str, ...]] = ("login_name", "fastlink_config")
    optional_secrets: ClassVar[tuple[str, ...]] = ()
    session_changes: ClassVar[bool] = False
    has_webhooks: ClassVar[bool] = True
    unattended_calls: ClassVar[int] = 0
    revokes: ClassVar[bool] = True

    def __init__(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        http: HttpSession,
        *,
        keep_session: Callable[[str], None] | None = None,
        clock: Callable[[], datetime] = _utc_now,
        pause: Callable[[float], None] = time.sleep,
    ):
        self._client_id, self._admin, self._fastlink_url, self._fixed_login, self._config = (
            (settings.get(name) or "").strip()
            for name in ("client_id", "admin_login", "fastlink_url", "login_name", "fastlink_config")
        )
        self._secret = secrets.get("secret") or ""
        self._http = http
        self._clock = clock
        http.hide(self._secret)
        self._tokens = TokenSource(self._client_id, self._secret, http, clock)
        self._client = Client(http, self._tokens, clock)
        self._items = Items(self._client, clock, pause)

    # Keys and banks

    def check(self) -> ProviderCheck:
        """Ask whether the keys are good: a token for the administrator, and ``GET /providers/count`` with it."""
        self._fastlink_address()
        body = self._client.get(const.PATH_INSTITUTIONS_COUNT, self._admin)
        count = body.get("provider")
        total = count.get("TOTAL") if isinstance(count, dict) else None
        number = total.get("count") if isinstance(total, dict) else None
        host = urlsplit(self._http.base_url).hostname or ""
        return ProviderCheck(
            name=self._client_id,
            environment="sandbox" if host.startswith(const.SANDBOX_HOSTS) else "production",
            # A contract for which no bank is enabled is of no use.
            active=number != 0,
        )

    def institutions(self, country: str = "") -> Iterator[Institution]:
        """Banks of the contract: ``GET /providers``, page by page while they are taken.

        Yodlee cannot be asked for one country, so the others are left out here.
        """
        wanted, skip, before = country.upper(), 0, []
        while True:
            params = {"priority": "cobrand", "skip": skip, "top": const.PAGE_SIZE}
            entries, linked = self._client.rows(const.PATH_INSTITUTIONS, "provider", self._admin, **params)
            # Where skipping has no effect, the same page would come for ever.
            if entries == before:
                return
            for bank in filter(None, map(parse_institution, entries)):
                if wanted in ("", bank.country):
                    yield bank
            skip, before = skip + len(entries), entries
            if not entries or (len(entries) < const.PAGE_SIZE and not linked):
                return

    # Consent

    def authorize(self, request: AuthorizationRequest) -> Authorization:
        """The form with which the browser opens FastLink: to add a bank, or to renew what ``request.session`` is.

        A session that is no longer there is begun anew. Where ``request.webhook_url`` is given, notifications are
        ordered; a contract without them works all the same.
        """
        url = self._fastlink_address()
        login, item = self._opened(request.session) if request.session else (self._login(request.customer), "")
        self._http.hide(login)
        token = self._user_token(login)
        if item:
            try:
                self._items.fetch(login, item)
            except ApiFault as fault:
                if fault.kind is not FaultKind.CONSENT_EXPIRED:
                    raise
                item = ""
        if request.webhook_url:
            with suppress(ApiFault):
                self._subscribe(webhook.callback_url(request.webhook_url, self._client_id, self._secret))
        departure = fastlink.Departure(login, item, request.institution.key, self._clock())
        config = self._config or const.FASTLINK_CONFIG
        extra = fastlink.extra_params(config, departure, request.redirect_url, request.state, self._secret)
        return Authorization(url=url, form=(("accessToken", f"Bearer {token}"), ("extraParams", extra)))

    def open_session(self, answer: Mapping[str, str]) -> Consent:
        """Turn the user's return into a session.

        ``answer`` has our own ``handle`` and what FastLink added; comparing ``state`` is the caller's part. What
        FastLink says is a hint only: the provider account must be the user's, and its state decides. One that was
        begun and gives nothing to read is removed.
        """
        departure = fastlink.departure_of(answer, self._secret, self._clock())
        outcome = fastlink.outcome_of(answer)
        login, item = departure.login, outcome.item
        self._http.hide(login)
        if not item and outcome.error:
            raise Fault(FaultKind.AUTHORIZATION_INVALID, provider_code=outcome.error, detail=outcome.words)
        if not item and outcome.closed:
            raise Fault(FaultKind.AUTHORIZATION_CANCELLED)
        item = departure.item or item or self._items.newest(departure)
        if not item:
            raise Fault(FaultKind.AUTHORIZATION_CANCELLED)
        try:
            entry, accounts = self._items.arrived(login, item)
        except Fault:
            with suppress(Fault):
                # One that was there before keeps what it had; the user may try again.
                if is_newer(self._items.fetch(login, item), departure):
                    self._items.remove(login, item)
            raise
        return Consent(f"{item}:{login}", end_of(self._items.consents(login, entry)), accounts, reference=item)

    def consent_status(self, session: str) -> ConsentStatus:
        """Whether the provider account is there and can be read without its user: ``GET /providerAccounts/{id}``."""
        login, item = self._opened(session)
        try:
            entry = self._items.fetch(login, item)
        except ApiFault as fault:
            if fault.kind is FaultKind.CONSENT_EXPIRED:
                return ConsentStatus.ENDED
            raise
        if item_state(entry, self._clock()).stage is Stage.USER:
            return ConsentStatus.ENDED
        consents = self._items.consents(login, entry)
        if consents and all(text(consent.get("consentStatus")) in const.CONSENT_ENDED for consent in consents):
            return ConsentStatus.ENDED
        end = end_of(consents)
        return ConsentStatus.ENDED if end and end <= self._clock() else ConsentStatus.VALID

    def revoke(self, session: str) -> None:
        """Remove the provider account and all its data: ``DELETE /providerAccounts/{id}``."""
        login, item = self._opened(session)
        self._items.remove(login, item)

    # Accounts

    def accounts(self, session: str) -> tuple[BankAccount, ...]:
        """Accounts of the provider account: ``GET /accounts``. Raises CONSENT_EXPIRED when the user must act."""
        login, item = self._opened(session)
        state = item_state(self._items.fetch(login, item), self._clock())
        fault = state.fault()
        if fault and state.stage is Stage.USER:
            raise fault
        return self._items.accounts(login, item)

    def balances(
        self, session: str, account_uid: str, attended: AttendedUser | None = None
    ) -> tuple[Balance, ...]:
        """What ``GET /accounts`` says of the account, as of when Yodlee last read it; no one needs to be present."""
        login, _item = self._opened(session)
        entries, _linked = self._client.rows(const.PATH_ACCOUNTS, "account", login, accountId=account_uid)
        entry = next((e for e in entries if isinstance(e, dict) and text(e.get("id")) == account_uid), None)
        if entry is None:
            raise Fault(FaultKind.ACCOUNT_UNAVAILABLE)
        return parse_balances(entry)

    def transactions(self, session: str, query: TransactionQuery) -> Page:
        """One page: ``GET /transactions``, booked and pending rows together, then what was deleted.

        Yodlee gives 30 days unless a day is named, and two years at most: ``Page.date_from`` says from which day on.
        Before the first page the state of the provider account is looked at, because rows that Yodlee could not
        collect are missing without a word. An attended fetch asks Yodlee to collect; what that brings comes with a
        later fetch. Deleted rows are read since ``query.cursor``, which is what the last page of a fetch leaves.
        """
        login, item = self._opened(session)
        if query.continuation:
            step = read_step(query.continuation)
        else:
            step = self._first_step(query)
            state = item_state(self._items.fetch(login, item), self._clock())
            if query.attended:
                self._refresh(login, item, state)
            if fault := state.fault():
                raise fault
        if step.stage == ROWS:
            return self._rows_page(login, query.account_uid, step)
        return self._changes_page(login, query.account_uid, step)

    # Notifications

    def read_webhook(self, call: WebhookCall) -> tuple[WebhookEvent, ...]:
        """See :func:`.webhook.read_webhook`: known by the mark in the address, nothing but hints."""
        return webhook.read_webhook(call, self._client_id, self._secret)

    def _subscribe(self, url: str) -> None:
        listed, _linked = self._client.rows(const.PATH_SUBSCRIPTIONS, "event", self._admin)
        known = {text(e.get("name")): text(e.get("callbackUrl")) for e in listed if isinstance(e, dict)}
        for event in const.WEBHOOK_EVENTS:
            if known.get(event) != url:
                method = "PUT" if event in known else "POST"
                path = path_of(const.PATH_SUBSCRIPTION, event=event)
                self._client.call(method, path, self._admin, json={"event": {"callbackUrl": url}})

    # Pages

    def _first_step(self, query: TransactionQuery) -> Step:
        now = self._clock()
        today = now.astimezone(UTC).date()
        earliest = today - const.LONGEST_HISTORY
        first = min(max(query.date_from or earliest, earliest), today)
        if query.date_to is not None and query.date_to < first:
            first = max(query.date_to, earliest)
        return Step(ROWS, 0, first, query.date_to, now, since_of(query.cursor, now))

    def _rows_page(self, login: str, uid: str, step: Step) -> Page:
        params = {"accountId": uid, "fromDate": step.date_from.isoformat(), "skip": step.skip, "top": const.PAGE_SIZE}
        if step.date_to:
            params["toDate"] = step.date_to.isoformat()
        rows, linked = self._client.rows(const.PATH_TRANSACTIONS, "transaction", login, **params)
        transactions, rejected = parse_transactions(rows, uid)
        more = bool(rows) and (linked or len(rows) >= const.PAGE_SIZE)
        return _page(step, step.after_rows(len(rows), more), transactions=transactions, rejected=rejected)

    def _changes_page(self, login: str, uid: str, step: Step) -> Page:
        params: dict[str, Any] = {"fromDate": moment(step.since), "toDate": moment(step.until), "loginName": login}
        if step.skip:
            params |= {"skip": step.skip, "top": const.PAGE_SIZE}
        try:
            users, linked = self._client.rows(const.PATH_CHANGES, "userData", self._admin, **params)
        except ApiFault as fault:
            if fault.kind not in _NO_EXTRACTS:
                raise
            return _page(step, None)
        listed = [user.get("transaction") for user in users if isinstance(user, dict)]
        rows = [row for several in listed if isinstance(several, list) for row in several if isinstance(row, dict)]
        # A number is given once in a container: a deleted row that does not tell its account can be no other's.
        removed = (
            text(row.get("id"))
            for row in rows
            if row.get("isDeleted") is True and text(row.get("accountId")) in ("", uid)
        )
        more = linked and bool(rows)
        return _page(step, step.after_changes(len(rows), more), removed=tuple(filter(None, removed)))

    def _refresh(self, login: str, item: str, state: ItemState) -> None:
        """Let Yodlee collect now, where that needs no user and the last time was long enough ago."""
        if not state.refreshable or (state.updated_at and self._clock() - state.updated_at < const.REFRESH_PAUSE):
            return
        body = {"configName": self._config or const.FASTLINK_CONFIG, "providerAccountIds": [int(item)]}
        # What is there already can be read all the same.
        with suppress(ApiFault):
            self._client.call("PUT", const.PATH_REFRESH, login, json=body)

    # Users

    def _login(self, customer: str) -> str:
        if not self._fixed_login and not customer.strip():
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail="login_name")
        return self._fixed_login or login_name(customer)

    def _user_token(self, login: str) -> str:
        """A token of that user, who is registered where that does not happen by itself."""
        try:
            return self._tokens.token(login)
        except ApiFault as fault:
            if fault.error != const.ERROR_UNREGISTERED:
                raise
        self._client.call("POST", const.PATH_REGISTER, self._admin, json={"user": {"loginName": login}})
        return self._tokens.token(login)

    def _opened(self, session: str) -> tuple[str, str]:
        """User name and provider account of a session."""
        item, _colon, login = session.partition(":")
        if not (item.isascii() and item.isdigit() and login):
            raise Fault(FaultKind.CONSENT_EXPIRED, detail="a session that is not of this provider")
        self._http.hide(login)
        return login, item

    def _fastlink_address(self) -> str:
        if not self._fastlink_url:
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail="fastlink_url")
        # The form carries a token: it goes nowhere without encryption, but to this machine itself.
        parts = urlsplit(self._fastlink_url)
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
            return self._fastlink_url
        raise Fault(FaultKind.REQUEST_REFUSED, provider_code="fastlink_url", detail="not a secure address")


def _page(step: Step, following: Step | None, **known: Any) -> Page:
    return Page(
        known.pop("transactions", ()),
        continuation=following.written() if following else "",
        cursor="" if following else moment(step.began),
        date_from=step.date_from,
        **known,
    )
