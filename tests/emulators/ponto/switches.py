# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that a test can make happen at the banks and at Ponto.

``bank`` is a bank's slug or name (None: the main bank), ``account`` an account's slug or IBAN (None: the first one of
the bank).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ..enablebanking.generator import MovementStream
from ..enablebanking.ledger import Ledger
from ..enablebanking.movement import BankCode, Movement, unbooked_payment
from ..faults import FaultSwitches
from .rendering import transaction_id
from .world import Link, World

AUTHORIZATION_INVALID = {
    "code": "authorizationInvalid",
    "detail": "The authorization is invalid, please ask the customer to reauthorize the account.",
    "meta": {"financialInstitutionResponse": {"statusCode": 401, "body": "{}", "requestId": "r-1"}},
}
BANK_FAILS = {"code": "financialInstitutionError", "detail": "The financial institution does not answer.", "meta": {}}


class Switches(FaultSwitches):
    """The switches of one world. Each takes effect at once."""

    def __init__(self, world: World) -> None:
        self._world = world

    # -- looking -------------------------------------------------------------------------------

    def booked(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All booked rows of an account, oldest first."""
        with self._world.lock:
            return [row.movement for row in reversed(self._world.rows(self._world.account(bank, account)))]

    def pending(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All rows of an account that are not booked, oldest first."""
        with self._world.lock:
            return list(self._ledger(bank, account).unbooked.values())

    def balance(self, bank: str | None = None, account: str | None = None) -> Decimal:
        """The booked balance."""
        with self._world.lock:
            return self._ledger(bank, account).balance()

    def account_uid(self, bank: str | None = None, account: str | None = None) -> str:
        """The id under which an account is linked now."""
        return self._link(bank, account).uid

    def institution_id(self, bank: str | None = None) -> str:
        """Ponto's id of a bank."""
        return self._world.bank(bank).uid

    def requests(self, call: str | None = None) -> list[dict[str, Any]]:
        """The API requests, oldest first: call, method, status, product, query, arguments, names of headers."""
        with self._world.lock:
            return [entry for entry in self._world.requests if call in (None, entry["call"])]

    # -- rows ----------------------------------------------------------------------------------

    def add_movements(self, count: int = 10, bank: str | None = None, account: str | None = None) -> None:
        """``count`` believable booked rows dated today."""
        chosen = self._world.account(bank, account)
        stream = MovementStream(f"more {self._world.today()}", chosen, count, self._world.today(), 1)
        for movement in stream:
            self.add_movement(movement, bank, account)

    def add_movement(self, movement: Movement, bank: str | None = None, account: str | None = None) -> None:
        """Exactly this row; its status decides whether it is booked. It is seen at once, unless Ponto waits."""

        def arrive() -> list[str]:
            ledger = self._ledger(bank, account)
            if movement.status != "BOOK":
                ledger.add_unbooked(movement)
                return []
            ledger.add(movement)
            return [str(-len(ledger.added))]

        self._arrive(arrive, bank, account)

    def add_pending(
        self, bank: str | None = None, account: str | None = None, amount: Decimal = Decimal("-84.30")
    ) -> None:
        """A row that is not booked, dated today."""
        code = BankCode("PMNT", "CCRD-POSD", "Card payment")
        self.add_movement(
            unbooked_payment(self._world.today(), amount=amount, bank_code=code), bank, account
        )

    def book_pending(
        self, bank: str | None = None, account: str | None = None, amount: Decimal | None = None
    ) -> None:
        """The bank books the oldest pending row: it leaves its list and comes in the other, with another id."""
        with self._world.lock:
            ledger = self._ledger(bank, account)
            row = ledger.drop_unbooked(next(iter(ledger.unbooked)))
            today = self._world.today()
            final = row.amount if amount is None else amount
            booked = replace(row, amount=final, booking_date=today, value_date=today, entry_reference=None)
            self.add_movement(replace(booked, status="BOOK", key=None), bank, account)

    def drop_pending(self, bank: str | None = None, account: str | None = None) -> None:
        """The oldest pending row vanishes."""
        with self._world.lock:
            ledger = self._ledger(bank, account)
            ledger.drop_unbooked(next(iter(ledger.unbooked)))

    def modify_movement(self, place: int = 0, bank: str | None = None, account: str | None = None, **told: Any) -> str:
        """The bank changes attributes of a booked row (0: the newest). Returns its id."""
        with self._world.lock:
            link = self._link(bank, account)
            handle = self._world.rows(link.account)[place].handle
            self._world.changes[link.account.bank, link.account.slug, handle] = told
            self._world.synchronized(link, [handle])
            return transaction_id(link, handle)

    def remove_movement(self, place: int = 0, bank: str | None = None, account: str | None = None) -> str:
        """The bank takes a booked row back (0: the newest); nothing says so. Returns its id."""
        with self._world.lock:
            link = self._link(bank, account)
            handle = self._world.rows(link.account)[place].handle
            self._world.removed.add((link.account.bank, link.account.slug, handle))
            self._world.synchronized(link)
            return transaction_id(link, handle)

    def set_history(
        self, count: int, bank: str | None = None, account: str | None = None, days: int | None = None
    ) -> None:
        """Replace all rows of an account by ``count`` generated ones spread over ``days``."""
        world = self._world
        with world.lock:
            chosen = world.account(bank, account)
            stream = MovementStream("ponto", chosen, count, world.today(), days)
            world.ledgers[chosen.bank, chosen.slug] = Ledger(chosen, stream)

    def load_account(
        self, bank: str | None, iban: str, currency: str, opening_balance: Decimal, rows: Iterable[Movement]
    ) -> str:
        """Give the bank an account with exactly ``rows`` and link it. Returns its id."""
        with self._world.lock:
            return self._world.load_account(bank, iban, currency, opening_balance, rows).uid

    # -- accounts and consent ------------------------------------------------------------------

    def relink(self, bank: str | None = None, account: str | None = None) -> str:
        """The user links the account anew: a new id for it and for all its rows."""
        with self._world.lock:
            return self._world.link(self._world.account(bank, account)).uid

    def unlink(self, bank: str | None = None, account: str | None = None) -> None:
        """The user takes the account out of Ponto."""
        with self._world.lock:
            del self._world.links[self._link(bank, account).uid]

    def expire_consents(self, bank: str | None = None) -> None:
        """The bank lets no account be read any more: the next synchronization of each failed."""
        with self._world.lock:
            slug = bank and self._world.bank(bank).slug
            for link in self._world.links.values():
                if slug in (None, link.account.bank):
                    link.expires = self._world.now() - timedelta(minutes=1)
                    self._world.synchronized(link, errors=[AUTHORIZATION_INVALID])

    def reauthorize(self, bank: str | None = None, account: str | None = None) -> None:
        """The user authorizes the account again, in Ponto's dashboard."""
        with self._world.lock:
            self._world.reauthorize(self._link(bank, account))

    def reauthorize_all(self) -> None:
        """The user authorizes every account that Ponto knows again."""
        with self._world.lock:
            for link in self._world.links.values():
                self._world.reauthorize(link)

    # -- synchronizations ------------------------------------------------------------------------

    def wait_for_user(self) -> None:
        """From now on new rows are seen only after a synchronization that a user asks for."""
        self._world.automatic = False

    def refuse_soon(self) -> None:
        """From now on a synchronization within five minutes of the last one is refused with 400."""
        self._world.refuse_soon = True

    def stall_synchronizations(self) -> None:
        """From now on no synchronization that is asked for comes to its end."""
        self._world.stalled = True

    def synchronize(
        self, error: dict[str, Any] | None = None, bank: str | None = None, account: str | None = None
    ) -> None:
        """Ponto asks the bank by itself, which answers or refuses with this error."""
        with self._world.lock:
            self._world.synchronized(self._link(bank, account), errors=filter(None, [error]))

    def fail_synchronizations(self, error: dict[str, Any] | None = None) -> None:
        """The banks refuse what users ask for, with this error of a synchronization."""
        self._world.sync_error = error or BANK_FAILS

    # -- faults ----------------------------------------------------------------------------------

    def clear_faults(self, number: int | None = None) -> None:
        """Switch off one fault, or all, and with them what fails synchronizations."""
        super().clear_faults(number)
        self._world.sync_error = None

    # -- inside ----------------------------------------------------------------------------------

    def _ledger(self, bank: str | None, account: str | None) -> Ledger:
        return self._world.ledger(self._world.account(bank, account))

    def _link(self, bank: str | None, account: str | None) -> Link:
        found = self._world.links_of(self._world.account(bank, account))
        if not found:
            raise ValueError("The account is not linked")
        return found[0]

    def _arrive(self, arrive: Callable[[], list[str]], bank: str | None, account: str | None) -> None:
        world = self._world
        with world.lock:
            if world.automatic:
                world.synchronized(self._link(bank, account), arrive())
            else:
                world.arrivals.append(arrive)
