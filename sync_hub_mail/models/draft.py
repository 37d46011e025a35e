# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is to be sent, before it is known through which kind of account and to whom."""

from dataclasses import dataclass

from ..sending import Attachment, Mailbox


@dataclass(frozen=True, slots=True)
class Draft:
    """A message without its recipient.

    :param to: whom the header names; empty: the recipient alone
    :param references: Message-IDs of the conversation, separated by blanks (RFC 5322, 3.6.4)
    """

    subject: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    sender_name: str = ""
    reply_to: tuple[Mailbox, ...] = ()
    references: str = ""
