# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Until when a consent lasts, and when its end is announced. Pure Python."""

from .reminder import DEFAULT_DAYS, days_left, due_reminder, last_day, not_worth_telling, parse_days

__all__ = ["DEFAULT_DAYS", "days_left", "due_reminder", "last_day", "not_worth_telling", "parse_days"]
