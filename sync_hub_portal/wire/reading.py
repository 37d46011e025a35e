# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How values are taken from what another database has sent."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

# Longer texts are cut off: nobody has a name of that length, and a page has to hold it.
_LONGEST = 500
_LONGEST_KEY = 100


class WireError(ValueError):
    """Something that is not as it has to be; the message names the field, never the value."""


class Reader:
    """Takes fields out of an object that came as JSON."""

    def __init__(self, value: Any, what: str):
        if not isinstance(value, Mapping):
            raise WireError(f"{what} is no object")
        self._value, self._what = value, what

    def key(self, name: str) -> str:
        """A text that identifies something: there, short, and of letters that can be seen."""
        text = self._get(name, str)
        if not text or len(text) > _LONGEST_KEY or not text.isascii() or not text.isprintable():
            raise self._error(name)
        return text

    def text(self, name: str) -> str:
        """A text, empty when there is none."""
        value = self._value.get(name)
        if value in (None, False):
            return ""
        if not isinstance(value, str):
            raise self._error(name)
        # PostgreSQL keeps no NUL.
        return value.replace("\0", "")[:_LONGEST].strip()

    def flag(self, name: str) -> bool:
        return self._get(name, bool)

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self._get(name, str))
        except ValueError as error:
            raise self._error(name) from error

    def amount(self, name: str) -> Decimal:
        """A decimal number as a text, as JSON's own numbers are not decimal."""
        try:
            amount = Decimal(self._get(name, str))
        except InvalidOperation as error:
            raise self._error(name) from error
        if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
            raise self._error(name)
        return amount

    def choice(self, name: str, choices: Any) -> str:
        value = self._get(name, str)
        if value not in choices:
            raise self._error(name)
        return value

    def items(self, name: str) -> list:
        return self._get(name, list)

    def inner(self, name: str) -> "Reader":
        return Reader(self._value.get(name), f"“{name}” of {self._what}")

    def _get(self, name: str, kind: type) -> Any:
        value = self._value.get(name)
        if not isinstance(value, kind):
            raise self._error(name)
        return value

    def _error(self, name: str) -> WireError:
        return WireError(f"“{name}” of {self._what} is not as it has to be")
