# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON of Yodlee as values. Nothing in here raises for what a bank wrote.

Shapes: schemas Providers, Account and TransactionWithDateTime of the published interface description. A row of which
the money, the day or the status cannot be understood becomes a ``RejectedRow``; whatever else is odd in it is left
out, because ``raw`` keeps it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from ..iban import iban_in
from ..values import Balance, BalanceKind, BankAccount, Institution, RejectedRow, Transaction
from .const import (
    ACCOUNT_KINDS,
    CONTAINER_CARD,
    CONTAINERS,
    CREDIT,
    DEBIT,
    LONGEST_HISTORY,
    MANUAL,
    OPEN_ACCOUNTS,
    TRANSACTION_STATUSES,
)

# Written digits, where a number comes as text. ASCII only: Decimal reads other scripts too, and "1e400000000" would
# be a number that no arithmetic survives.
_is_decimal = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})").fullmatch
_LARGEST_EXPONENT = 20
_is_currency = re.compile(r"[A-Z]{3}").fullmatch
_is_country = re.compile(r"[A-Z]{2}").fullmatch


class _Unreadable(Exception):
    """A field without which a row has no meaning is missing or wrong."""


# Banks


def parse_institution(entry: Any) -> Institution | None:
    """A provider of ``GET /providers``, or None when it has no number, name or country, or is not supported."""
    if not isinstance(entry, dict):
        return None
    key, name, country = text(entry.get("id")), text(entry.get("name")), text(entry.get("countryISOCode")).upper()
    status = text(entry.get("status")).lower()
    if not key or not name or not _is_country(country) or status == "unsupported":
        return None
    logo = text(entry.get("logo"))
    return Institution(
        key=key,
        name=name,
        country=country,
        logo_url=logo if logo.startswith(("https://", "http://")) else "",
        beta=status == "beta",
        history_days=LONGEST_HISTORY.days,
    )


# Accounts


def parse_accounts(entries: Iterable[Any]) -> tuple[BankAccount, ...]:
    """The accounts that hold money, each once.

    ``identifiers``: Yodlee's number, which stays as long as the provider account does; and, to know the account again
    after it was added anew, what the bank says of it, as a digest. That one is left out where two accounts of the
    list would share it: a masked number has few digits.
    """
    found: dict[str, tuple[BankAccount, dict[str, Any]]] = {}
    for entry in entries:
        account = _account(entry)
        if account:
            found.setdefault(account.uid, (account, entry))
    names = {uid: _lasting_names(entry) for uid, (_account_, entry) in found.items()}
    count = Counter(name for several in names.values() for name in several)
    return tuple(
        BankAccount(
            uid=uid,
            identifiers=(f"yodlee-{uid}", *(name for name in names[uid] if count[name] == 1)),
            iban=account.iban,
            number=account.number,
            holder=account.holder,
            name=account.name,
            product=account.product,
            currency=account.currency,
            kind=account.kind,
        )
        for uid, (account, _entry) in found.items()
    )


def _account(entry: Any) -> BankAccount | None:
    if not isinstance(entry, dict) or entry.get("CONTAINER") not in CONTAINERS or entry.get("isManual") is True:
        return None
    uid = text(entry.get("id"))
    if not uid or text(entry.get("accountStatus")).upper() not in OPEN_ACCOUNTS:
        return None
    kind = text(entry.get("accountType"))
    card = entry["CONTAINER"] == CONTAINER_CARD
    number = _full_number(entry) or text(entry.get("accountNumber"))
    # The interface has no field for an IBAN: where banks have them, the whole number is one.
    iban = iban_in(number)
    return BankAccount(
        uid=uid,
        identifiers=(),
        iban=iban,
        number="" if iban else number,
        holder=text(entry.get("displayedName")),
        name=text(entry.get("nickname")) or text(entry.get("accountName")),
        product=text(entry.get("accountName")),
        currency=next(filter(None, (money(entry.get(name))[1] for name in _MONEY_FIELDS)), ""),
        kind="CARD" if card else ACCOUNT_KINDS.get(kind.upper(), ""),
    )


_MONEY_FIELDS = ("currentBalance", "runningBalance", "balance", "availableBalance", "availableCredit")


def _full_number(entry: dict[str, Any]) -> str:
    listed = entry.get("fullAccountNumberList")
    if not isinstance(listed, dict):
        return ""
    return text(listed.get("unmaskedAccountNumber")) or text(listed.get("paymentAccountNumber"))


def _lasting_names(entry: dict[str, Any]) -> tuple[str, ...]:
    bank, container = text(entry.get("providerId")), text(entry.get("CONTAINER"))
    names = []
    if full := _full_number(entry):
        names.append(_digest("full", bank, container, full))
    number = text(entry.get("accountNumber"))
    if bank and number:
        kind, name = text(entry.get("accountType")), text(entry.get("accountName"))
        names.append(_digest("shown", bank, container, number, kind, name))
    return tuple(names)


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()


def parse_balances(entry: dict[str, Any]) -> tuple[Balance, ...]:
    """The balances of an account; one that cannot be read is left out.

    ``currentBalance`` is the bank's ledger balance, ``runningBalance`` what is owed on a card: for its holder a
    negative amount. ``balance`` is one or the other of a bank's figures, so it only stands in where there is none.
    """
    changed_at = instant(entry.get("lastUpdated"))
    found = []
    card = entry.get("CONTAINER") == CONTAINER_CARD
    booked = ("runningBalance", "balance") if card else ("currentBalance",)
    wanted = [(BalanceKind.INTERIM_BOOKED, booked)]
    wanted.append((BalanceKind.AVAILABLE, ("availableCredit",) if card else ("availableBalance",)))
    for kind, names in wanted:
        amount, currency = next(filter(_is_known, (money(entry.get(name)) for name in names)), (None, ""))
        if amount is not None:
            owed = card and kind is BalanceKind.INTERIM_BOOKED
            found.append(Balance(kind, -amount if owed and amount else amount, currency, None, changed_at))
    if not found:
        amount, currency = money(entry.get("balance"))
        if amount is not None:
            found.append(Balance(BalanceKind.OTHER, amount, currency, None, changed_at))
    return tuple(found)


def _is_known(value: tuple[Decimal | None, str]) -> bool:
    return value[0] is not None


# Transactions


def parse_transactions(
    rows: Iterable[Any], account_uid: str
) -> tuple[tuple[Transaction, ...], tuple[RejectedRow, ...]]:
    """The rows of one page that are the account's: those that were understood, and those that were not.

    Rows that a user typed at Yodlee are left out: no bank has sent them.
    """
    transactions: list[Transaction] = []
    rejected: list[RejectedRow] = []
    for row in rows:
        try:
            if isinstance(row, dict) and (
                row.get("isManual") is True
                or row.get("sourceType") == MANUAL
                or text(row.get("accountId")) not in ("", account_uid)
            ):
                continue
            transactions.append(_transaction(row))
        except _Unreadable as reason:
            field, value = reason.args
            value = "" if value is None else str(value)[:200]
            rejected.append(RejectedRow(field, value, row if isinstance(row, dict) else {"row": row}))
    return tuple(transactions), tuple(rejected)


def _transaction(row: Any) -> Transaction:
    """One row. Raises :class:`_Unreadable` (field, value)."""
    if not isinstance(row, dict):
        raise _Unreadable("transaction", row)
    status = TRANSACTION_STATUSES.get(text(row.get("status")).upper())
    if status is None:
        raise _Unreadable("status", row.get("status"))

    given = row.get("amount")
    if not isinstance(given, dict):
        raise _Unreadable("amount", given)
    amount = decimal(given.get("amount"))
    if amount is None:
        raise _Unreadable("amount.amount", given.get("amount"))
    currency = text(given.get("currency")).upper()
    if not _is_currency(currency):
        raise _Unreadable("amount.currency", given.get("currency"))
    # The base type decides, whether or not a sign comes besides. No negative zero.
    side = row.get("baseType")
    if side == DEBIT:
        amount = -abs(amount) if amount else abs(amount)
    elif side == CREDIT:
        amount = abs(amount)
    else:
        raise _Unreadable("baseType", side)

    done = day(row.get("transactionDate"))
    booking_date = _booking_date(row)
    card = row.get("CONTAINER") == CONTAINER_CARD
    after, after_currency = money(row.get("runningBalance"))
    if after_currency != currency:
        after = None
    elif card and after:
        after = -after
    return Transaction(
        booking_date,
        amount,
        currency,
        status,
        # The bank's own id (pre-populated accounts only) outlives Yodlee's when the account is added anew.
        references=tuple(dict.fromkeys(filter(None, (text(row.get("id")), text(row.get("sourceId")))))),
        transaction_date=done,
        counterparty=_named(row.get("merchant")) or text(row.get("sourceBillerName")),
        remittance=_remittance(row),
        transaction_code=text(row.get("subType")) or text(row.get("type")),
        transaction_label=text(row.get("typeAtSource")),
        balance_after=after,
        raw=row,
    )


def _booking_date(row: dict[str, Any]) -> date:
    """The day of posting; ``date`` and the day of the transaction stand in where there is none."""
    for name in ("postDate", "date", "transactionDate"):
        value = row.get(name)
        if value is None or value == "":
            continue
        found = day(value)
        if found is None:
            raise _Unreadable(name, value)
        return found
    raise _Unreadable("date", None)


def _remittance(row: dict[str, Any]) -> tuple[str, ...]:
    """The bank's text. ``simple`` and ``consumer`` are rewritten by Yodlee and its users, so they only stand in."""
    said = row.get("description")
    lines = []
    if isinstance(said, dict):
        lines += filter(None, [next(filter(None, (text(said.get(n)) for n in ("original", "simple", "consumer"))), "")])
    check = text(row.get("checkNumber"))
    if check and check not in " ".join(lines):
        lines.append(check)
    return tuple(lines)


def _named(value: Any) -> str:
    return text(value.get("name")) if isinstance(value, dict) else ""


# Pieces


def decimal(value: Any) -> Decimal | None:
    """A finite decimal of sane size, or None. A float is none: it has lost digits already."""
    if isinstance(value, str):
        value = value.strip()
        return Decimal(value) if _is_decimal(value) else None
    if value.__class__ is int and -(10**20) < value < 10**20:
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        # A number such as 1.5E+3 is written out: what is stored shall read like an amount.
        if value.adjusted() < _LARGEST_EXPONENT and exponent >= -_LARGEST_EXPONENT:
            return value if exponent <= 0 else Decimal(f"{value:f}")
    return None


def money(value: Any) -> tuple[Decimal | None, str]:
    """Amount and currency of schema Money; (None, "") unless both are good."""
    if not isinstance(value, dict):
        return None, ""
    amount, currency = decimal(value.get("amount")), text(value.get("currency")).upper()
    return (amount, currency) if amount is not None and _is_currency(currency) else (None, "")


def day(value: Any) -> date | None:
    """A calendar date as written; of an instant, the day that it shows: no zone is applied."""
    if not isinstance(value, str):
        return None
    value = value.strip()
    if len(value) != 10 and value[10:11] not in ("T", " "):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def instant(value: Any) -> datetime | None:
    """An ISO 8601 instant in UTC, or None. One without a zone is taken as UTC."""
    try:
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (AttributeError, ValueError, OverflowError):
        return None


def text(value: Any) -> str:
    """Text without blanks around it; a whole number counts as text, anything else as nothing."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if value.__class__ is int and -(10**40) < value < 10**40 else ""
