# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole state of the sandbox: users and their tokens, provider accounts, rows of accounts."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ..enablebanking.banks import Account, Bank, catalogue
from ..enablebanking.generator import MovementStream
from ..enablebanking.identifiers import integer_from
from ..enablebanking.movement import Movement
from ..world import BanksWorld
from .faults import Faults

ADMIN = "sbMemAdmin_books"
TOKEN_SECONDS = 1800
FIRST_PROVIDER = 16441
# Banks to which the user is led by OAuth, with a consent that ends; the others are scraped.
OAUTH_BANKS = frozenset({"musterbank-lindenau", "banque-essai-rhone"})


class ApiError(Exception):
    """A refusal: schema YodleeError with a status."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status


@dataclass
class Entry:
    """A row as the bank keeps it. ``number`` names it within the sandbox; deleted ones stay to be told of."""

    number: int
    movement: Movement
    changed_at: datetime
    deleted: bool = False

    @property
    def is_booked(self) -> bool:
        return self.movement.status == "BOOK"


@dataclass
class Book:
    """The rows of one account at its bank, whoever looks at them."""

    account: Account
    opening: Decimal
    entries: list[Entry] = field(default_factory=list)

    def rows(self) -> list[Entry]:
        """What is not deleted, oldest first."""
        return sorted((e for e in self.entries if not e.deleted), key=lambda e: (e.movement.day, e.number))

    def balance(self) -> Decimal:
        return self.opening + sum((e.movement.amount for e in self.rows() if e.is_booked), Decimal(0))


@dataclass
class Consent:
    number: int
    starts_at: datetime
    ends_at: datetime
    status: str = "ACTIVE"


@dataclass
class Item:
    """A provider account. ``accounts``: Yodlee's account number -> slug of the account at the bank."""

    number: int
    login: str
    bank: Bank
    accounts: dict[int, str]
    created_at: datetime
    updated_at: datetime | None
    status: str = "SUCCESS"
    additional: str = "AVAILABLE_DATA_RETRIEVED"
    eligibility: str = "ALLOW_UPDATE"
    consent: Consent | None = None
    request: str = ""


@dataclass
class Habits:
    """What the sandbox can be told to do another way.

    outcome: how FastLink tells the outcome in the callback address: ``flat``, ``sites``, ``json`` or ``none``.
    link: how the Link header is written: ``rfc``, ``plain`` or ``none``.
    arrives_after: how often a new provider account is asked before its accounts are there.
    auto_register: whether an unknown user is registered by itself. extracts, webhooks: whether the contract has them.
    full_numbers: whether unmasked account numbers are given. day_only: whether ``createdDate`` is a day.
    skips: whether ``skip`` has an effect.
    """

    outcome: str = "flat"
    link: str = "rfc"
    arrives_after: int = 0
    auto_register: bool = True
    extracts: bool = True
    webhooks: bool = True
    full_numbers: bool = False
    day_only: bool = False
    skips: bool = True


class World(BanksWorld):
    """Everything the emulator knows. Whoever reads or changes it holds ``lock``."""

    def __init__(self, today: date | None, seed: str) -> None:
        self.lock = threading.RLock()
        self.client_id = secrets.token_hex(16)
        self.secret = secrets.token_urlsafe(24)
        self._today = today
        self.seed = seed
        self.reset()

    def reset(self) -> None:
        self.offset = timedelta(0)
        self.habits = Habits()
        self.faults = Faults()
        self.banks = catalogue()
        self.more_providers: list[dict[str, Any]] = []
        self.users: set[str] = set()
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.items: dict[int, Item] = {}
        self.visits: dict[str, dict[str, Any]] = {}
        self.subscriptions: dict[str, str] = {}
        self.books: dict[tuple[str, str], Book] = {}
        self.looks: dict[int, int] = {}
        self.log: deque[dict[str, Any]] = deque(maxlen=2000)
        self._next = 10_000_000

    # -- time --------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def today(self) -> date:
        return self._today or self.now().date()

    def number(self) -> int:
        """A number that was not given before."""
        self._next += 7
        return self._next

    # -- banks -------------------------------------------------------------------------------------------------

    def provider_id(self, bank: Bank) -> int:
        return FIRST_PROVIDER + list(self.banks).index(bank.slug)

    def bank_of(self, provider_id: str) -> Bank | None:
        return next((bank for bank in self.banks.values() if str(self.provider_id(bank)) == provider_id), None)

    def book(self, account: Account) -> Book:
        """The rows of an account, made at the first use."""
        key = (account.bank, account.slug)
        if key not in self.books:
            self.set_history(account, account.size, None)
        return self.books[key]

    def set_history(self, account: Account, count: int, days: int | None) -> None:
        book = self.books[account.bank, account.slug] = Book(account, Decimal("7500.00"))
        for movement in MovementStream(self.seed, account, count, self.today(), days):
            self.enter(book, movement)

    def load_account(
        self, bank: Bank, number: str, currency: str, opening: Decimal, rows: Iterable[Movement]
    ) -> Account:
        """Give a bank an account with exactly these rows, replacing one of the same number."""
        account = bank.further_account(number, currency)
        self.attach(account)
        book = self.books[bank.slug, number] = Book(account, opening)
        for row in rows:
            self.enter(book, row)
        return account

    def enter(self, book: Book, movement: Movement) -> Entry:
        number = self.number()
        # The key is what the switches know the row by.
        entry = Entry(number, replace(movement, key=str(number)), self.now())
        book.entries.append(entry)
        return entry

    # -- provider accounts -------------------------------------------------------------------------------------

    def add_item(self, login: str, bank: Bank, slugs: list[str]) -> Item:
        now = self.now()
        consent = None
        if bank.slug in OAUTH_BANKS:
            consent = Consent(self.number(), now, now + timedelta(days=bank.consent_days))
        accounts = {self.number(): slug for slug in slugs}
        item = Item(self.number(), login, bank, accounts, now, now, consent=consent, request=secrets.token_hex(8))
        if self.habits.arrives_after:
            item.status, item.additional, item.updated_at = "IN_PROGRESS", "DATA_RETRIEVAL_IN_PROGRESS", None
        self.items[item.number] = item
        return item

    def look_at(self, item: Item) -> None:
        """Yodlee goes on collecting while it is asked."""
        self.looks[item.number] = self.looks.get(item.number, 0) + 1
        if item.updated_at is None and self.looks[item.number] > self.habits.arrives_after:
            item.status, item.additional, item.updated_at = "SUCCESS", "AVAILABLE_DATA_RETRIEVED", self.now()

    def item(self, login: str, number: str) -> Item:
        """The provider account of that user. Raises ApiError."""
        item = self.items.get(int(number)) if number.isdigit() else None
        if item is None or item.login != login:
            raise ApiError("Y807", "Resource not found", 404)
        return item

    def account_of(self, login: str, number: str) -> tuple[Item, Account] | None:
        """The user's account of that number."""
        for item in self.items.values():
            slug = item.accounts.get(int(number)) if number.isdigit() else None
            if slug is not None and item.login == login:
                return item, self.account(item.bank.slug, slug)
        return None

    # -- tokens ------------------------------------------------------------------------------------------------

    def issue_token(self, login: str) -> str:
        token = secrets.token_urlsafe(20)
        self.tokens[token] = (login, self.now() + timedelta(seconds=TOKEN_SECONDS))
        return token

    def login_of(self, authorization: str | None) -> str:
        """Whose token that is. Raises ApiError."""
        if not authorization:
            raise ApiError("Y007", "Authorization header missing", 401)
        scheme, _blank, token = authorization.partition(" ")
        if scheme != "Bearer":
            raise ApiError("Y008", "Invalid authorization header", 401)
        login, ends_at = self.tokens.get(token, ("", self.now()))
        if not login:
            raise ApiError("Y020", "Invalid token in authorization header", 401)
        if ends_at <= self.now():
            raise ApiError("Y023", "Token has expired", 401)
        return login


def transaction_id(account_number: int, entry: Entry) -> int:
    """Yodlee's number of a row: another one when the account is added anew."""
    return integer_from("yodlee", account_number, entry.number) % 10**9 + 10**9
