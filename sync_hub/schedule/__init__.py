# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a schedule runs: occurrence arithmetic with RFC 5545's words. Pure Python.

:class:`Recurrence` says the rule, :func:`next_occurrence` answers it, :func:`misfire` decides what
a late start is worth and :func:`start_of` keeps a thousand schedules from starting together.
"""

from .arithmetic import is_open, missed, next_occurrence, occurrences, start_of
from .clock import start_of_day
from .misfire_policy import Misfire, MisfirePolicy, Verdict, misfire
from .recurrence import EVERY_DAY, Recurrence, Unit, Window
from .refusal import RecurrenceError, Refusal
from .spread import jitter

__all__ = [
    "EVERY_DAY",
    "Misfire",
    "MisfirePolicy",
    "Recurrence",
    "RecurrenceError",
    "Refusal",
    "Unit",
    "Verdict",
    "Window",
    "is_open",
    "jitter",
    "misfire",
    "missed",
    "next_occurrence",
    "occurrences",
    "start_of",
    "start_of_day",
]
