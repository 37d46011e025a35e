# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON of Plaid as values. Nothing in here raises for what a bank wrote.

Shapes: https://plaid.com/docs/api/ (schemas Institution, AccountBase, AccountBalance, Transaction). A row of which the
money, the day or the id cannot be understood becomes a ``RejectedRow``; whatever else is odd in it is left out,
because ``raw`` keeps it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ..values import Balance, BalanceKind, BankAccount, Institution, RejectedRow, Transaction, TransactionStatus
from .const import ACCOUNT_KINDS, ACCOUNT_TYPES, DEBT_TYPES, LOAN_SUBTYPES, LONGEST_HISTORY_DAYS

# Amounts are JSON numbers; a decimal in quotes is understood too. ASCII only: Decimal reads other scripts as well.
_is_decimal = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?").fullmatch
_LARGEST_EXPONENT = 20
_is_currency = re.compile(r"[A-Z]{3}").fullmatch
_is_country = re.compile(r"[A-Z]{2}").fullmatch
_is_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


class _Unreadable(Exception):
    """A field without which a row has no meaning is missing or wrong."""


def parse_institutions(entry: Any, country: str = "") -> tuple[Institution, ...]:
    """A bank of ``/institutions/get``, once for each of its countries (or only for ``country``)."""
    if not isinstance(entry, dict):
        return ()
    key, name = text(entry.get("institution_id")), text(entry.get("name"))
    listed = entry.get("country_codes")
    countries = [text(code).upper() for code in listed] if isinstance(listed, list) else []
    if not key or not name:
        return ()
    return tuple(
        Institution(key=key, name=name, country=code, history_days=LONGEST_HISTORY_DAYS)
        for code in dict.fromkeys(countries)
        if _is_country(code) and country in ("", code)
    )


def parse_accounts(
    entries: Iterable[Any], institution_id: str, numbers: Mapping[str, tuple[str, str, str]]
) -> tuple[BankAccount, ...]:
    """The accounts of an Item that have transactions; the others (investments, mortgages) are left out.

    ``identifiers``: the bank's lasting id where there is one, Plaid's id (the same as long as the Item lives), and a
    digest of bank, mask, kind and currency, by which a new Item of the same bank is known. The digest is left out
    where two accounts of the Item would share it.

    :param numbers: IBAN, other number and BIC by account id, as far as known
    """
    readable = [entry for entry in entries if isinstance(entry, dict) and _has_transactions(entry)]
    digests = Counter(_digest(entry, institution_id) for entry in readable)
    found = []
    for entry in readable:
        uid, digest = text(entry.get("account_id")), _digest(entry, institution_id)
        if not uid:
            continue
        names = [text(entry.get("persistent_account_id")), uid, digest if digests[digest] == 1 else ""]
        iban, number, bic = numbers.get(uid, ("", "", ""))
        balances = entry.get("balances")
        mask = text(entry.get("mask"))
        found.append(
            BankAccount(
                uid=uid,
                identifiers=tuple(dict.fromkeys(filter(None, names))),
                iban=iban,
                number=number or ("" if iban or not mask else f"…{mask}"),
                bic=bic,
                name=text(entry.get("name")),
                product=text(entry.get("official_name")),
                currency=_currency(balances) if isinstance(balances, dict) else "",
                kind=ACCOUNT_KINDS.get((text(entry.get("type")), text(entry.get("subtype"))), ""),
            )
        )
    return tuple(found)


def parse_numbers(numbers: Any) -> dict[str, tuple[str, str, str]]:
    """IBAN, other account number and BIC by account id, out of ``numbers`` of ``/auth/get``."""
    found: dict[str, tuple[str, str, str]] = {}
    if not isinstance(numbers, dict):
        return found
    for scheme in ("ach", "eft", "bacs", "international"):
        entries = numbers.get(scheme)
        for entry in entries if isinstance(entries, list) else ():
            if not isinstance(entry, dict):
                continue
            iban, bic = _joined(entry.get("iban")), _joined(entry.get("bic"))
            number = text(entry.get("account"))
            old = found.get(text(entry.get("account_id")), ("", "", ""))
            found[text(entry.get("account_id"))] = (iban or old[0], number or old[1], bic or old[2])
    return found


def parse_balances(entry: Any) -> tuple[Balance, ...]:
    """What an account says of its balance. A balance that cannot be read is left out.

    ``current`` is the ledger's, now: no day is given, and none is made up. Of cards and loans it is what is owed, so it
    is turned round; ``available`` never is.
    """
    balances = entry.get("balances") if isinstance(entry, dict) else None
    currency = _currency(balances) if isinstance(balances, dict) else ""
    if not currency:
        return ()
    changed = parse_instant(balances.get("last_updated_datetime"))
    current, available = decimal(balances.get("current")), decimal(balances.get("available"))
    if current is not None and text(entry.get("type")) in DEBT_TYPES:
        current = _turned(current)
    kinds = ((BalanceKind.INTERIM_BOOKED, current), (BalanceKind.AVAILABLE, available))
    return tuple(
        Balance(kind, amount, currency, changed_at=changed) for kind, amount in kinds if amount is not None
    )


def parse_transactions(
    rows: Iterable[Any], account_uid: str
) -> tuple[tuple[Transaction, ...], tuple[RejectedRow, ...]]:
    """The rows of one page that are of this account: those that were understood, and those that were not."""
    transactions: list[Transaction] = []
    rejected: list[RejectedRow] = []
    for row in rows:
        if isinstance(row, dict) and text(row.get("account_id")) not in ("", account_uid):
            continue
        try:
            transactions.append(_transaction(row))
        except _Unreadable as reason:
            field, value = reason.args
            raw = row if isinstance(row, dict) else {"row": row}
            rejected.append(RejectedRow(field, "" if value is None else str(value)[:200], raw))
    return tuple(transactions), tuple(rejected)


def parse_removed(rows: Iterable[Any], account_uid: str) -> tuple[str, ...]:
    """Ids of the rows that were taken back from this account."""
    ids = (
        text(row.get("transaction_id"))
        for row in rows
        if isinstance(row, dict) and text(row.get("account_id")) in ("", account_uid)
    )
    return tuple(dict.fromkeys(filter(None, ids)))


def _transaction(row: Any) -> Transaction:
    """One row. Raises :class:`_Unreadable` (field, value)."""
    if not isinstance(row, dict):
        raise _Unreadable("transaction", row)
    reference = text(row.get("transaction_id"))
    if not reference:
        # Without it a row could be neither changed nor taken back later.
        raise _Unreadable("transaction_id", row.get("transaction_id"))
    amount = decimal(row.get("amount"))
    if amount is None:
        raise _Unreadable("amount", row.get("amount"))
    currency = _currency(row)
    if not currency:
        raise _Unreadable("iso_currency_code", row.get("iso_currency_code") or row.get("unofficial_currency_code"))
    booking_date = _day(row.get("date"))
    if booking_date is None:
        raise _Unreadable("date", row.get("date"))
    pending = row.get("pending")
    if not isinstance(pending, bool):
        raise _Unreadable("pending", pending)
    meta = row.get("payment_meta")
    meta = meta if isinstance(meta, dict) else {}
    # Plaid counts what leaves the account as positive.
    amount = _turned(amount)
    name, account, bic = _counterparty(row, meta, leaving=amount < 0)
    return Transaction(
        booking_date,
        amount,
        currency,
        TransactionStatus.PENDING if pending else TransactionStatus.BOOKED,
        # Not the id of the pending row that it follows: that one comes as removed.
        (reference,),
        transaction_date=_day(row.get("authorized_date")),
        counterparty=name,
        counterparty_account=account,
        counterparty_bic=bic,
        remittance=_remittance(row, meta),
        transaction_code=text(row.get("transaction_code")),
        raw=row,
    )


def _counterparty(row: dict[str, Any], meta: dict[str, Any], *, leaving: bool) -> tuple[str, str, str]:
    """Name, account and BIC of the other side."""
    listed = row.get("counterparties")
    parties = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    # Services that only carried the payment stand beside the merchant; they are the other side when nobody else is.
    carriers = ("payment_app", "payment_terminal", "marketplace", "financial_institution")
    parties.sort(key=lambda entry: entry.get("type") in carriers)
    party = parties[0] if parties else {}
    other = text(meta.get("payee" if leaving else "payer")) or (
        "" if leaving else text(meta.get("by_order_of"))
    )
    name = text(row.get("merchant_name")) or text(party.get("name")) or other
    numbers = party.get("account_numbers")
    numbers = numbers if isinstance(numbers, dict) else {}
    international, bacs = numbers.get("international"), numbers.get("bacs")
    iban = bic = account = ""
    if isinstance(international, dict):
        iban, bic = _joined(international.get("iban")), _joined(international.get("bic"))
    if isinstance(bacs, dict):
        account = text(bacs.get("account"))
    return name, iban or account, bic


def _remittance(row: dict[str, Any], meta: dict[str, Any]) -> tuple[str, ...]:
    """The bank's own words where it gives them, else Plaid's wording of them; and the payer's reason."""
    lines = (text(row.get("original_description")) or text(row.get("name")), text(meta.get("reason")))
    return tuple(dict.fromkeys(filter(None, lines)))


def _has_transactions(entry: dict[str, Any]) -> bool:
    kind = text(entry.get("type"))
    return kind in ACCOUNT_TYPES and (kind != "loan" or text(entry.get("subtype")) in LOAN_SUBTYPES)


def _digest(entry: dict[str, Any], institution_id: str) -> str:
    """A lasting name of an account without an id of its own; empty where the bank shows no digits of its number."""
    mask = text(entry.get("mask"))
    if not mask or not institution_id:
        return ""
    balances = entry.get("balances")
    currency = _currency(balances) if isinstance(balances, dict) else ""
    parts = (institution_id, mask, text(entry.get("type")), text(entry.get("subtype")), currency)
    return "plaid:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def _currency(holder: dict[str, Any]) -> str:
    """The ISO 4217 code; empty for what only has an unofficial one (crypto-currencies)."""
    code = text(holder.get("iso_currency_code")).upper()
    return code if _is_currency(code) else ""


def decimal(value: Any) -> Decimal | None:
    """A finite decimal of sane size, or None."""
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


def _turned(amount: Decimal) -> Decimal:
    """The other sign, but no negative zero; exact, whatever the precision of the context."""
    return amount.copy_negate() if amount else amount.copy_abs()


def _day(value: Any) -> date | None:
    """A calendar date as written, or None."""
    if not isinstance(value, str) or not _is_day(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def parse_instant(value: Any) -> datetime | None:
    """An RFC 3339 instant in UTC, or None. One without a zone is taken as UTC."""
    try:
        instant = datetime.fromisoformat(value.strip())
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (AttributeError, ValueError, OverflowError):
        return None


def text(value: Any) -> str:
    """Text without blanks around it, anything else as nothing."""
    return value.strip() if isinstance(value, str) else ""


def _joined(value: Any) -> str:
    return "".join(text(value).split()).upper()
