# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession

from ..registry import register
from ..values import (
    EVERY_STATUS,
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
from .errors import ApiFault, error_kind, fault_from
from .link import LinkOutcome, link_outcome, link_request
from .listing import Place
from .parse import (
    parse_accounts,
    parse_balances,
    parse_instant,
    parse_institutions,
    parse_numbers,
    parse_removed,
    parse_transactions,
    text,
)
from .webhook import KeyCache, check_signature, not_genuine, read_events, read_token

# Outlives adapters, which are made anew for each message; it holds nothing but public keys.
_WEBHOOK_KEYS = KeyCache()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@register
class Plaid:
    """Adapter of Plaid (Transactions, through Hosted Link).

    The user brings keys of their own from https://dashboard.plaid.com/developers/keys. A session is an access token: it
    does not end by time, and signing in again (Link's update mode) keeps it, its accounts and their ids.

    :param settings: ``client_id``; and if wanted ``client_name`` (shown to who connects a bank), ``redirect_uri`` (an
        address from the dashboard's list, for banks that send the browser back to it), ``account_numbers`` (``1``: ask
        for IBANs and account numbers, which Plaid bills as its product Auth)
    :param secrets: ``secret`` of the environment whose address ``http`` has
    :param http: session whose ``base_url`` is ``default_url``, ``const.SANDBOX_URL`` or a test server
    :param keep_session: never called: the access token stays the same
    :param clock: the present, as an aware datetime
    """

    code: ClassVar[str] = "plaid"
    title: ClassVar[str] = "Plaid"
    default_url: ClassVar[str] = const.API_URL
    sandbox_url: ClassVar[str] = const.SANDBOX_URL
    required_settings: ClassVar[tuple[str, ...]] = ("client_id",)
    required_secrets: ClassVar[tuple[str, ...]] = ("secret",)
    optional_settings: ClassVar[tuple[str, ...]] = ("client_name", "redirect_uri", "account_numbers")
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
    ):
        self._http = http
        self._clock = clock
        self._settings = settings
        self._client_id = (settings.get("client_id") or "").strip()
        self._secret = (secrets.get("secret") or "").strip()
        self._reads_numbers = (settings.get("account_numbers") or "").strip() == "1"
        http.hide(self._secret)

    # Keys and banks

    def check(self) -> ProviderCheck:
        """Ask whether the keys are good, by way of one bank of the list.

        No call tells who the keys belong to. Keys are looked at before the question: one that is refused for what it
        asks, such as a country that is not in the contract, was asked with good keys.
        """
        try:
            self._institutions_page(const.COUNTRIES, 0, 1)
        except ApiFault as fault:
            if fault.kind is not FaultKind.REQUEST_REFUSED or not fault.error:
                raise
        production = urlsplit(self._http.base_url).hostname == urlsplit(const.API_URL).hostname
        return ProviderCheck(
            name=self._client_name(), environment="production" if production else "sandbox", active=True
        )

    def institutions(self, country: str = "") -> Iterator[Institution]:
        """Banks with transactions: ``/institutions/get``, page by page as they are taken.

        A bank of several countries comes once for each.
        """
        country = country.upper()
        offset = 0
        while True:
            wanted = (country,) if country else const.COUNTRIES
            body = self._institutions_page(wanted, offset, const.INSTITUTIONS_PER_PAGE)
            entries = _list(body, "institutions")
            for entry in entries:
                yield from parse_institutions(entry, country)
            offset += len(entries)
            total = body.get("total")
            if not entries or (total.__class__ is int and offset >= total):
                return

    def _institutions_page(self, countries: tuple[str, ...], offset: int, count: int) -> dict[str, Any]:
        return self._call(
            const.PATH_INSTITUTIONS,
            count=count,
            offset=offset,
            country_codes=list(countries),
            options={"products": [const.PRODUCT_TRANSACTIONS]},
        )

    # Consent

    def authorize(self, request: AuthorizationRequest) -> Authorization:
        """Begin a visit to Link: ``/link/token/create``, in update mode for a session that is to be renewed.

        ``reference`` is the link token, which :meth:`open_session` needs back. An Item that is gone cannot be updated:
        then a new one is begun.
        """
        redirect_uri = (self._settings.get("redirect_uri") or "").strip()
        body = link_request(request, self._client_name(), redirect_uri)
        if request.session:
            self._http.hide(request.session)
            try:
                return self._authorization(self._call(const.PATH_LINK_CREATE, **body, access_token=request.session))
            except ApiFault as fault:
                if fault.error not in const.ERRORS_GONE:
                    raise
        body["products"] = [const.PRODUCT_TRANSACTIONS]
        body["transactions"] = {"days_requested": const.LONGEST_HISTORY_DAYS}
        body["institution_id"] = request.institution.key
        if self._reads_numbers:
            # Consent only: nothing is billed before the numbers are read.
            body["additional_consented_products"] = [const.PRODUCT_NUMBERS]
        if request.webhook_url:
            body["webhook"] = request.webhook_url
        return self._authorization(self._call(const.PATH_LINK_CREATE, **body))

    def _authorization(self, body: dict[str, Any]) -> Authorization:
        url, reference = text(body.get("hosted_link_url")), text(body.get("link_token"))
        if urlsplit(url).scheme not in ("https", "http") or not reference:
            raise Fault(FaultKind.BAD_DATA, detail="no address to send the user to")
        return Authorization(url=url, reference=reference)

    def open_session(self, answer: Mapping[str, str]) -> Consent:
        """Turn the user's return into a session: ``/link/token/get`` tells how the visit ended.

        The browser brings back nothing but ``state``, which the caller compares. The caller itself adds to ``answer``
        what it kept, over whatever the browser may have sent under these names: ``reference`` (of the
        :class:`Authorization`), and for a renewal ``session`` (of the :class:`AuthorizationRequest`).
        """
        reference = (answer.get("reference") or "").strip()
        if not reference:
            raise Fault(FaultKind.AUTHORIZATION_INVALID, detail="the answer has no link token")
        self._http.hide(reference)
        body = self._call(const.PATH_LINK_GET, link_token=reference)
        outcome = link_outcome(body, (self._secret, reference))
        if outcome.fault:
            raise outcome.fault
        if not outcome.finished:
            raise Fault(FaultKind.AUTHORIZATION_INVALID, detail="the visit to the bank was not finished")
        session = (answer.get("session") or "").strip()
        if session:
            try:
                return self._consent(session)
            except ApiFault as fault:
                # The Item was gone, and the visit made a new one.
                if fault.error not in const.ERRORS_GONE or not outcome.public_tokens:
                    raise
        return self._first_consent(outcome)

    def _first_consent(self, outcome: LinkOutcome) -> Consent:
        if not outcome.public_tokens:
            raise Fault(FaultKind.NO_ACCOUNTS, detail="no bank was connected")
        public_token = outcome.public_tokens[0]
        self._http.hide(public_token)
        # The token is good for one use: nothing is tried twice.
        body = self._call(const.PATH_EXCHANGE, retry=False, public_token=public_token)
        session = text(body.get("access_token"))
        if not session:
            raise Fault(FaultKind.BAD_DATA, detail="a session without a token")
        try:
            return self._consent(session)
        except Fault:
            # An Item whose token nobody keeps could not be ended any more, and would be billed for ever.
            with suppress(Fault):
                self.revoke(session)
            raise

    def _consent(self, session: str) -> Consent:
        """The consent behind an access token that works. Raises ``Fault`` when the user has to sign in (again)."""
        body = self._accounts(session)
        item = _item(body)
        if _item_kind(item) is FaultKind.CONSENT_EXPIRED:
            raise Fault(FaultKind.CONSENT_EXPIRED, provider_code=text(item["error"].get("error_code"))[:64])
        accounts = self._parsed(session, body)
        if not accounts:
            raise Fault(FaultKind.NO_ACCOUNTS)
        until = parse_instant(item.get("consent_expiration_time"))
        return Consent(session, until, accounts, text(item.get("item_id")))

    def consent_status(self, session: str) -> ConsentStatus:
        """Whether the Item can be read without its user: ``/item/get``. A bank's outage is not its end."""
        self._http.hide(session)
        try:
            item = _item(self._call(const.PATH_ITEM, access_token=session))
        except ApiFault as fault:
            if fault.kind is FaultKind.CONSENT_EXPIRED:
                return ConsentStatus.ENDED
            raise
        until = parse_instant(item.get("consent_expiration_time"))
        ended = _item_kind(item) is FaultKind.CONSENT_EXPIRED or (until is not None and until <= self._clock())
        return ConsentStatus.ENDED if ended else ConsentStatus.VALID

    def revoke(self, session: str) -> None:
        """End the Item, and with it the billing: ``/item/remove``."""
        self._http.hide(session)
        try:
            self._call(const.PATH_ITEM_REMOVE, access_token=session)
        except ApiFault as fault:
            if fault.error not in const.ERRORS_GONE:
                raise

    # Accounts

    def accounts(self, session: str) -> tuple[BankAccount, ...]:
        """Accounts of the Item that have transactions: ``/accounts/get``."""
        return self._parsed(session, self._accounts(session))

    def balances(
        self, session: str, account_uid: str, attended: AttendedUser | None = None
    ) -> tuple[Balance, ...]:
        """The balance of Plaid's last visit to the bank, of which the transactions are too: ``/accounts/get``.

        A live one would be of another moment than the transactions, and is billed by the call.
        """
        body = self._accounts(session, options={"account_ids": [account_uid]})
        for entry in _list(body, "accounts"):
            if isinstance(entry, dict) and entry.get("account_id") == account_uid:
                return parse_balances(entry)
        raise Fault(FaultKind.ACCOUNT_UNAVAILABLE)

    def transactions(self, session: str, query: TransactionQuery) -> Page:
        """One page of what was added, changed and taken back: ``/transactions/sync``, for one account.

        A changed row comes again whole, under the same id. With a ``cursor`` all changes since it come, whatever their
        day; without one all that there is comes, less the rows outside ``date_from`` and ``date_to``. The last page has
        the cursor of the next fetch. How far back the rows go is not told.

        When rows change while pages are read, Plaid wants the fetch begun anew, and so it is: rows of pages that were
        handed out before come again.
        """
        self._http.hide(session)
        place = Place.of(query)
        while True:
            try:
                body = self._sync(session, query.account_uid, place)
                break
            except ApiFault as fault:
                if fault.error != const.ERROR_MUTATION:
                    raise
                place = place.again()
        cursor, more = text(body.get("next_cursor")), body.get("has_more") is True
        if body.get("transactions_update_status") == const.STATUS_NOT_READY or not cursor:
            # An empty page would pass for an account without a history.
            raise Fault(
                FaultKind.PROVIDER_DOWN,
                provider_code=const.ERROR_NOT_READY,
                detail="the first transactions are still being collected",
            )
        rows = [*_list(body, "added"), *_list(body, "modified")]
        transactions, rejected = parse_transactions(rows, query.account_uid)
        return Page(
            tuple(filter(place.holds, transactions)),
            rejected,
            continuation=place.after(cursor).packed() if more else "",
            cursor="" if more else cursor,
            removed=parse_removed(_list(body, "removed"), query.account_uid),
            lists=frozenset() if place.start else EVERY_STATUS,
        )

    def _sync(self, session: str, account_uid: str, place: Place) -> dict[str, Any]:
        body: dict[str, Any] = {
            "access_token": session,
            "count": const.TRANSACTIONS_PER_PAGE,
            "options": {"account_id": account_uid, "include_original_description": True},
        }
        if place.cursor:
            body["cursor"] = place.cursor
        return self._call(const.PATH_TRANSACTIONS, **body)

    # Messages of the service

    def read_webhook(self, call: WebhookCall) -> tuple[WebhookEvent, ...]:
        """Check signature, age and body of a message; the key is asked for by its id and kept for a while."""
        token = read_token(call)

        def fetch() -> dict[str, Any]:
            try:
                key = self._call(const.PATH_WEBHOOK_KEY, key_id=token.key_id).get("key")
            except ApiFault as fault:
                if fault.kind is FaultKind.REQUEST_REFUSED:
                    raise not_genuine("signed with an unknown key") from fault
                raise
            if not isinstance(key, dict) or key.get("kid") != token.key_id:
                raise not_genuine("signed with an unknown key")
            return key

        key = _WEBHOOK_KEYS.get(self._http.base_url, token.key_id, call.received_at, fetch)
        check_signature(token, key, call.received_at)
        return read_events(call, token)

    # Requests

    def _accounts(self, session: str, **options: Any) -> dict[str, Any]:
        self._http.hide(session)
        return self._call(const.PATH_ACCOUNTS, access_token=session, **options)

    def _parsed(self, session: str, body: dict[str, Any]) -> tuple[BankAccount, ...]:
        numbers: dict[str, tuple[str, str, str]] = {}
        if self._reads_numbers:
            # A bank without them, or a user who did not agree, is no reason to go without the accounts.
            with suppress(ApiFault):
                numbers = parse_numbers(self._call(const.PATH_ACCOUNT_NUMBERS, access_token=session).get("numbers"))
        return parse_accounts(_list(body, "accounts"), text(_item(body).get("institution_id")), numbers)

    def _client_name(self) -> str:
        return (self._settings.get("client_name") or const.DEFAULT_NAME).strip()[: const.LONGEST_NAME]

    def _call(self, path: str, *, retry: bool = True, **body: Any) -> dict[str, Any]:
        """The JSON object of the answer. Raises :class:`ApiFault` for a refusal."""
        for name, value in (("client_id", self._client_id), ("secret", self._secret)):
            if not value:
                raise Fault(FaultKind.CREDENTIALS_MISSING, detail=name)
        headers = {
            "PLAID-CLIENT-ID": self._client_id,
            "PLAID-SECRET": self._secret,
            "Plaid-Version": const.API_VERSION,
        }
        answer = self._http.request("POST", path, json=body, headers=headers, retry=retry)
        if not answer.ok:
            raise fault_from(answer, self._clock())
        found = answer.json()
        if not isinstance(found, dict):
            raise Fault(FaultKind.BAD_DATA, detail=f"an object was expected: {answer.excerpt(120)}")
        return found


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    if not isinstance(value, list):
        raise Fault(FaultKind.BAD_DATA, detail=f"an answer without {name}")
    return value


def _item(body: Mapping[str, Any]) -> dict[str, Any]:
    item = body.get("item")
    if not isinstance(item, dict):
        raise Fault(FaultKind.BAD_DATA, detail="an answer without item")
    return item


def _item_kind(item: Mapping[str, Any]) -> FaultKind | None:
    """The kind of fault that an Item is in; None for one that is well."""
    error = item.get("error")
    return error_kind(error) if isinstance(error, dict) else None
