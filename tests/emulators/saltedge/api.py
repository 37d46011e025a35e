# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The endpoints of the API. Each returns the object of its answer or raises ApiError.

Documentation: https://docs.saltedge.com/v6/api_reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..enablebanking.banks import Account, Bank
from ..enablebanking.consents import Authorization
from ..faults import Fault
from .errors import ApiError
from .faults import ROW_FAULTS, spoil_rows
from .rendering import render_account, render_connection, render_consent, render_provider, render_transaction
from .store import SANDBOX_BANK, Connection, Numbers, SaltEdgeWorld, Visit

LONGEST_RETURN = 2040


@dataclass
class Call:
    """One request to the API, with what is known of it so far."""

    name: str
    base_url: str
    path: str
    query: Mapping[str, str]
    body: Any
    arguments: Mapping[str, str]
    bank: Bank | None = None
    account: Account | None = None
    connection: Connection | None = None
    numbers: Numbers | None = None
    faults: list[Fault] = field(default_factory=list)


class Api:
    """The endpoints on one world. The caller holds its lock."""

    def __init__(self, world: SaltEdgeWorld) -> None:
        self.world = world

    def identify(self, call: Call) -> None:
        """Find out which connection and account a call is about, where it says so."""
        number = call.arguments.get("number") or call.query.get("connection_id")
        if number is not None:
            call.connection = self.world.connection(number)
            call.bank = self.world.banks[call.connection.bank]
        if call.connection and "account_id" in call.query:
            call.account, call.numbers = self.world.account_numbers(call.connection, call.query["account_id"])

    def answer(self, call: Call) -> dict[str, Any]:
        """The object of the answer."""
        return getattr(self, call.name)(call)

    # -- banks and customers -----------------------------------------------------------------

    def countries(self, call: Call) -> dict[str, Any]:
        """GET /countries"""
        codes = sorted({bank.country for bank in self.world.banks.values()} | {"XF"})
        return {"data": [{"code": code, "name": code, "refresh_start_time": 2} for code in codes]}

    def providers(self, call: Call) -> dict[str, Any]:
        """GET /providers"""
        world, query = self.world, call.query
        sandboxes = query.get("include_sandboxes") == "true"
        entries = []
        for place, bank in enumerate(world.banks.values(), start=1):
            days = world.settings[bank.slug].history_days
            entry = render_provider(bank, call.base_url, str(100 + place), days)
            if query.get("country_code") in (None, entry["country_code"]) and (sandboxes or bank.slug != SANDBOX_BANK):
                entries.append((entry["id"], entry))
        return self._listing(call, entries, 5)

    def create_customer(self, call: Call) -> dict[str, Any]:
        """POST /customers"""
        identifier = _text(_data(call), "identifier")
        if identifier in self.world.customers:
            raise ApiError("CustomerAlreadyExists")
        self.world.customers[identifier] = self.world.new_number()
        return {"data": self._customer(identifier)}

    def customers(self, call: Call) -> dict[str, Any]:
        """GET /customers"""
        wanted = call.query.get("identifier")
        known = [name for name in self.world.customers if wanted in (None, name)]
        return self._listing(call, [(self.world.customers[name], self._customer(name)) for name in known], 100)

    def _customer(self, identifier: str) -> dict[str, Any]:
        name = "id" if self.world.habits.version == 5 else "customer_id"
        return {name: self.world.customers[identifier], "identifier": identifier, "blocked_at": None}

    # -- connections -------------------------------------------------------------------------

    def connect(self, call: Call) -> dict[str, Any]:
        """POST /connections/connect"""
        data = _data(call)
        customer = _text(data, "customer_id")
        if customer not in self.world.customers.values():
            raise ApiError("CustomerNotFound")
        if customer in self.world.locked_customers:
            raise ApiError("CustomerLocked")
        provider = data.get("provider")
        if not isinstance(provider, dict):
            raise _wrong("data.provider parameter must be filled")
        bank = self.world.bank_by_code(_text(provider, "code"))
        if bank.slug == SANDBOX_BANK and provider.get("include_sandboxes") is not True:
            raise ApiError("ProviderNotFound")
        return self._visit(call, data, bank, customer, None)

    def reconnect(self, call: Call) -> dict[str, Any]:
        """POST /connections/{id}/reconnect"""
        connection = _known(call.connection)
        return self._visit(call, _data(call), _known(call.bank), connection.customer, connection.number)

    def _visit(
        self, call: Call, data: dict[str, Any], bank: Bank, customer: str, connection: str | None
    ) -> dict[str, Any]:
        world = self.world
        consent, attempt = data.get("consent"), data.get("attempt")
        if not isinstance(consent, dict) or not isinstance(attempt, dict):
            raise _wrong("data.consent and data.attempt parameters must be filled")
        if not consent.get("from_date"):
            raise _wrong("data.consent.from_date parameter must be filled")
        try:
            from_date = date.fromisoformat(consent["from_date"])
        except (TypeError, ValueError):
            raise _wrong("data.consent.from_date is not a date") from None
        limit = world.settings[bank.slug].history_days
        if limit is not None and from_date < world.today() - timedelta(days=limit):
            raise ApiError("DateOutOfRange")
        return_to = _text(attempt, "return_to")
        if len(return_to) > LONGEST_RETURN:
            raise ApiError("ReturnURLTooLong")
        if urlsplit(return_to).scheme not in ("http", "https"):
            raise ApiError("ReturnURLInvalid")
        days = min(consent.get("period_days") or bank.consent_days, bank.consent_days)
        visit = Visit(
            token=world.new_number(),
            bank=bank.slug,
            customer=customer,
            return_to=return_to,
            return_connection_id=data.get("return_connection_id") is True,
            return_error_class=data.get("return_error_class") is True,
            from_date=from_date,
            period_days=days,
            scopes=list(consent.get("scopes") or ()),
            connection=connection,
        )
        world.visits[visit.token] = visit
        expires = world.now() + timedelta(days=days)
        world.consents.authorizations[visit.token] = Authorization(
            authorization_id=visit.token,
            bank=bank.slug,
            psu_type="business",
            psu_id_hash="",
            state="",
            redirect_url=return_to,
            language=str(attempt.get("locale") or "en"),
            access={"valid_until": expires.isoformat()},
            created=world.now().isoformat(),
        )
        return {
            "data": {
                "expires_at": (world.now() + timedelta(minutes=5)).isoformat(),
                "connect_url": f"{call.base_url}/connect/{visit.token}",
                "customer_id": customer,
            }
        }

    def connection(self, call: Call) -> dict[str, Any]:
        """GET /connections/{id}"""
        found, bank = _known(call.connection), _known(call.bank)
        identifier = next(name for name, number in self.world.customers.items() if number == found.customer)
        rendered = render_connection(found, bank, identifier, self.world.habits.version)
        found.unfinished -= 1
        return {"data": rendered}

    def delete_connection(self, call: Call) -> dict[str, Any]:
        """DELETE /connections/{id}"""
        connection = _known(call.connection)
        self.world.remove(connection)
        return {"data": {"id": connection.number, "removed": True}}

    def consents(self, call: Call) -> dict[str, Any]:
        """GET /consents"""
        connection = _known(call.connection)
        entries = [(item["id"], render_consent(connection, item)) for item in connection.consents]
        return self._listing(call, entries, 100)

    # -- accounts ----------------------------------------------------------------------------

    def accounts(self, call: Call) -> dict[str, Any]:
        """GET /accounts"""
        world, connection = self.world, self._readable(call)
        entries = []
        for number, slug in connection.accounts.items():
            if (connection.bank, slug) not in world.closed_accounts and connection.unfinished <= 0:
                account = world.account(connection.bank, slug)
                kinds = world.settings[connection.bank].balances
                ledger = world.ledger(account)
                entries.append((number, render_account(account, ledger, number, connection, kinds, world.now())))
        return self._listing(call, entries, 2)

    def transactions(self, call: Call) -> dict[str, Any]:
        """GET /transactions"""
        connection, habits = self._readable(call), self.world.habits
        numbers, account_number = _known(call.numbers), call.query["account_id"]
        filters = [name for name in ("pending", "duplicated") if call.query.get(name) == "true"]
        if filters and habits.pending == "refused":
            raise _wrong(f"data.{filters[0]} parameter is unknown")
        keep = _filter(habits.pending, filters, numbers)
        entries = [
            (number, (number, row))
            for number, row in numbers.rows(self.world)
            if row.movement.day >= connection.from_date and keep(number, row.movement.status != "BOOK")
        ]
        page = self._listing(call, entries, self.world.settings[connection.bank].page_size)
        page["data"] = rows = [
            render_transaction(number, row, account_number, numbers.changes.get(number, {}))
            | {"duplicated": number in numbers.duplicated}
            for number, row in page["data"]
        ]
        for fault in call.faults:
            if fault.fault in ROW_FAULTS:
                spoil_rows(rows, fault)
        return page

    def _readable(self, call: Call) -> Connection:
        if call.connection is None:
            raise _wrong("connection_id parameter must be filled")
        if call.connection.status != "active" and self.world.habits.expired_reads == "refused":
            raise ApiError("ConsentExpired")
        return call.connection

    def _listing(self, call: Call, entries: list[tuple[str, Any]], size: int) -> dict[str, Any]:
        """One page of ``entries`` (number, object), beginning with ``from_id``."""
        habits, from_id = self.world.habits, call.query.get("from_id")
        if from_id is not None and not from_id.isdecimal():
            raise _wrong("from_id is not a number")
        start = int(from_id or 0)
        # The number that a page names is the first of the next one, in any case.
        first = start if habits.inclusive or from_id in self._named(call) else start + 1
        begins = [item for item in entries if int(item[0]) >= first]
        following = begins[size][0] if len(begins) > size else None
        if any(fault.fault == "endless_pages" for fault in call.faults):
            following = from_id or (begins[0][0] if begins else None)
        self._named(call).add(following)
        query = urlencode({**call.query, "from_id": following})
        meta: dict[str, Any] = {"next_id": following, "next_page": following and f"{call.path}?{query}"}
        if habits.next_page:
            del meta["next_id"]
        return {"data": [item for _number, item in begins[:size]], "meta": meta}

    def _named(self, call: Call) -> set[str | None]:
        return self.world.named_pages.setdefault(call.name, set())


def _filter(habit: str, filters: list[str], numbers: Numbers) -> Callable[[str, bool], bool]:
    """Which rows a list holds: (number, whether it is pending) -> whether it does."""
    if "pending" in filters and habit != "ignored":
        return lambda number, pending: pending
    if "duplicated" in filters and habit != "ignored":
        return lambda number, pending: number in numbers.duplicated
    if habit == "apart":
        return lambda number, pending: not pending and number not in numbers.duplicated
    return lambda number, pending: True


def _data(call: Call) -> dict[str, Any]:
    data = call.body.get("data") if isinstance(call.body, dict) else None
    if not isinstance(data, dict):
        raise _wrong("data parameter must be filled")
    return data


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise _wrong(f"{name} parameter must be filled")
    return value


def _wrong(message: str) -> ApiError:
    return ApiError("WrongRequestFormat", message=message)


def _known(value: Any) -> Any:
    """What ``identify`` found."""
    if value is None:
        raise _wrong("a number is missing")
    return value
