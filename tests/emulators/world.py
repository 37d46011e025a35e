# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the worlds of all emulators know in the same way: banks, their accounts and their customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .enablebanking.banks import Account, User


class BanksWorld:
    """A world with ``banks`` by their slugs."""

    banks: dict[str, Any]

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    def bank(self, name: str | None) -> Any:
        """The bank of that slug or name; the main one for None. Raises ValueError."""
        for bank in self.banks.values():
            if name in (None, bank.slug, bank.name):
                return bank
        raise ValueError(f"No bank is called {name!r}; there are {sorted(self.banks)}")

    def account(self, bank: str | None, account: str | None = None) -> Account:
        """The account of that slug or IBAN at a bank; its first one for None. Raises ValueError."""
        found = self.bank(bank)
        for item in found.accounts:
            if account in (None, item.slug, item.iban):
                return item
        slugs = [item.slug for item in found.accounts]
        raise ValueError(f"{found.name} has no account {account!r}; there are {slugs}")

    def user(self, bank: Any, username: str) -> User | None:
        """The customer of that name."""
        return next((user for user in bank.users if user.username == username), None)

    def accounts_of(self, bank: Any, username: str) -> list[Account]:
        """The accounts that a customer sees."""
        user = self.user(bank, username)
        return [item for item in bank.accounts if user and (user.accounts is None or item.slug in user.accounts)]

    def attach(self, account: Account) -> None:
        """Put an account among those of its bank, in the place of one with the same slug."""
        bank = self.banks[account.bank]
        others = tuple(item for item in bank.accounts if item.slug != account.slug)
        self.banks[account.bank] = replace(bank, accounts=(*others, account))
