# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON of Salt Edge as values. Nothing in here raises for what a bank wrote.

Names of version 6, and those of version 5 where they differ. A row of which the money, the day or the status cannot be
understood becomes a ``RejectedRow``; whatever else is odd in it is left out, because ``raw`` keeps it.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from ..enablebanking.parse import parse_instant
from ..iban import iban_in
from ..values import Balance, BalanceKind, BankAccount, Institution, RejectedRow, Transaction
from .const import (
    ACCOUNT_KINDS,
    LONGEST_CONSENT_DAYS,
    LONGEST_HISTORY_DAYS,
    MODE_NORMAL,
    NO_REFERENCE,
    PROVIDER_ACTIVE,
    PSU_TYPES,
    SANDBOX_COUNTRY,
    TRANSACTION_STATUSES,
)

__all__ = [
    "parse_account",
    "parse_balances",
    "parse_instant",
    "parse_institution",
    "parse_transaction",
    "text_of",
]

# Exponents are no amounts: "1e400000000" would be a number that no arithmetic survives. ASCII only: Decimal reads other
# scripts too.
_is_decimal = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?").fullmatch
_LARGEST_EXPONENT = 20
_is_currency = re.compile(r"[A-Z]{3}").fullmatch
_is_country = re.compile(r"[A-Z]{2}").fullmatch
# ISO 13616
# ISO 11649
_is_creditor_reference = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}").fullmatch


class _Unreadable(Exception):
    """A field without which a row has no meaning is missing or wrong."""


def parse_institution(entry: Any) -> Institution | None:
    """A bank of ``GET /providers``, or None when it cannot be connected now: without code, name or country, not active,
    or without transactions."""
    if not isinstance(entry, dict):
        return None
    code, name, country = (text_of(entry.get(field)) for field in ("code", "name", "country_code"))
    scopes = _texts(entry.get("supported_fetch_scopes"))
    if (
        not (code and name and _is_country(country.upper()))
        or text_of(entry.get("status")) not in ("", PROVIDER_ACTIVE)
        or (scopes and "transactions" not in scopes)
    ):
        return None
    logo = text_of(entry.get("logo_url"))
    days = entry.get("max_consent_days")
    days = days if days.__class__ is int and 0 < days <= LONGEST_CONSENT_DAYS else None
    kinds = _texts(entry.get("supported_account_types"))
    history = entry.get("max_fetch_interval")
    return Institution(
        key=code,
        name=name,
        country=country.upper(),
        bic=next(iter(_texts(entry.get("bic_codes"))), ""),
        logo_url=logo if logo.startswith(("https://", "http://")) else "",
        beta=country.upper() == SANDBOX_COUNTRY,
        psu_types=tuple(kind for kind in PSU_TYPES if kind in kinds) or ("business", "personal"),
        consent_seconds=days and days * 86400,
        history_days=history if history.__class__ is int and 0 < history <= LONGEST_HISTORY_DAYS else None,
    )


def parse_account(entry: Any) -> BankAccount | None:
    """An account, or None when it has no number at Salt Edge.

    ``identifiers``: that number, which a reconnection keeps, and a digest of the account's number at the bank, by which
    it is known again after a new connection.
    """
    if not isinstance(entry, dict):
        return None
    uid = text_of(entry.get("id"))
    if not uid:
        return None
    extra = _extra(entry)
    name = text_of(entry.get("name"))
    iban = _compact(extra.get("iban")) or iban_in(name)
    number = "" if iban else text_of(extra.get("account_number"))
    currency = text_of(entry.get("currency_code")).upper()
    currency = currency if _is_currency(currency) else ""
    identifiers = [uid]
    if iban or number:
        sort_code = "" if iban else text_of(extra.get("sort_code"))
        known = "|".join((iban or number, sort_code, currency))
        identifiers.append(blake2b(known.encode(), digest_size=16).hexdigest())
    return BankAccount(
        uid=uid,
        identifiers=tuple(identifiers),
        iban=iban,
        number=number,
        bic=_compact(extra.get("swift")),
        holder=text_of(extra.get("client_name")),
        name=name,
        currency=currency,
        kind=ACCOUNT_KINDS.get(text_of(entry.get("nature")), ""),
    )


def parse_balances(entry: dict[str, Any]) -> tuple[Balance, ...]:
    """The balances that an account object tells. One that is no amount is left out."""
    extra = _extra(entry)
    currency = text_of(entry.get("currency_code")).upper()
    if not _is_currency(currency):
        return ()
    changed = parse_instant(entry.get("updated_at"))
    found = (
        (BalanceKind.CLOSING_BOOKED, extra.get("closing_balance"), _day(extra.get("current_date")), None),
        (BalanceKind.INTERIM_BOOKED, entry.get("balance"), None, changed),
        (BalanceKind.AVAILABLE, extra.get("available_amount"), None, changed),
    )
    return tuple(
        Balance(kind, amount, currency, day, instant)
        for kind, value, day, instant in found
        if (amount := _decimal(value)) is not None
    )


def parse_transaction(row: Any) -> Transaction | RejectedRow:
    """One row, or why it cannot be understood."""
    try:
        return _transaction(row)
    except _Unreadable as reason:
        field, value = reason.args
        raw = row if isinstance(row, dict) else {"row": row}
        return RejectedRow(field, "" if value is None else str(value)[:200], raw)


def day_of(row: Any) -> date | None:
    """The day of a row, even of one that is rejected for something else; None when it has none."""
    if not isinstance(row, dict):
        return None
    return _day(_extra(row).get("posting_date")) or _day(row.get("made_on"))


def _transaction(row: Any) -> Transaction:
    """One row. Raises :class:`_Unreadable` (field, value)."""
    if not isinstance(row, dict):
        raise _Unreadable("transaction", row)
    get, extra = row.get, _extra(row)

    status = get("status")
    known = TRANSACTION_STATUSES.get(status) if isinstance(status, str) else None
    if known is None:
        raise _Unreadable("status", status)
    amount = _decimal(get("amount"))
    if amount is None:
        raise _Unreadable("amount", get("amount"))
    currency = text_of(get("currency_code")).upper()
    if not _is_currency(currency):
        raise _Unreadable("currency_code", get("currency_code"))

    made_on, posted = get("made_on"), extra.get("posting_date")
    done = _day(made_on)
    booking_date = _day(posted) if posted else done
    if booking_date is None:
        raise _Unreadable("extra.posting_date" if posted else "made_on", posted or made_on)

    outgoing = amount < 0
    side = "payee" if outgoing else "payer"
    reference = text_of(get("id"))
    structured = _compact(extra.get("reference"))
    end_to_end_id = text_of(extra.get("end_to_end_id"))
    mode = text_of(get("mode"))
    instructed, instructed_currency = _original(extra, amount, currency)
    return Transaction(
        booking_date=booking_date,
        amount=amount,
        currency=currency,
        status=known,
        references=(reference,) if reference else (),
        transaction_date=done,
        counterparty=text_of(extra.get(side)),
        # The number belongs to the payee: of money that comes in, it is not said whose it would be.
        counterparty_account=_compact(extra.get("account_number")) if outgoing else "",
        remittance=_lines(
            get("description"),
            extra.get("reference"),
            extra.get("information"),
            extra.get("additional"),
            extra.get(f"{side}_information"),
        ),
        creditor_reference=structured if _is_creditor_reference(structured) else text_of(extra.get("variable_code")),
        end_to_end_id="" if end_to_end_id.upper() in NO_REFERENCE else end_to_end_id,
        transaction_code=text_of(extra.get("type")) or ("" if mode == MODE_NORMAL else mode),
        transaction_label=text_of(extra.get("original_category")),
        instructed_amount=instructed,
        instructed_currency=instructed_currency,
        exchange_rate=_decimal(extra.get("exchange_rate")) if instructed_currency else None,
        balance_after=_decimal(extra.get("account_balance_snapshot")),
        raw=row,
    )


def _original(extra: dict[str, Any], amount: Decimal, currency: str) -> tuple[Decimal | None, str]:
    """Amount and currency of the order, where it was one of another currency."""
    original = _decimal(extra.get("original_amount"))
    other = text_of(extra.get("original_currency_code")).upper()
    if original is None or not _is_currency(other) or other == currency:
        return None, ""
    return (original.copy_sign(amount) if original else original.copy_abs()), other


def _extra(entry: dict[str, Any]) -> dict[str, Any]:
    extra = entry.get("extra")
    return extra if isinstance(extra, dict) else {}


def _lines(*values: Any) -> tuple[str, ...]:
    """Texts of a label, each once."""
    return tuple(dict.fromkeys(filter(None, map(text_of, values))))


def _decimal(value: Any) -> Decimal | None:
    """A finite decimal of sane size without a negative zero, or None. A float is none: it has lost digits already."""
    if isinstance(value, str) and _is_decimal(value.strip()):
        number = Decimal(value.strip())
    elif value.__class__ is int and -(10**20) < value < 10**20:
        number = Decimal(value)
    elif isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        if value.adjusted() >= _LARGEST_EXPONENT or exponent < -_LARGEST_EXPONENT:
            return None
        # A number such as 1.5E+3 is written out: what is stored shall read like an amount.
        number = value if exponent <= 0 else Decimal(f"{value:f}")
    else:
        return None
    return number if number else number.copy_abs()


def _day(value: Any) -> date | None:
    """A calendar date as written; of an instant, the day that it shows: no zone is applied."""
    text = text_of(value)
    if len(text) > 10 and text[10] not in "T ":
        return None
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None


def _compact(value: Any) -> str:
    return "".join(text_of(value).split()).upper()


def text_of(value: Any) -> str:
    """Text without blanks around it; a whole number counts as text, anything else as nothing."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if value.__class__ is int and -(10**40) < value < 10**40 else ""


def _texts(value: Iterable[Any] | Any) -> tuple[str, ...]:
    return tuple(filter(None, map(text_of, value))) if isinstance(value, list) else ()
