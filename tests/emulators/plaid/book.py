# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rows of one account and every change to them, in the order in which Plaid noticed it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate

from ..enablebanking.banks import Account
from ..enablebanking.movement import Movement


class Book:
    """``rows`` by key, and ``changes``: what happened to which key. ``follows``: pending key of a row that was booked
    out of a pending one. ``opening`` is the balance before the first row; None: such that it never was in the red."""

    def __init__(self, account: Account, rows: Iterable[Movement], opening: Decimal | None = None) -> None:
        self.account = account
        self.rows: dict[str, Movement] = {}
        self.changes: list[tuple[str, str]] = []
        self.follows: dict[str, str] = {}
        self._made = 0
        for row in rows:
            self.add(row)
        self.opening = self._needed() if opening is None else opening

    def add(self, movement: Movement) -> Movement:
        """Keep a row, booked or pending as its status says. Returns it with its key."""
        self._made += 1
        movement = replace(movement, key=f"r{self._made}")
        self.rows[movement.key] = movement
        self.changes.append(("added", movement.key))
        return movement

    def change(self, key: str, movement: Movement) -> Movement:
        """Put another content under a key. Raises KeyError for one unknown here."""
        if key not in self.rows:
            raise KeyError(key)
        self.rows[key] = replace(movement, key=key)
        self.changes.append(("modified", key))
        return self.rows[key]

    def remove(self, key: str) -> Movement:
        """Take a row back. Raises KeyError for a key unknown here."""
        row = self.rows.pop(key)
        self.changes.append(("removed", key))
        return row

    def replace(self, rows: Iterable[Movement]) -> None:
        """Take all rows back and keep these."""
        for key in list(self.rows):
            self.remove(key)
        for row in rows:
            self.add(row)
        self.opening = self._needed()

    def booked(self) -> list[Movement]:
        """Booked rows, oldest first."""
        return sorted((row for row in self.rows.values() if row.status == "BOOK"), key=lambda row: row.day)

    def pending(self) -> list[Movement]:
        """Rows that are not booked, in their order of arrival."""
        return [row for row in self.rows.values() if row.status != "BOOK"]

    def balance(self) -> Decimal:
        """Opening balance plus the booked rows."""
        return self.opening + sum((row.amount for row in self.booked()), Decimal(0))

    def available(self) -> Decimal:
        """The booked balance less what pending rows will take out."""
        return self.balance() + sum((row.amount for row in self.pending() if row.amount < 0), Decimal(0))

    def _needed(self) -> Decimal:
        """An opening balance with which the account never was in the red."""
        return Decimal(7500) - min(accumulate((row.amount for row in self.booked()), initial=Decimal(0)))
