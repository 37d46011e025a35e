# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a rule is refused, for screens that say it in the reader's own language."""

from enum import StrEnum


class Refusal(StrEnum):
    """What is wrong with a rule."""

    INTERVAL = "interval"  # less than one, or longer than its unit allows
    ZONE = "zone"
    NO_WEEKDAY = "no_weekday"
    NO_ANCHOR_DATE = "no_anchor_date"
    NEVER = "never"  # its days and its weekdays never meet
    START_OUTSIDE_WINDOW = "start_outside_window"


class RecurrenceError(ValueError):
    """A rule that says nothing or contradicts itself.

    :ivar refusal: what is wrong, for programs; the message says it in English
    """

    def __init__(self, refusal: Refusal, message: str):
        super().__init__(message)
        self.refusal = refusal
