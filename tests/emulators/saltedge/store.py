# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Salt Edge keeps: customers, visits to its pages, connections with their consents, and a number for each row."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from ..enablebanking.banks import Account, Bank
from ..enablebanking.ledger import Ledger, Row
from ..enablebanking.world import World
from .errors import ApiError
from .faults import Faults
from .signatures import CallbackKey

FIRST_NUMBER = 1227390280000000001
SANDBOX_BANK = "fakebank-simple"
PENDING_FILTERS = ("apart", "together", "ignored", "refused")


@dataclass
class Habits:
    """What is not documented of the service, or differs between versions: all of it can be chosen.

    version: names of version 6 or 5. pending: pending and duplicated rows stand ``apart`` (only with their filter),
    ``together`` with the others too, the filters are ``ignored``, or ``refused``. inclusive: whether a list begins with
    ``from_id`` itself. next_page: whether pages name only the address of the next one. expired_reads: whether a
    connection whose consent has ended still answers with what was kept (``kept``) or not (``refused``). slow_attempts:
    how often a new connection is shown with an attempt that has not finished. signed: whether requests must be signed.
    """

    version: int = 6
    pending: str = "apart"
    inclusive: bool = True
    next_page: bool = False
    expired_reads: str = "kept"
    slow_attempts: int = 0
    signed: bool = True


@dataclass
class Visit:
    """A user on the way through the pages: what the application asked for."""

    token: str
    bank: str
    customer: str
    return_to: str
    return_connection_id: bool
    return_error_class: bool
    from_date: date
    period_days: int
    scopes: list[str]
    connection: str | None = None


@dataclass
class Connection:
    """A link to a bank. ``accounts`` maps the number of an account to its slug and stays through reconnections."""

    number: str
    customer: str
    bank: str
    username: str
    created: datetime
    from_date: date
    status: str = "active"
    accounts: dict[str, str] = field(default_factory=dict)
    consents: list[dict[str, Any]] = field(default_factory=list)
    attempt: dict[str, Any] = field(default_factory=dict)
    unfinished: int = 0
    next_refresh: datetime | None = None


class Numbers:
    """The numbers of the rows of one account: given once, in the order in which the rows were fetched."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.given: dict[str, str] = {}
        self.changes: dict[str, dict[str, Any]] = {}
        self.duplicated: set[str] = set()
        self.deleted: set[str] = set()
        self._rows: list[tuple[str, Row]] = []
        self._state: tuple[Any, ...] | None = None

    def rows(self, world: SaltEdgeWorld) -> list[tuple[str, Row]]:
        """Number and row, by number."""
        ledger = self.ledger
        state = (len(ledger.added), ledger.edits, tuple(ledger.unbooked))
        if state != self._state:
            count = ledger.count(None, None, None)
            booked_first = ledger.page(None, None, None, newest_first=False, start=0, stop=count, balances=True)
            for row in booked_first:
                if row.handle not in self.given:
                    self.given[row.handle] = world.new_number()
            self._rows = sorted(((self.given[row.handle], row) for row in booked_first), key=lambda item: int(item[0]))
            self._state = state
        return [item for item in self._rows if item[0] not in self.deleted]

    def hand_on(self, old: str, new: str) -> None:
        """The row that the ledger calls ``new`` keeps the number of the row that was called ``old``."""
        if old in self.given:
            self.given[new] = self.given.pop(old)
        self._state = None


class SaltEdgeWorld(World):
    """The banks of the Enable Banking sandbox, and what Salt Edge knows of them."""

    def __init__(self, **known: Any) -> None:
        self.application_secret = secrets.token_urlsafe(32)
        self.callback_key = CallbackKey()
        self.callback_url = ""
        super().__init__(**known)

    def _start(self, saved: dict[str, Any] | None) -> None:
        self._number = FIRST_NUMBER
        self.habits = Habits()
        self.customers: dict[str, str] = {}
        self.locked_customers: set[str] = set()
        self.visits: dict[str, Visit] = {}
        self.connections: dict[str, Connection] = {}
        self.numbers: dict[tuple[str, str], Numbers] = {}
        self.outbox: list[dict[str, Any]] = []
        self.named_pages: dict[str, set[str | None]] = {}
        super()._start(saved)
        self.faults = Faults()
        main = self.bank(None)
        accounts = tuple(replace(item, bank=SANDBOX_BANK) for item in main.accounts[:1])
        self.banks[SANDBOX_BANK] = replace(main, slug=SANDBOX_BANK, name="Fake Bank Simple", accounts=accounts)
        self.settings[SANDBOX_BANK] = replace(main.settings)

    def new_number(self) -> str:
        """The next number of anything: they grow."""
        self._number += 1
        return str(self._number)

    # -- looking up --------------------------------------------------------------------------

    def bank_by_code(self, code: str) -> Bank:
        """The bank by its provider code. Raises ApiError."""
        for bank in self.banks.values():
            if provider_code(bank) == code:
                return bank
        raise ApiError("ProviderNotFound")

    def connection(self, number: str | None) -> Connection:
        """Raises ApiError."""
        found = self.connections.get(number or "")
        if found is None:
            raise ApiError("ConnectionNotFound")
        return found

    def account_numbers(self, connection: Connection, number: str) -> tuple[Account, Numbers]:
        """An account of a connection, and the numbers of its rows. Raises ApiError."""
        slug = connection.accounts.get(number)
        if slug is None or (connection.bank, slug) in self.closed_accounts:
            raise ApiError("AccountNotFound")
        account = self.account(connection.bank, slug)
        ledger = self.ledger(account)
        key = (connection.number, slug)
        if key not in self.numbers or self.numbers[key].ledger is not ledger:
            self.numbers[key] = Numbers(ledger)
        return account, self.numbers[key]

    # -- consents ----------------------------------------------------------------------------

    def connect(self, visit: Visit, username: str, slugs: Iterable[str]) -> Connection:
        """The user agreed to share these accounts: a new connection, or a new consent of the old one."""
        now = self.now()
        if visit.connection:
            found = self.connection(visit.connection)
            for consent in found.consents:
                if consent["status"] == "active":
                    consent.update(status="revoked", revoked_at=now)
        else:
            number = self.new_number()
            found = Connection(number, visit.customer, visit.bank, username, now, visit.from_date)
            self.connections[number] = found
        known = set(found.accounts.values())
        found.accounts |= {self.new_number(): slug for slug in slugs if slug not in known}
        found.status = "active"
        found.unfinished = self.habits.slow_attempts
        found.consents.append(
            {
                "id": self.new_number(),
                "status": "active",
                "scopes": visit.scopes,
                "period_days": visit.period_days,
                "expires_at": now + timedelta(days=visit.period_days),
                "from_date": visit.from_date,
                "revoked_at": None,
                "created_at": now,
            }
        )
        self.attempt(found)
        return found

    def attempt(self, connection: Connection, error_class: str = "", message: str = "") -> None:
        """An attempt to fetch, which failed with ``error_class`` or did not."""
        now = self.now()
        connection.attempt = {
            "id": self.new_number(),
            "success_at": None if error_class else now,
            "fail_at": now if error_class else None,
            "fail_error_class": error_class or None,
            "fail_message": message or None,
        }
        told = {"error_class": error_class, "error_message": message} if error_class else {"stage": "finish"}
        self.tell(connection, **told)

    def end(self, connection: Connection, status: str, consent_status: str, error_class: str) -> None:
        """The consent of a connection ends."""
        connection.status = status
        for consent in connection.consents:
            if consent["status"] == "active":
                consent.update(status=consent_status, revoked_at=self.now() if consent_status == "revoked" else None)
        self.attempt(connection, error_class, "Consent has ended")

    def remove(self, connection: Connection) -> None:
        """The connection is destroyed with all that was kept of it."""
        del self.connections[connection.number]
        self.tell(connection)

    def tell(self, connection: Connection, **data: Any) -> None:
        """A callback is due."""
        if self.callback_url:
            self.outbox.append({"connection_id": connection.number, "customer_id": connection.customer, **data})


def provider_code(bank: Bank) -> str:
    """The code of a bank at Salt Edge, e.g. ``banca_attesa_it``."""
    return f"{bank.slug.replace('-', '_')}_{country_of(bank).lower()}"


def country_of(bank: Bank) -> str:
    """The country under which Salt Edge lists it: XF for a sandbox."""
    return "XF" if bank.slug == SANDBOX_BANK else bank.country
