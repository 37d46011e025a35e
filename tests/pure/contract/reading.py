# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A caller as the protocol wants it: it keeps session and cursor, and reads until there is no continuation."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from emulators.drivers import Driver
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub_bank.providers.protocol import BankProvider
from odoo.addons.sync_hub_bank.providers.values import (
    Consent,
    Page,
    RejectedRow,
    Transaction,
    TransactionQuery,
    TransactionStatus,
)

MOST_PAGES = 400


@dataclass
class Fetch:
    """All pages of one fetch."""

    pages: list[Page] = field(default_factory=list)

    @property
    def rows(self) -> list[Transaction]:
        """Each row once: one that comes twice under the same reference counts as it came last."""
        kept: dict[Any, Transaction] = {}
        for page in self.pages:
            for place, row in enumerate(page.transactions):
                kept[row.references[0] if row.references else (id(page), place)] = row
        return list(kept.values())

    @property
    def booked(self) -> list[Transaction]:
        return [row for row in self.rows if row.status is TransactionStatus.BOOKED]

    @property
    def pending(self) -> list[Transaction]:
        return [row for row in self.rows if row.status is TransactionStatus.PENDING]

    @property
    def rejected(self) -> list[RejectedRow]:
        return [row for page in self.pages for row in page.rejected]

    @property
    def removed(self) -> set[str]:
        return {reference for page in self.pages for reference in page.removed}

    @property
    def cursor(self) -> str:
        return self.pages[-1].cursor

    def amounts(self) -> list[Decimal]:
        return [row.amount for row in self.rows]

    def of_amount(self, amount: str) -> Transaction:
        """The one row of that amount."""
        (row,) = (row for row in self.rows if row.amount == Decimal(amount))
        return row


class Connection:
    """A consent and what a caller keeps of it."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.provider: BankProvider = driver.adapter()
        self.consent: Consent = driver.connect(self.provider)
        self.uid = driver.uid(self.consent)

    @property
    def session(self) -> str:
        """The session as it is now: the last one that was to be kept."""
        return self.driver.sessions_kept[-1] if self.driver.sessions_kept else self.consent.session

    def anew(self, **known: Any) -> "Connection":
        """The same connection in the next run: another adapter, with what was kept."""
        self.provider = self.driver.adapter(**known)
        return self

    def renew(self) -> Consent:
        """The user consents again."""
        consent = self.driver.connect(self.provider, self.session)
        self.driver.sessions_kept.clear()
        self.consent = consent
        self.uid = self.driver.uid(consent)
        return consent

    def fetch(
        self,
        cursor: str = "",
        date_from: date | None = None,
        date_to: date | None = None,
        on_fault: Callable[[Fault], None] | None = None,
    ) -> Fetch:
        """All pages. ``on_fault`` lets a page be asked for again after it was told of the fault."""
        fetch, continuation, met = Fetch(), "", set()
        while True:
            query = TransactionQuery(self.uid, date_from, date_to, continuation, cursor)
            try:
                page = self.provider.transactions(self.session, query)
            except Fault as fault:
                if on_fault is None:
                    raise
                on_fault(fault)
                continue
            fetch.pages.append(page)
            continuation = page.continuation
            if not continuation:
                return fetch
            assert continuation not in met, "a continuation that repeats never comes to an end"
            met.add(continuation)
            assert len(fetch.pages) < MOST_PAGES

    def reads(self) -> dict[str, Callable[[], Any]]:
        """Everything that is read of a consent, by its name in the contract."""
        return {
            "institutions": lambda: list(self.provider.institutions()),
            "consent_status": lambda: self.provider.consent_status(self.session),
            "accounts": lambda: self.provider.accounts(self.session),
            "balances": lambda: self.provider.balances(self.session, self.uid),
            "transactions": lambda: self.fetch(),
        }


READS = ("institutions", "consent_status", "accounts", "balances", "transactions")


def expected(driver: Driver) -> Counter[tuple[date, Decimal]]:
    """Day and amount of every row that the bank has booked."""
    return Counter((row.booking_date, row.amount) for row in driver.booked())


def arrived(rows: list[Transaction]) -> Counter[tuple[date, Decimal]]:
    """Day and amount of rows as they came."""
    return Counter((row.booking_date, row.amount) for row in rows)


def fault_of(call: Callable[[], object]) -> Fault:
    """The fault that a call ends with."""
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def refused_message(provider: BankProvider, call: Any) -> None:
    """A message that is not believed."""
    fault = fault_of(lambda: provider.read_webhook(call))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "webhook")
