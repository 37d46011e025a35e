# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulator as an object: the switches of the other sandbox, and Salt Edge's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import requests

from ..enablebanking.emulator import Emulator as BankEmulator
from ..enablebanking.generator.invoices import Invoice
from ..enablebanking.movement import Movement
from ..enablebanking.switches import Switches
from ..remote import Controlled
from .store import PENDING_FILTERS, Connection, Numbers, SaltEdgeWorld, provider_code
from .web import BASE_PATH, Web

CALLBACK_TIMEOUT = 20


class Emulator(BankEmulator):
    """A sandbox of Salt Edge on loopback.

    What it shares with the Enable Banking sandbox has the same names: ``load_account``, ``add_movements``,
    ``book_pending``, ``configure``, ``fail`` (``faults.ANSWERS``, ``MANGLES``, ``ROW_FAULTS``), ``reset``...

    >>> with Emulator() as edge:
    ...     edge.url.endswith("/api/v6")
    True
    """

    _world: SaltEdgeWorld

    def __init__(
        self,
        *,
        invoices: Iterable[Invoice | dict[str, Any]] = (),
        today: date | None = None,
        port: int = 0,
        seed: str = "sandbox",
    ) -> None:
        world = SaltEdgeWorld(invoices=invoices, today=today, seed=seed)
        Switches.__init__(self, world)
        self.web = Controlled(Web(world, self.flush), self)
        self._port = port

    @property
    def url(self) -> str:
        """What stands for https://www.saltedge.com/api/v6."""
        return super().url + BASE_PATH

    def access(self) -> dict[str, Any]:
        """What an adapter is made with: ``url``, ``settings``, ``secrets``."""
        settings = {"application_id": self.application_id, "webhook_public_key": self.callback_public_key_pem}
        secrets = {"application_secret": self.application_secret, "private_key": self.private_key_pem}
        return {"url": self.url, "settings": settings, "secrets": secrets}

    @property
    def application_secret(self) -> str:
        """The ``Secret`` of the API key."""
        return self._world.application_secret

    @property
    def callback_public_key_pem(self) -> str:
        """The key that callbacks are checked with."""
        return self._world.callback_key.public_pem

    def provider_code(self, bank: str | None = None) -> str:
        """The code under which Salt Edge lists a bank."""
        return provider_code(self._world.bank(bank))

    def change_secret(self, secret: str) -> None:
        """The API key gets another Secret; the old one is good no more."""
        with self._world.lock:
            self._world.application_secret = secret

    def behave(self, **habits: Any) -> None:
        """Choose what is not documented: the fields of ``store.Habits``. Raises TypeError or ValueError."""
        with self._world.lock:
            self._world.habits = replace(self._world.habits, **habits)
            if self._world.habits.pending not in PENDING_FILTERS:
                raise ValueError(f"pending is one of {PENDING_FILTERS}")

    # -- rows ----------------------------------------------------------------------------------

    def number_of(self, amount: Decimal, bank: str | None = None, account: str | None = None) -> str:
        """The number of the newest row of that amount. Raises StopIteration."""
        with self._world.lock:
            numbers = self._numbers(bank, account)
            return next(number for number, row in reversed(numbers.rows(self._world)) if row.movement.amount == amount)

    def book_pending(
        self,
        bank: str | None = None,
        account: str | None = None,
        key: str | None = None,
        amount: Decimal | None = None,
        day: date | None = None,
        keep_number: bool = False,
    ) -> Movement:
        """As in the other sandbox; with ``keep_number`` the row is the same one at Salt Edge, else a new one."""
        with self._world.lock:
            ledger = self._ledger(bank, account)
            key = self._pending_key(ledger, key)
            if keep_number:
                self._numbers(bank, account).rows(self._world)
            booked = super().book_pending(bank, account, key, amount, day)
            if keep_number:
                self._numbers(bank, account).hand_on(key, str(-len(ledger.added)))
            return booked

    def change_row(self, number: str, bank: str | None = None, account: str | None = None, **fields: Any) -> None:
        """A row gets other values; those of ``extra`` one by one."""
        with self._world.lock:
            self._numbers(bank, account).changes.setdefault(number, {}).update(fields)

    def mark_duplicated(self, number: str, bank: str | None = None, account: str | None = None) -> None:
        """Salt Edge finds out that a row is there twice."""
        with self._world.lock:
            self._numbers(bank, account).duplicated.add(number)

    def delete_row(self, number: str, bank: str | None = None, account: str | None = None) -> None:
        """A row vanishes."""
        with self._world.lock:
            self._numbers(bank, account).deleted.add(number)

    # -- connections -----------------------------------------------------------------------------

    def sessions(self) -> list[dict[str, Any]]:
        """Every connection: number, customer, bank, username, status, accounts (number -> slug), consents."""
        with self._world.lock:
            return [
                {
                    "number": item.number,
                    "customer": item.customer,
                    "bank": item.bank,
                    "username": item.username,
                    "status": item.status,
                    "accounts": dict(item.accounts),
                    "consents": [dict(consent) for consent in item.consents],
                }
                for item in self._world.connections.values()
            ]

    def customers(self) -> dict[str, str]:
        """Our names of customers, with their numbers."""
        with self._world.lock:
            return dict(self._world.customers)

    def expire_consents(self, bank: str | None = None) -> int:
        """Consents (of one bank) end: their connections want the user again. Returns how many."""
        return self._end(bank, "inactive", "expired", "ConsentExpired")

    def revoke_consents(self, bank: str | None = None) -> int:
        """The customer revokes at the bank. Returns how many."""
        return self._end(bank, "disabled", "revoked", "ConsentRevoked")

    def fail_attempt(
        self,
        error_class: str,
        bank: str | None = None,
        status: str = "active",
        next_refresh: datetime | None = None,
        message: str = "The bank did not answer",
    ) -> None:
        """The last attempt to fetch from the bank failed."""
        with self._world.lock:
            for connection in self._of(bank):
                connection.status, connection.next_refresh = status, next_refresh
                self._world.attempt(connection, error_class, message)
        self.flush()

    def succeed_attempt(self, bank: str | None = None) -> None:
        """Another attempt went well."""
        with self._world.lock:
            for connection in self._of(bank):
                connection.status, connection.next_refresh = "active", None
                self._world.attempt(connection)
        self.flush()

    def destroy_connections(self, bank: str | None = None) -> None:
        """Connections are removed in the dashboard."""
        with self._world.lock:
            for connection in self._of(bank):
                self._world.remove(connection)
        self.flush()

    # -- callbacks -------------------------------------------------------------------------------

    def send_callbacks_to(self, url: str) -> None:
        """Whatever happens from now on is told to this address; empty: to nobody."""
        with self._world.lock:
            self._world.callback_url = url

    def callback(self, url: str, **data: Any) -> tuple[dict[str, str], bytes]:
        """Headers and body of a callback about ``data``, as sent to ``url``."""
        world = self._world
        meta = {"version": str(world.habits.version), "time": world.now().isoformat(timespec="milliseconds")}
        body = json.dumps({"data": {"custom_fields": {}, **data}, "meta": meta}).encode()
        return {"Signature": self.sign_callback(url, body), "Content-Type": "application/json"}, body

    def sign_callback(self, url: str, body: bytes) -> str:
        """The signature of any body to ``url``."""
        return self._world.callback_key.sign(url, body)

    def flush(self) -> None:
        """Send the callbacks that became due. One that is not taken is lost."""
        with self._world.lock:
            url, due = self._world.callback_url, self._world.outbox
            self._world.outbox = []
        for data in due:
            headers, body = self.callback(url, **data)
            with requests.Session() as http:
                http.trust_env = False
                http.post(url, data=body, headers=headers, timeout=CALLBACK_TIMEOUT)

    # -- inside ----------------------------------------------------------------------------------

    def _of(self, bank: str | None) -> list[Connection]:
        slug = self._world.bank(bank).slug if bank else None
        return [item for item in self._world.connections.values() if slug in (None, item.bank)]

    def _end(self, bank: str | None, status: str, consent_status: str, error_class: str) -> int:
        with self._world.lock:
            ending = [item for item in self._of(bank) if item.status == "active"]
            for connection in ending:
                self._world.end(connection, status, consent_status, error_class)
        self.flush()
        return len(ending)

    def _numbers(self, bank: str | None, account: str | None) -> Numbers:
        """The numbers of an account in the newest connection that shares it. Raises IndexError."""
        chosen = self._world.account(bank, account)
        found = [
            (connection, number)
            for connection in self._of(chosen.bank)
            for number, slug in connection.accounts.items()
            if slug == chosen.slug
        ][-1]
        return self._world.account_numbers(*found)[1]
