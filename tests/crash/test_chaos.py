# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A bank that has bad days all the time, and workers that are killed at any moment: the books still equal the bank.

``CHAOS_FETCHES`` says how many fetches of an account are made, and ``CHAOS_SEED`` which chances they meet.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from company import PATIENCE, Company, Shells
from emulators.enablebanking import Emulator, Movement

from bootstrap import databases
from bootstrap.odoo_commands import Odoo

FETCHES = int(os.environ.get("CHAOS_FETCHES", "240"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
IBANS = [f"IT60X05428111010000001234{number}" for number in range(50, 58)]
# Share of the calls that meet a fault.
SHARE = 0.08


class Chaos(Company):
    """A company with several accounts at a bank where things happen."""

    def __init__(self, odoo: Odoo, database: str, bank: Emulator, log: Path):
        Shells.__init__(self, odoo, database, log)
        self.bank = bank
        self._chance = random.Random(SEED)
        self._number = 0
        for iban in IBANS:
            bank.load_account(None, iban, "EUR", Decimal("1000.00"), [self._row() for _row in range(12)])
        known = self.run(
            "connect_chaos",
            url=bank.url,
            application=bank.application_id,
            key=bank.private_key_pem,
            accounts=IBANS,
        )
        self.connection, self.journals = known["connection"], known["journals"]

    def _row(self) -> Movement:
        self._number += 1
        day = date.today() - timedelta(days=self._chance.randrange(8))
        # Many are equal in all that can be seen.
        amount = Decimal(self._chance.choice(("-1.10", "-1.10", "-12.00", "35.40")))
        text = self._chance.choice(("Coffee", "Coffee", f"Invoice {self._number}"))
        return Movement(booking_date=day, value_date=day, amount=amount, counterparty="Bar Roma", remittance=(text,))

    def something_happens(self) -> None:
        """The bank books a row, announces one, books or drops what was pending, or changes all its ids."""
        iban = self._chance.choice(IBANS)
        what = self._chance.choice(("add", "add", "add", "pending", "settle", "settle", "renumber"))
        if what == "add":
            self.bank.add_movement(self._row(), None, iban)
        elif what == "pending":
            self.bank.add_pending(None, iban)
        elif what == "renumber":
            self.bank.renumber(None, iban)
        elif self.bank.pending(None, iban):
            settle = self._chance.choice((self.bank.book_pending, self.bank.drop_pending))
            settle(None, iban)

    def fetches(self) -> int:
        """How many accounts have been fetched or tried so far, as the runs know."""
        return self.number("SELECT count(*) FROM sync_run WHERE connection_id = %s", (self.connection,)) * len(IBANS)

    def work(self, seconds: float) -> None:
        """Let a worker work for so long at most, while the bank goes on; then kill it."""
        worker = self.start("work_through_chaos", connection=self.connection)
        before = self.fetches()
        end = time.monotonic() + PATIENCE
        while self.fetches() == before:
            assert time.monotonic() < end, "the worker does not begin"
            time.sleep(0.05)
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.fetches() < FETCHES:
            self.something_happens()
            time.sleep(self._chance.random() * 0.4)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def assert_nothing_lost_nothing_twice(self) -> None:
        for iban, journal in self.journals.items():
            self.assert_books_equal_bank(iban, journal)


@pytest.fixture
def chaos(odoo: Odoo, tmp_path: Path) -> Iterator[Chaos]:
    bank = Emulator(redirect_urls=["http://*/sync_hub_bank/return"], state_dir=tmp_path)
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as database, bank:
        company = Chaos(odoo, database, bank, tmp_path / "workers.log")
        try:
            yield company
        finally:
            company.close()


def test_whatever_the_bank_answers_and_whenever_workers_are_killed_the_books_equal_the_bank(chaos: Chaos) -> None:
    chance = random.Random(SEED + 1)
    chaos.bank.chaos(SEED, SHARE, retry_after=0)
    kills = 0
    while chaos.fetches() < FETCHES:
        chaos.work(3 + chance.random() * max(6, FETCHES / 60))
        kills += 1
    assert kills > 1
    assert sum(chaos.bank.chaos_met().values()) > FETCHES / 20, "the bank was too good"
    chaos.bank.calm()
    chaos.run("work_through_chaos", connection=chaos.connection, rounds=2)
    chaos.assert_nothing_lost_nothing_twice()
