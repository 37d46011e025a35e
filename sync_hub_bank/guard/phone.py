# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

_E164 = re.compile(r"\+[1-9]\d{6,14}")


def to_e164(number: str) -> str:
    """A telephone number with its country code, without spaces and signs (ITU-T E.164); empty for what is none.

    >>> to_e164("+39 02 1234 567"), to_e164("0039 (02) 1234-567"), to_e164("02 1234567")
    ('+39021234567', '+39021234567', '')
    """
    plain = re.sub(r"[\s().\-/]", "", number)
    plain = "+" + plain[2:] if plain.startswith("00") else plain
    return plain if _E164.fullmatch(plain) else ""
