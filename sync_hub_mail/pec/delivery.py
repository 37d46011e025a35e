# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How far a message got with its recipient, told from the receipts that came.

Receipts arrive in any order, twice, and years apart, so that the state is not moved from one to the next: each receipt
adds a fact, and facts rank. What was delivered was delivered, whatever a warning said before or an error after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .daticert import Receipt, ReceiptError, ReceiptKind

# RFC 6109, 3.1 (timeouts): after twelve hours without an answer the sender is warned; after twenty-four, delivery has
# failed.
FAILED_AFTER = timedelta(hours=24)


class DeliveryState(StrEnum):
    """States of a message with one recipient. The values are stored: never rename one."""

    QUEUED = "queued"
    SENT = "sent"  # the SMTP server took it
    ACCEPTED = "accepted"  # the sender's provider certified that it did
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    REFUSED = "refused"  # the sender's provider did not accept it


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was refused or not delivered; the oldest receipt that says so."""

    moment: datetime
    identifier: str
    error: ReceiptError
    words: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """The facts about one message and its one recipient. Instants are aware; None means that nothing says so.

    ``recipient`` is the address as it was sent to (:attr:`.outgoing.Envelope.recipient`). ``certified``: whether its
    box is a certified one; None before its provider said. To a box that is not, no delivery receipt ever comes.
    """

    recipient: str
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    taken_over_at: datetime | None = None
    warned_at: datetime | None = None
    delivered_at: datetime | None = None
    refusal: Failure | None = None
    failure: Failure | None = None
    certified: bool | None = None

    @property
    def state(self) -> DeliveryState:
        if self.delivered_at:
            return DeliveryState.DELIVERED
        if self.failure:
            return DeliveryState.NOT_DELIVERED
        if self.refusal:
            return DeliveryState.REFUSED
        # A take-over or a warning comes after the acceptance, even where that one was lost.
        if self.accepted_at or self.taken_over_at or self.warned_at:
            return DeliveryState.ACCEPTED
        return DeliveryState.SENT if self.sent_at else DeliveryState.QUEUED

    def is_overdue(self, now: datetime) -> bool:
        """Whether it was accepted for a certified box and nothing was heard of its delivery for 24 hours.

        :param now: aware
        """
        if self.state != DeliveryState.ACCEPTED or self.certified is False:
            return False
        since = min(moment for moment in (self.accepted_at, self.taken_over_at, self.warned_at) if moment)
        return now - since >= FAILED_AFTER

    def after(self, receipt: Receipt) -> "Delivery":
        """The facts when this receipt is known, too. One of another recipient changes nothing.

        The caller chooses receipts by Message-ID; order and repetition do not matter.
        """
        # What names no recipient of its own, such as an acceptance, speaks of each of them.
        named = [receipt.delivered_to] if receipt.delivered_to else [one.address for one in receipt.recipients]
        if named and self.recipient.casefold() not in (address.casefold() for address in named):
            return self
        match receipt.kind:
            case ReceiptKind.ACCEPTANCE:
                return replace(
                    self, accepted_at=_earlier(self.accepted_at, receipt.moment), certified=self._certified(receipt)
                )
            case ReceiptKind.NON_ACCEPTANCE:
                return replace(self, refusal=_older(self.refusal, receipt))
            case ReceiptKind.TAKE_OVER:
                return replace(self, taken_over_at=_earlier(self.taken_over_at, receipt.moment))
            case ReceiptKind.DELIVERY_WARNING:
                return replace(self, warned_at=_earlier(self.warned_at, receipt.moment))
            case ReceiptKind.DELIVERY:
                return replace(self, delivered_at=_earlier(self.delivered_at, receipt.moment))
            case ReceiptKind.DELIVERY_ERROR | ReceiptKind.VIRUS:
                return replace(self, failure=_older(self.failure, receipt))
        return self

    def _certified(self, receipt: Receipt) -> bool | None:
        for recipient in receipt.recipients:
            if recipient.address.casefold() == self.recipient.casefold():
                # Two that disagree: the one who expects a receipt is the one who is told that it is missing.
                return bool(self.certified) or recipient.certified
        return self.certified


def delivery(recipient: str, receipts: Iterable[Receipt], *, sent_at: datetime | None = None) -> Delivery:
    """The facts about a message and its recipient from all receipts that came for it, in any order.

    :param sent_at: when the SMTP server took the message, None while it did not
    """
    facts = Delivery(recipient, sent_at)
    for receipt in receipts:
        facts = facts.after(receipt)
    return facts


def _earlier(known: datetime | None, moment: datetime) -> datetime:
    # One instant written in two zones: equal, but not the same to whoever stores or shows it.
    return min(known, moment, key=lambda one: (one, one.isoformat())) if known else moment


def _older(known: Failure | None, receipt: Receipt) -> Failure:
    new = Failure(receipt.moment, receipt.identifier, receipt.error, receipt.extended_error)
    # Receipts of one second, or of one instant in two zones, must rank alike in every order.
    return min((known, new), key=_rank) if known else new


def _rank(failure: Failure) -> tuple[datetime, str, str, str, str]:
    return failure.moment, failure.identifier, failure.error.value, failure.words, failure.moment.isoformat()
