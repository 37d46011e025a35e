# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that a test can make happen at the banks and at Yodlee.

``bank`` is a bank's slug or name (None: the main bank), ``account`` an account's slug or IBAN (None: the first one).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import requests

from ..enablebanking.banks import Account
from ..enablebanking.generator import MovementStream
from ..enablebanking.movement import Movement, unbooked_payment
from ..faults import FaultSwitches
from . import rendering
from .world import Book, Entry, Item, World, transaction_id


class Switches(FaultSwitches):
    """The switches of one world. Each takes effect at once and for all callers."""

    def __init__(self, world: World) -> None:
        self._world = world

    # -- looking -----------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The sandbox's clock."""
        return self._world.now()

    def list_banks(self) -> list[dict[str, Any]]:
        """Every bank: slug, name, country, provider id, accounts."""
        with self._world.lock:
            return [
                {
                    "slug": bank.slug,
                    "name": bank.name,
                    "country": bank.country,
                    "provider_id": str(self._world.provider_id(bank)),
                    "accounts": [{"slug": a.slug, "iban": a.iban, "currency": a.currency} for a in bank.accounts],
                }
                for bank in self._world.banks.values()
            ]

    def booked(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All booked rows of an account, oldest first."""
        with self._world.lock:
            return [entry.movement for entry in self._book(bank, account).rows() if entry.is_booked]

    def pending(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All rows of an account that are not booked, oldest first."""
        with self._world.lock:
            return [entry.movement for entry in self._book(bank, account).rows() if not entry.is_booked]

    def balance(self, bank: str | None = None, account: str | None = None) -> Decimal:
        """The booked balance."""
        with self._world.lock:
            return self._book(bank, account).balance()

    def opening_balance(self, bank: str | None = None, account: str | None = None) -> Decimal:
        """The balance before the first row."""
        with self._world.lock:
            return self._book(bank, account).opening

    def requests(self, call: str | None = None) -> list[dict[str, Any]]:
        """The last requests, oldest first: call, method, path, query, status."""
        with self._world.lock:
            return [entry for entry in self._world.log if call in (None, entry["call"])]

    def items(self) -> list[dict[str, Any]]:
        """Every provider account: number, user, bank, status, accounts (number -> slug)."""
        with self._world.lock:
            return [
                {
                    "number": str(item.number),
                    "login": item.login,
                    "bank": item.bank.slug,
                    "status": item.status,
                    "accounts": {str(number): slug for number, slug in item.accounts.items()},
                }
                for item in self._world.items.values()
            ]

    def users(self) -> set[str]:
        """The names of the users."""
        with self._world.lock:
            return set(self._world.users)

    def tokens(self) -> set[str]:
        """The tokens that are good now."""
        with self._world.lock:
            return set(self._world.tokens)

    def subscriptions(self) -> dict[str, str]:
        """Address by event."""
        with self._world.lock:
            return dict(self._world.subscriptions)

    def reference(self, movement: Movement, uid: str) -> str:
        """The number under which an account shows a row."""
        with self._world.lock:
            return str(transaction_id(int(uid), self._entry(movement.key)))

    # -- rows --------------------------------------------------------------------------------------------------

    def set_history(
        self, count: int, bank: str | None = None, account: str | None = None, days: int | None = None
    ) -> None:
        """Replace all rows of an account by ``count`` generated ones spread over ``days``."""
        with self._world.lock:
            self._world.set_history(self._world.account(bank, account), count, days)

    def load_account(
        self, bank: str | None, iban: str, currency: str, opening: Decimal, rows: Iterable[Movement]
    ) -> Account:
        """Give a bank an account with exactly these rows, replacing one of the same number."""
        with self._world.lock:
            return self._world.load_account(self._world.bank(bank), iban, currency, opening, rows)

    def add_movements(self, count: int = 10, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """``count`` believable booked rows dated today."""
        with self._world.lock:
            chosen, today = self._world.account(bank, account), self._world.today()
            seed = f"{self._world.seed}|added|{len(self._book(bank, account).entries)}"
            stream = MovementStream(seed, chosen, count, today)
            rows = [replace(row, booking_date=today, value_date=today) for row in stream]
            return [self.add_movement(row, bank, account) for row in rows]

    def add_movement(self, movement: Movement, bank: str | None = None, account: str | None = None) -> Movement:
        """Exactly this row; its status decides whether it is booked. Returned with its ``key``."""
        with self._world.lock:
            return self._world.enter(self._book(bank, account), movement).movement

    def add_pending(
        self,
        bank: str | None = None,
        account: str | None = None,
        amount: Decimal = Decimal("-84.30"),
        status: str = "PDNG",
    ) -> Movement:
        """A row that is not booked, without posting date."""
        with self._world.lock:
            currency = self._world.account(bank, account).currency
            row = unbooked_payment(self._world.today(), currency, amount=amount, status=status)
            return self.add_movement(row, bank, account)

    def book_pending(
        self,
        bank: str | None = None,
        account: str | None = None,
        key: str | None = None,
        amount: Decimal | None = None,
        same_number: bool = False,
    ) -> Movement:
        """The bank posts a pending row (the oldest one). Yodlee gives it another number unless said."""
        with self._world.lock:
            waiting = [row.key for row in self.pending(bank, account)]
            if not waiting:
                raise ValueError("Nothing is pending")
            entry, today = self._entry(key or waiting[0]), self._world.today()
            booked = replace(entry.movement, status="BOOK", booking_date=today, amount=amount or entry.movement.amount)
            if same_number:
                entry.movement, entry.changed_at = booked, self._world.now()
                return booked
            self.remove_movement(entry.movement)
            return self.add_movement(booked, bank, account)

    def change_movement(self, movement: Movement, **changes: Any) -> Movement:
        """The bank changes a row; it keeps its number."""
        with self._world.lock:
            entry = self._entry(movement.key)
            entry.movement, entry.changed_at = replace(entry.movement, **changes), self._world.now()
            return entry.movement

    def remove_movement(self, movement: Movement) -> None:
        """The bank takes a row back."""
        with self._world.lock:
            entry = self._entry(movement.key)
            entry.deleted, entry.changed_at = True, self._world.now()

    # -- the other side ----------------------------------------------------------------------------------------

    def configure(self, **habits: Any) -> None:
        """Change habits: the fields of ``world.Habits``."""
        with self._world.lock:
            self._world.habits = replace(self._world.habits, **habits)

    def advance(self, **time: float) -> None:
        """Let time pass: ``hours=3``."""
        with self._world.lock:
            self._world.offset += timedelta(**time)

    def add_providers(self, count: int, country: str = "US") -> None:
        """Many banks more, which nobody can be a customer of."""
        with self._world.lock:
            self._world.more_providers += [
                {"id": 90000 + n, "name": f"Bank {n}", "countryISOCode": country, "status": "Supported"}
                for n in range(count)
            ]

    def rotate_secret(self) -> str:
        """The customer takes new keys: the old secret and all tokens are refused. Returns the new one."""
        with self._world.lock:
            self._world.secret += "x"
            self._world.tokens.clear()
            return self._world.secret

    def expire_tokens(self) -> None:
        """All tokens given out so far are refused from now on."""
        with self._world.lock:
            self._world.tokens.clear()

    def expire_consents(self) -> None:
        """What users granted has ended: consents of open banking, and sign-ins elsewhere."""
        with self._world.lock:
            for item in self._world.items.values():
                self._set(item, "FAILED", "CONSENT_EXPIRED" if item.consent else "CREDENTIALS_UPDATE_NEEDED")
                item.eligibility = "ALLOW_UPDATE_WITH_CREDENTIALS"
                if item.consent:
                    item.consent.status = "EXPIRED"

    def end_consent_dates(self) -> None:
        """The day has come on which consents end, and nobody at Yodlee has noticed yet."""
        with self._world.lock:
            for item in self._world.items.values():
                if item.consent:
                    item.consent.ends_at = self._world.now()

    def set_items(self, status: str, additional: str, **more: Any) -> None:
        """Give provider accounts a status, an additional one, and other fields of ``world.Item``."""
        with self._world.lock:
            for item in self._world.items.values():
                self._set(item, status, additional)
                for name, value in more.items():
                    setattr(item, name, value)

    def remove_items(self) -> None:
        """Yodlee no longer knows any provider account."""
        with self._world.lock:
            self._world.items.clear()

    def notify(self, event: str = "REFRESH", number: str | None = None) -> dict[str, Any]:
        """Send what happened to the address that was registered, as Yodlee does: not signed. Returns what was sent."""
        with self._world.lock:
            shown = [
                rendering.provider_account(self._world, item)
                for item in self._world.items.values()
                if number in (None, str(item.number))
            ]
            data: dict[str, Any] = {"providerAccount": shown}
            info = f"{event}.PROCESS_COMPLETED"
            if event == "DATA_UPDATES":
                info, data = "DATA_UPDATES.USER_DATA", {"userCount": 1, "userData": [{"user": {"loginName": "x"}}]}
            body = {"event": {"info": info, "notificationTime": rendering.moment(self.now()), "data": data}}
            url = self._world.subscriptions[event]
        requests.post(url, json=body, timeout=10).raise_for_status()
        return body

    # -- inside ------------------------------------------------------------------------------------------------

    def _book(self, bank: str | None, account: str | None) -> Book:
        return self._world.book(self._world.account(bank, account))

    def _entry(self, key: str | None) -> Entry:
        for book in self._world.books.values():
            for entry in book.entries:
                if str(entry.number) == key:
                    return entry
        raise ValueError(f"No row {key!r}")

    def _set(self, item: Item, status: str, additional: str) -> None:
        item.status, item.additional = status, additional
