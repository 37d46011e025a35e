# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that the service knows: links to accounts, their rows, synchronizations, faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ..enablebanking.banks import Account
from ..enablebanking.generator import MovementStream
from ..enablebanking.ledger import Ledger, Row
from ..enablebanking.movement import Movement
from ..world import BanksWorld
from .banks import Bank, account_of, catalogue, id_of
from .errors import not_found
from .faults import Faults

TOO_SOON = timedelta(minutes=5)


@dataclass
class Synchronization:
    """One question to a bank. ``looks``: how often its state must be asked before it is over."""

    uid: str
    link: str
    subtype: str
    status: str
    created: datetime
    updated: datetime
    errors: list[dict[str, Any]] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)  # handles of rows
    looks: int = 0


@dataclass
class Link:
    """An account as it was linked: a new linking makes a new one. ``integrated``: a partner may read it."""

    uid: str
    account: Account
    authorized: datetime
    expires: datetime
    synchronized: datetime
    latest: Synchronization | None = None
    deprecated: bool = False
    integrated: bool = False


class World(BanksWorld):
    """The state. Whoever reads or changes it holds ``lock``."""

    def __init__(self, today: date | None) -> None:
        self.lock = threading.RLock()
        self._today = today
        self.reset()

    def reset(self) -> None:
        """Everything as on the first day: the company's accounts are linked, no partner may read them."""
        self.banks: dict[str, Bank] = catalogue()
        self.links: dict[str, Link] = {}
        self.ledgers: dict[tuple[str, str], Ledger] = {}
        self.synchronizations: dict[str, Synchronization] = {}
        self.changes: dict[tuple[str, str, str], dict[str, Any]] = {}  # bank, account, handle -> attributes
        self.removed: set[tuple[str, str, str]] = set()
        self.faults = Faults()
        self.arrivals: list[Callable[[], object]] = []
        self.automatic = True
        self.refuse_soon = self.stalled = False
        self.sync_error: dict[str, Any] | None = None
        self.requests: list[dict[str, Any]] = []
        self._number = 0
        self._listed: dict[tuple[Any, ...], list[Row]] = {}
        for bank in self.banks.values():
            for account in bank.accounts:
                self.link(account)

    def today(self) -> date:
        """The banks' day."""
        return self._today or self.now().date()

    def next_id(self, *parts: object) -> str:
        """A UUID that was not given before."""
        self._number += 1
        return id_of(*parts, self._number)

    # -- banks and accounts --------------------------------------------------------------------

    def ledger(self, account: Account) -> Ledger:
        """The rows of an account, made at the first use."""
        key = (account.bank, account.slug)
        if key not in self.ledgers:
            self.ledgers[key] = Ledger(account, MovementStream("ponto", account, account.size, self.today()))
        return self.ledgers[key]

    def load_account(self, bank: str | None, iban: str, currency: str, opening: Decimal, rows: Iterable[Movement]):
        """Give a bank an account with exactly these rows, and link it."""
        found = self.bank(bank)
        account = account_of(found, iban, currency, f"Conto {iban[-6:]}", 0, iban=iban)
        self.attach(account)
        ledger = Ledger(account, MovementStream("ponto", account, 0, self.today()), opening)
        for row in rows:
            (ledger.add if row.status == "BOOK" else ledger.add_unbooked)(row)
        self.ledgers[account.bank, account.slug] = ledger
        return self.link(account)

    # -- links -----------------------------------------------------------------------------------

    def link(self, account: Account) -> Link:
        """Link an account anew: what it was linked as before is dead."""
        now = self.now()
        integrated = False
        for link in self.links_of(account):
            link.deprecated, integrated = True, link.integrated
        expires = now + timedelta(days=self.bank(account.bank).consent_days)
        link = Link(self.next_id("account", account.iban), account, now, expires, now, integrated=integrated)
        self.links[link.uid] = link
        self.synchronized(link)
        return link

    def links_of(self, account: Account) -> list[Link]:
        """The living link of an account, if there is one."""
        names = (account.bank, account.slug)
        return [
            link
            for link in self.links.values()
            if (link.account.bank, link.account.slug) == names and not link.deprecated
        ]

    def reauthorize(self, link: Link) -> None:
        """The user authorizes the account again; Ponto asks its bank at once."""
        link.authorized = self.now()
        link.expires = link.authorized + timedelta(days=self.bank(link.account.bank).consent_days)
        self.synchronized(link)

    def find(self, uid: str) -> Link:
        """The link of that id. Raises ApiError 404."""
        if uid not in self.links:
            raise not_found("account")
        return self.links[uid]

    # -- synchronizations ------------------------------------------------------------------------

    def synchronized(
        self, link: Link, handles: Iterable[str] = (), errors: Iterable[dict[str, Any]] = ()
    ) -> Synchronization:
        """A synchronization that Ponto made by itself and that is over."""
        now = self.now()
        found = list(errors)
        status = "error" if found else "success"
        sync = Synchronization(
            self.next_id("sync"), link.uid, "accountTransactions", status, now, now, found, set(handles)
        )
        return self._keep(link, sync)

    def _keep(self, link: Link, sync: Synchronization) -> Synchronization:
        self.synchronizations[sync.uid] = link.latest = sync
        if sync.status == "success":
            link.synchronized = sync.updated
        return sync

    def begin(self, link: Link, subtype: str) -> Synchronization:
        """A synchronization that was asked for; two looks later it is over."""
        now = self.now()
        sync = Synchronization(self.next_id("sync"), link.uid, subtype, "pending", now, now, looks=2)
        return self._keep(link, sync)

    def look(self, sync: Synchronization) -> None:
        """Somebody asks how far it is."""
        if sync.status not in ("pending", "running"):
            return
        sync.looks -= 1
        sync.status, sync.updated = "running", self.now()
        if sync.looks > 0 or self.stalled:
            return
        sync.errors = [self.sync_error] if self.sync_error else []
        sync.status = "error" if sync.errors else "success"
        if not sync.errors:
            arrivals, self.arrivals = self.arrivals, []
            for arrive in arrivals:
                arrive()
        self._keep(self.links[sync.link], sync)

    # -- rows ------------------------------------------------------------------------------------

    def rows(self, account: Account) -> list[Row]:
        """Booked rows, newest first, without removed ones."""
        ledger = self.ledger(account)
        key = (account.bank, account.slug, id(ledger), len(ledger.added), len(self.removed))
        if key not in self._listed:
            found = ledger.page(None, None, "BOOK", newest_first=True, start=0, stop=10**9)
            gone = {handle for bank, slug, handle in self.removed if (bank, slug) == key[:2]}
            self._listed = {key: [row for row in found if row.handle not in gone]}
        return self._listed[key]

    def changed(self, account: Account, handle: str) -> dict[str, Any]:
        """The attributes of a row that the bank changed later."""
        return self.changes.get((account.bank, account.slug, handle), {})
