# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Instants as Odoo stores them."""

from datetime import UTC, datetime, timedelta


def naive(moment: datetime) -> datetime:
    """Naive UTC in whole seconds, never earlier than the aware moment."""
    whole = moment.astimezone(UTC).replace(tzinfo=None)
    return (whole + timedelta(seconds=1)).replace(microsecond=0) if whole.microsecond else whole
