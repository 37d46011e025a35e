# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The texts of a generated row, one writer per kind.

Bank transaction codes are ISO 20022: PMNT is payments, then family-subfamily (RCDT-ESCT: a SEPA
credit transfer received; ICDT: issued; RDDT: a direct debit received; CCRD/MCRD: cards; ACMT:
account management).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..banks import Account
from ..identifiers import digits_from, fi_reference, iban_from, rf_reference
from ..movement import BankCode, Exchange, Movement
from .draws import Draws
from .names import FOREIGN_COMPANIES, WORDS, Words
from .parties import Party, company, creditor_id, party, person
from .plan import Kind

RATES = {"USD": Decimal("1.0842"), "GBP": Decimal("0.8451"), "CHF": Decimal("0.9587"),
         "PLN": Decimal("4.2610"), "EUR": Decimal("1")}  # fmt: skip
CENT = Decimal("0.01")
INVOICE_STYLES = (
    "FT/{year}/{number:05}", "{number}/{year}", "INV/{year}/{number:05}", "{year}-{number:04}",
)  # fmt: skip
DAYS = tuple(timedelta(days=days) for days in range(4))


_fixed_digits = functools.lru_cache(maxsize=4096)(digits_from)


@functools.lru_cache(maxsize=4096)
def _written(day: date) -> str:
    return day.strftime("%d/%m/%Y")


@dataclass(slots=True)
class Draft:
    """What the plan says about a row, and the random numbers of that row alone."""

    rng: Draws
    account: Account
    words: Words
    day: date
    amount: Decimal

    def invoice_number(self) -> str:
        """A number such as companies give: FT/2026/00012, 12/2026, FATT-0012..."""
        style = self.rng.choice(INVOICE_STYLES)
        return style.format(number=self.rng.randint(1, 2400), year=self.day.year)

    def month_words(self, months_back: int = 0) -> dict[str, object]:
        """Month and year for a text."""
        month = (self.day.month - 1 - months_back) % 12
        year = self.day.year - (1 if months_back >= self.day.month else 0)
        return {"month": self.words.months[month], "year": year}


def wrap(text: str, width: int) -> tuple[str, ...]:
    """``text`` in pieces of at most ``width`` characters, cut without regard to words: so
    banks fill their remittance lines."""
    return tuple(text[start : start + width] for start in range(0, len(text), width)) or ("",)


@functools.lru_cache(maxsize=64)
def _code(sub_code: str, label: str) -> BankCode:
    domain = "ACMT" if sub_code.startswith("MDOP") else "PMNT"
    return BankCode(domain, sub_code, label)


def _transfer(
    draft: Draft, other: Party, text: str, sub_code: str, label: str, **more: Any
) -> Movement:
    values = {
        "value_date": _value_date(draft),
        "counterparty_account": other.iban,
        "counterparty_bic": other.bic,
        "remittance": (text,),
    }
    values.update(more)
    return Movement(
        booking_date=draft.day,
        amount=draft.amount,
        currency=draft.account.currency,
        counterparty=other.name,
        bank_code=_code(sub_code, label),
        **values,
    )


def _value_date(draft: Draft) -> date:
    if draft.amount > 0:
        return draft.day + DAYS[draft.rng.choice((0, 0, 0, 1, 2))]
    return draft.day - DAYS[draft.rng.choice((0, 0, 0, 0, 1))]


def _own_bank(draft: Draft, text: str, sub_code: str, label: str, **more: Any) -> Movement:
    return Movement(
        booking_date=draft.day,
        value_date=draft.day,
        amount=draft.amount,
        currency=draft.account.currency,
        remittance=(text,),
        bank_code=_code(sub_code, label),
        **more,
    )


def _customer(draft: Draft, phrases: tuple[str, ...]) -> Movement:
    rng = draft.rng
    other = company(rng, draft.account.country)
    text = rng.choice(phrases).format(n=draft.invoice_number(), m=draft.invoice_number())
    chance = rng.random()
    if chance < 0.08:
        # longer than one remittance line of 140 characters
        text += f" - {draft.account.holder} - {rng.choice(draft.words.towns)} - {other.name}" * 3
    more: dict[str, Any] = {}
    if chance > 0.82:
        reference, schema = _reference(draft)
        more = {
            "remittance": (reference, text),
            "reference_number": reference,
            "reference_number_schema": schema,
        }
    return _transfer(draft, other, text, "RCDT-ESCT", "SEPA credit transfer", **more)


def _reference(draft: Draft) -> tuple[str, str]:
    number = str(draft.rng.randint(10_000, 99_999_999))
    if draft.account.country == "FI" and draft.rng.random() < 0.6:
        return fi_reference(number), "FIRF"
    return rf_reference(number), "INTL"


def _write_customer(draft: Draft) -> Movement:
    return _customer(draft, draft.words.invoice)


def _write_partial(draft: Draft) -> Movement:
    return _customer(draft, draft.words.partial)


def _write_several(draft: Draft) -> Movement:
    return _customer(draft, draft.words.several)


def _write_supplier(draft: Draft) -> Movement:
    text = draft.rng.choice(draft.words.supplier).format(n=draft.invoice_number())
    other = company(draft.rng, draft.account.country)
    return _transfer(draft, other, text, "ICDT-ESCT", "SEPA credit transfer")


def _write_tax(draft: Draft) -> Movement:
    text = draft.words.tax.format(**draft.month_words(1))
    other = party(draft.account.country, draft.words.tax_office)
    # tax is paid to the state, not to an account that the bank would show
    hidden = {"counterparty_account": None, "counterparty_bic": None, "value_date": draft.day}
    return _transfer(draft, other, text, "ICDT-TAXP", "F24", **hidden)


def _write_salary(draft: Draft) -> Movement:
    text = draft.words.salary.format(**draft.month_words())
    other = person(draft.rng, draft.words, draft.account.country)
    return _transfer(draft, other, text, "ICDT-SALA", "Salary")


def _write_fee(draft: Draft) -> Movement:
    text = draft.words.fee.format(**draft.month_words())
    return _own_bank(draft, text, "MDOP-FEES", "Fees")


def _write_stamp(draft: Draft) -> Movement:
    text = draft.words.stamp.format(**draft.month_words())
    return _own_bank(draft, text, "MDOP-TAXE", "Stamp duty")


def _write_direct_debit(draft: Draft) -> Movement:
    country = draft.account.country
    name = draft.rng.choice(draft.words.utilities)
    mandate = _fixed_digits(10, "mandate", name, draft.account.iban)
    text = draft.words.mandate.format(name=name, mandate=f"MND{mandate}", n=draft.invoice_number())
    return _transfer(
        draft,
        party(country, name),
        text,
        "RDDT-ESDD",
        "SEPA direct debit",
        value_date=draft.day,
        transaction_date=draft.day - DAYS[1],
        creditor_id=creditor_id(country, name),
        reference_number=f"MND{mandate}",
        reference_number_schema="SDDM",
    )


def _write_card(draft: Draft) -> Movement:
    rng = draft.rng
    shop, town = rng.choice(draft.words.shops), rng.choice(draft.words.towns)
    pan = _fixed_digits(4, "card", draft.account.iban)
    text = draft.words.card.format(pan=pan, shop=shop.upper(), town=town.upper())
    return _own_bank(
        draft,
        text,
        "CCRD-POSD",
        "Card payment",
        transaction_date=draft.day - DAYS[rng.choice((0, 1, 1, 2, 3))],
        counterparty=f"{shop} {town}".upper() if rng.random() < 0.7 else None,
        merchant_category_code=rng.choice(("5541", "5812", "5943", "7011", "4111")),
    )


def _write_pos(draft: Draft) -> Movement:
    terminal = _fixed_digits(8, "terminal", draft.account.iban)
    sold_on = draft.day - DAYS[1]
    text = draft.words.pos.format(n=terminal, day=_written(sold_on), count=draft.rng.randint(2, 80))
    return _own_bank(draft, text, "MCRD-POSP", "POS settlement", transaction_date=sold_on)


def _write_settlement(draft: Draft) -> Movement:
    gross = (draft.amount / Decimal("0.986")).quantize(CENT)
    text = draft.words.settlement.format(
        day=_written(draft.day - DAYS[2]), gross=gross, fee=gross - draft.amount
    )
    other = party(draft.account.country, draft.words.processor)
    return _transfer(draft, other, text, "RCDT-ESCT", "Settlement")


def _write_rent(draft: Draft) -> Movement:
    other = party(draft.account.country, draft.words.landlord)
    text = draft.words.rent.format(**draft.month_words())
    return _transfer(draft, other, text, "ICDT-STDO", "Standing order")


def _write_transfer(draft: Draft) -> Movement:
    iban = iban_from(draft.account.country, f"{draft.account.bank_name}/second account")
    other = Party(draft.account.holder, iban, draft.account.bic)
    sub_code = "RCDT-BOOK" if draft.amount > 0 else "ICDT-BOOK"
    text = draft.words.transfer
    return _transfer(draft, other, text, sub_code, "Own account transfer", value_date=draft.day)


def _write_cash(draft: Draft) -> Movement:
    text = draft.words.cash.format(town=draft.rng.choice(draft.words.towns))
    return _own_bank(draft, text, "CNTR-CDPT", "Cash deposit")


def _write_foreign(draft: Draft) -> Movement:
    account = draft.account
    currency = draft.rng.choice(("USD", "GBP", "CHF"))
    drift = Decimal(draft.rng.randint(-300, 300)) / 10_000
    rate = RATES[currency] / RATES.get(account.currency, Decimal(1)) + drift
    rate = rate.quantize(Decimal("0.0001"))
    original = (abs(draft.amount) * rate).quantize(CENT)
    name = draft.rng.choice(FOREIGN_COMPANIES)
    text = draft.words.foreign.format(n=draft.invoice_number(), original=f"{original} {currency}")
    return Movement(
        booking_date=draft.day,
        value_date=draft.day + DAYS[2],
        amount=draft.amount,
        currency=account.currency,
        counterparty=name,
        counterparty_account=_fixed_digits(12, "foreign", name),
        counterparty_scheme="BBAN",
        remittance=(text,),
        bank_code=_code("RCDT-XBCT", "Cross-border credit transfer"),
        exchange=Exchange(account.currency, rate, original, currency),
    )


WRITERS: dict[int, Callable[[Draft], Movement]] = {
    Kind.CUSTOMER: _write_customer,
    Kind.CUSTOMER_PARTIAL: _write_partial,
    Kind.CUSTOMER_SEVERAL: _write_several,
    Kind.SUPPLIER: _write_supplier,
    Kind.TAX: _write_tax,
    Kind.SALARY: _write_salary,
    Kind.FEE: _write_fee,
    Kind.STAMP: _write_stamp,
    Kind.DIRECT_DEBIT: _write_direct_debit,
    Kind.CARD: _write_card,
    Kind.POS: _write_pos,
    Kind.SETTLEMENT: _write_settlement,
    Kind.RENT: _write_rent,
    Kind.TRANSFER_IN: _write_transfer,
    Kind.TRANSFER_OUT: _write_transfer,
    Kind.CASH: _write_cash,
    Kind.FOREIGN: _write_foreign,
}


def write(kind: int, rng: Draws, account: Account, day: date, cents: int) -> Movement:
    """The row of ``kind`` on ``day``; ``cents`` signed, ``rng`` seeded for this row alone."""
    amount = Decimal(cents).scaleb(-2)
    return WRITERS[kind](Draft(rng, account, WORDS[account.country], day, amount))
