# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where an invoice stands at the SdI, told from the notifications that came.

As with receipts (``pec.delivery``), order and repetition say nothing: notifications rank. A file that was delivered
after a first attempt failed is delivered; whoever answered has got it. A rejection is the weakest, because it ends a
file's way and nothing can follow it: beside any other notification it speaks of a second sending of the same file,
which the SdI turned away as a duplicate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .file_names import NotificationKind
from .notifications import Notification, Outcome, Rejection


class SdiState(StrEnum):
    """States of a file at the SdI. The values are stored: never rename one."""

    SENT = "sent"
    REJECTED = "rejected"
    NOT_DELIVERED = "not_delivered"  # the SdI tries again, or the customer finds it in the reserved area
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"  # the SdI gave up; its attestation proves the sending
    TERM_PASSED = "term_passed"  # the administration did not answer in its fifteen days
    ACCEPTED = "accepted"  # by the public administration
    REFUSED = "refused"  # by the public administration


# Weakest first. Two contrary answers of an administration: the one that needs somebody to act.
_RANKS = tuple(SdiState)
_STATES = {
    NotificationKind.REJECTION: SdiState.REJECTED,
    NotificationKind.NON_DELIVERY: SdiState.NOT_DELIVERED,
    NotificationKind.DELIVERY: SdiState.DELIVERED,
    NotificationKind.UNDELIVERABLE: SdiState.UNDELIVERABLE,
    NotificationKind.TERM_PASSED: SdiState.TERM_PASSED,
}
_ANSWERS = {Outcome.ACCEPTED: SdiState.ACCEPTED, Outcome.REFUSED: SdiState.REFUSED}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file stands. ``rejections`` are the reasons of a rejection, each once; ``words`` what came with a refusal
    or a failed delivery. ``sdi_identifier`` is the SdI's number of the sending that counts, "" before any answer."""

    state: SdiState = SdiState.SENT
    sdi_identifier: str = ""
    rejections: tuple[Rejection, ...] = ()
    words: str = ""


def state_of(notification: Notification) -> SdiState | None:
    """The state that a notification brings a file to, None for those that move nothing (EC, SE, MT)."""
    if notification.outcome:
        return _ANSWERS[notification.outcome]
    return _STATES.get(notification.kind)


def standing(notifications: Iterable[Notification]) -> Standing:
    """Where a file stands, from all notifications that came for it, in any order and any number of times.

    The caller chooses them by the name of the file; of a file with several invoices, an answer (NE) or a passed term
    (DT) may name the invoice that it is for (``invoice_number``).
    """
    moving = {notification: state for notification in notifications if (state := state_of(notification))}
    if not moving:
        return Standing()
    state = max(moving.values(), key=_RANKS.index)
    # Sorted, so that of several that say the same, always the same one speaks.
    speaking = sorted((one for one, its in moving.items() if its == state), key=repr)
    rejections = {rejection: None for one in speaking for rejection in one.rejections}
    return Standing(
        state,
        speaking[0].sdi_identifier,
        tuple(sorted(rejections, key=repr)),
        next((words for one in speaking if (words := one.description or one.note)), ""),
    )
