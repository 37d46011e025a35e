# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unicodedata


def same_holder(before: str, now: str) -> bool:
    """Whether two spellings may be of one account holder.

    Banks change the order of names, capitals, accents and dots, and leave parts out; an empty name says nothing.

    >>> same_holder("ROSSI MARIO", "Mario Rossi"), same_holder("Müller GmbH & Co. KG", "MULLER GMBH CO KG")
    (True, True)
    >>> same_holder("Mario Rossi", "Mario Rossi Anna Verdi"), same_holder("", "Anna Verdi")
    (True, True)
    >>> same_holder("Mario Rossi", "Anna Verdi"), same_holder("Mario Rossi", "Mario Verdi")
    (False, False)
    """
    first, second = _words(before), _words(now)
    return not first or not second or first <= second or second <= first


def _words(name: str) -> frozenset[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return frozenset("".join(letter if letter.isalnum() else " " for letter in plain.casefold()).split())
