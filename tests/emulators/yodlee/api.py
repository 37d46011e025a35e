# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The calls of the interface."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.wrappers import Request, Response

from . import rendering
from .world import ADMIN, ApiError, Book, Entry, Item, World

PAGE = 500
EVENTS = ("REFRESH", "DATA_UPDATES", "AUTO_REFRESH_UPDATES", "LATEST_BALANCE_UPDATES", "CREDIT_MATRIX_REPORT_UPDATES")
_OF_ADMIN = frozenset({"changes", "subscriptions", "subscription", "register"})
_OF_BOTH = frozenset({"providers", "count"})


class Api:
    """Answers of one world. Every method takes the request and whose token it bears; called with the lock held."""

    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, name: str, request: Request, arguments: dict[str, str]) -> Response:
        """Check the headers and answer. Raises ApiError."""
        if request.headers.get("Api-Version") != "1.1":
            raise ApiError("Y016", "Api-Version header missing", 401)
        if name == "token":
            return self.token(request)
        login = self.world.login_of(request.headers.get("Authorization"))
        if name not in _OF_BOTH and (login == ADMIN) is not (name in _OF_ADMIN):
            raise ApiError("Y015", "Unauthorized User", 401)
        return getattr(self, name)(request, login, **arguments)

    # -- signing in --------------------------------------------------------------------------------------------

    def token(self, request: Request) -> Response:
        world = self.world
        if request.mimetype != "application/x-www-form-urlencoded":
            raise ApiError("Y806", "Invalid input")
        login = request.headers.get("loginName")
        if not login:
            raise ApiError("Y016", "loginName header missing", 401)
        if not 3 <= len(login) <= 150:
            raise ApiError("Y801", "Invalid length for loginName")
        if any(character.isspace() for character in login):
            raise ApiError("Y800", "Invalid value for loginName")
        given = (request.form.get("clientId"), request.form.get("secret"))
        if not all(given):
            raise ApiError("Y303", "clientId or secret is missing")
        if given != (world.client_id, world.secret):
            raise ApiError("Y301", "Invalid clientId or secret")
        if login != ADMIN and login not in world.users:
            if not world.habits.auto_register:
                raise ApiError("Y305", "Access token can be issued only for pre-registered users")
            world.users.add(login)
        issued = {"accessToken": world.issue_token(login), "issuedAt": rendering.moment(world.now()), "expiresIn": 1800}
        return _json({"token": issued}, 201)

    def register(self, request: Request, login: str) -> Response:
        name = (_body(request).get("user") or {}).get("loginName")
        if not isinstance(name, str) or name in self.world.users:
            raise ApiError("Y800", "Invalid value for loginName")
        self.world.users.add(name)
        return _json({"user": {"id": self.world.number(), "loginName": name}}, 200)

    # -- banks -------------------------------------------------------------------------------------------------

    def count(self, request: Request, login: str) -> Response:
        return _json({"provider": {"TOTAL": {"count": len(self.world.banks) + len(self.world.more_providers)}}})

    def providers(self, request: Request, login: str) -> Response:
        listed = [rendering.provider(self.world, bank) for bank in self.world.banks.values()]
        return self._listed("provider", listed + self.world.more_providers, request)

    # -- provider accounts -------------------------------------------------------------------------------------

    def items(self, request: Request, login: str) -> Response:
        mine = [item for item in self.world.items.values() if item.login == login]
        return _listing("providerAccount", [rendering.provider_account(self.world, item) for item in mine])

    def item(self, request: Request, login: str, number: str) -> Response:
        item = self.world.item(login, number)
        self.world.look_at(item)
        return _listing("providerAccount", [rendering.provider_account(self.world, item)])

    def delete_item(self, request: Request, login: str, number: str) -> Response:
        del self.world.items[self.world.item(login, number).number]
        return Response(status=204)

    def refresh(self, request: Request, login: str) -> Response:
        body = _body(request)
        if body.get("configName") != "Aggregation":
            raise ApiError("Y800", "Invalid value for configName")
        numbers = body.get("providerAccountIds")
        if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
            raise ApiError("Y800", "Invalid value for providerAccountId")
        items = [self.world.item(login, str(number)) for number in numbers]
        for item in items:
            if item.updated_at and self.world.now() - item.updated_at < timedelta(minutes=15):
                reason = f"Update not allowed. Reason: providerAccountId {item.number} REFRESHED_RECENTLY"
                raise ApiError("Y825", reason)
            item.status, item.additional = "IN_PROGRESS", "DATA_RETRIEVAL_IN_PROGRESS"
        link = {"methodType": "GET", "rel": "getProviderAccount", "href": "/providerAccounts"}
        return _json({"statusLink": [link]}, 201)

    def consents(self, request: Request, login: str) -> Response:
        wanted = request.args.get("providerAccountIds", "").split(",")
        mine = [item for item in self.world.items.values() if item.login == login and item.consent]
        shown = [rendering.consent(self.world, item) for item in mine if wanted == [""] or str(item.number) in wanted]
        return _listing("consent", shown)

    # -- accounts ----------------------------------------------------------------------------------------------

    def accounts(self, request: Request, login: str) -> Response:
        items = [item for item in self.world.items.values() if item.login == login and item.updated_at]
        if of_item := request.args.get("providerAccountId"):
            items = [item for item in items if str(item.number) in of_item.split(",")]
        numbers = request.args.get("accountId")
        shown = [
            rendering.account(self.world, item, number, self.world.account(item.bank.slug, slug))
            for item in items
            for number, slug in item.accounts.items()
            if numbers is None or str(number) in numbers.split(",")
        ]
        return _listing("account", shown)

    # -- transactions ------------------------------------------------------------------------------------------

    def transactions(self, request: Request, login: str) -> Response:
        numbers = request.args.get("accountId", "").split(",")
        if len(numbers) > 100:
            raise ApiError("Y824", "The maximum number of accountIds permitted is 100")
        today = self.world.today()
        last = _day(request, "toDate") or today
        first = _day(request, "fromDate") or last - timedelta(days=30)
        if first > last:
            raise ApiError("Y809", "Invalid date range")
        first = max(first, _two_years_before(last))
        listed = []
        for number in numbers:
            known = self.world.account_of(login, number)
            if known is None:
                raise ApiError("Y800", "Invalid value for accountId")
            book = self.world.book(known[1])
            listed += [
                rendering.transaction(int(number), book, entry)
                for entry in reversed(book.rows())
                if first <= entry.movement.day <= last
            ]
        return self._listed("transaction", listed, request)

    def changes(self, request: Request, login: str) -> Response:
        world = self.world
        if not world.habits.extracts:
            raise ApiError("Y901", "Service not supported")
        since, until = _moment(request, "fromDate"), _moment(request, "toDate")
        for name, value in (("fromDate", since), ("toDate", until)):
            if value > world.now():
                raise ApiError("Y800", f"Invalid value for {name}.{name} cannot be greater than current time")
        if since < world.now() - timedelta(days=7):
            said = "Invalid value for fromDate or toDate.fromDate and toDate cannot be older than 7 days"
            raise ApiError("Y800", said)
        if since > until or until - since > timedelta(minutes=60):
            raise ApiError("Y800", "Invalid value for fromDate.fromDate can not be greater than toDate")
        user = request.args.get("loginName", "")
        if user not in world.users:
            raise ApiError("Y800", "Invalid value for loginName")
        rows = [
            rendering.changed_transaction(number, book, entry)
            for _item, number, book, entry in self._entries(user)
            if since <= entry.changed_at < until + timedelta(seconds=1)
        ]
        skip, top = _paging(request)
        page = rows[skip : skip + top]
        data = {"user": {"loginName": user}, "totalTransactionsCount": len(rows)}
        if page:
            data["transaction"] = page
        return self._linked(_json({"userData": [data]}), request, skip, top, len(rows))

    def _entries(self, login: str) -> list[tuple[Item, int, Book, Entry]]:
        return [
            (item, number, book, entry)
            for item in self.world.items.values()
            if item.login == login
            for number, slug in item.accounts.items()
            for book in [self.world.book(self.world.account(item.bank.slug, slug))]
            for entry in book.entries
        ]

    # -- notifications -----------------------------------------------------------------------------------------

    def subscriptions(self, request: Request, login: str) -> Response:
        self._check_webhooks()
        shown = [{"name": name, "callbackUrl": url} for name, url in self.world.subscriptions.items()]
        return _listing("event", shown)

    def subscription(self, request: Request, login: str, event: str) -> Response:
        self._check_webhooks()
        known = self.world.subscriptions
        if event not in EVENTS or (event in known) is (request.method == "POST"):
            raise ApiError("Y800", "Invalid value for eventName")
        if request.method == "DELETE":
            del known[event]
            return Response(status=204)
        url = (_body(request).get("event") or {}).get("callbackUrl")
        if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1")):
            raise ApiError("Y800", "Invalid value for callbackUrl")
        known[event] = url
        return Response(status=201 if request.method == "POST" else 204)

    def _check_webhooks(self) -> None:
        if not self.world.habits.webhooks:
            raise ApiError("Y901", "Service not supported")

    # -- pages -------------------------------------------------------------------------------------------------

    def _listed(self, name: str, rows: list[Any], request: Request) -> Response:
        skip, top = _paging(request)
        skip = skip if self.world.habits.skips else 0
        response = _listing(name, rows[skip : skip + top])
        return self._linked(response, request, skip, top, len(rows))

    def _linked(self, response: Response, request: Request, skip: int, top: int, count: int) -> Response:
        style = self.world.habits.link
        if style != "none" and skip + top < count:
            address = f"{request.path}?skip={skip + top}&top={top}"
            response.headers["Link"] = f'<{address}>; rel="next"' if style == "rfc" else f"{address};rel=next"
        return response


def _paging(request: Request) -> tuple[int, int]:
    try:
        skip, top = int(request.args.get("skip", 0)), int(request.args.get("top", PAGE))
    except ValueError:
        raise ApiError("Y800", "Invalid value for skip") from None
    if not 1 <= top <= PAGE:
        raise ApiError("Y804", "Permitted values of top between 1 - 500")
    if skip < 0:
        raise ApiError("Y800", "Invalid value for skip")
    return skip, top


def _day(request: Request, name: str) -> date | None:
    value = request.args.get(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ApiError("Y800", f"Invalid value for {name}") from None


def _moment(request: Request, name: str) -> datetime:
    try:
        return datetime.strptime(request.args.get(name, ""), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise ApiError("Y800", f"Invalid value for {name}") from None


def _two_years_before(day: date) -> date:
    return day.replace(year=day.year - 2, day=min(day.day, 28) if day.month == 2 else day.day)


def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiError("Y806", "Invalid input")
    return body


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json")


def _listing(name: str, rows: list[Any]) -> Response:
    """What Yodlee answers to a listing: an empty object when there is nothing."""
    return _json({name: rows} if rows else {})
