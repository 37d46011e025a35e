# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Protocol

from odoo.addons.sync_hub_bank.providers import BankProvider
from odoo.addons.sync_hub_bank.providers.values import AttendedUser, Balance, Page, TransactionQuery


class Source(Protocol):
    """Where the pages and the balances of one account come from. Both raise what the adapter raises.

    ``asked`` is the query whose pages come, where somebody has asked already, and None where nobody has.
    """

    asked: TransactionQuery | None

    def page_is_here(self) -> bool:
        """Whether the next page is here, so that it takes no time and cannot fail."""

    def balances_are_here(self) -> bool:
        """Whether the balances are here, as well."""

    def page(self, query: TransactionQuery) -> Page:
        """The page that the query asks for."""

    def balances(self, account_uid: str, attended: AttendedUser | None) -> tuple[Balance, ...]:
        """Its balances; asked for after the last page."""


class Direct:
    """Each call when it is wanted."""

    asked = None

    def __init__(self, adapter: BankProvider, session: str):
        self._adapter = adapter
        self._session = session

    def page_is_here(self) -> bool:
        """Implementation of :class:`Source`."""
        return False

    balances_are_here = page_is_here

    def page(self, query: TransactionQuery) -> Page:
        """Implementation of :class:`Source`."""
        return self._adapter.transactions(self._session, query)

    def balances(self, account_uid: str, attended: AttendedUser | None) -> tuple[Balance, ...]:
        """Implementation of :class:`Source`."""
        return self._adapter.balances(self._session, account_uid, attended)
