# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole state of the sandbox: books, Items, visits to Link, faults, messages to send."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ..enablebanking.banks import Account, Bank, catalogue
from ..enablebanking.generator import MovementStream
from ..enablebanking.identifiers import digits_from, integer_from
from ..world import BanksWorld
from .book import Book
from .errors import ApiError
from .faults import Faults
from .signing import SigningKey

CLIENT_ID = "65a1b2c3d4e5f60718293a4b"
CONSENT = timedelta(days=180)
LINK_LIFE = {False: timedelta(hours=4), True: timedelta(minutes=30)}  # True: update mode
PUBLIC_TOKEN_LIFE = timedelta(minutes=30)
# The one bank that gives lasting account ids; few real ones do.
PERSISTENT = frozenset({"koepankki-saimaa"})
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789"
REQUESTS_KEPT = 500


def opaque(*parts: object) -> str:
    """37 letters and digits, in which case matters, that depend on nothing but ``parts``."""
    number = integer_from(*parts)
    for place in range(1, 4):
        number = number << 64 | integer_from(place, *parts)
    text = ""
    while len(text) < 37:
        number, rest = divmod(number, len(_LETTERS))
        text += _LETTERS[rest]
    return text


@dataclass
class Item:
    """A customer's access to a bank. ``accounts`` are slugs; ``error`` is a code, or None while it is well;
    ``calls`` counts calls of the minute."""

    item_id: str
    access_token: str
    bank: str
    username: str
    accounts: list[str]
    webhook: str | None
    days_requested: int
    products: list[str]
    consented: list[str]
    created: datetime
    expires: datetime
    error: str | None = None
    reason: str | None = None
    removed: bool = False
    synced: bool = False
    calls: dict[str, int] = field(default_factory=dict)

    def account_id(self, slug: str) -> str:
        """Plaid's id of an account: another one in each Item."""
        return opaque("account", self.item_id, slug)

    def transaction_id(self, slug: str, key: str) -> str:
        """Plaid's id of a row."""
        return opaque("transaction", self.item_id, slug, key)


@dataclass
class Visit:
    """A link token and what became of it. ``stage``: the page that the user sees (login, otp, accounts), then done or
    cancelled. ``item``: the access token of the Item to be updated, empty for a new one."""

    link_token: str
    visit_id: str
    bank: str
    request: dict[str, Any]
    created: datetime
    expires: datetime
    item: str = ""
    stage: str = "login"
    username: str = ""
    started: datetime | None = None
    finished: datetime | None = None
    public_token: str = ""
    exit_error: dict[str, Any] | None = None
    slugs: list[str] = field(default_factory=list)
    session_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class World(BanksWorld):
    """Everything the emulator knows. Whoever reads or changes it holds ``lock``. ``today`` fixes the banks' calendar;
    tokens and messages always live by the real clock, since their other end does."""

    environment = "sandbox"

    def __init__(self, today: date | None = None, seed: str = "sandbox") -> None:
        self.lock = threading.RLock()
        self.seed = seed
        self.client_id = CLIENT_ID
        self._fixed_today = today
        self.reset()

    def reset(self) -> None:
        """As on the first day; the keys stay."""
        self.secret = f"{integer_from('secret', self.seed):016x}{integer_from('plaid', self.seed):016x}"[:30]
        self.today_override = self._fixed_today
        self.banks: dict[str, Bank] = catalogue()
        self.books: dict[tuple[str, str], Book] = {}
        self.items: dict[str, Item] = {}
        self.visits: dict[str, Visit] = {}
        self.closed_accounts: set[tuple[str, str]] = set()
        self.faults = Faults()
        self.limits: dict[str, int] = {}
        self.first_pull_held = False
        # How clients that began early are told of a visit.
        self.early_results = False
        self.page_limit = 500
        self.signing_keys = [SigningKey()]
        self.outbox: list[tuple[str, dict[str, Any]]] = []
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)

    # -- time --------------------------------------------------------------------------------

    def today(self) -> date:
        """The banks' day."""
        return self.today_override or self.now().date()

    # -- banks -------------------------------------------------------------------------------

    def institution_id(self, bank: Bank) -> str:
        """Plaid's id of a bank."""
        return f"ins_{digits_from(6, 'institution', bank.name)}"

    def institution(self, institution_id: str) -> Bank:
        """The bank of that id. Raises ApiError."""
        for bank in self.banks.values():
            if self.institution_id(bank) == institution_id:
                return bank
        raise ApiError("INVALID_INSTITUTION")

    def accounts_of(self, bank: Bank, username: str) -> list[Account]:
        """The accounts that a customer sees."""
        seen = super().accounts_of(bank, username)
        return [item for item in seen if (bank.slug, item.slug) not in self.closed_accounts]

    def book(self, account: Account) -> Book:
        """The rows of an account, made at the first use."""
        key = (account.bank, account.slug)
        if key not in self.books:
            self.set_history(account, account.size)
        return self.books[key]

    def set_history(self, account: Account, count: int, days: int | None = None) -> None:
        """Give an account ``count`` generated rows and no others."""
        stream = MovementStream(self.seed, account, count, self.today(), days)
        rows = [stream[place] for place in range(count)]
        key = (account.bank, account.slug)
        if any(item.synced and (item.bank, account.slug) == key for item in self.items.values()):
            self.books[key].replace(rows)
        else:
            self.books[key] = Book(account, rows)

    # -- Items -------------------------------------------------------------------------------

    def new_item(self, visit: Visit) -> Item:
        """The Item that a finished visit made."""
        request = visit.request
        products = list(request.get("products") or [])
        item = Item(
            item_id=opaque("item", secrets.token_hex(8)),
            access_token=f"access-{self.environment}-{uuid.uuid4()}",
            bank=visit.bank,
            username=visit.username,
            accounts=visit.slugs,
            webhook=request.get("webhook"),
            days_requested=(request.get("transactions") or {}).get("days_requested", 90),
            products=products,
            consented=[*products, *(request.get("additional_consented_products") or ())],
            created=self.now(),
            expires=self.now() + CONSENT,
        )
        self.items[item.access_token] = item
        return item

    def item(self, access_token: Any) -> Item:
        """The Item of a token. Raises ApiError for one unknown or removed."""
        item = self.items.get(access_token) if isinstance(access_token, str) else None
        if item is None:
            raise ApiError("INVALID_ACCESS_TOKEN")
        if item.removed:
            raise ApiError("ITEM_NOT_FOUND")
        self.refresh(item)
        return item

    def refresh(self, item: Item) -> None:
        """A consent whose time is over wants its user."""
        if item.error is None and item.expires <= self.now():
            item.error, item.reason = "ITEM_LOGIN_REQUIRED", "OAUTH_CONSENT_EXPIRED"

    def count_call(self, call: str, item: Item | None) -> None:
        """Count a call of an Item. Raises ApiError when the minute's limit is used up."""
        limit = self.limits.get(call)
        if limit is None:
            return
        counts = item.calls if item else self.limits
        minute = f"{call}/{int(time.time() // 60)}"
        counts[minute] = counts.get(minute, 0) + 1
        if counts[minute] > limit:
            codes = {"accounts": "ACCOUNTS_LIMIT", "transactions": "TRANSACTIONS_SYNC_LIMIT"}
            raise ApiError(codes.get(call, "RATE_LIMIT"))

    # -- messages ----------------------------------------------------------------------------

    def announce(self, bank: str, slug: str) -> None:
        """Rows changed: tell the Items that see them, as far as they have read before."""
        for item in self.items.values():
            if item.bank == bank and slug in item.accounts and item.synced and not item.removed:
                self.post(
                    item,
                    "TRANSACTIONS",
                    "SYNC_UPDATES_AVAILABLE",
                    initial_update_complete=True,
                    historical_update_complete=True,
                )

    def post(self, item: Item, webhook_type: str, code: str, **more: Any) -> None:
        """Put a message into the outbox, if the Item has an address for it."""
        if item.webhook:
            self.outbox.append((item.webhook, self.message(item, webhook_type, code, **more)))

    def message(self, item: Item, webhook_type: str, code: str, **more: Any) -> dict[str, Any]:
        """A message about an Item."""
        return {
            "environment": self.environment,
            "item_id": item.item_id,
            "webhook_code": code,
            "webhook_type": webhook_type,
            **more,
        }
