# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Single fields of Ponto's JSON. Nothing in here raises for what a bank wrote."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

# ASCII only, because Decimal reads other scripts too; no exponents, because "1e400000000" is a number that no
# arithmetic survives.
_is_amount = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?").fullmatch
_is_currency = re.compile(r"[A-Z]{3}").fullmatch
_MOST_DIGITS = 20


def text(value: Any) -> str:
    """Text without blanks around it; a whole number counts as text, anything else as nothing."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if type(value) is int and abs(value) < 10**40 else ""


def table(value: Any, *names: str) -> dict[str, Any]:
    """The object below ``names``, an empty one where there is none.

    >>> table({"meta": {"paging": {"limit": 10}}}, "meta", "paging")
    {'limit': 10}
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def decimal(value: Any) -> Decimal | None:
    """A finite decimal of sane size, without negative zero, or None. A number and its text both occur."""
    if isinstance(value, str):
        value = value.strip()
        amount = Decimal(value) if _is_amount(value) else None
    elif type(value) is int and abs(value) < 10**_MOST_DIGITS:
        amount = Decimal(value)
    elif isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _MOST_DIGITS:
        exponent = value.as_tuple().exponent
        # 1.5E+3 is written out: what is stored shall read like an amount.
        amount = Decimal(f"{value:f}") if exponent >= -_MOST_DIGITS else None
    else:
        amount = None
    return amount.copy_abs() if amount is not None and not amount else amount


def currency(value: Any) -> str:
    """An ISO 4217 code, or nothing."""
    code = text(value).upper()
    return code if _is_currency(code) else ""


def day(value: Any) -> date | None:
    """A calendar date; of an instant, the day that it shows: no zone is applied."""
    written = text(value)
    if len(written) != 10 and written[10:11] not in ("T", " "):
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def instant(value: Any) -> datetime | None:
    """An RFC 3339 instant in UTC, or None. One without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text(value))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def account_number(value: Any) -> str:
    """An IBAN without its blanks; any other number as it is written."""
    written = text(value)
    compact = "".join(written.split()).upper()
    return compact if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", compact) else written
