# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tax number of a Brazilian company (CNPJ), in one spelling, so that two spellings cannot hide one company."""

import re

_LENGTH = 14
# The weight of a character is its code less that of "0"; the check digits stay digits.
_SHAPE = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_IGNORED = re.compile(r"[\s./-]")


class InvalidTaxNumber(ValueError):
    """What was given is no CNPJ."""


def tax_number(text: str | None) -> str:
    """The 14 characters of a CNPJ without punctuation and without the country's code.

    Those issued since July 2026 may have letters too (Instrução Normativa RFB 2.229/2024); all others are digits only.

    :raises InvalidTaxNumber: when it has another length, other characters or other check digits

    >>> tax_number("BR 11.222.333/0001-81")
    '11222333000181'
    >>> tax_number("12.abc.345/01DE-35")
    '12ABC34501DE35'
    >>> tax_number("11.222.333/0001-82")
    Traceback (most recent call last):
    odoo.addons.sync_hub_exchange.series.tax_number.InvalidTaxNumber: 11.222.333/0001-82
    """
    plain = _IGNORED.sub("", text or "").upper()
    if len(plain) == _LENGTH + 2:
        plain = plain.removeprefix("BR")
    if not _SHAPE.fullmatch(plain) or len(set(plain)) == 1 or check_digits(plain[:12]) != plain[12:]:
        raise InvalidTaxNumber(text)
    return plain


def check_digits(root: str) -> str:
    """The two check digits of the first 12 characters of a CNPJ (modulo 11, weights 2 to 9 from the right).

    >>> check_digits("112223330001")
    '81'
    """
    digits = ""
    for _position in range(2):
        total = sum((ord(sign) - 48) * (2 + place % 8) for place, sign in enumerate(reversed(root + digits)))
        rest = total % 11
        digits += str(0 if rest < 2 else 11 - rest)
    return digits
