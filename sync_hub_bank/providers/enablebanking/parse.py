# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON of Enable Banking as values. Nothing in here raises for what a bank wrote.

Shapes: https://enablebanking.com/docs/api/reference/ (schemas ASPSPData, AccountResource,
BalanceResource, Transaction). A row of which the money, the day or the status cannot be understood
becomes a ``RejectedRow``; whatever else is odd in it is left out, because ``raw`` keeps it.

A page has a thousand rows and a first fetch many pages: the functions below run for each row, so
they take positional arguments, look nothing up twice and allocate little.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ..values import (
    Balance,
    BalanceKind,
    BankAccount,
    Institution,
    RejectedRow,
    Transaction,
)
from .const import (
    BALANCE_KINDS,
    CARD_SCHEMES,
    MANDATE_SCHEME,
    NO_REFERENCE,
    SEVERAL_CURRENCIES,
    TRANSACTION_STATUSES,
)

# Schema AmountType, with a plus sign and a bare dot tolerated. Exponents are not: "1e400000000"
# would be a number that no arithmetic survives. ASCII only: Decimal reads other scripts too.
_is_decimal = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})").fullmatch
_LARGEST_EXPONENT = 20
_is_currency = re.compile(r"[A-Z]{3}").fullmatch
_is_country = re.compile(r"[A-Z]{2}").fullmatch
# How banks mark an end-to-end id in a label: "EREF+INV-1 SVWZ+..." (German banks: DK, annex 3 of
# the DFÜ agreement) and "/EREF/INV-1//BENM/..." (Dutch banks: NVB, structured MT940). It ends with
# a blank or where the next mark begins.
_marked_end_to_end = re.compile(
    r"(?:(?<![A-Za-z0-9])EREF\+|/EREF/)(\S+?)(?=\s|//|/[A-Z]{4}/|[A-Z]{4}\+|\Z)"
).search


class _Unreadable(Exception):
    """A field without which a row has no meaning is missing or wrong."""


def parse_transactions(
    rows: Iterable[Any],
) -> tuple[tuple[Transaction, ...], tuple[RejectedRow, ...]]:
    """The rows of one page: those that were understood, and those that were not."""
    transactions: list[Transaction] = []
    rejected: list[RejectedRow] = []
    add = transactions.append
    parse = _transaction
    for row in rows:
        try:
            add(parse(row))
        except _Unreadable as reason:
            field, value = reason.args
            value = "" if value is None else str(value)[:200]
            raw = row if row.__class__ is dict else {"row": row}
            rejected.append(RejectedRow(field, value, raw))
    return tuple(transactions), tuple(rejected)


def parse_institution(entry: Any) -> Institution | None:
    """A bank of ``GET /aspsps``, or None when it has no name or no country."""
    if not isinstance(entry, dict):
        return None
    name, country = _text(entry.get("name")), _text(entry.get("country")).upper()
    if not name or not _is_country(country):
        return None
    logo = _text(entry.get("logo"))
    seconds = entry.get("maximum_consent_validity")
    return Institution(
        # The interface knows a bank by its very name: not even a blank may be trimmed.
        key=entry["name"],
        name=name,
        country=country,
        bic=_text(entry.get("bic")),
        logo_url=logo if logo.startswith(("https://", "http://")) else "",
        beta=entry.get("beta") is True,
        psu_types=_texts(entry.get("psu_types")),
        consent_seconds=seconds if seconds.__class__ is int and seconds > 0 else None,
        attended_headers=_texts(entry.get("required_psu_headers")),
    )


def parse_account(entry: Any) -> BankAccount | None:
    """An account of a session, or None when the bank does not let it be read (no ``uid``).

    ``identifiers``: the account's own hash first. The others may be shared by several accounts.
    """
    if not isinstance(entry, dict):
        return None
    uid = _text(entry.get("uid"))
    if not uid:
        return None
    known = [entry.get("account_id")]
    listed = entry.get("all_account_ids")
    if isinstance(listed, list):
        known += [{"other": item} for item in listed]
    servicer = entry.get("account_servicer")
    currency = _text(entry.get("currency")).upper()
    return BankAccount(
        uid=uid,
        identifiers=account_identifiers(entry),
        iban=next(filter(None, map(_iban, known)), ""),
        number=next(filter(None, map(_number, known)), ""),
        bic=_text(servicer.get("bic_fi")) if isinstance(servicer, dict) else "",
        holder=_text(entry.get("name")),
        name=_text(entry.get("details")),
        product=_text(entry.get("product")),
        currency=currency if _is_currency(currency) and currency != SEVERAL_CURRENCIES else "",
        kind=_text(entry.get("cash_account_type")),
    )


def account_identifiers(entry: dict[str, Any]) -> tuple[str, ...]:
    """Hashes of an account (AccountResource or SessionAccount), its own first, each once."""
    hashes = (_text(entry.get("identification_hash")), *_texts(entry.get("identification_hashes")))
    return tuple(dict.fromkeys(filter(None, hashes)))


def parse_balance(entry: Any) -> Balance | None:
    """A balance, or None when its amount or currency cannot be understood."""
    if not isinstance(entry, dict):
        return None
    amount, currency = _money(entry.get("balance_amount"))
    if amount is None or not currency:
        return None
    return Balance(
        BALANCE_KINDS.get(_text(entry.get("balance_type")), BalanceKind.OTHER),
        amount,
        currency,
        _day_or_none(entry.get("reference_date")),
        parse_instant(entry.get("last_change_date_time")),
    )


def parse_instant(value: Any) -> datetime | None:
    """An RFC 3339 instant in UTC, or None. One without a zone is taken as UTC."""
    try:
        instant = datetime.fromisoformat(value.strip())
        if instant.tzinfo is None:
            return instant.replace(tzinfo=UTC)
        return instant.astimezone(UTC)
    except (AttributeError, ValueError, OverflowError):
        return None


def _transaction(row: Any) -> Transaction:
    """One row. Raises :class:`_Unreadable` (field, value)."""
    if row.__class__ is not dict:
        raise _Unreadable("transaction", row)
    get = row.get

    code = get("status")
    status = TRANSACTION_STATUSES.get(code) if code.__class__ is str else None
    if status is None:
        raise _Unreadable("status", code)

    money = get("transaction_amount")
    if money.__class__ is not dict:
        raise _Unreadable("transaction_amount", money)
    amount = _decimal(money.get("amount"))
    if amount is None:
        raise _Unreadable("transaction_amount.amount", money.get("amount"))
    currency = money.get("currency")
    if currency.__class__ is not str or not _is_currency(currency):
        currency = _text(currency).upper()
        if not _is_currency(currency):
            raise _Unreadable("transaction_amount.currency", money.get("currency"))

    # The indicator decides; some banks send a sign besides. No negative zero.
    side = get("credit_debit_indicator")
    if side == "DBIT":
        other = "creditor"
        amount = amount.copy_abs().copy_negate() if amount else amount.copy_abs()
    elif side == "CRDT":
        other = "debtor"
        amount = amount.copy_abs()
    else:
        raise _Unreadable("credit_debit_indicator", side)

    booked, value_date, done = get("booking_date"), get("value_date"), get("transaction_date")
    value_date = None if value_date is None else _day_or_none(value_date)
    done = None if done is None else _day_or_none(done)
    if booked is None or booked == "":
        booking_date = value_date or done
        if booking_date is None:
            wrong = get("value_date") or get("transaction_date")
            raise _Unreadable("value_date" if wrong else "booking_date", wrong)
    else:
        booking_date = _day_or_none(booked)
        if booking_date is None:
            raise _Unreadable("booking_date", booked)

    party, account, agent = get(other), get(other + "_account"), get(other + "_agent")
    bank_account = ""
    if account.__class__ is dict:
        bank_account = _iban(account) or _number(account, CARD_SCHEMES)

    lines = get("remittance_information")
    if lines.__class__ is list:
        remittance = tuple(
            [line.strip() for line in lines if line.__class__ is str and line.strip()]
        )
    else:
        remittance = (lines.strip(),) if lines.__class__ is str and lines.strip() else ()

    reference = get("entry_reference")
    reference = _text(reference) if reference is not None else ""
    structured = get("reference_number")
    if structured is not None:
        mandate = get("reference_number_schema") == MANDATE_SCHEME
        structured = "" if mandate else _text(structured)

    transaction_code = label = ""
    bank_code = get("bank_transaction_code")
    if bank_code.__class__ is dict:
        family, product = _text(bank_code.get("code")), _text(bank_code.get("sub_code"))
        transaction_code = f"{family}-{product}" if family and product else family or product
        label = _text(bank_code.get("description"))

    instructed = rate = None
    instructed_currency = ""
    exchange = get("exchange_rate")
    if exchange.__class__ is dict:
        rate = _decimal(exchange.get("exchange_rate"))
        instructed, instructed_currency = _money(exchange.get("instructed_amount"))
        if instructed is not None:
            instructed = instructed.copy_sign(amount) if instructed else instructed.copy_abs()

    balance_after = None
    after = get("balance_after_transaction")
    if after.__class__ is dict:
        balance_after, balance_currency = _money(after)
        if balance_currency != currency:
            balance_after = None

    return Transaction(
        booking_date,
        amount,
        currency,
        status,
        (reference,) if reference and reference.upper() not in NO_REFERENCE else (),
        value_date,
        done,
        _text(party.get("name")) if party.__class__ is dict else "",
        bank_account,
        _text(agent.get("bic_fi")) if agent.__class__ is dict else "",
        remittance,
        structured or "",
        _end_to_end_id(remittance) if remittance else "",
        transaction_code,
        label,
        instructed,
        instructed_currency,
        rate,
        balance_after,
        row,
    )


def _decimal(value: Any) -> Decimal | None:
    """A finite decimal of sane size, or None. A float is none: it has lost digits already."""
    if value.__class__ is str:
        if _is_decimal(value):
            return Decimal(value)
        value = value.strip()
        return Decimal(value) if _is_decimal(value) else None
    if value.__class__ is int and -(10**20) < value < 10**20:
        return Decimal(value)
    if value.__class__ is Decimal and value.is_finite():
        exponent = value.as_tuple().exponent
        # A number such as 1.5E+3 is written out: what is stored shall read like an amount.
        if value.adjusted() < _LARGEST_EXPONENT and exponent >= -_LARGEST_EXPONENT:
            return value if exponent <= 0 else Decimal(f"{value:f}")
    return None


def _money(value: Any) -> tuple[Decimal | None, str]:
    """Amount and currency of an AmountType; (None, "") unless both are good."""
    if value.__class__ is not dict:
        return None, ""
    amount = _decimal(value.get("amount"))
    currency = _text(value.get("currency")).upper()
    if amount is None or not _is_currency(currency):
        return None, ""
    return amount, currency


def _day_or_none(value: Any) -> date | None:
    """A calendar date as written; of an instant, the day that it shows: no zone is applied."""
    if value.__class__ is not str:
        return None
    if len(value) != 10:
        value = value.strip()
        if len(value) != 10 and value[10:11] not in ("T", " "):
            return None
        value = value[:10]
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _iban(account: Any) -> str:
    if account.__class__ is not dict:
        return ""
    iban = account.get("iban")
    if iban:
        return "".join(_text(iban).split()).upper()
    other = account.get("other")
    if other.__class__ is dict and other.get("scheme_name") == "IBAN":
        return "".join(_text(other.get("identification")).split()).upper()
    return ""


def _number(account: Any, left_out: frozenset[str] = frozenset()) -> str:
    """The number of an account that is no IBAN, nor of a scheme that is left out."""
    if account.__class__ is not dict:
        return ""
    other = account.get("other")
    if other.__class__ is not dict:
        return ""
    scheme = other.get("scheme_name")
    if scheme == "IBAN" or (scheme.__class__ is str and scheme in left_out):
        return ""
    return _text(other.get("identification"))


def _end_to_end_id(remittance: tuple[str, ...]) -> str:
    """The end-to-end id that a bank put into the label, where it marked it as one."""
    for line in remittance:
        if "EREF" in line:
            marked = _marked_end_to_end(line)
            if marked and marked[1].upper() not in NO_REFERENCE:
                return marked[1]
    return ""


def _text(value: Any) -> str:
    """Text without blanks around it; a whole number counts as text, anything else as nothing."""
    if value.__class__ is str:
        return value.strip()
    return str(value) if value.__class__ is int and -(10**40) < value < 10**40 else ""


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(filter(None, map(_text, value)))
