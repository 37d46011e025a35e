# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bytes of an ordinary message (RFC 5322, RFC 2045 to 2049), the same for the same values."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from .address_headers import Mailbox, address_header
from .plain_text import text_of

_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
# RFC 2046, 5.2.1: a message that is attached must not be encoded, and would be changed on its way; an .eml is a file.
_NEVER_ENCODED = frozenset({"message", "multipart"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. ``media_type``: such as "application/pdf"."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Message:
    """An ordinary message.

    :param message_id: with its brackets, unique for every message that leaves
    :param date: aware
    :param html: the body; ``text`` is its form for programs without HTML, made from it when it is empty
    :param signature: HTML that goes below the body, unless the body has it already
    :param more: other headers, such as ``Auto-Submitted``
    """

    message_id: str
    date: datetime
    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    html: str = ""
    text: str = ""
    signature: str = ""
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)


def message_bytes(message: Message) -> bytes:
    """The message as it travels: ASCII only, lines of at most 998 bytes ended by CRLF. There is no Bcc.

    :raises ValueError: for a Message-ID or an address that is none, and for a date without a zone
    """
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise ValueError(f"{message.message_id!r} is no Message-ID.")
    if message.date.tzinfo is None:
        raise ValueError("The date has no time zone.")
    people = (
        ("From", (message.sender,)),
        ("To", message.to),
        ("Cc", message.cc),
        ("Reply-To", message.reply_to),
    )
    headers = b"".join(address_header(name, mailboxes) for name, mailboxes in people if mailboxes)
    built = EmailMessage(policy=SMTP)
    built["Subject"] = _on_one_line(message.subject)
    built["Date"] = format_datetime(message.date)
    built["Message-ID"] = message.message_id
    for name, value in message.more.items():
        built[name] = _on_one_line(value)
    text, html = _bodies(message)
    built.set_content(text, cte="quoted-printable")
    if html:
        built.add_alternative(html, subtype="html", cte="quoted-printable")
    for attachment in message.attachments:
        main, _, sub = attachment.media_type.partition("/")
        if not sub or main in _NEVER_ENCODED:
            main, sub = "application", "octet-stream"
        name = _on_one_line(attachment.name)
        built.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)
    _name_boundaries(built, message.message_id)
    return headers + built.as_bytes()


def with_message_id(content: bytes, old: str, new: str) -> bytes:
    """The same message under another Message-ID: what is sent once more must be told apart from what was sent before.

    :param content: a message that :func:`message_bytes` or ``pec.build`` made
    :param old: its Message-ID, with brackets
    :raises ValueError: when the message has another one

    >>> with_message_id(b"Message-ID: <1@example.com>\\r\\n\\r\\n<1@example.com>", "<1@example.com>", "<2@example.com>")
    b'Message-ID: <2@example.com>\\r\\n\\r\\n<1@example.com>'
    """
    header, line = b"Message-ID: ", b"\r\n"
    head, empty, body = content.partition(line * 2)
    before = header + old.encode("ascii")
    lines = head.split(line)
    if not _MESSAGE_ID.fullmatch(new) or lines.count(before) != 1:
        raise ValueError(f"The message is not {old}.")
    lines[lines.index(before)] = header + new.encode("ascii")
    return line.join(lines) + empty + body


def _on_one_line(text: str) -> str:
    """Without line ends: a subject comes from a form, and must not begin another header."""
    return " ".join(text.split())


def _bodies(message: Message) -> tuple[str, str]:
    """Text and HTML, each with the signature once."""
    html = message.html
    text = message.text or text_of(html)
    signature = text_of(message.signature)
    if signature and not _has(text, signature):
        text = f"{text.rstrip()}\n\n-- \n{signature}\n"  # RFC 3676, 4.3
    if signature and html and not _has(text_of(html), signature):
        html = f"{html}\n<div>-- <br/>{message.signature}</div>"
    return text, html


def _has(text: str, signature: str) -> bool:
    """Whether the signature stands in the text, on lines of its own: one that is a first name may be in a greeting."""
    return f"\n{signature}\n" in f"\n{text.strip()}\n"


def _name_boundaries(built: EmailMessage, message_id: str) -> None:
    """Boundaries that follow from the Message-ID. "=_" occurs neither in base64 nor in quoted-printable."""
    digest = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    parts = (part for part in built.walk() if part.is_multipart())
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{digest}_{number}")
