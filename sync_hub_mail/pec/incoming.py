# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a message is that lies in a PEC mailbox.

RFC 6109, sections 3.1 to 3.3 and appendix A: a provider marks its receipts with the header ``X-Ricevuta``, envelopes of
certified messages with ``X-Trasporto: posta-certificata``, and those around everything else with ``X-Trasporto:
errore``. Both are headers of the message itself; what stands inside an envelope was written by its sender and is never
taken for the provider's word. A subject that looks like one of a receipt says nothing.
"""

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime
from enum import StrEnum

from .daticert import Receipt, ReceiptError, ReceiptForm, ReceiptKind, kind_of, parse_daticert
from .identifiers import normalize_message_id
from .mime import Entity, read_entity
from .refusal import PecError


class IncomingKind(StrEnum):
    """Sorts of message. The values are stored: never rename one."""

    RECEIPT = "receipt"
    CERTIFIED = "certified"  # a certified message in its envelope
    ANOMALY = "anomaly"  # the envelope around a message that is not certified
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message carries. ``mimetype`` is like ``application/pdf``."""

    name: str
    content: bytes
    mimetype: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of a PEC mailbox.

    ``sha256`` is the hexadecimal hash of its bytes: the same message fetched twice has the same one. ``sender`` is the
    person who wrote it; of a receipt, the provider's address. ``moment`` is its ``Date``, None when that says nothing.

    ``data`` is what the provider certified: always there for a receipt, for a certified message when it could be read.
    ``flaw`` is "" or a sentence on why the certification data could not be used; a receipt's ``data`` then come from
    its headers alone. ``signed``: the message has a signature (see :func:`.signature.check_signature`). ``original``
    are the bytes of the message in the envelope (``postacert.eml``), if there is one.
    """

    kind: IncomingKind
    sha256: str
    message_id: str
    subject: str
    sender: str
    moment: datetime | None
    signed: bool
    data: Receipt | None = None
    flaw: str = ""
    original: bytes | None = None

    @property
    def references(self) -> str:
        """Normalised Message-ID of the message of ours that a receipt speaks of, "" for other mail."""
        return self.data.message_id if self.data and self.kind == IncomingKind.RECEIPT else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its sender wrote it. Identifiers are normalised."""

    sender: str
    subject: str
    message_id: str
    in_reply_to: str
    attachments: tuple[Attachment, ...]


def classify(raw: bytes) -> Incoming:
    """Tell what a message is, from its bytes.

    :raises PecError: when it claims to be a receipt and does not say of what kind or of when, contradicts itself, or
        cannot be taken apart
    """
    message = read_entity(raw)
    transport = message.header("X-Trasporto").strip().lower()
    claim = message.header("X-Ricevuta").strip().lower()
    common = {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "message_id": normalize_message_id(message.header("Message-ID")),
        "subject": message.header("Subject"),
        "moment": _moment(message),
        "signed": message.content_type in ("multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime"),
    }
    if not transport and not claim:
        return Incoming(kind=IncomingKind.ORDINARY, sender=_address(message, "From"), **common)
    leaves = list(message.leaves())
    data, flaw = _certified_data(leaves)
    # An envelope takes over headers of the message inside (RFC 6109, 3.1), so that a second mark may be its sender's.
    if transport:
        if data and data.kind != ReceiptKind.CERTIFIED_MESSAGE:
            data, flaw = None, "The certification data of the envelope are those of a receipt."
        return Incoming(
            kind=IncomingKind.CERTIFIED if transport == "posta-certificata" else IncomingKind.ANOMALY,
            sender=data.sender if data and data.sender else _address(message, "Reply-To") or _address(message, "From"),
            data=data,
            flaw="" if transport == "errore" else flaw,
            original=_original(leaves),
            **common,
        )
    return Incoming(
        kind=IncomingKind.RECEIPT,
        sender=_address(message, "From"),
        data=_receipt(message, data, claim),
        flaw=flaw,
        original=_original(leaves),
        **common,
    )


def read_letter(raw: bytes) -> Letter:
    """The message inside an envelope (``Incoming.original``), with its attachments.

    :raises PecError: when it cannot be taken apart
    """
    message = read_entity(raw)
    return Letter(
        sender=_address(message, "From"),
        subject=message.header("Subject"),
        message_id=normalize_message_id(message.header("Message-ID")),
        in_reply_to=normalize_message_id(message.header("In-Reply-To")),
        attachments=tuple(
            Attachment(part.name, part.content(), part.content_type)
            for part in message.leaves()
            if part.is_attachment and part.name.lower() not in ("smime.p7s", "daticert.xml")
        ),
    )


def _certified_data(leaves: list[Entity]) -> tuple[Receipt | None, str]:
    part = next((part for part in leaves if part.name.lower() == "daticert.xml"), None)
    if part is None:
        return None, "The message has no certification data (daticert.xml)."
    try:
        return parse_daticert(part.content()), ""
    except PecError as error:
        return None, str(error)


def _receipt(message: Entity, data: Receipt | None, claim: str) -> Receipt:
    reference = normalize_message_id(message.header("X-Riferimento-Message-ID"))
    if data is None:
        return _receipt_of_headers(message, kind_of(claim), reference)
    if data.kind == ReceiptKind.CERTIFIED_MESSAGE:
        raise PecError("The message is marked as a receipt, but its certification data are those of an envelope.")
    return data if data.message_id else dataclasses.replace(data, message_id=reference)


def _receipt_of_headers(message: Entity, kind: ReceiptKind, reference: str) -> Receipt:
    """RFC 6109, 3.1 to 3.3, gives the headers of each receipt: kind, instant, and the message that it answers."""
    moment = _moment(message)
    if kind == ReceiptKind.CERTIFIED_MESSAGE or moment is None:
        raise PecError("The receipt has neither certification data nor headers that say of what kind and when.")
    unsafe = message.header("X-VerificaSicurezza").strip().lower() == "errore"
    failed = kind in (ReceiptKind.NON_ACCEPTANCE, ReceiptKind.DELIVERY_ERROR, ReceiptKind.VIRUS)
    error = ReceiptError.VIRUS if unsafe or kind == ReceiptKind.VIRUS else ReceiptError.OTHER
    form = message.header("X-TipoRicevuta").strip().lower()
    sender = _address(message, "To")
    return Receipt(
        kind=kind,
        error=error if failed else ReceiptError.NONE,
        sender=sender,
        recipients=(),
        reply_to=sender,
        subject=message.header("Subject").partition(":")[2].strip(),
        provider=_address(message, "From").rpartition("@")[2],
        moment=moment,
        identifier=normalize_message_id(message.header("Message-ID")),
        message_id=reference,
        form=ReceiptForm(form) if form in set(ReceiptForm) else None,
    )


def _original(leaves: list[Entity]) -> bytes | None:
    parts = [part for part in leaves if part.name.lower() == "postacert.eml"]
    parts += [part for part in leaves if part.content_type == "message/rfc822"]
    return parts[0].content() if parts else None


def _address(message: Entity, header: str) -> str:
    try:
        return parseaddr(message.header(header))[1].strip()
    except (ValueError, IndexError, RecursionError):  # comments inside comments
        return ""


def _moment(message: Entity) -> datetime | None:
    try:
        moment = parsedate_to_datetime(message.header("Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 5322, 3.3: "-0000" is Coordinated Universal Time from a place that does not tell its zone.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
