# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From where on a mailbox is read (RFC 9051, 2.3.1.1)."""

from dataclasses import dataclass
from typing import Protocol


class Numbered(Protocol):
    """A folder as it is now. ``uid_next``: the number that the next message will get at least; 0 when not told."""

    @property
    def uid_validity(self) -> int: ...
    @property
    def uid_next(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be read: all messages whose UID is greater than ``after``, under ``uid_validity``.

    ``renumbered``: what was known of the folder does not hold any more, so that it is read from its beginning;
    messages that are known come again and are told by their bytes.
    ``nothing_new``: no message has come; there is no need to ask.
    """

    uid_validity: int
    after: int
    renumbered: bool = False
    nothing_new: bool = False


def next_uids(known_validity: int, known_uid: int, mailbox: Numbered) -> Start:
    """From where on to read.

    :param known_validity: UIDVALIDITY under which ``known_uid`` was read; 0 when the folder was never read
    :param known_uid: the greatest UID up to which all messages have been stored

    >>> from types import SimpleNamespace as Folder
    >>> next_uids(7, 41, Folder(uid_validity=7, uid_next=50))
    Start(uid_validity=7, after=41, renumbered=False, nothing_new=False)
    >>> next_uids(7, 49, Folder(uid_validity=7, uid_next=50)).nothing_new
    True
    >>> next_uids(7, 41, Folder(uid_validity=8, uid_next=50))
    Start(uid_validity=8, after=0, renumbered=True, nothing_new=False)
    >>> next_uids(0, 0, Folder(uid_validity=8, uid_next=1))
    Start(uid_validity=8, after=0, renumbered=False, nothing_new=True)

    A server that was restored from a copy may forget numbers that it gave, and say nothing of it:

    >>> next_uids(7, 41, Folder(uid_validity=7, uid_next=12))
    Start(uid_validity=7, after=0, renumbered=True, nothing_new=False)
    """
    renumbered = bool(known_validity) and (known_validity != mailbox.uid_validity or 0 < mailbox.uid_next <= known_uid)
    after = known_uid if known_validity and not renumbered else 0
    return Start(mailbox.uid_validity, after, renumbered, nothing_new=mailbox.uid_next == after + 1)
