# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Accounts that are read while another one is imported."""

import threading
import time
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub_bank.fetching import FetchAhead
from odoo.addons.sync_hub_bank.providers.values import (
    Balance,
    BalanceKind,
    Page,
    Transaction,
    TransactionQuery,
    TransactionStatus,
)

BALANCE = Balance(BalanceKind.CLOSING_BOOKED, Decimal("1.00"), "EUR")


def row(number):
    return Transaction(date(2026, 6, 1), Decimal(number), "EUR", TransactionStatus.BOOKED, references=(f"ID-{number}",))


class Bank:
    """A bank whose accounts have so many pages of one row each; the methods of an adapter that a reading needs."""

    def __init__(self, pages=3, fails_at=(), balances_fail=False, meeting=None):
        self.pages = pages
        self.fails_at = fails_at
        self.balances_fail = balances_fail
        self.meeting = meeting
        self.asked = []
        self.opened = 0

    @contextmanager
    def open(self):
        self.opened += 1
        yield self

    def transactions(self, session, query):
        number = int(query.continuation or 0)
        self.asked.append((query.account_uid, number))
        if self.meeting and not number:
            self.meeting.wait(timeout=10)
        if (query.account_uid, number) in self.fails_at:
            raise Fault(FaultKind.PROVIDER_DOWN, detail=query.account_uid)
        more = self.pages is None or number + 1 < self.pages
        return Page((row(number),), continuation=str(number + 1) if more else "")

    def balances(self, session, account_uid, attended=None):
        if self.balances_fail:
            raise Fault(FaultKind.PROVIDER_DOWN, detail="balances")
        return (BALANCE,)


def pages_of(reading):
    """All pages of an account, as the importer takes them."""
    query = TransactionQuery("any")
    pages = [reading.page(query)]
    while pages[-1].continuation:
        pages.append(reading.page(query))
    return pages


def threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("sync_hub_fetch")]


def ordered(bank, *uids, workers=4):
    ahead = FetchAhead(bank.open, workers)
    for key, uid in enumerate(uids):
        ahead.order(key, "session", TransactionQuery(uid))
    return ahead


def test_the_pages_of_an_account_come_in_their_order_and_then_its_balances():
    with ordered(Bank(pages=5), "A") as ahead:
        reading = ahead.take(0)
        assert [page.transactions[0].amount for page in pages_of(reading)] == [0, 1, 2, 3, 4]
        assert reading.balances("A", None) == (BALANCE,)


def test_accounts_are_read_at_the_same_time():
    bank = Bank(meeting=threading.Barrier(3))
    with ordered(bank, "A", "B", "C") as ahead:
        # Each waits at the bank until all three are there.
        for key in range(3):
            assert len(pages_of(ahead.take(key))) == 3
    assert bank.opened == 3, "each thread has a connection of its own"


def test_what_one_account_fails_with_is_met_where_it_is_imported_and_stops_that_one_only():
    with ordered(Bank(fails_at={("A", 1)}), "A", "B") as ahead:
        reading = ahead.take(0)
        reading.page(TransactionQuery("A"))
        with pytest.raises(Fault, match="A"):
            reading.page(TransactionQuery("A"))
        assert len(pages_of(ahead.take(1))) == 3


def test_balances_that_fail_do_not_take_the_pages_with_them():
    with ordered(Bank(balances_fail=True), "A") as ahead:
        reading = ahead.take(0)
        assert len(pages_of(reading)) == 3
        with pytest.raises(Fault, match="balances"):
            reading.balances("A", None)


def test_an_account_without_an_end_neither_fills_the_memory_nor_keeps_its_balances_back():
    bank = Bank(pages=None)
    with ordered(bank, "A") as ahead:
        reading = ahead.take(0)
        while len(bank.asked) < 3:
            time.sleep(0.01)
        time.sleep(0.3)
        assert len(bank.asked) == 3, "two pages wait for the importer, and one for room"
        assert reading.balances("A", None) == (BALANCE,)


def test_an_account_is_handed_out_once_and_makes_room_for_the_next():
    with ordered(Bank(), *"ABCDEFGH", workers=4) as ahead:
        assert ahead.room == 0
        assert ahead.is_reading(0)
        assert ahead.take(0)
        assert not ahead.is_reading(0)
        assert ahead.take(0) is None
        assert ahead.room == 1


def test_what_is_here_is_known_without_waiting_and_an_error_is_never_here():
    with ordered(Bank(), "A") as ahead:
        reading = ahead.take(0)
        while not reading.balances_are_here():
            assert reading.asked.account_uid == "A"
            if reading.page_is_here():
                reading.page(reading.asked)
            time.sleep(0.01)
    with ordered(Bank(fails_at={("A", 0)}), "A") as ahead:
        reading = ahead.take(0)
        time.sleep(0.3)
        assert not reading.page_is_here()
        assert not reading.balances_are_here()
        with pytest.raises(Fault, match="A"):
            reading.page(reading.asked)


def test_no_thread_outlives_the_import():
    with ordered(Bank(pages=None), "A", "B", "C", workers=2):
        assert threads()
    assert not threads()
