# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One row of a bank account, as the emulated bank keeps it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

STATUSES = ("BOOK", "PDNG", "HOLD", "SCHD", "CNCL", "RJCT", "OTHR")


@dataclass(frozen=True, slots=True)
class BankCode:
    """ISO 20022 bank transaction code: domain, "family-subfamily", text."""

    code: str | None = None
    sub_code: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """Currency exchange of a row. ``rate`` is how many ``instructed_currency`` one unit buys."""

    unit_currency: str
    rate: Decimal
    instructed_amount: Decimal
    instructed_currency: str
    rate_type: str = "SPOT"
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """A row: ``amount`` is signed (positive comes in) and in ``currency``.

    ``counterparty_account`` is an IBAN or, when ``counterparty_scheme`` is set, an
    identification of that scheme (``BBAN``, ``CPAN``...). ``entry_reference`` None lets the bank
    give its own number. ``key`` names a row that is not booked yet, for the switches.
    """

    booking_date: date | None
    amount: Decimal
    currency: str = "EUR"
    value_date: date | None = None
    transaction_date: date | None = None
    counterparty: str | None = None
    counterparty_account: str | None = None
    counterparty_scheme: str | None = None
    counterparty_bic: str | None = None
    creditor_id: str | None = None
    remittance: tuple[str, ...] = ()
    entry_reference: str | None = None
    reference_number: str | None = None
    reference_number_schema: str | None = None
    bank_code: BankCode | None = None
    merchant_category_code: str | None = None
    exchange: Exchange | None = None
    note: str | None = None
    status: str = "BOOK"
    key: str | None = None

    @property
    def day(self) -> date:
        """The day under which the bank lists the row. Raises ValueError without any date."""
        day = self.booking_date or self.value_date or self.transaction_date
        if day is None:
            raise ValueError("A movement needs at least one date")
        return day

    def to_json(self) -> dict[str, Any]:
        """The row as JSON values: dates ISO, amounts decimal strings, nulls left out."""
        return {
            field.name: _to_json(value)
            for field in dataclasses.fields(self)
            if (value := getattr(self, field.name)) not in (None, ())
        } | {"booking_date": self.booking_date and self.booking_date.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Movement:
        """The inverse of ``to_json``. Raises TypeError or ValueError for what is no row."""
        values = dict(data)
        for name in ("booking_date", "value_date", "transaction_date"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        values.setdefault("booking_date", None)
        values["amount"] = Decimal(values["amount"])
        values["remittance"] = tuple(values.get("remittance", ()))
        if values.get("bank_code"):
            values["bank_code"] = BankCode(**values["bank_code"])
        if values.get("exchange"):
            exchange = dict(values["exchange"])
            for name in ("rate", "instructed_amount"):
                exchange[name] = Decimal(exchange[name])
            values["exchange"] = Exchange(**exchange)
        return cls(**values)


def _to_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if dataclasses.is_dataclass(value):
        return {f.name: _to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value


def unbooked_payment(day: date, currency: str = "EUR", **more: Any) -> Movement:
    """A payment by card that the bank has not booked yet; ``more`` are other fields."""
    return Movement(
        booking_date=None,
        transaction_date=day,
        currency=currency,
        counterparty="HOTEL LA PAUSA",
        remittance=("AUTORIZZAZIONE CARTA HOTEL LA PAUSA",),
        **{"status": "PDNG", **more},
    )
