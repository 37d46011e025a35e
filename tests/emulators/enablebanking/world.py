# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole state of the sandbox: banks, their rows, consents, faults; and the state file."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ..world import BanksWorld
from .application import load_application
from .banks import Account, Bank, BankSettings, catalogue
from .consents import Consents
from .errors import ApiError
from .faults import Faults
from .generator import MovementStream
from .generator.invoices import Invoice, InvoiceBook
from .ledger import Ledger
from .movement import BankCode, Movement
from .requestlog import RequestLog

STATE_FILE = "state.json"
BANK_ZONE = ZoneInfo("Europe/Rome")


class World(BanksWorld):
    """Everything the emulator knows. Whoever reads or changes it holds ``lock``.

    ``today`` fixes the banks' calendar (rows, periods, quotas); tokens and consents always live
    by the real clock, since their other end does.
    """

    def __init__(
        self,
        *,
        invoices: Iterable[Invoice | dict[str, Any]] = (),
        today: date | None = None,
        redirect_urls: Iterable[str] = (),
        state_dir: str | Path | None = None,
        seed: str = "sandbox",
    ) -> None:
        self.lock = threading.RLock()
        self._save_due = False
        self.seed = seed
        self._state_dir = Path(state_dir) if state_dir else None
        if self._state_dir:
            self._state_dir.mkdir(parents=True, exist_ok=True)
        self.application = load_application(self._state_dir)
        self.application.redirect_urls = list(redirect_urls)
        self.log = RequestLog()
        self._fixed_today = today
        self._invoices = [
            item if isinstance(item, Invoice) else Invoice.from_json(item) for item in invoices
        ]
        self._start(self._read_state())

    def _start(self, saved: dict[str, Any] | None) -> None:
        self.today_override: date | None = self._fixed_today
        self.banks: dict[str, Bank] = catalogue()
        self.settings: dict[str, BankSettings] = {
            slug: replace(bank.settings) for slug, bank in self.banks.items()
        }
        self.ledgers: dict[tuple[str, str], Ledger] = {}
        self.consents = Consents()
        self.faults = Faults()
        self.error_statuses: dict[str, int] = {}
        self.closed_accounts: set[tuple[str, str]] = set()
        self.quotas: dict[str, int] = {}
        self.reads: dict[str, int] = {}
        self.period_errors = 0
        saved = saved or {}
        # rows are generated as of the first day, so that they stay the same on later days
        self.first_day = date.fromisoformat(saved.get("first_day") or self.today().isoformat())
        self.secret = bytes.fromhex(saved.get("secret") or secrets.token_hex(32))
        for item in saved.get("loaded_accounts", []):
            self.attach(Account(**item))
        self._saved_ledgers: dict[str, Any] = saved.get("ledgers", {})
        if saved:
            self.consents.restore(saved["consents"])
            self.closed_accounts = {tuple(item) for item in saved["closed_accounts"]}
            self.quotas = saved["quotas"]
            self.reads = saved["reads"]
        self.invoice_book = InvoiceBook(self._invoices, saved.get("invoices"))
        self._pay_history()
        self.save()

    def reset(self) -> None:
        """As on the first day: consents, rows, faults, settings and log; the application keeps
        its id, key and redirect URLs, and is active."""
        self.log.clear()
        self.application.active = True
        self._start(None)

    # -- time --------------------------------------------------------------------------------

    def today(self) -> date:
        """The banks' day."""
        return self.today_override or datetime.now(BANK_ZONE).date()

    # -- looking up --------------------------------------------------------------------------

    def aspsp(self, name: str, country: str) -> Bank:
        """The bank by its key in the API. Raises ApiError WRONG_ASPSP_PROVIDED."""
        for bank in self.banks.values():
            if (bank.name, bank.country) == (name, country):
                return bank
        raise ApiError("WRONG_ASPSP_PROVIDED")

    def ledger(self, account: Account) -> Ledger:
        """The rows of an account, made at the first use."""
        key = (account.bank, account.slug)
        if key not in self.ledgers:
            saved = self._saved_ledgers.get("/".join(key))
            bank = self.banks[account.bank]
            stream = MovementStream(
                self.seed,
                account,
                saved["size"] if saved else account.size,
                self.first_day - timedelta(days=bank.unbooked_days),
                saved["days"] if saved else None,
            )
            opening = Decimal(saved["opening"]) if saved and saved["opening"] else None
            ledger = self.ledgers[key] = Ledger(account, stream, opening)
            if saved:
                ledger.restore(saved)
            else:
                self._add_habits(bank, ledger)
        return self.ledgers[key]

    # -- making ------------------------------------------------------------------------------

    def _add_habits(self, bank: Bank, ledger: Ledger) -> None:
        if bank.twin_rows:
            day = self.first_day - timedelta(days=3)
            coffee = Movement(
                booking_date=day,
                value_date=day,
                amount=Decimal("-2.60"),
                currency=ledger.account.currency,
                counterparty="BAR CENTRALE",
                remittance=("PAGAMENTO CARTA BAR CENTRALE",),
                bank_code=BankCode("PMNT", "CCRD-POSD", "Card payment"),
            )
            ledger.add(coffee)
            ledger.add(coffee)
        for days_ago in range(bank.unbooked_days):
            day = self.first_day - timedelta(days=days_ago)
            for amount in ("-48.90", "612.00"):
                ledger.add_unbooked(
                    Movement(
                        booking_date=None,
                        transaction_date=day,
                        amount=Decimal(amount) + days_ago,
                        currency=ledger.account.currency,
                        counterparty="Movimento in attesa",
                        remittance=("OPERAZIONE IN CORSO DI CONTABILIZZAZIONE",),
                        status="PDNG",
                    )
                )

    def _pay_history(self) -> None:
        for currency in sorted({invoice.currency for invoice in self._invoices}):
            account = self.account_for(currency)
            mine = [item for item in self._invoices if item.currency == currency]
            book = InvoiceBook(mine, self.invoice_book.to_json())
            for movement in book.history(self.today(), account):
                self.ledger(account).add(movement)
            self.invoice_book = InvoiceBook(self._invoices, book.to_json())

    def account_for(self, currency: str) -> Account:
        """The main bank's account in ``currency``, or its first account."""
        accounts = self.bank(None).accounts
        return next((item for item in accounts if item.currency == currency), accounts[0])

    def load_account(
        self, bank: Bank, iban: str, currency: str, opening: Decimal, rows: Iterable[Movement]
    ) -> Account:
        """Give ``bank`` an account with exactly these rows, replacing one of the same IBAN."""
        account = bank.further_account(iban, currency)
        self.attach(account)
        stream = MovementStream(self.seed, account, 0, self.first_day)
        ledger = Ledger(account, stream, opening)
        for row in rows:
            if row.status == "BOOK":
                ledger.add(row)
            else:
                ledger.add_unbooked(row)
        self.ledgers[(bank.slug, iban)] = ledger
        return account

    # -- quota -------------------------------------------------------------------------------

    def count_unattended_read(self, account: Account, call: str) -> None:
        """Count a read without the user. Raises ApiError when the day's quota is used up."""
        key = f"{self.today().isoformat()}/{account.bank}/{account.slug}/{call}"
        quota = self.quotas.get(account.bank, self.quotas.get("*"))
        if quota is not None and self.reads.get(key, 0) >= quota:
            raise ApiError("ASPSP_RATE_LIMIT_EXCEEDED")
        self.reads[key] = self.reads.get(key, 0) + 1

    # -- state file --------------------------------------------------------------------------

    def save(self) -> None:
        """Write the state file, if there is one: whole or not at all."""
        self._save_due = False
        if self._state_dir is None:
            return
        ledgers = {"/".join(key): ledger.to_json() for key, ledger in self.ledgers.items()}
        data = {
            "first_day": self.first_day.isoformat(),
            "secret": self.secret.hex(),
            "consents": self.consents.to_json(),
            "ledgers": {**self._saved_ledgers, **ledgers},
            "loaded_accounts": [
                {name: getattr(item, name) for name in Account.__dataclass_fields__}
                for bank in self.banks.values()
                for item in bank.accounts
                if item.slug == item.iban
            ],
            "closed_accounts": sorted(self.closed_accounts),
            "quotas": self.quotas,
            "reads": self.reads,
            "invoices": self.invoice_book.to_json(),
        }
        handle, temporary = tempfile.mkstemp(dir=self._state_dir, prefix=STATE_FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(data, stream, ensure_ascii=False)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, self._state_dir / STATE_FILE)
        except BaseException:
            os.unlink(temporary)
            raise

    def save_soon(self) -> None:
        """Write the state file within a second: for counters, which may lose what a killed process has counted."""
        if self._state_dir is None or self._save_due:
            return
        self._save_due = True
        timer = threading.Timer(1.0, self._save_now)
        timer.daemon = True
        timer.start()

    def _save_now(self) -> None:
        with self.lock:
            if self._save_due:
                self.save()

    def _read_state(self) -> dict[str, Any] | None:
        if self._state_dir is None or not (self._state_dir / STATE_FILE).exists():
            return None
        return json.loads((self._state_dir / STATE_FILE).read_text(encoding="utf-8"))
