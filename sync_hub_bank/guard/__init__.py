# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What protects a connection: what is unusual, and the code by which its responsible user confirms. Pure Python."""

from .code import DIGITS, LIFETIME, TRIES, Challenge, Verdict, issue, seconds_to_wait
from .decision import Unusual, failures_since, is_strange, remember, too_many_failures
from .holder import same_holder
from .network import network_of
from .phone import to_e164

__all__ = [
    "DIGITS",
    "LIFETIME",
    "TRIES",
    "Challenge",
    "Unusual",
    "Verdict",
    "failures_since",
    "is_strange",
    "issue",
    "network_of",
    "remember",
    "same_holder",
    "seconds_to_wait",
    "to_e164",
    "too_many_failures",
]
