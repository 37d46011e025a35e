# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Account numbers and references whose check digits are right, made from a name.

The same name always gives the same number, so that a row generated today and one generated
tomorrow show the same counterparty account. Bank codes are invented; check digits follow
ISO 13616 (IBAN), ISO 11649 (RF) and each country's own rule.

>>> is_valid_iban(iban_from("IT", "Officine Bianchi S.r.l."))
True
>>> iban_from("PL", "a") == iban_from("PL", "a")
True
"""

from __future__ import annotations

import functools
import hashlib

_CIN_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25)
_CIN_ODD += (24, 23)
_PL_WEIGHTS = (3, 9, 7, 1, 3, 9, 7)
IBAN_LENGTHS = {"IT": 27, "PL": 28, "DE": 22, "FI": 18, "FR": 27}


def integer_from(*parts: object) -> int:
    """A 64-bit integer that depends on nothing but ``parts``."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def digits_from(length: int, *parts: object) -> str:
    """``length`` decimal digits (at most 19) that depend on nothing but ``parts``."""
    return str(integer_from(*parts) % 10**length).zfill(length)


def _as_digits(text: str) -> str:
    return "".join(str(int(char, 36)) for char in text)


def iso_check_digits(prefix: str, body: str) -> str:
    """The two ISO 7064 MOD 97-10 digits that stand between ``prefix`` and ``body``."""
    return str(98 - int(_as_digits(body + prefix) + "00") % 97).zfill(2)


def is_valid_iban(iban: str) -> bool:
    """Whether length (for the countries made here) and check digits of ``iban`` are right."""
    if len(iban) != IBAN_LENGTHS.get(iban[:2], len(iban)) or not iban.isalnum():
        return False
    return int(_as_digits(iban[4:] + iban[:4])) % 97 == 1


def is_valid_rf(reference: str) -> bool:
    """Whether ``reference`` is a creditor reference as ISO 11649 wants it."""
    if not reference.startswith("RF") or not reference.isalnum() or len(reference) > 25:
        return False
    return int(_as_digits(reference[4:] + reference[:4])) % 97 == 1


def rf_reference(body: str) -> str:
    """The ISO 11649 reference whose body is ``body`` (letters and digits, at most 21)."""
    return f"RF{iso_check_digits('RF', body)}{body}"


def fi_reference(body: str) -> str:
    """``body`` (digits) with the check digit of the Finnish reference number (7-3-1)."""
    weights = (7, 3, 1)
    total = sum(int(char) * weights[place % 3] for place, char in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def it_cin(bban: str) -> str:
    """The check letter of an Italian ABI + CAB + account (22 characters)."""
    total = 0
    for place, char in enumerate(bban):
        value = int(char, 36)
        value = value if value < 10 else value - 10
        total += _CIN_ODD[value] if place % 2 == 0 else value
    return chr(ord("A") + total % 26)


def pl_bank_check_digit(code: str) -> str:
    """The eighth digit of a Polish sort code, from its first seven."""
    total = sum(int(digit) * weight for digit, weight in zip(code, _PL_WEIGHTS, strict=True))
    return str(-total % 10)


def fi_check_digit(bban: str) -> str:
    """The last digit of a Finnish BBAN (Luhn), from its first thirteen."""
    total = 0
    for place, digit in enumerate(reversed(bban)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def fr_rib_key(bank: str, branch: str, account: str) -> str:
    """The two closing digits of a French RIB whose parts are all digits."""
    return str(97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97).zfill(2)


def _bban(country: str, bank_code: str, name: str) -> str:
    if country == "IT":
        bban = bank_code[:5] + digits_from(5, "cab", name) + digits_from(12, "account", name)
        return it_cin(bban) + bban
    if country == "PL":
        code = bank_code[:7]
        return code + pl_bank_check_digit(code) + digits_from(16, "account", name)
    if country == "DE":
        return bank_code[:8] + digits_from(10, "account", name)
    if country == "FI":
        body = bank_code[:3] + digits_from(10, "account", name)
        return body + fi_check_digit(body)
    if country == "FR":
        bank, branch = bank_code[:5], digits_from(5, "branch", name)
        account = digits_from(11, "account", name)
        return bank + branch + account + fr_rib_key(bank, branch, account)
    raise ValueError(f"No IBAN rule for country {country!r}")


@functools.lru_cache(maxsize=65536)
def iban_from(country: str, name: str, bank_code: str = "") -> str:
    """The IBAN of whoever is called ``name`` in ``country`` (IT, PL, DE, FI or FR).

    ``bank_code`` (digits, at least 8) fixes the bank; without it the bank depends on the name.
    Raises ValueError for another country.
    """
    bban = _bban(country, bank_code or "9" + digits_from(7, "bank", name), name)
    return f"{country}{iso_check_digits(country, bban)}{bban}"


def bic_from(country: str, name: str) -> str:
    """An invented BIC, 8 characters, of the bank behind ``name``."""
    value = integer_from("bic", name)
    letters = "".join(chr(ord("A") + value // 26**place % 26) for place in range(3))
    return f"X{letters}{country}2X"


def opaque_hash(*parts: object) -> str:
    """A stable text that tells nothing about ``parts``: account identification hashes."""
    digest = hashlib.blake2b("\x1f".join(str(p) for p in parts).encode(), digest_size=32)
    return digest.hexdigest()[:22] + "." + digest.hexdigest()[22:64]
