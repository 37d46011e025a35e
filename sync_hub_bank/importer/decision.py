# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from odoo.addons.sync_hub_bank.providers.values import TransactionStatus


class InboxState(StrEnum):
    """States of a row in the inbox. The values are stored: never rename one."""

    PENDING = "pending"  # not booked by the bank yet; goes when the booked row comes
    TO_BOOK = "to_book"
    BOOKED = "booked"
    PROPOSED = "proposed"  # could be booked, but a person must say so; see the reason
    DISMISSED = "dismissed"


class Reason(StrEnum):
    """Why a row was not booked by itself. The values are stored: never rename one."""

    PENDING = "pending"
    BEFORE_START = "before_start"
    LOCKED_PERIOD = "locked_period"
    OTHER_CURRENCY = "other_currency"
    IN_JOURNAL = "in_journal"  # a line that looks like it is there, typed by hand or from elsewhere
    REFUSED = "refused"  # accounting raised an error
    UNREADABLE = "unreadable"  # the bank sent something that is not a transaction
    DUPLICATE = "duplicate"  # a person said that it is the same movement as another one
    WITHDRAWN = "withdrawn"  # the bank said that there is no such movement after all
    DELETED = "deleted"  # a person deleted its statement line


@dataclass(frozen=True, slots=True)
class Decision:
    state: InboxState
    reason: Reason | None = None


def decide(
    status: TransactionStatus,
    booking_date: date,
    currency: str,
    *,
    first: date | None,
    lock_date: date | None,
    journal_currency: str,
) -> Decision:
    """What becomes of a row that the bank sent and has not cancelled.

    :param first: first day that the connection books, None for no limit
    :param lock_date: last locked day of the journal, None for none
    """
    if status == TransactionStatus.PENDING:
        return Decision(InboxState.PENDING, Reason.PENDING)
    if currency != journal_currency:
        return Decision(InboxState.PROPOSED, Reason.OTHER_CURRENCY)
    if lock_date and booking_date <= lock_date:
        return Decision(InboxState.PROPOSED, Reason.LOCKED_PERIOD)
    if first and booking_date < first:
        return Decision(InboxState.PROPOSED, Reason.BEFORE_START)
    return Decision(InboxState.TO_BOOK)
