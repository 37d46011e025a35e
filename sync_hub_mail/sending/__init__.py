# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is decided before and after a message leaves: to whom, when, in how many parts, and what is tried again. Pure
Python."""

from .address_headers import Mailbox
from .addresses import parse_recipients, wire_address
from .digest import INDEX_NAME, Document, File, Plan, attached_size, index, split
from .message import Attachment, Message, message_bytes, with_message_id
from .quota import Quota, free_now, next_departure
from .retry import GIVE_UP_AFTER, Decision, Next, after_refusal
from .typos import suggestion

__all__ = [
    "GIVE_UP_AFTER",
    "INDEX_NAME",
    "Attachment",
    "Decision",
    "Document",
    "File",
    "Mailbox",
    "Message",
    "Next",
    "Plan",
    "Quota",
    "after_refusal",
    "attached_size",
    "free_now",
    "index",
    "message_bytes",
    "next_departure",
    "parse_recipients",
    "split",
    "suggestion",
    "wire_address",
    "with_message_id",
]
