# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that a test can make happen at the banks and at Plaid.

``bank`` is a bank's slug or name (None: the main bank, or all banks where it says so), ``account`` an account's slug or
IBAN (None: the first account of the bank).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import requests

from ..enablebanking.generator import MovementStream
from ..enablebanking.movement import Movement, unbooked_payment
from ..faults import FaultSwitches
from .book import Book
from .errors import ApiError
from .signing import SigningKey
from .world import Item, World

TIMEOUT = 10


class Switches(FaultSwitches):
    """The switches of one world. Each takes effect at once and for all callers."""

    def __init__(self, world: World) -> None:
        self._world = world

    # -- looking -------------------------------------------------------------------------------

    def list_banks(self) -> list[dict[str, Any]]:
        """Every bank: slug, name, country, institution_id, users, accounts (slug, iban, currency, kind)."""
        with self._world.lock:
            return [
                {
                    "slug": bank.slug,
                    "name": bank.name,
                    "country": bank.country,
                    "institution_id": self._world.institution_id(bank),
                    "users": [user.credentials for user in bank.users],
                    "accounts": [
                        {"slug": item.slug, "iban": item.iban, "currency": item.currency, "kind": item.kind}
                        for item in bank.accounts
                    ],
                }
                for bank in self._world.banks.values()
            ]

    def items(self) -> list[Item]:
        """Every Item that was ever made, oldest first."""
        with self._world.lock:
            return list(self._world.items.values())

    def booked(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All booked rows of an account, oldest first."""
        with self._world.lock:
            return self._book(bank, account).booked()

    def pending(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All rows of an account that are not booked, oldest first."""
        with self._world.lock:
            return self._book(bank, account).pending()

    def balance(self, bank: str | None = None, account: str | None = None) -> Decimal:
        """The booked balance."""
        with self._world.lock:
            return self._book(bank, account).balance()

    def requests(self, call: str | None = None) -> list[dict[str, Any]]:
        """The last requests (of one kind), oldest first: call, status, body. Tokens are masked."""
        with self._world.lock:
            return [entry for entry in self._world.requests if call in (None, entry["call"])]

    # -- rows ----------------------------------------------------------------------------------

    def add_movements(
        self, count: int = 10, bank: str | None = None, account: str | None = None
    ) -> list[Movement]:
        """``count`` believable booked rows dated today."""
        with self._world.lock:
            book, today = self._book(bank, account), self._world.today()
            # Rows of a stream that nobody has seen: seeded by how much happened before.
            seed = f"{self._world.seed}|added|{len(book.changes)}"
            stream = MovementStream(seed, book.account, max(count, 60), today)
            made = [
                book.add(replace(stream[place], booking_date=today, value_date=today)) for place in range(count)
            ]
            self._changed(book)
            return made

    def add_movement(
        self, movement: Movement, bank: str | None = None, account: str | None = None
    ) -> Movement:
        """Exactly this row; its status decides whether it is booked."""
        with self._world.lock:
            book = self._book(bank, account)
            kept = book.add(movement)
            self._changed(book)
            return kept

    def add_pending(
        self, bank: str | None = None, account: str | None = None, amount: Decimal = Decimal("-84.30")
    ) -> Movement:
        """A row that is not booked. Its ``key`` is what ``book_pending`` and ``drop_pending`` want."""
        with self._world.lock:
            currency = self._world.account(bank, account).currency
            row = unbooked_payment(self._world.today(), currency, amount=amount)
            return self.add_movement(row, bank, account)

    def book_pending(
        self,
        bank: str | None = None,
        account: str | None = None,
        key: str | None = None,
        amount: Decimal | None = None,
        day: date | None = None,
    ) -> Movement:
        """The bank books a pending row (the oldest one): the old id is removed, a new one is added and names the old
        one; unless said with an amount that is 5 % larger. Raises ValueError when nothing is pending."""
        with self._world.lock:
            book = self._book(bank, account)
            old = book.remove(self._pending_key(book, key))
            final = (old.amount * Decimal("1.05")).quantize(Decimal("0.01")) if amount is None else amount
            day = day or self._world.today()
            booked = book.add(replace(old, amount=final, booking_date=day, value_date=day, status="BOOK"))
            book.follows[booked.key] = old.key
            self._changed(book)
            return booked

    def drop_pending(
        self, bank: str | None = None, account: str | None = None, key: str | None = None
    ) -> Movement:
        """A pending row (the oldest one) vanishes. Raises ValueError when nothing is pending."""
        with self._world.lock:
            book = self._book(bank, account)
            return self.remove_movement(self._pending_key(book, key), bank, account)

    def change_movement(
        self, key: str, bank: str | None = None, account: str | None = None, **changes: Any
    ) -> Movement:
        """A row gets another content under the same id (fields of ``Movement``)."""
        with self._world.lock:
            book = self._book(bank, account)
            changed = book.change(key, replace(book.rows[key], **changes))
            self._changed(book)
            return changed

    def remove_movement(self, key: str, bank: str | None = None, account: str | None = None) -> Movement:
        """A row, even a booked one, is taken back."""
        with self._world.lock:
            book = self._book(bank, account)
            row = book.remove(key)
            self._changed(book)
            return row

    def set_history(
        self, count: int, bank: str | None = None, account: str | None = None, days: int | None = None
    ) -> None:
        """Replace all rows of an account by ``count`` generated ones spread over ``days``. Who has read the old ones
        is told that they are taken back."""
        with self._world.lock:
            self._world.set_history(self._world.account(bank, account), count, days)
            self._changed(self._book(bank, account))

    def load_account(
        self, bank: str | None, iban: str, currency: str, opening_balance: Decimal, rows: Iterable[Movement]
    ) -> None:
        """Give the bank an account with exactly ``rows``. Its name in the switches is ``iban``."""
        with self._world.lock:
            chosen = self._world.bank(bank)
            account = chosen.further_account(iban, currency)
            self._world.attach(account)
            self._world.books[chosen.slug, iban] = Book(account, rows, opening_balance)

    def close_account(self, bank: str | None = None, account: str | None = None) -> None:
        """The bank no longer shows the account: its id answers INVALID_ACCOUNT_ID."""
        with self._world.lock:
            chosen = self._world.account(bank, account)
            self._world.closed_accounts.add((chosen.bank, chosen.slug))

    # -- Plaid's habits --------------------------------------------------------------------------

    def set_page_limit(self, rows: int) -> None:
        """Give at most so many rows or banks on a page, whatever is asked for."""
        with self._world.lock:
            self._world.page_limit = rows

    def hold_first_pull(self, held: bool = True) -> None:
        """Transactions are still being collected: NOT_READY, until this is called with False."""
        with self._world.lock:
            self._world.first_pull_held = held

    def set_early_results(self, early: bool = True) -> None:
        """Tell of visits as clients that began early are told: ``on_success`` and ``on_exit``."""
        with self._world.lock:
            self._world.early_results = early

    def set_limit(self, call: str, calls: int) -> None:
        """At most so many calls of one kind per Item and minute."""
        with self._world.lock:
            self._world.limits[call] = calls

    def rotate_secret(self) -> str:
        """The team makes a new secret; the old one is not accepted any more."""
        with self._world.lock:
            self._world.secret = self._world.secret[::-1]
            return self._world.secret

    # -- consents --------------------------------------------------------------------------------

    def expire_consents(self, bank: str | None = None) -> int:
        """Consents (of one bank) come to their end. Returns how many."""
        with self._world.lock:
            found = self._standing(bank)
            for item in found:
                item.expires = self._world.now()
                self._world.refresh(item)
                self._error_message(item)
            return len(found)

    def revoke_consents(self, bank: str | None = None) -> int:
        """The customer withdraws the access at the bank. Returns how many."""
        with self._world.lock:
            found = self._standing(bank)
            for item in found:
                item.error, item.reason = "ITEM_LOGIN_REQUIRED", "OAUTH_USER_REVOKED"
                error = ApiError("ITEM_LOGIN_REQUIRED", error_code_reason=item.reason).body
                self._world.post(item, "ITEM", "USER_PERMISSION_REVOKED", error=error)
            return len(found)

    def stop_visits(self, code: str) -> None:
        """An error of the bank ends the visits that are under way: the user leaves with it."""
        with self._world.lock:
            for visit in self._world.visits.values():
                if not visit.finished:
                    visit.started = visit.started or self._world.now()
                    visit.stage, visit.finished = "cancelled", self._world.now()
                    visit.exit_error = ApiError(code).body

    # -- messages --------------------------------------------------------------------------------

    def fire_webhook(self, webhook_type: str, code: str, item: Item | None = None, **more: Any) -> None:
        """Put a message about an Item (the newest) into the outbox."""
        with self._world.lock:
            self._world.post(item or self.items()[-1], webhook_type, code, **more)

    def deliver_webhooks(self) -> list[int]:
        """Send what waits in the outbox, each signed. Returns the statuses of the answers."""
        with self._world.lock:
            waiting, self._world.outbox = self._world.outbox, []
        statuses = []
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between us and loopback
            for url, message in waiting:
                headers, body = self.signed(message)
                statuses.append(session.post(url, data=body, headers=headers, timeout=TIMEOUT).status_code)
        return statuses

    def signed(self, message: dict[str, Any], **known: Any) -> tuple[dict[str, str], bytes]:
        """Headers and body of a message as it is sent; ``known`` as for ``SigningKey.token``."""
        body = json.dumps(message, indent=2).encode()
        with self._world.lock:
            token = self._world.signing_keys[-1].token(body, **known)
        return {"Content-Type": "application/json", "Plaid-Verification": token}, body

    def rotate_webhook_key(self) -> SigningKey:
        """Messages are signed with a new key from now on. Returns the old one, which stays in force."""
        with self._world.lock:
            self._world.signing_keys.append(SigningKey())
            return self._world.signing_keys[-2]

    # -- inside ----------------------------------------------------------------------------------

    def _book(self, bank: str | None, account: str | None) -> Book:
        return self._world.book(self._world.account(bank, account))

    def _changed(self, book: Book) -> None:
        self._world.announce(book.account.bank, book.account.slug)

    def _pending_key(self, book: Book, key: str | None) -> str:
        keys = [row.key for row in book.pending()]
        if not keys or key not in (None, *keys):
            raise ValueError("Nothing is pending" if key is None else f"No pending row {key!r}")
        return key or keys[0]

    def _standing(self, bank: str | None) -> list[Item]:
        slug = self._world.bank(bank).slug if bank else None
        return [
            item
            for item in self._world.items.values()
            if slug in (None, item.bank) and not item.removed and item.error is None
        ]

    def _error_message(self, item: Item) -> None:
        error = ApiError(item.error or "", error_code_reason=item.reason).body
        self._world.post(item, "ITEM", "ERROR", error=error)
