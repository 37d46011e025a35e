# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payments of invoices that exist in somebody's books.

Customers pay around the due date. Every third overdue invoice is left unpaid and every fifth is
paid in part, so that there is something left to collect; two invoices of one partner whose due
dates are at most ten days apart are paid together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..banks import Account
from ..identifiers import integer_from, rf_reference
from ..movement import BankCode, Exchange, Movement
from .kinds import CENT, RATES
from .names import WORDS
from .parties import party

TOGETHER_DAYS = 10


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice: ``kind`` ``out`` is to a customer, ``in`` from a supplier; amount positive."""

    number: str
    partner: str
    amount: Decimal
    currency: str
    date: date
    due_date: date
    kind: str = "out"
    iban: str | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Invoice:
        """From ``{number, partner, iban?, amount, currency, date, due_date, kind}``; dates are
        ISO texts. Raises KeyError or ValueError when something is missing or wrong."""
        if data["kind"] not in ("out", "in"):
            raise ValueError(f"An invoice is of kind out or in, not {data['kind']!r}")
        if data["currency"] not in RATES:
            raise ValueError(f"No rate for {data['currency']!r}, only for {sorted(RATES)}")
        return cls(
            number=str(data["number"]),
            partner=str(data["partner"]),
            amount=Decimal(str(data["amount"])),
            currency=str(data["currency"]),
            date=_day(data["date"]),
            due_date=_day(data["due_date"]),
            kind=data["kind"],
            iban=data.get("iban"),
        )


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


class InvoiceBook:
    """The invoices known to the sandbox and what is still to be paid on each."""

    def __init__(self, invoices: Iterable[Invoice], remaining: dict[str, str] | None = None):
        self.invoices = list(invoices)
        self._remaining = {number: Decimal(amount) for number, amount in (remaining or {}).items()}

    def remaining(self, invoice: Invoice) -> Decimal:
        """What is still unpaid of ``invoice``, in its currency."""
        return self._remaining.get(_key(invoice), invoice.amount)

    def to_json(self) -> dict[str, str]:
        """What is unpaid, for the state file."""
        return {key: format(amount, "f") for key, amount in self._remaining.items()}

    def next_unpaid(self, kind: str = "out") -> Invoice | None:
        """The invoice of ``kind`` with the earliest due date that is not fully paid."""
        unpaid = [item for item in self.invoices if item.kind == kind and self.remaining(item) > 0]
        return min(unpaid, key=lambda item: (item.due_date, item.number), default=None)

    def pay(self, invoices: list[Invoice], day: date, account: Account, share: Decimal) -> Movement:
        """Pay ``share`` (0 to 1) of what remains of ``invoices``: one row of one partner."""
        paid = Decimal(0)
        for invoice in invoices:
            part = (self.remaining(invoice) * share).quantize(CENT)
            self._remaining[_key(invoice)] = self.remaining(invoice) - part
            paid += part
        return _payment(invoices, paid, day, account, in_full=share == 1)

    def history(self, today: date, account: Account) -> list[Movement]:
        """Pay, once, what would have been paid before ``today`` of the invoices that were not
        known before, and return those rows oldest first."""
        fresh = [item for item in self.invoices if _key(item) not in self._remaining]
        for invoice in fresh:
            self._remaining[_key(invoice)] = invoice.amount
        overdue = sorted(
            (item for item in fresh if item.due_date < today),
            key=lambda item: (item.kind, item.partner, item.due_date, item.number),
        )
        rows: list[Movement] = []
        place = 0
        while place < len(overdue):
            invoice, partner = overdue[place], overdue[place + 1 : place + 2]
            place += 1
            if place % 3 == 0:
                continue
            day = min(
                max(invoice.due_date, invoice.date)
                + timedelta(days=integer_from("payment day", _key(invoice)) % 6),
                today - timedelta(days=1),
            )
            if partner and _paid_together(invoice, partner[0]):
                place += 1
                rows.append(self.pay([invoice, partner[0]], day, account, Decimal(1)))
            else:
                share = Decimal("0.6") if place % 5 == 0 else Decimal(1)
                rows.append(self.pay([invoice], day, account, share))
        return sorted(rows, key=lambda row: row.day)


def _key(invoice: Invoice) -> str:
    return f"{invoice.kind}|{invoice.partner}|{invoice.number}"


def _paid_together(one: Invoice, other: Invoice) -> bool:
    return (one.kind, one.partner, one.currency) == (
        other.kind,
        other.partner,
        other.currency,
    ) and abs((one.due_date - other.due_date).days) <= TOGETHER_DAYS


def _payment(
    invoices: list[Invoice], paid: Decimal, day: date, account: Account, *, in_full: bool
) -> Movement:
    first = invoices[0]
    incoming = first.kind == "out"
    words = WORDS[account.country]
    numbers = {"n": first.number, "m": invoices[-1].number}
    variant = integer_from("payment text", _key(first))
    if len(invoices) > 1:
        phrases = words.several
    elif not in_full:
        phrases = words.partial
    else:
        phrases = words.invoice if incoming else words.supplier
    remittance = (phrases[variant % len(phrases)].format(**numbers),)
    reference = None
    if incoming and len(invoices) == 1 and variant % 4 == 0:
        reference = rf_reference("".join(filter(str.isalnum, first.number)).upper()[-21:])
        remittance = (reference, *remittance)
    payer = party(account.country, first.partner)
    amount, exchange = _in_account_currency(paid, first.currency, account.currency)
    return Movement(
        booking_date=day,
        value_date=day,
        amount=amount if incoming else -amount,
        currency=account.currency,
        counterparty=first.partner,
        counterparty_account=first.iban or payer.iban,
        counterparty_bic=payer.bic,
        remittance=remittance,
        reference_number=reference,
        reference_number_schema="INTL" if reference else None,
        bank_code=BankCode(
            "PMNT", "RCDT-ESCT" if incoming else "ICDT-ESCT", "SEPA credit transfer"
        ),
        exchange=exchange,
    )


def _in_account_currency(
    paid: Decimal, currency: str, account_currency: str
) -> tuple[Decimal, Exchange | None]:
    if currency == account_currency:
        return paid, None
    rate = (RATES[currency] / RATES[account_currency]).quantize(Decimal("0.0001"))
    amount = (paid / rate).quantize(CENT)
    return amount, Exchange(account_currency, rate, paid, currency)
