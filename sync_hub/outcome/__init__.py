# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is told of an outcome, by e-mail: addresses, what is news, and by which servers never. Pure Python.

:func:`parse_addresses` reads the list that a user typed, :func:`turn_of` says what an outcome means after the one
before, :func:`decide` whether a message goes now, with the daily summary, or not at all, and
:func:`is_certified_domain` tells Italian certified mail (PEC) from ordinary mail.
"""

from .addresses import AddressError, Flaw, parse_addresses
from .certified import is_certified_domain
from .news import Policy, Result, Turn, Verdict, decide, turn_of

__all__ = [
    "AddressError",
    "Flaw",
    "Policy",
    "Result",
    "Turn",
    "Verdict",
    "decide",
    "is_certified_domain",
    "parse_addresses",
    "turn_of",
]
