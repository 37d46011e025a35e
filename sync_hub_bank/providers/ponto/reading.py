# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer

from ..values import (
    EVERY_STATUS,
    AttendedUser,
    Balance,
    BankAccount,
    ConsentStatus,
    Page,
    Transaction,
    TransactionQuery,
    TransactionStatus,
)
from . import const
from .errors import ApiFault, fault_from, synchronization_fault
from .fields import table, text
from .parse import (
    authorization_error,
    authorized_until,
    parse_account,
    parse_balances,
    parse_transactions,
    synchronization_errors,
)


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Step:
    """A page to read next: of which list, at which address, and what is handed on to the last page.

    ``cursor``: id of the newest booked row so far. ``sync``: the synchronization whose changes are read at the end.
    """

    of: str
    url: str
    cursor: str = ""
    sync: str = ""


_PENDING, _BOOKED, _NEWER, _CHANGED = "pending", "booked", "newer", "changed"


class Reading:
    """What both kinds of Ponto answer in the same way, about the accounts of one session.

    A subclass says in :meth:`_ask` how a request is authorized, and in :meth:`_is_of` which accounts a session opens.

    Ponto itself asks the banks four times a day, and answers from what it has. Only for a user who is present is a
    bank asked at once.
    """

    # Before each path.
    _root = ""
    # Both spellings are understood; each product's own documents use one.
    _paging = "page[{}]"

    def __init__(self, clock: Callable[[], datetime] = utc_now, sleep: Callable[[float], None] = time.sleep):
        self._clock = clock
        self._sleep = sleep

    def _ask(self, session: str, method: str, path: str, *, json: Any = None) -> dict[str, Any]:
        """The JSON object of the answer. Raises :class:`ApiFault` for a refusal."""
        raise NotImplementedError

    def _is_of(self, session: str, entry: Any) -> bool:
        return True

    # Accounts

    def accounts(self, session: str) -> tuple[BankAccount, ...]:
        """``GET /accounts``; what was linked anew under another id is left out."""
        return tuple(filter(None, map(parse_account, self._entries(session))))

    def balances(self, session: str, account_uid: str, attended: AttendedUser | None = None) -> tuple[Balance, ...]:
        """``GET /accounts/{id}``, whose bank is asked first when the user is present."""
        self._synchronize(session, account_uid, const.SUBTYPE_DETAILS, attended)
        return parse_balances(self._account(session, account_uid))

    def consent_status(self, session: str) -> ConsentStatus:
        """Ended when none of the accounts can be read at its bank any more."""
        alive = [entry for entry in self._entries(session) if not self._needs_user(entry)]
        return ConsentStatus.VALID if alive else ConsentStatus.ENDED

    def _entries(self, session: str) -> list[dict[str, Any]]:
        """The accounts of the session as Ponto tells them, without those whose id is dead."""
        found = self._list(session, const.PATH_ACCOUNTS)
        return [entry for entry in found if self._is_of(session, entry) and parse_account(entry)]

    def _account(self, session: str, uid: str) -> dict[str, Any]:
        try:
            entry = self._ask(session, "GET", self._path(const.PATH_ACCOUNT, uid=uid)).get("data")
        except ApiFault as fault:
            if fault.status == 404:
                raise _unavailable(fault.provider_code, fault.detail) from fault
            raise
        if not isinstance(entry, dict):
            raise Fault(FaultKind.BAD_DATA, detail="an answer without data")
        if table(entry, "attributes").get("deprecated") is True:
            raise _unavailable("deprecated", "the account was linked anew")
        return entry

    def _needs_user(self, entry: Any) -> bool:
        """Whether the bank lets the account be read only after its user authorized it again."""
        until = authorized_until(entry)
        return bool(authorization_error(entry)) or (until is not None and until <= self._clock())

    def _valid_until(self, entries: list[dict[str, Any]]) -> datetime | None:
        """The first instant at which one of the accounts must be authorized again."""
        return min(filter(None, map(authorized_until, entries)), default=None)

    # Transactions

    def transactions(self, session: str, query: TransactionQuery) -> Page:
        """One page: first of the pending rows, then of the booked ones, newest first.

        There is no filter by day: reading ends with a page on which every row is older than ``date_from``, and rows
        outside of the period are left out. With ``cursor`` only newer rows come, and then those that the latest
        synchronization changed; a cursor that Ponto does not know is not used. Some empty pages are passed over.
        """
        step = _unpacked(query.continuation) if query.continuation else self._first_step(session, query)
        for _page in range(const.MOST_EMPTY_PAGES):
            page, following = self._read(session, query, step)
            if following is None:
                return page
            if page.transactions or page.rejected:
                break
            step = following
        return replace(page, continuation=json.dumps(astuple(following)), cursor="")

    def _first_step(self, session: str, query: TransactionQuery) -> _Step:
        self._synchronize(session, query.account_uid, const.SUBTYPE_TRANSACTIONS, query.attended)
        account = self._account(session, query.account_uid)
        error = authorization_error(account)
        if error:
            raise synchronization_fault(error)
        latest = text(table(account, "meta", "latestSynchronization").get("id"))
        return _Step(_PENDING, self._first_url(const.PATH_PENDING, uid=query.account_uid), query.cursor, latest)

    def _read(self, session: str, query: TransactionQuery, step: _Step) -> tuple[Page, _Step | None]:
        """A page, and the step that follows; none after the last one."""
        try:
            body = self._ask(session, "GET", step.url)
        except ApiFault as fault:
            following = self._step_instead(query, step, fault)
            if following is step:
                raise
            return Page((), cursor=step.cursor), following
        rows = _rows(body)
        status = TransactionStatus.PENDING if step.of == _PENDING else TransactionStatus.BOOKED
        transactions, rejected = parse_transactions(rows, status)
        newest = text(table(rows[0]).get("id")) if rows else ""
        if step.of == _NEWER or (step.of == _BOOKED and not step.cursor):
            step = replace(step, cursor=newest or step.cursor)
        following = self._following(query, step, body, transactions)
        if step.of == _BOOKED:
            transactions = tuple(row for row in transactions if _is_within(row, query))
        lists = frozenset({TransactionStatus.PENDING}) if step.of in (_NEWER, _CHANGED) else EVERY_STATUS
        return Page(transactions, rejected, cursor=step.cursor, lists=lists), following

    def _following(
        self, query: TransactionQuery, step: _Step, body: Mapping[str, Any], rows: tuple[Transaction, ...]
    ) -> _Step | None:
        # Newer rows lie before, older ones behind.
        url = text(table(body, "links").get("prev" if step.of == _NEWER else "next"))
        if step.of == _BOOKED and rows and query.date_from:
            over = all(row.booking_date < query.date_from for row in rows)
        else:
            over = step.of == _NEWER and not _rows(body)
        if url and not over:
            return replace(step, url=url)
        return self._next_list(query, step)

    def _next_list(self, query: TransactionQuery, step: _Step) -> _Step | None:
        """The first page of the list after this one."""
        url = self._first_url(const.PATH_TRANSACTIONS, uid=query.account_uid)
        if step.of == _PENDING:
            if not step.cursor:
                return replace(step, of=_BOOKED, url=url)
            before = quote(self._paging.format("before"), safe="")
            return replace(step, of=_NEWER, url=f"{url}&{before}={quote(step.cursor, safe='')}")
        if step.of == _NEWER and step.sync:
            return replace(step, of=_CHANGED, url=self._first_url(const.PATH_UPDATED, sync=step.sync))
        return None

    def _step_instead(self, query: TransactionQuery, step: _Step, fault: ApiFault) -> _Step | None:
        """What to do when a list is refused; the step itself when nothing helps."""
        if step.of in (_PENDING, _CHANGED) and fault.status == 404:
            # Not every account has this list; whether the account is there at all was asked before.
            return self._next_list(query, step)
        if step.of == _NEWER and fault.status in (400, 404, 422):
            url = self._first_url(const.PATH_TRANSACTIONS, uid=query.account_uid)
            return replace(step, of=_BOOKED, cursor="", url=url)
        if step.of == _BOOKED and fault.status == 404:
            raise _unavailable(fault.provider_code, fault.detail) from fault
        return step

    # Asking the bank

    def _synchronize(self, session: str, uid: str, subtype: str, attended: AttendedUser | None) -> None:
        """Let Ponto ask the bank now, on behalf of a user who is present, and wait until it has.

        Nothing is done without a user: banks allow four such questions a day. Too early a question is refused, and
        one that takes too long is not waited for: then what Ponto has is read. Raises ``Fault`` CONSENT_EXPIRED or
        PROVIDER_DOWN when the bank refused.
        """
        address = _address(attended)
        if not address:
            return
        asked = {"resourceType": "account", "resourceId": uid, "subtype": subtype, "customerIpAddress": address}
        body = {"data": {"type": "synchronization", "attributes": asked}}
        try:
            entry = self._ask(session, "POST", self._path(const.PATH_SYNCHRONIZATIONS), json=body).get("data")
        except ApiFault as fault:
            if fault.status == 404:
                raise _unavailable(fault.provider_code, fault.detail) from fault
            if fault.status in const.STATUSES_TOO_EARLY:
                return
            raise
        sync = text(table(entry).get("id"))
        for _look in range(const.SYNCHRONIZATION_LOOKS):
            status = text(table(entry, "attributes").get("status"))
            if status == "error":
                raise synchronization_fault(next(iter(synchronization_errors(entry)), {}))
            if status == "success" or not sync:
                return
            self._sleep(const.SYNCHRONIZATION_PAUSE)
            entry = self._ask(session, "GET", self._path(const.PATH_SYNCHRONIZATION, sync=sync)).get("data")

    # Requests

    def _list(self, session: str, path: str) -> Iterator[Any]:
        """The entries of a whole list, page by page."""
        url, passed = self._first_url(path), set()
        while url:
            if url in passed or len(passed) == const.MOST_PAGES:
                raise Fault(FaultKind.BAD_DATA, detail="pages without an end")
            passed.add(url)
            body = self._ask(session, "GET", url)
            yield from _rows(body)
            url = text(table(body, "links").get("next"))

    def _path(self, template: str, **parts: str) -> str:
        return self._root + template.format(**{name: quote(part, safe="") for name, part in parts.items()})

    def _first_url(self, template: str, **parts: str) -> str:
        limit = quote(self._paging.format("limit"), safe="")
        return f"{self._path(template, **parts)}?{limit}={const.PAGE_ROWS}"


def body_of(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer; an answer that has no content is an empty one."""
    if not answer.ok:
        raise fault_from(answer)
    if answer.status == 204 or not answer.body:
        return {}
    body = answer.json()
    if not isinstance(body, dict):
        raise Fault(FaultKind.BAD_DATA, detail=f"an object was expected: {answer.excerpt(120)}")
    return body


def _rows(body: Mapping[str, Any]) -> list[Any]:
    rows = body.get("data")
    if not isinstance(rows, list):
        raise Fault(FaultKind.BAD_DATA, detail="an answer without data")
    return rows


def _is_within(row: Transaction, query: TransactionQuery) -> bool:
    return (query.date_from or date.min) <= row.booking_date <= (query.date_to or date.max)


def _address(attended: AttendedUser | None) -> str:
    with suppress(ValueError):
        return str(ip_address(attended.ip_address.strip())) if attended else ""
    return ""


def _unavailable(code: str, detail: str) -> Fault:
    return Fault(FaultKind.ACCOUNT_UNAVAILABLE, provider_code=code, detail=detail)


def _unpacked(continuation: str) -> _Step:
    with suppress(ValueError, TypeError, RecursionError):
        step = _Step(*json.loads(continuation))
        if all(isinstance(part, str) for part in astuple(step)) and step.of in (_PENDING, _BOOKED, _NEWER, _CHANGED):
            return step
    raise Fault(FaultKind.BAD_DATA, detail="a continuation that is not of this provider")
