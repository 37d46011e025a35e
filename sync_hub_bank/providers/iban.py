# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

_has_form = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}").fullmatch


def iban_in(text: str) -> str:
    """The IBAN (ISO 13616) that ``text`` is, without blanks; empty when it is none. Its check digits tell it from a
    word and from other numbers.

    >>> iban_in("it60 X054 2811 1010 0000 0123 456"), iban_in("IT60X0542811101000000123457"), iban_in("Conto comune")
    ('IT60X0542811101000000123456', '', '')
    """
    compact = "".join(text.split()).upper()
    if not _has_form(compact):
        return ""
    digits = "".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])
    return compact if int(digits) % 97 == 1 else ""
