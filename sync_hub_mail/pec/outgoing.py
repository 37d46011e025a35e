# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one message that goes to one recipient of certified mail, as bytes.

RFC 6109, 3.1.1: the sender in the SMTP envelope is the one in ``From``, the recipients there are those in ``To`` and
``Cc``, and there is no ``Bcc``. Receipts name the message that they speak of by its Message-ID, so that each recipient
gets a message with one of its own.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from odoo.addons.sync_hub.outcome import AddressError, parse_addresses

from .daticert import ReceiptForm
from .identifiers import normalize_message_id
from .incoming import Attachment
from .refusal import PecError

# RFC 6109, 3.1.1, says "30 MB". The smaller reading of it: what a provider refuses comes back hours later.
LIMIT = 30_000_000
# RFC 5322, 3.6.4, without the obsolete forms.
_MESSAGE_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_OWN_TYPES = ("application", "audio", "font", "image", "text", "video")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What to send. ``account`` is the address of the box, ``message_id`` with or without brackets, ``date`` aware.

    ``html`` may be empty. ``form`` is how much of the message its delivery receipt shall give back (RFC 6109, 3.3.2).
    """

    account: str
    recipient: str
    subject: str
    text: str
    message_id: str
    date: datetime
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    form: ReceiptForm = ReceiptForm.COMPLETE


@dataclass(frozen=True, slots=True)
class Envelope:
    """What to hand to the SMTP server: ``MAIL FROM``, ``RCPT TO`` and the bytes of ``DATA``, before dot-stuffing.

    ``message_id`` is normalised, as :attr:`.incoming.Incoming.references` will name it.
    """

    sender: str
    recipient: str
    message_id: str
    content: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


def new_message_id(account: str, token: str) -> str:
    """A Message-ID of the account's own domain (RFC 5322, 3.6.4), normalised.

    :param token: what makes it unique, e.g. ``uuid4().hex``

    >>> new_message_id("invoices@pec.example.it", "7d3f")
    '7d3f@pec.example.it'
    """
    return normalize_message_id(f"{token}@{_domain(_address(account))}")


def build(message: Outgoing) -> Envelope:
    """The message as bytes, lines ending in CR LF. The same values give the same bytes.

    :raises PecError: for an address that is none, a Message-ID of another domain, a date without zone, line breaks in
        headers, and a message that is over the limit
    """
    sender, recipient = _address(message.account), _address(message.recipient)
    identifier = normalize_message_id(message.message_id)
    if not _MESSAGE_ID.fullmatch(identifier) or identifier.rpartition("@")[2] != _domain(sender).lower():
        raise PecError(f"The Message-ID “{identifier}” does not belong to the domain of the account {sender}.")
    if message.date.tzinfo is None:
        raise PecError("The date of the message has no time zone.")
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(addr_spec=sender)
        mail["To"] = Address(addr_spec=recipient)
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(message.date)
        mail["Message-ID"] = f"<{identifier}>"
        if message.form != ReceiptForm.COMPLETE:
            mail["X-TipoRicevuta"] = message.form.value
        # Quoted-printable keeps lines short and writes "=" as "=3D", so that no text can look like a boundary.
        mail.set_content(message.text, cte="quoted-printable")
        if message.html:
            mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
        for attachment in message.attachments:
            _attach(mail, attachment)
    except (ValueError, LookupError, IndexError) as error:
        raise PecError(f"The message cannot be written: {error}.") from error
    _set_boundaries(mail, identifier)
    envelope = Envelope(sender, recipient, identifier, mail.as_bytes())
    check_size(envelope.size)
    return envelope


def check_size(size: int, recipients: int = 1) -> None:
    """The rule of certified mail on size: that of the message times the number of its recipients.

    :param size: of the whole message, in bytes
    :raises PecError: with both figures, when it is over the limit
    """
    if size * recipients > LIMIT:
        total, limit = size * recipients / 1e6, LIMIT / 1e6
        raise PecError(f"The message has {total:.1f} MB for all recipients; certified mail takes {limit:.0f} MB.")


def _address(text: str) -> str:
    """An address as SMTP takes it, its domain in ASCII (RFC 5891)."""
    try:
        found = parse_addresses(text)
    except AddressError:
        found = ()
    if len(found) != 1:
        raise PecError(f"“{text}” is not an e-mail address.")
    local_part, _, domain = found[0].rpartition("@")
    return f"{local_part}@{domain.encode('idna').decode('ascii')}"


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    if not attachment.name or any(letter in attachment.name for letter in '/\\\r\n\0"'):
        raise PecError(f"“{attachment.name}” is not a name for an attachment.")
    main, _, sub = attachment.mimetype.lower().partition("/")
    if main not in _OWN_TYPES or not sub:
        main, sub = "application", "octet-stream"
    mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)


def _set_boundaries(mail: EmailMessage, identifier: str) -> None:
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{identifier} {number}".encode()).hexdigest()[:32]
        part.set_boundary(f"=_{digest}")
