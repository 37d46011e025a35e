# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON of Ponto as values. A row of which the money or the day cannot be understood becomes a ``RejectedRow``; whatever
else is odd in it is left out, because ``raw`` keeps it.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..values import (
    Balance,
    BalanceKind,
    BankAccount,
    Institution,
    RejectedRow,
    Transaction,
    TransactionStatus,
)
from .const import (
    ACCOUNT_KINDS,
    INSTITUTIONS_IN_TRIAL,
    NO_REFERENCE,
    SYNCHRONIZATION_KINDS,
)
from .fields import account_number, currency, day, decimal, instant, table, text


class _Unreadable(Exception):
    """A field without which a row has no meaning is missing or wrong."""


def parse_institution(entry: Any) -> Institution | None:
    """A bank, or None for one without name or country, or that is no longer offered."""
    told = table(entry, "attributes")
    key, name, country = text(table(entry).get("id")), text(told.get("name")), text(told.get("country")).upper()
    if not key or not name or len(country) != 2 or told.get("deprecated") is True:
        return None
    logo = text(told.get("logoUrl"))
    return Institution(
        key=key,
        name=name,
        country=country,
        bic=text(told.get("bic")),
        logo_url=logo if logo.startswith(("https://", "http://")) else "",
        beta=text(told.get("status")) in INSTITUTIONS_IN_TRIAL,
    )


def parse_account(entry: Any) -> BankAccount | None:
    """An account, or None when it has no id or its id is dead (linked anew under another).

    A new linking gives a new id: ``identifiers`` is a hash of number and currency, which stay.
    """
    told = table(entry, "attributes")
    uid = text(table(entry).get("id"))
    if not uid or told.get("deprecated") is True:
        return None
    number, scheme = account_number(told.get("reference")), text(told.get("referenceType")).upper()
    code = currency(told.get("currency"))
    lasting = f"{scheme}:{number}:{code}" if number else uid
    return BankAccount(
        uid=uid,
        identifiers=(hashlib.sha256(lasting.encode()).hexdigest(),),
        iban=number if scheme == "IBAN" else "",
        number="" if scheme == "IBAN" else number,
        holder=text(told.get("holderName")),
        name=text(told.get("description")),
        product=text(told.get("product")),
        currency=code,
        kind=ACCOUNT_KINDS.get(text(told.get("subtype")), ""),
    )


def institution_of(entry: Any) -> str:
    """The id of the bank that an account is with."""
    return text(table(entry, "relationships", "financialInstitution", "data").get("id"))


def authorized_until(entry: Any) -> datetime | None:
    """When the user must authorize the account again, as far as Ponto knows."""
    return instant(table(entry, "attributes").get("authorizationExpirationExpectedAt"))


def authorization_error(entry: Any) -> dict[str, Any]:
    """The error of the account's latest synchronization that only its user can cure, if that is how it ended."""
    return next(
        (error for error in synchronization_errors(table(entry, "meta", "latestSynchronization"))
         if text(error.get("code")) in SYNCHRONIZATION_KINDS),
        {},
    )  # fmt: skip


def synchronization_errors(entry: Any) -> tuple[dict[str, Any], ...]:
    """What a synchronization that failed says about it; nothing for one that did not fail."""
    told = table(entry, "attributes")
    errors = told.get("errors")
    if text(told.get("status")) != "error":
        return ()
    return tuple(filter(None, map(table, errors))) if isinstance(errors, list) else ()


def parse_balances(entry: Any) -> tuple[Balance, ...]:
    """Booked and available balance of an account, as far as they can be understood.

    Ponto has no closing balance: the booked one counts for the day that the bank named, or else for the day on which
    it was asked.
    """
    told = table(entry, "attributes")
    code = currency(told.get("currency"))
    asked = table(entry, "meta").get("synchronizedAt")
    found = []
    for kind, name in ((BalanceKind.INTERIM_BOOKED, "currentBalance"), (BalanceKind.AVAILABLE, "availableBalance")):
        amount = decimal(told.get(name))
        if amount is not None and code:
            found.append(
                Balance(
                    kind,
                    amount,
                    code,
                    reference_date=day(told.get(f"{name}ReferenceDate")) or day(asked),
                    changed_at=instant(told.get(f"{name}ChangedAt")),
                )
            )
    return tuple(found)


def parse_transactions(
    rows: Iterable[Any], status: TransactionStatus
) -> tuple[tuple[Transaction, ...], tuple[RejectedRow, ...]]:
    """The rows of one page: those that were understood, and those that were not."""
    transactions, rejected = [], []
    for row in rows:
        try:
            transactions.append(_transaction(row, status))
        except _Unreadable as reason:
            name, value = reason.args
            raw = row if isinstance(row, dict) else {"row": row}
            rejected.append(RejectedRow(name, "" if value is None else str(value)[:200], raw))
    return tuple(transactions), tuple(rejected)


def _transaction(row: Any, status: TransactionStatus) -> Transaction:
    """One row. Raises :class:`_Unreadable` (field, value)."""
    told = row.get("attributes") if isinstance(row, dict) else None
    if not isinstance(told, dict):
        raise _Unreadable("transaction", row)
    amount = decimal(told.get("amount"))
    if amount is None:
        raise _Unreadable("amount", told.get("amount"))
    code = currency(told.get("currency"))
    if not code:
        raise _Unreadable("currency", told.get("currency"))
    executed, value_date = told.get("executionDate"), day(told.get("valueDate"))
    booking_date = day(executed) if executed else value_date
    if booking_date is None:
        name = "executionDate" if executed or not told.get("valueDate") else "valueDate"
        raise _Unreadable(name, told.get(name))
    reference = text(row.get("id"))
    label = text(told.get("remittanceInformation"))
    structured = text(told.get("remittanceInformationType")) == "structured"
    end_to_end = text(told.get("endToEndId"))
    return Transaction(
        booking_date=booking_date,
        amount=amount,
        currency=code,
        status=status,
        references=(reference,) if reference else (),
        value_date=value_date,
        counterparty=text(told.get("counterpartName")),
        counterparty_account=account_number(told.get("counterpartReference")),
        remittance=_lines(label) or _lines(text(told.get("additionalInformation"))),
        creditor_reference=label if structured else "",
        end_to_end_id="" if end_to_end.upper() in NO_REFERENCE else end_to_end,
        transaction_code=text(told.get("bankTransactionCode")) or text(told.get("proprietaryBankTransactionCode")),
        transaction_label=text(told.get("description")),
        raw=row,
    )


def _lines(label: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, label.splitlines())))
